from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from sourcer.brief import ScheduleTable
from sourcer.errors import UsageError
from sourcer.schedule import due
from sourcer.schedule.due import MOST_TRIES
from sourcer.store.past import Past

SIX = datetime(2026, 11, 23, 5, 0, tzinfo=UTC)  # Monday, 06:00 in Warsaw
DAILY = ScheduleTable(cron="0 6 * * *", timezone="Europe/Warsaw", misfire_grace_minutes=60)


def test_due_at_its_time_and_within_its_grace() -> None:
    for late in (timedelta(0), timedelta(minutes=60)):
        verdict = due(DAILY, Past(), SIX + late)
        assert verdict.run
        assert verdict.fire_time == SIX
        assert verdict.reason == "due since 2026-11-23 06:00 CET"


def test_missed_by_more_than_its_grace() -> None:
    verdict = due(DAILY, Past(), SIX + timedelta(minutes=60, seconds=1))
    assert not verdict.run
    assert verdict.reason == "2026-11-23 06:00 CET was missed by more than 60 minutes"


def test_a_run_that_began_at_or_after_the_fire_time_counts() -> None:
    now = SIX + timedelta(minutes=5)
    assert not due(DAILY, Past(SIX), now).run
    assert not due(DAILY, Past(SIX + timedelta(minutes=1)), now).run
    assert due(DAILY, Past(SIX - timedelta(seconds=1)), now).run
    assert due(DAILY, Past(SIX), now).reason == "the run of 2026-11-23 06:00 CET has started"


def test_a_broken_line_is_a_usage_error() -> None:
    with pytest.raises(UsageError, match="weekday"):
        due(ScheduleTable(cron="0 6 * * 9"), Past(), SIX)


def test_jitter_is_no_lateness() -> None:
    hasty = ScheduleTable(cron="0 6 * * *", timezone="Europe/Warsaw", jitter_minutes=10, misfire_grace_minutes=0)
    assert due(hasty, Past(), SIX + timedelta(minutes=10)).run
    assert not due(hasty, Past(), SIX + timedelta(minutes=11)).run


def test_an_interrupted_run_is_taken_up_whenever_that_is_but_not_for_ever() -> None:
    now = SIX + timedelta(hours=9)
    verdict = due(DAILY, Past(SIX, interrupted=True, tries=MOST_TRIES - 1), now)
    assert (verdict.run, verdict.resumes, verdict.fire_time) == (True, True, SIX)
    given_up = due(DAILY, Past(SIX, interrupted=True, tries=MOST_TRIES), now)
    assert not given_up.run
    assert "interrupted each time" in given_up.reason
    assert due(DAILY, Past(SIX, interrupted=True, tries=MOST_TRIES), SIX + timedelta(days=1)).run
    assert not due(DAILY, Past(SIX - timedelta(days=1), running=True), SIX).run
