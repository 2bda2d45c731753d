"""What changed in profiles: once a crawl, however it was cut, killed or told twice."""

from __future__ import annotations

from datetime import timedelta

from sourcer.domain import Done, Gone
from sourcer.store import schema
from sourcer.store.changes import drop_changes, read_changes
from sourcer.store.database import Database
from support.store_items import NOON, account, begin, commit, end, profile

ADA = account(1)
KEY = ("github", "1")


def changes(database: Database) -> list[tuple[object, ...]]:
    with database.read() as connection:
        return [(one.what, one.before, one.now) for field in read_changes(connection, [KEY]) for one in field]


def crawl(database: Database, *names: str | None, days: float, complete: bool = True, **said: object) -> None:
    run = begin(database, days=days)
    for name in names:
        commit(database, run, profile(ADA, name=name, **said), Done(ADA))
    end(database, run, "complete" if complete else "incomplete")


def test_what_a_crawl_finds_new_is_no_change(database: Database) -> None:
    crawl(database, "Ada", "Ada B.", days=0)
    assert changes(database) == []


def test_a_crawl_notes_what_it_changed_once(database: Database) -> None:
    crawl(database, "Ada", days=0)
    crawl(database, "Ada B.", "Ada C.", "Ada C.", days=1, location="Oslo", open_to_work=False)
    assert sorted(changes(database), key=str) == [
        ("location", None, "Oslo"),
        ("name", "Ada", "Ada C."),
        ("open_to_work", None, False),
    ]


def test_what_changes_back_in_a_resumed_crawl_leaves_nothing(database: Database) -> None:
    crawl(database, "Ada", days=0)
    crawl(database, "Ada B.", days=1, complete=False)
    assert changes(database) == [("name", "Ada", "Ada B.")]
    crawl(database, "Ada", days=1.1)
    assert changes(database) == []


def test_the_next_crawl_has_changes_of_its_own(database: Database) -> None:
    for days, name in enumerate(["Ada", "Ada B.", None]):
        crawl(database, name, days=days)
    assert changes(database) == [("name", "Ada", "Ada B."), ("name", "Ada B.", None)]
    with database.write() as connection:
        assert drop_changes(connection, NOON + timedelta(days=2)) == 1
    assert changes(database) == [("name", "Ada B.", None)]


def test_who_is_erased_leaves_no_change(database: Database) -> None:
    for days, name in enumerate(["Ada", "Ada B."]):
        crawl(database, name, days=days)
    for days in (2, 3):
        commit(database, begin(database, days=days), Gone(ADA, "404"), phase="cheap")
    with database.read() as connection:
        assert connection.execute(schema.change.select()).all() == []
