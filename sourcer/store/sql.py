"""The few statements whose spelling differs between SQLite and PostgreSQL, and the sizes that suit both."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any, Final, TypeVar

from sqlalchemy import ColumnElement, Connection, Table, and_, collate, func, or_, select
from sqlalchemy.dialects import postgresql, sqlite

__all__ = [
    "CHUNK",
    "Key",
    "account_filters",
    "advisory_key",
    "chunks",
    "in_byte_order",
    "insert_new",
    "lock_name",
    "lock_sites",
    "upsert",
]

Key = tuple[str, str]
"""Site and uid: one account."""

CHUNK: Final = 500
"""Values in one statement: far below SQLite's limit of variables in its oldest builds (999)."""

_T = TypeVar("_T")
_Rows = Sequence[Mapping[str, Any]]


def chunks(values: Iterable[_T], size: int = CHUNK) -> Iterator[list[_T]]:
    """The values in lists of at most ``size``, as lazily as they come."""
    iterator = iter(values)
    while chunk := list(islice(iterator, size)):
        yield chunk


def account_filters(table: Table, keys: Iterable[Key]) -> Iterator[ColumnElement[bool]]:
    """Conditions that together pick the rows of many accounts, a few hundred accounts each."""
    for chunk in chunks(sorted(set(keys))):
        sites: dict[str, list[str]] = {}
        for site, uid in chunk:
            sites.setdefault(site, []).append(uid)
        yield or_(*(and_(table.c.site == site, table.c.uid.in_(uids)) for site, uids in sites.items()))


def upsert(
    connection: Connection, table: Table, rows: _Rows, *, key: Sequence[str], keep: Collection[str] = ()
) -> None:
    """Insert rows, or overwrite the ones that are there.

    Args:
        connection: In a write transaction.
        table: Where.
        rows: All with the same columns, no two with the same key.
        key: The columns of the unique constraint that says which row is meant.
        keep: Columns that an existing row keeps as they are.
    """
    if not rows:
        return
    statement = _insert(connection, table)
    changed = {name: statement.excluded[name] for name in rows[0] if name not in key and name not in keep}
    connection.execute(statement.on_conflict_do_update(index_elements=key, set_=changed), _sorted(rows, key))


def insert_new(connection: Connection, table: Table, rows: _Rows, *, key: Sequence[str]) -> None:
    """Insert the rows that are not there yet; an existing one stays as it is."""
    if rows:
        statement = _insert(connection, table).on_conflict_do_nothing(index_elements=key)
        connection.execute(statement, _sorted(rows, key))


def _insert(connection: Connection, table: Table) -> postgresql.Insert | sqlite.Insert:
    return postgresql.insert(table) if connection.dialect.name == "postgresql" else sqlite.insert(table)


def _sorted(rows: _Rows, key: Sequence[str]) -> list[Mapping[str, Any]]:
    # Two writers that take rows in the same order cannot wait for each other.
    return sorted(rows, key=lambda row: tuple(row[name] for name in key))


def lock_sites(connection: Connection, sites: Iterable[str]) -> None:
    """Let no other transaction write about these sites before this one ends. SQLite has one writer anyway."""
    for site in sorted(set(sites)):
        lock_name(connection, f"site:{site}")


def lock_name(connection: Connection, name: str) -> None:
    """Let no other transaction that locks this name go on before this one ends. SQLite has one writer anyway."""
    if connection.dialect.name == "postgresql":
        connection.execute(select(func.pg_advisory_xact_lock(advisory_key(name))))


def advisory_key(name: str) -> int:
    """The 64-bit number that PostgreSQL's advisory locks know a name by."""
    return int.from_bytes(hashlib.sha256(f"sourcer:{name}".encode()).digest()[:8], "big", signed=True)


def in_byte_order(connection: Connection, column: ColumnElement[str]) -> ColumnElement[str]:
    """A text column to sort by, in the order of its bytes whatever the database's language is."""
    return collate(column, "C" if connection.dialect.name == "postgresql" else "BINARY")
