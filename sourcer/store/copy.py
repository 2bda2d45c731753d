"""One database moved into another one, of whichever kind: every row, compared afterwards, all of it or nothing."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any, Final

from sqlalchemy import Column, Connection, Integer, MetaData, Table, Text, func, select, text

from sourcer.errors import DatabaseError
from sourcer.store.bulk import upsert_columns
from sourcer.store.columns import CanonicalJson
from sourcer.store.database import Database
from sourcer.store.schema import metadata
from sourcer.store.statistics import refresh_statistics

__all__ = ["Copied", "copy_database"]

_AT_ONCE: Final = 2_000
_WHOLE: Final = 2**256


@dataclass(frozen=True, slots=True)
class Copied:
    """A table that is the same in both: how many rows, and the sum of their SHA-256 hashes, whatever their order."""

    table: str
    rows: int
    digest: str


def copy_database(source: Database, target: Database, done: Callable[[Copied], None] = lambda _table: None) -> None:
    """Copy everything into an empty database, which is made or brought up to date first.

    The source is read as it was at one moment. The target is written in one transaction: after a fault, or a kill, it
    is as empty as before, and the copy can be started again.

    Args:
        source: Must be at this program's revision.
        target: Where to. It must hold no row.
        done: Told of each table once both sides are the same.

    Raises:
        DatabaseError: One of them cannot be used, the target is not empty, or a table is not the same afterwards.
    """
    source.ensure()
    _make_ready(target)
    with source.read() as reading, target.write() as writing:
        _refuse_rows(writing, target)
        for table in metadata.sorted_tables:
            copied = _copy_table(reading, writing, table)
            if copied != (arrived := _tell(writing, table)):
                raise DatabaseError(
                    f"{table.name}: {copied.rows} rows left and {arrived.rows} arrived, or not as they were: "
                    "nothing was copied; please report this"
                )
            _carry_counter(reading, writing, table)
            done(copied)
    refresh_statistics(target)


def _make_ready(target: Database) -> None:
    if target.status().state == "missing":
        target.upgrade()
    target.ensure()


def _refuse_rows(connection: Connection, target: Database) -> None:
    for table in metadata.sorted_tables:
        if connection.execute(select(table).limit(1)).first() is not None:
            raise DatabaseError(
                f"the database {target.shown_url} is not empty ({table.name} has rows): name another one"
            )


def _copy_table(reading: Connection, writing: Connection, table: Table) -> Copied:
    raw = _raw(table)
    key = [column.name for column in table.primary_key]
    names = raw.columns.keys()
    digest = _Digest(table.name)
    for rows in _rows(reading, raw):
        digest.add(rows)
        columns = dict(zip(names, zip(*rows, strict=True), strict=True))
        upsert_columns(writing, raw, columns, key=key, keep=names)
    return digest.told()


def _tell(connection: Connection, table: Table) -> Copied:
    digest = _Digest(table.name)
    for rows in _rows(connection, _raw(table)):
        digest.add(rows)
    return digest.told()


def _rows(connection: Connection, raw: Table) -> Iterator[Sequence[Any]]:
    """The rows some at a time; those that others of the same table refer to come first."""
    # Whoever points to a row of the same table (a person that was merged) points to one that points to none.
    pointing = [raw.c[name].is_not(None) for name in _pointers(raw.name)]
    statement = select(raw).order_by(*pointing).execution_options(yield_per=_AT_ONCE)
    with connection.execute(statement) as result:
        yield from result.partitions()


def _pointers(name: str) -> list[str]:
    table = metadata.tables[name]
    return [key.parent.name for key in table.foreign_keys if key.column.table is table]


@lru_cache
def _raw(table: Table) -> Table:
    """The table with JSON as the text it is kept as: nothing is read and written anew."""
    columns = (
        Column(column.name, Text() if isinstance(column.type, CanonicalJson) else column.type)
        for column in table.columns
    )
    return Table(table.name, MetaData(), *columns)


class _Digest:
    """Counts rows and adds up their hashes."""

    def __init__(self, table: str) -> None:
        self._table = table
        self._rows = 0
        self._sum = 0

    def add(self, rows: Sequence[Any]) -> None:
        self._rows += len(rows)
        for row in rows:
            line = json.dumps(list(row), ensure_ascii=True, default=_moment)
            self._sum += int.from_bytes(hashlib.sha256(line.encode()).digest())

    def told(self) -> Copied:
        return Copied(self._table, self._rows, f"{self._sum % _WHOLE:064x}")


def _moment(value: datetime) -> str:
    return value.isoformat()


def _carry_counter(reading: Connection, writing: Connection, table: Table) -> None:
    """Let ids that are counted go on where they were: also those of rows that are gone are not given again."""
    counted = table.autoincrement_column
    if counted is None or not isinstance(counted.type, Integer) or counted.foreign_keys:
        return
    highest = writing.scalar(select(func.max(counted))) or 0
    last = max(highest, _counter(reading, table.name, counted.name))
    if last:
        _set_counter(writing, table.name, counted.name, last)


def _counter(connection: Connection, table: str, column: str) -> int:
    if connection.dialect.name == "sqlite":
        has_counters = connection.scalar(text("SELECT count(*) FROM sqlite_master WHERE name = 'sqlite_sequence'"))
        last = "SELECT seq FROM sqlite_sequence WHERE name = :table" if has_counters else "SELECT 0"
        return connection.scalar(text(last), {"table": table} if has_counters else {}) or 0
    sequence = text("SELECT pg_sequence_last_value(pg_get_serial_sequence(:table, :column)::regclass)")
    return connection.scalar(sequence, {"table": table, "column": column}) or 0


def _set_counter(connection: Connection, table: str, column: str, last: int) -> None:
    if connection.dialect.name == "sqlite":
        connection.execute(text("DELETE FROM sqlite_sequence WHERE name = :table"), {"table": table})
        connection.execute(
            text("INSERT INTO sqlite_sequence (name, seq) VALUES (:table, :last)"), {"table": table, "last": last}
        )
    else:
        connection.execute(
            text("SELECT setval(pg_get_serial_sequence(:table, :column), :last)"),
            {"table": table, "column": column, "last": last},
        )
