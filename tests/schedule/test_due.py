from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from sourcer.brief import ScheduleTable
from sourcer.errors import UsageError
from sourcer.schedule import due

SIX = datetime(2026, 11, 23, 5, 0, tzinfo=UTC)  # Monday, 06:00 in Warsaw
DAILY = ScheduleTable(cron="0 6 * * *", timezone="Europe/Warsaw", misfire_grace_minutes=60)


def test_due_at_its_time_and_within_its_grace() -> None:
    for late in (timedelta(0), timedelta(minutes=60)):
        verdict = due(DAILY, None, SIX + late)
        assert verdict.run
        assert verdict.fire_time == SIX
        assert verdict.reason == "due since 2026-11-23 06:00 CET"


def test_missed_by_more_than_its_grace() -> None:
    verdict = due(DAILY, None, SIX + timedelta(minutes=60, seconds=1))
    assert not verdict.run
    assert verdict.reason == "2026-11-23 06:00 CET was missed by more than 60 minutes"


def test_a_run_that_began_at_or_after_the_fire_time_counts() -> None:
    now = SIX + timedelta(minutes=5)
    assert not due(DAILY, SIX, now).run
    assert not due(DAILY, SIX + timedelta(minutes=1), now).run
    assert due(DAILY, SIX - timedelta(seconds=1), now).run
    assert due(DAILY, SIX, now).reason == "the run of 2026-11-23 06:00 CET has started"


def test_a_broken_line_is_a_usage_error() -> None:
    with pytest.raises(UsageError, match="weekday"):
        due(ScheduleTable(cron="0 6 * * 9"), None, SIX)
