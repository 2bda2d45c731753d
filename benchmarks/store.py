"""How fast the store takes evidence, against plain SQLAlchemy Core bulk upserts of the same rows in the same run.

Writes invented accounts in units of work, as a crawl does (``commit_unit`` in a transaction each), and in turn the rows
that came of each unit into the same tables of a second database with Core alone: ``insert().on_conflict_do_update()``
with lists of dictionaries, lists and mappings in them encoded by ``json.dumps``, in one transaction. Twice: when
everything is new, and when everything is seen again. Prints pieces of evidence a second and fails below ``--least``.

    .venv/bin/python benchmarks/store.py --people 10000
    .venv/bin/python benchmarks/store.py --people 10000 --server postgresql+psycopg://postgres@127.0.0.1:5432
"""

from __future__ import annotations

import argparse
import gc
import json
import random
import secrets
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    DateTime,
    Double,
    Integer,
    MetaData,
    Table,
    Text,
    create_engine,
    select,
    text,
)
from sqlalchemy.dialects import postgresql, sqlite

from sourcer.domain import Done, Evidence, Item, Profile, Ref
from sourcer.store import schema
from sourcer.store.columns import UtcTime
from sourcer.store.database import Database
from sourcer.store.runs import Run, start_run
from sourcer.store.sql import chunks
from sourcer.store.units import Unit, commit_unit

START: Final = datetime(2026, 3, 1, 12, tzinfo=UTC)
TERMS: Final = ("topic:mlops", "tag:pytorch", "pypi:mlflow", "import:torch", "language:python", "file:Dockerfile")
KEYS: Final = {
    schema.person: ("id",),
    schema.profile: ("site", "uid"),
    schema.evidence: ("site", "uid", "kind", "key"),
    schema.found: ("brief", "site", "uid"),
    schema.visit: ("chain", "connector", "site", "uid", "depth"),
    schema.look: ("site", "uid", "depth"),
}
"""What a unit writes about accounts, in the order in which rows refer to others, and what says which row is meant."""

JSON_COLUMNS: Final = {
    schema.profile: ("links", "measure"),
    schema.evidence: ("terms", "measure"),
    schema.look: ("scope", "state"),
}

Rows = dict[Table, list[dict[str, Any]]]


def main() -> int:
    """Measure on each database; the exit code says whether every ratio is high enough."""
    options = _options()
    worst = 1e9
    for name, urls in _databases(options.server):
        with urls as (ours, theirs):
            worst = min(worst, *_compare(name, ours, theirs, options))
    return int(worst < options.least)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--people", type=int, default=10_000, help="accounts (%(default)s)")
    parser.add_argument("--pieces", type=int, default=10, help="of evidence for each (%(default)s)")
    parser.add_argument("--unit", type=int, default=200, help="accounts in a transaction (%(default)s)")
    parser.add_argument("--server", default="", help="a PostgreSQL to make two scratch databases on, too")
    parser.add_argument("--least", type=float, default=0.6, help="fail below this ratio (%(default)s)")
    return parser.parse_args()


def _databases(server: str) -> Iterator[tuple[str, Any]]:
    yield "sqlite", _files()
    if server:
        yield "postgresql", _scratch(server.rstrip("/"))


@contextmanager
def _files() -> Iterator[tuple[str, str]]:
    with tempfile.TemporaryDirectory(prefix="sourcer-benchmark-") as folder:
        yield f"sqlite:///{Path(folder) / 'ours.db'}", f"sqlite:///{Path(folder) / 'theirs.db'}"


@contextmanager
def _scratch(server: str) -> Iterator[tuple[str, str]]:
    names = [f"sourcer_benchmark_{secrets.token_hex(4)}" for _ in range(2)]
    admin = create_engine(f"{server}/postgres", isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        for name in names:
            connection.execute(text(f"CREATE DATABASE {name}"))
        try:
            yield f"{server}/{names[0]}", f"{server}/{names[1]}"
        finally:
            for name in names:
                connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
    admin.dispose()


def _compare(name: str, ours: str, theirs: str, options: argparse.Namespace) -> Iterator[float]:
    pieces = options.people * options.pieces
    with Database(ours) as store, Database(theirs) as core:
        store.upgrade()
        core.upgrade()
        for day, what in enumerate(("new", "seen again")):
            ours_took, theirs_took, alone_took = _take_turns(store, core, day, options)
            print(
                f"{name:10} {what:10} store {pieces / ours_took:8,.0f}/s  Core {pieces / theirs_took:8,.0f}/s  "
                f"{theirs_took / ours_took:5.0%}; Core on evidence alone {pieces / alone_took:8,.0f}/s"
            )
            yield theirs_took / ours_took


def _take_turns(store: Database, core: Database, day: int, options: argparse.Namespace) -> tuple[float, float, float]:
    """Seconds that the store takes, that Core takes, and that Core takes for evidence alone.

    Unit by unit in turn: what else the machine does meanwhile disturbs them alike.
    """
    run = _start(store, day)
    _start(core, day)
    statements = {table: _statement(table, KEYS[table], is_file=core.dialect == "sqlite") for table in KEYS}
    took = [0.0, 0.0, 0.0]
    batches = list(chunks(range(options.people), options.unit))
    if not day:
        # What is loaded or compiled once is no part of any rate.
        _store(store, run, list(_items([options.people], options.pieces)))
        _upsert(core, statements, _written(store, [str(options.people)], is_file=core.dialect == "sqlite"))
    for numbers in batches:
        items = list(_items(numbers, options.pieces))
        took[0] += _store(store, run, items)
        rows = _written(store, [str(number) for number in numbers], is_file=core.dialect == "sqlite")
        took[1] += _upsert(core, statements, rows)
        took[2] += _upsert(core, statements, {schema.evidence: rows[schema.evidence]})
    return took[0], took[1], took[2]


def _items(numbers: Sequence[int], pieces: int) -> Iterator[Item]:
    for number in numbers:
        dice = random.Random(number)
        ref = Ref("github", str(number), f"person-{number}")
        yield Profile(ref, f"https://example.org/{ref.login}", name=f"Person Żółw {number}", location="Kraków, Poland")
        for place in range(pieces):
            yield Evidence(
                ref,
                "repo.owned",
                f"https://example.org/{ref.login}/{place}",
                key=f"{number}-{place}",
                terms=tuple(dice.sample(TERMS, 4)),
                measure={"stars": dice.randint(0, 99), "forks": 3.0, "fork": 0},
                title=f"a repository about something, number {place}",
                happened_at=START - timedelta(days=dice.randint(1, 2000)),
            )
        yield Done(ref, ("repo.*", "profile"), {"pushed": "2026-02-01", "repositories": pieces})


def _start(database: Database, day: int) -> Run:
    with database.write() as connection:
        return start_run(
            connection, brief="ml", purpose="measuring", config_digest="", versions={}, now=START + timedelta(days=day)
        )


def _store(database: Database, run: Run, items: list[Item]) -> float:
    gc.collect()
    before = time.perf_counter()
    with database.write() as connection:
        commit_unit(connection, Unit(run.chain, run.id, "ml", "github", "1.0", run.started_at, "discover", items))
    return time.perf_counter() - before


def _written(store: Database, uids: Sequence[str], *, is_file: bool) -> Rows:
    """The rows that the store holds of these accounts, with the values that a program has."""
    rows: Rows = {schema.person: []}
    with store.read() as connection:
        for table in (table for table in KEYS if table is not schema.person):
            found = connection.execute(select(table).where(table.c.uid.in_(uids))).mappings()
            rows[table] = [_naive(row) if is_file else dict(row) for row in found]
    rows[schema.person] = [
        {"id": row["person_id"], "merged_into": None, "created_at": row["first_seen_at"]}
        for row in rows[schema.profile]
    ]
    return rows


def _naive(row: Any) -> dict[str, Any]:
    return {name: value.replace(tzinfo=None) if isinstance(value, datetime) else value for name, value in row.items()}


def _upsert(database: Database, statements: Mapping[Table, Any], rows: Rows) -> float:
    gc.collect()
    before = time.perf_counter()
    with database.write() as connection:
        for table, values in rows.items():
            names = JSON_COLUMNS.get(table, ())
            encoded = [row | {name: json.dumps(row[name]) for name in names} for row in values] if names else values
            connection.execute(statements[table], encoded)
    return time.perf_counter() - before


def _statement(table: Table, key: Sequence[str], *, is_file: bool) -> Any:
    """An upsert into a table with SQLAlchemy's own column types."""
    plain = Table(table.name, MetaData(), *(Column(column.name, _plain_type(column)) for column in table.columns))
    insert = sqlite.insert(plain) if is_file else postgresql.insert(plain)
    changed = {name: insert.excluded[name] for name in plain.columns.keys() if name not in key}  # noqa: SIM118
    if not changed:
        return insert.on_conflict_do_nothing(index_elements=key)
    return insert.on_conflict_do_update(index_elements=key, set_=changed)


def _plain_type(column: Column[Any]) -> Any:
    if isinstance(column.type, UtcTime):
        return DateTime(timezone=True)
    same = next((kind for kind in (Boolean, BigInteger, Integer, Double) if isinstance(column.type, kind)), Text)
    return same()


if __name__ == "__main__":
    sys.exit(main())
