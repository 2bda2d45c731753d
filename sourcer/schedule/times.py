"""When a brief runs: the fire times of its cron line in its time zone.

Clocks that change are treated as cron does. A line with fixed minute and hour runs once whatever the clock does: a
time that was skipped runs when the gap ends, a time that comes twice runs the first time. A line with a wildcard in
minute or hour means "every so often" and follows the time that really passes. (APScheduler's own trigger would run the
former twice.)
"""

from __future__ import annotations

import difflib
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from itertools import islice
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

from apscheduler.triggers.base import BaseTrigger

from sourcer.brief import ScheduleTable
from sourcer.errors import UsageError
from sourcer.schedule.cron import SEARCH_DAYS, CronLine, parse_cron

__all__ = ["ScheduleTrigger", "last_time", "next_times", "trigger_of", "zone_of"]


def zone_of(schedule: ScheduleTable) -> ZoneInfo:
    """The time zone of a schedule.

    Raises:
        UsageError: There is no such zone; the message names the nearest.
    """
    name = schedule.timezone
    try:
        return ZoneInfo(name)
    except (LookupError, ValueError, OSError):
        close = difflib.get_close_matches(name, sorted(available_timezones()), n=1)
        hint = f"did you mean {close[0]}?" if close else "zones are written like Europe/Warsaw"
        raise UsageError(f"[schedule] timezone: {name!r} is not a time zone; {hint}") from None


def next_times(schedule: ScheduleTable, n: int, after: datetime) -> list[datetime]:
    """The first ``n`` fire times later than ``after`` (aware), in the schedule's zone.

    Raises:
        UsageError: The cron line or the zone cannot be read.
    """
    zone = zone_of(schedule)
    return [moment.astimezone(zone) for moment in islice(_after(parse_cron(schedule.cron), zone, after), n)]


def last_time(schedule: ScheduleTable, before: datetime) -> datetime | None:
    """The latest fire time that is not later than ``before`` (aware), in the schedule's zone.

    Raises:
        UsageError: The cron line or the zone cannot be read.
    """
    zone, line = zone_of(schedule), parse_cron(schedule.cron)
    today = before.astimezone(zone).date()
    for back in range(SEARCH_DAYS):
        passed = [moment for moment in _instants(line, zone, today - timedelta(days=back)) if moment <= before]
        if passed:
            return passed[-1].astimezone(zone)
    return None


def trigger_of(schedule: ScheduleTable) -> ScheduleTrigger:
    """What APScheduler asks when a brief runs next.

    Raises:
        UsageError: The cron line or the zone cannot be read.
    """
    return ScheduleTrigger(parse_cron(schedule.cron), zone_of(schedule), schedule.jitter_minutes * 60)


class ScheduleTrigger(BaseTrigger):  # type: ignore[misc]  # apscheduler 3 has no types
    """A cron line as APScheduler wants it: with jitter, in seconds, always later and never earlier."""

    __slots__ = ("jitter", "line", "zone")

    def __init__(self, line: CronLine, zone: ZoneInfo, jitter: float = 0) -> None:
        self.line = line
        self.zone = zone
        self.jitter = jitter

    def get_next_fire_time(self, previous_fire_time: datetime | None, now: datetime) -> datetime | None:
        """The next fire time after the previous one, or not before ``now`` when there was none."""
        after = previous_fire_time or now - timedelta(microseconds=1)
        moment = next(_after(self.line, self.zone, after), None)
        jittered: Any = self._apply_jitter(moment, self.jitter, now)
        return jittered.astimezone(self.zone) if jittered is not None else None

    def __repr__(self) -> str:
        return f"ScheduleTrigger({self.line!r}, {self.zone.key!r}, jitter={self.jitter})"


def _after(line: CronLine, zone: ZoneInfo, after: datetime) -> Iterator[datetime]:
    # One day back: a time that the clock skipped together with midnight runs on the following day.
    first = after.astimezone(zone).date() - timedelta(days=1)
    last_seen = after.astimezone(UTC)
    day, quiet = first, 0
    while quiet < SEARCH_DAYS:
        quiet += 1
        for moment in _instants(line, zone, day):
            if moment > last_seen:
                last_seen, quiet = moment, 0
                yield moment
        day += timedelta(days=1)


@lru_cache(maxsize=64)
def _instants(line: CronLine, zone: ZoneInfo, day: date) -> tuple[datetime, ...]:
    """Every fire time of one local day, in UTC, sorted."""
    if not line.matches(day):
        return ()
    walls = (datetime.combine(day, time(hour, minute)) for hour in line.hours for minute in line.minutes)
    moments = {moment for wall in walls for moment in _real(wall, zone, elapsed=line.elapsed)}
    return tuple(sorted(moments))


def _real(wall: datetime, zone: ZoneInfo, *, elapsed: bool) -> list[datetime]:
    both = [wall.replace(tzinfo=zone, fold=fold).astimezone(UTC) for fold in (0, 1)]
    exist = [moment for moment in both if moment.astimezone(zone).replace(tzinfo=None) == wall]
    if elapsed:
        return exist
    return exist[:1] or [_gap_end(both[1], both[0], zone)]


def _gap_end(before: datetime, behind: datetime, zone: ZoneInfo) -> datetime:
    """The instant between two others at which the clock jumps."""
    jumped = behind.astimezone(zone).utcoffset()
    while behind - before > timedelta(seconds=1):
        middle = before + timedelta(seconds=(behind - before) // timedelta(seconds=2))
        if middle.astimezone(zone).utcoffset() == jumped:
            behind = middle
        else:
            before = middle
    return behind
