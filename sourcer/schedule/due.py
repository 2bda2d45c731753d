"""Whether a brief's time has come: what ``schedule --once`` runs, and what was missed while nothing was running."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sourcer.brief import ScheduleTable
from sourcer.schedule.times import last_time

__all__ = ["Due", "due"]


@dataclass(frozen=True, slots=True)
class Due:
    """Whether to run now, why in one line, and the fire time that this is about (``None``: there never was one)."""

    run: bool
    reason: str
    fire_time: datetime | None


def due(schedule: ScheduleTable, last_started: datetime | None, now: datetime) -> Due:
    """Whether the latest fire time is still waiting for its run.

    Args:
        schedule: When the brief runs.
        last_started: When its latest run began (aware), if there was one.
        now: The time that counts as now (aware).

    Raises:
        UsageError: The cron line or the zone cannot be read.
    """
    fire_time = last_time(schedule, now)
    if fire_time is None:
        return Due(run=False, reason="its time never came", fire_time=None)
    shown = f"{fire_time:%Y-%m-%d %H:%M %Z}"
    if last_started is not None and last_started >= fire_time:
        return Due(run=False, reason=f"the run of {shown} has started", fire_time=fire_time)
    if now - fire_time > timedelta(minutes=schedule.misfire_grace_minutes):
        grace = f"{schedule.misfire_grace_minutes:g} minutes"
        return Due(run=False, reason=f"{shown} was missed by more than {grace}", fire_time=fire_time)
    return Due(run=True, reason=f"due since {shown}", fire_time=fire_time)
