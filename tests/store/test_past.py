"""What a schedule sees of a brief's runs."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from sourcer.errors import BusyError
from sourcer.store.database import Database
from sourcer.store.past import Past, check_unserved, past_of
from sourcer.store.runs import RunKind, finish_run, start_run
from support.store_items import NOON


def run(database: Database, hours: float, *, end: str = "", stopped_by: str = "", **said: Any) -> None:
    """A run that serves noon, unless told otherwise; without ``end`` it was killed."""
    kind: RunKind = said.pop("kind", "crawl")
    values: dict[str, Any] = {"fire_time": NOON, "replay_of": None} | said
    with database.write() as connection:
        started = NOON + timedelta(hours=hours)
        begun = start_run(
            connection,
            brief="ml",
            purpose="hiring",
            config_digest="cafe",
            versions={},
            now=started,
            kind=kind,
            **values,
        )
        if end:
            finish_run(connection, begun.id, end, started, {}, stopped_by=stopped_by)  # type: ignore[arg-type]


def past(database: Database, *, running: bool = False) -> Past:
    with database.read() as connection:
        return past_of(connection, "ml", running=running)


def test_nothing_has_run_yet(database: Database) -> None:
    assert past(database) == Past()
    assert not past(database).has_served(NOON)


@pytest.mark.parametrize(
    ("end", "stopped_by", "fire_time", "interrupted"),
    [
        ("", "", NOON, True),
        ("incomplete", "signal", NOON, True),
        ("incomplete", "pause", NOON, True),
        ("incomplete", "fault", NOON, True),
        ("incomplete", "", NOON, False),  # a site failed: its next time is soon enough
        ("complete", "", NOON, False),
        ("failed", "", NOON, False),
        ("incomplete", "signal", None, False),  # somebody stopped what he had begun by hand
    ],
    ids=["killed", "stopped", "paused", "disk-full", "site-down", "complete", "failed", "by-hand"],
)
def test_what_was_cut_off_is_interrupted(
    database: Database, end: str, stopped_by: str, fire_time: Any, *, interrupted: bool
) -> None:
    run(database, 0, end=end, stopped_by=stopped_by, fire_time=fire_time)
    assert past(database).interrupted is interrupted
    assert not past(database, running=True).interrupted


def test_tries_are_counted_for_one_time_of_the_schedule(database: Database) -> None:
    run(database, -24, fire_time=NOON - timedelta(days=1))
    run(database, 0)
    run(database, 1)
    assert past(database).tries == 2


def test_replays_and_refreshes_do_not_count(database: Database) -> None:
    run(database, 0, end="complete")
    run(database, 1, kind="refresh", fire_time=None)
    run(database, 2, kind="accounts", fire_time=None)
    run(database, 3, replay_of=1, fire_time=None)
    assert past(database).started_at == NOON


def test_the_second_scheduler_finds_a_time_served(database: Database) -> None:
    run(database, 0)
    with database.read() as connection:
        check_unserved(connection, "ml", NOON)  # killed: whoever has the lock takes it up
    run(database, 0.1, end="complete")
    with database.read() as connection:
        check_unserved(connection, "ml", NOON + timedelta(days=1))
        with pytest.raises(BusyError, match="has run ml for 2026"):
            check_unserved(connection, "ml", NOON)
