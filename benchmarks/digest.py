"""What a digest costs: noting changes while profiles are stored, and reading the digest itself.

Stores invented people with three pieces of evidence each, stores them again with and without noting changes in turn,
then ranks them, reads a first digest, keeps it, changes some and reads the next. Prints seconds, and ratios within this
run: machines differ, and so do their days.

    .venv/bin/python benchmarks/digest.py --people 5000
    .venv/bin/python benchmarks/digest.py --people 5000 --url postgresql+psycopg://postgres@127.0.0.1/empty_database
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any, Final
from unittest import mock

from sourcer.brief import Brief
from sourcer.domain import Done, Evidence, Item, Profile, Ref
from sourcer.score import rank
from sourcer.shortlist import View, keep_look, read_digest
from sourcer.skills import load_lexicon
from sourcer.store.database import Database
from sourcer.store.runs import finish_run, start_run
from sourcer.store.units import Unit, commit_unit

START: Final = datetime(2026, 3, 1, tzinfo=UTC)
BATCH: Final = 100
ROUNDS: Final = 3
CHANGED: Final = 50
"""One of so many moves to another place before the last digest."""


def main() -> None:
    """Store, store again, rank, digest."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--people", type=int, default=5_000, help="(%(default)s)")
    parser.add_argument("--url", help="an empty database; default: a SQLite file that is deleted afterwards")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="sourcer-benchmark-") as folder:
        url = options.url or f"sqlite:///{folder}/digest.db"
        with Database(url) as database:
            database.upgrade()
            _measure(database, options.people)


def _measure(database: Database, people: int) -> None:
    first = _seconds(lambda: _crawl(database, people, 0))
    print(f"{people:,} people, {database.dialect}: stored in {first:.2f} s")
    noted, silent = [], []
    for day in range(1, ROUNDS + 1):
        noted.append(_seconds(partial(_crawl, database, people, day)))
        with mock.patch("sourcer.store.writes.save_changes"):
            silent.append(_seconds(partial(_crawl, database, people, day + 0.5)))
    ratio = min(noted) / min(silent)
    print(f"stored again: {min(noted):.2f} s, without noting changes {min(silent):.2f} s: ratio {ratio:.3f}")
    moving = _seconds(lambda: _crawl(database, people, 10, place="Bergen"))
    print(f"stored again, every {CHANGED}th moved: {moving:.2f} s")
    _measure_digests(database, people)


def _measure_digests(database: Database, people: int) -> None:
    view = View(Brief.model_validate({"title": "ML"}).named("ml"), load_lexicon(), "kim", START.date())
    with database.read() as connection:
        ranking = _seconds(
            lambda: rank(connection, view.brief, view.lexicon, as_of=view.as_of, cross_brief=False, top=None)
        )
    print(f"ranked in {ranking:.2f} s")
    for name, place in (("first", None), ("nothing new", None), (f"{people // CHANGED} moved", "Oslo")):
        if place is not None:
            _crawl(database, people, 20, place=place)
        began = time.perf_counter()
        with database.read() as connection:
            digest = read_digest(connection, view, START)
        read = time.perf_counter() - began
        kept = _seconds(partial(keep_look, database, digest))
        counts = ", ".join(f"{len(told)} {kind}" for kind, told in digest.sections().items() if told) or "nothing"
        print(f"digest, {name}: {counts}; read {read:.2f} s ({read / ranking:.2f} of a ranking), kept {kept:.2f} s")


def _crawl(database: Database, people: int, day: float, place: str = "Rome") -> None:
    now = START + timedelta(days=day)
    with database.write() as connection:
        run = start_run(
            connection, brief="ml", purpose="hiring", config_digest="", versions={}, now=now, connectors=("github",)
        )
    for begin in range(0, people, BATCH):
        items = [item for number in range(begin, min(begin + BATCH, people)) for item in _someone(number, place)]
        unit = Unit(run.chain, run.id, "ml", "github", "1", now, "discover", items)
        with database.write() as connection:
            commit_unit(connection, unit)
    with database.write() as connection:
        finish_run(connection, run.id, "complete", now, {})


def _someone(number: int, place: str) -> Iterator[Item]:
    ref = Ref("github", str(number), f"user-{number}")
    where = place if number % CHANGED == 0 else "Rome"
    yield ref
    yield Profile(ref, f"https://github.example.org/{number}", name=f"User {number}", location=where, bio="ML " * 20)
    for repo in range(3):
        url = f"https://github.example.org/{number}/{repo}"
        yield Evidence(ref, "repo.owned", url, key=str(repo), title="repo", terms=("topic:mlflow",), happened_at=START)
    yield Done(ref, ("repo.owned",))


def _seconds(work: Callable[[], Any]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


if __name__ == "__main__":
    main()
