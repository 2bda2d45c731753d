"""Whether a brief's time has come: what ``schedule --once`` runs, and what was missed while nothing was running."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sourcer.brief import ScheduleTable
from sourcer.schedule.times import last_time
from sourcer.store.past import Past

__all__ = ["MOST_TRIES", "Due", "due"]

MOST_TRIES: Final = 5
"""Runs that begin for one time of a schedule: a crawl that takes the whole process down is not begun for ever."""


@dataclass(frozen=True, slots=True)
class Due:
    """Whether to run now, why in one line, and the fire time that this is about (``None``: there never was one).

    ``resumes``: it takes up a run that was interrupted.
    """

    run: bool
    reason: str
    fire_time: datetime | None
    resumes: bool = False


def due(schedule: ScheduleTable, past: Past, now: datetime) -> Due:
    """Whether the latest fire time is still waiting for its run, or an interrupted run for being taken up.

    Args:
        schedule: When the brief runs.
        past: What is known of its runs.
        now: The time that counts as now (aware).

    Raises:
        UsageError: The cron line or the zone cannot be read.
    """
    fire_time = last_time(schedule, now)
    if fire_time is None:
        return Due(run=False, reason="its time never came", fire_time=None)
    shown = f"{fire_time:%Y-%m-%d %H:%M %Z}"
    if past.running:
        return Due(run=False, reason="somebody is at it", fire_time=fire_time)
    if past.interrupted and past.tries < MOST_TRIES:
        return Due(run=True, reason="its last run was interrupted", fire_time=fire_time, resumes=True)
    if past.started_at is not None and past.started_at >= fire_time:
        tried = f" {past.tries} times, and was interrupted each time" if past.interrupted else ""
        return Due(run=False, reason=f"the run of {shown} has started{tried}", fire_time=fire_time)
    # Jitter is no lateness.
    if now - fire_time > timedelta(minutes=schedule.misfire_grace_minutes + schedule.jitter_minutes):
        grace = f"{schedule.misfire_grace_minutes:g} minutes"
        return Due(run=False, reason=f"{shown} was missed by more than {grace}", fire_time=fire_time)
    return Due(run=True, reason=f"due since {shown}", fire_time=fire_time)
