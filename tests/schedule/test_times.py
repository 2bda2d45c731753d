from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from sourcer.brief import ScheduleTable
from sourcer.errors import UsageError
from sourcer.schedule.cron import parse_cron
from sourcer.schedule.times import last_time, next_times, trigger_of


def table(cron: str, timezone: str = "UTC", **more: float) -> ScheduleTable:
    return ScheduleTable(cron=cron, timezone=timezone, **more)


def shown(schedule: ScheduleTable, n: int, after: datetime) -> list[str]:
    return [f"{moment:%a %d %H:%M %z}" for moment in next_times(schedule, n, after)]


def test_next_times_are_local_and_strictly_later() -> None:
    schedule = table("0 6 * * mon-fri", "Europe/Warsaw")
    friday = datetime(2026, 11, 20, 5, 0, tzinfo=UTC)  # 06:00 in Warsaw
    assert shown(schedule, 3, friday) == ["Mon 23 06:00 +0100", "Tue 24 06:00 +0100", "Wed 25 06:00 +0100"]
    assert shown(schedule, 1, friday - timedelta(seconds=1)) == ["Fri 20 06:00 +0100"]


def test_the_weekday_trap_of_apscheduler_is_closed() -> None:
    assert shown(table("0 3 * * 1"), 2, datetime(2026, 11, 18, tzinfo=UTC)) == [
        "Mon 23 03:00 +0000",
        "Mon 30 03:00 +0000",
    ]


def test_a_time_that_the_clock_skips_runs_when_the_gap_ends() -> None:
    # In Warsaw 02:00 becomes 03:00 on 28 March 2027.
    assert shown(table("30 2 * * *", "Europe/Warsaw"), 3, datetime(2027, 3, 26, 12, tzinfo=UTC)) == [
        "Sat 27 02:30 +0100",
        "Sun 28 03:00 +0200",
        "Mon 29 02:30 +0200",
    ]


def test_two_skipped_times_run_once() -> None:
    schedule = table("15,45 2,3 28 3 *", "Europe/Warsaw")
    assert shown(schedule, 3, datetime(2027, 3, 27, tzinfo=UTC)) == [
        "Sun 28 03:00 +0200",
        "Sun 28 03:15 +0200",
        "Sun 28 03:45 +0200",
    ]


def test_a_time_that_comes_twice_runs_once() -> None:
    # In Warsaw 03:00 becomes 02:00 on 25 October 2026.
    assert shown(table("30 2 * * *", "Europe/Warsaw"), 3, datetime(2026, 10, 24, 12, tzinfo=UTC)) == [
        "Sun 25 02:30 +0200",
        "Mon 26 02:30 +0100",
        "Tue 27 02:30 +0100",
    ]


def test_every_hour_is_every_hour_that_really_passes() -> None:
    hourly = table("0 * * * *", "Europe/Warsaw")
    back = next_times(hourly, 6, datetime(2026, 10, 24, 22, 30, tzinfo=UTC))
    assert [f"{moment:%H:%M %z}" for moment in back[1:5]] == [
        "02:00 +0200",
        "02:00 +0100",
        "03:00 +0100",
        "04:00 +0100",
    ]
    forth = next_times(hourly, 6, datetime(2027, 3, 27, 22, 30, tzinfo=UTC))
    for times in (back, forth):
        gaps = {(later.astimezone(UTC) - one.astimezone(UTC)) for one, later in pairwise(times)}
        assert gaps == {timedelta(hours=1)}


def test_a_day_that_a_zone_left_out_runs_when_the_next_begins() -> None:
    # Samoa went from 29 to 31 December 2011.
    schedule = table("0 12 30 12 *", "Pacific/Apia")
    first, second = next_times(schedule, 2, datetime(2011, 12, 29, tzinfo=UTC))
    assert f"{first:%Y-%m-%d %H:%M}" == "2011-12-31 00:00"
    assert f"{second:%Y-%m-%d %H:%M}" == "2012-12-30 12:00"


def test_leap_days_are_found() -> None:
    assert next_times(table("0 0 29 2 *"), 2, datetime(2097, 1, 1, tzinfo=UTC)) == [
        datetime(2104, 2, 29, tzinfo=UTC),
        datetime(2108, 2, 29, tzinfo=UTC),
    ]
    assert last_time(table("0 0 29 2 *"), datetime(2103, 1, 1, tzinfo=UTC)) == datetime(2096, 2, 29, tzinfo=UTC)


def test_last_time_is_not_later() -> None:
    schedule = table("0 6 * * mon-fri", "Europe/Warsaw")
    at = datetime(2026, 11, 23, 5, 0, tzinfo=UTC)
    assert last_time(schedule, at) == at
    assert last_time(schedule, at - timedelta(microseconds=1)) == datetime(2026, 11, 20, 5, 0, tzinfo=UTC)
    assert str(last_time(schedule, at)) == "2026-11-23 06:00:00+01:00"


def test_an_unknown_zone_names_the_nearest() -> None:
    for wrong in ("Europe/Warszawa", "europe warsaw"):
        with pytest.raises(
            UsageError, match=r"\[schedule\] timezone: '.*' is not a time zone; did you mean Europe/Warsaw"
        ):
            next_times(table("0 6 * * *", wrong), 1, datetime(2026, 1, 1, tzinfo=UTC))
    for wrong in ("", "/etc/passwd", "../UTC", "Europe", "qqqqqqq"):
        with pytest.raises(UsageError, match="is not a time zone"):
            last_time(table("0 6 * * *", wrong), datetime(2026, 1, 1, tzinfo=UTC))


def test_jitter_only_ever_delays() -> None:
    trigger = trigger_of(table("0 6 * * *", "Europe/Warsaw", jitter_minutes=10))
    now = datetime(2026, 11, 23, 12, tzinfo=UTC)
    nominal = datetime(2026, 11, 24, 5, tzinfo=UTC)
    moments = {trigger.get_next_fire_time(None, now) for _ in range(50)}
    assert len(moments) > 1
    for moment in moments:
        assert moment is not None
        assert timedelta(0) <= moment - nominal <= timedelta(minutes=10)
        following = trigger.get_next_fire_time(moment, moment)
        assert following is not None
        assert timedelta(0) <= following - nominal - timedelta(days=1) <= timedelta(minutes=10)


def test_the_trigger_counts_this_very_moment_when_nothing_ran_yet() -> None:
    trigger = trigger_of(table("0 6 * * *"))
    six = datetime(2026, 11, 23, 6, tzinfo=UTC)
    assert trigger.get_next_fire_time(None, six) == six
    assert trigger.get_next_fire_time(six, six) == six + timedelta(days=1)
    assert "0 6" not in repr(trigger)
    assert "UTC" in repr(trigger)


ZONES = [
    "UTC",
    "Europe/Warsaw",
    "America/St_Johns",
    "America/Nuuk",
    "Australia/Lord_Howe",
    "Asia/Kolkata",
    "America/Havana",
]
CHANGES = [datetime(2026, 10, 24, tzinfo=UTC), datetime(2027, 3, 12, tzinfo=UTC), datetime(2027, 4, 2, tzinfo=UTC)]


def simulated(schedule: ScheduleTable, start: datetime, minutes: int) -> list[datetime]:
    """What a cron daemon that wakes every minute would do, told from the clock on the wall alone."""
    zone, line = ZoneInfo(schedule.timezone), parse_cron(schedule.cron)
    fired: list[datetime] = []
    done_walls: set[datetime] = set()
    previous = (start - timedelta(minutes=1)).astimezone(zone).replace(tzinfo=None)
    for ahead in range(minutes):
        moment = start + timedelta(minutes=ahead)
        wall = moment.astimezone(zone).replace(tzinfo=None)
        due = {wall}
        if not line.elapsed:
            missed = previous + timedelta(minutes=1)
            while missed < wall:
                due.add(missed)
                missed += timedelta(minutes=1)
            due -= done_walls
        if any(line.matches(one.date()) and one.hour in line.hours and one.minute in line.minutes for one in due):
            fired.append(moment)
        done_walls.add(wall)
        previous = max(previous, wall) if not line.elapsed else wall
    return fired


@settings(max_examples=60, deadline=None)
@given(
    minute=st.sampled_from(["0", "30", "*/15", "15,45"]),
    hour=st.sampled_from(["*", "0", "1-3", "2", "23", "*/6"]),
    days=st.sampled_from(["* *", "* sun", "25 *", "28 sun", "*/2 *"]),
    zone=st.sampled_from(ZONES),
    start=st.sampled_from(CHANGES),  # within the next three days clocks change
    shift=st.integers(0, 3000),
)
@example(minute="0", hour="*", days="* *", zone="Europe/Warsaw", start=datetime(2026, 10, 24, tzinfo=UTC), shift=1260)
def test_fire_times_agree_with_a_simulated_cron(
    *, minute: str, hour: str, days: str, zone: str, start: datetime, shift: int
) -> None:
    dom, dow = days.split()
    schedule = table(f"{minute} {hour} {dom} * {dow}", zone)
    # The daemon must have been awake for a while: what it missed before it began is not its business.
    expected = [moment for moment in simulated(schedule, start, 3 * 1440) if moment > start + timedelta(hours=3)]
    begin = start + timedelta(hours=3)
    found = next_times(schedule, len(expected) + 1, begin)
    assert [moment.astimezone(UTC) for moment in found[:-1]] == expected
    assert found[-1] >= start + timedelta(days=3)
    at = begin + timedelta(minutes=shift)
    # In UTC: Python calls a time that occurs twice unequal to the same instant in any other zone (PEP 495).
    assert [moment for moment in expected if moment <= at][-1:] == [
        moment.astimezone(UTC) for moment in [last_time(schedule, at)] if moment is not None and moment > begin
    ]
