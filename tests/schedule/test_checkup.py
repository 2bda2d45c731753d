"""What `sourcer runs --check` tells monitoring."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sourcer.brief import Brief, ScheduleTable
from sourcer.schedule import complaints
from sourcer.store.database import Database
from sourcer.store.duties import note_duty
from sourcer.store.locks import hold
from sourcer.store.runs import finish_run
from sourcer.store.switch import pause
from support.store_items import NOON, begin

DAILY = Brief(title="ML", schedule=ScheduleTable(cron="0 12 * * *")).named("ml")


def told(database: Database, now: datetime) -> list[str]:
    with database.read() as connection:
        return complaints(connection, [DAILY], now)


def ran(database: Database, days: float, status: Any = "complete", stopped: str | None = None) -> None:
    run = begin(database, days=days)
    with database.write() as connection:
        finish_run(connection, run.id, status, run.started_at, {"github": {"profiles": 3, "stopped": stopped}})


def test_all_is_well_until_a_time_passes_without_a_run(database: Database) -> None:
    assert told(database, NOON) == []  # a brief of today
    ran(database, 0)
    assert told(database, NOON + timedelta(days=1, minutes=14)) == []
    late = NOON + timedelta(days=1, minutes=16)
    (line,) = told(database, late)
    assert line.startswith("ml: nothing has run since 2026-03-02 12:00 UTC")
    with hold(database, "crawl:ml"):
        assert told(database, late) == []
    with database.write() as connection:
        pause(connection, "anna", late)
    assert told(database, late) == []


def test_a_brief_that_never_ran_is_late_once_a_time_passed_since_it_was_written(database: Database) -> None:
    def lines(hours: float) -> int:
        with database.read() as connection:
            return len(complaints(connection, [DAILY], NOON + timedelta(hours=hours), written))

    written = {"ml": NOON + timedelta(hours=1)}
    assert [lines(2), lines(25)] == [0, 1]
    with database.write() as connection:  # a scheduler came later than that time: it has served none yet
        note_duty(connection, "duty/retention", NOON, NOON + timedelta(hours=24.5), "deleted nothing")
    assert [lines(25), lines(49)] == [0, 1]


def test_failures_and_what_is_unusual_are_told_of_the_newest_run_alone(database: Database) -> None:
    for day in range(3):
        ran(database, day, "incomplete", "github: bad credentials")
    (line,) = told(database, NOON + timedelta(days=2))
    assert line == "ml: github: failed 3 runs in a row, the last time with: github: bad credentials"
    ran(database, 3, "failed", "github: bad credentials")
    assert told(database, NOON + timedelta(days=3))[0] == "ml: run 4 failed: `sourcer runs` says why"
    ran(database, 4)
    assert told(database, NOON + timedelta(days=4)) == []


def test_a_duty_that_was_not_done_for_two_days_is_told(database: Database) -> None:
    ran(database, 0)
    with database.write() as connection:
        note_duty(connection, "duty/retention", NOON, NOON, "deleted nothing")
        note_duty(connection, "duty/notices", NOON, NOON + timedelta(days=2), "nobody")
    ran(database, 3)
    assert told(database, NOON + timedelta(days=3)) == [
        "duty/retention: was last done on 2026-03-01: is `sourcer schedule` still there?"
    ]
