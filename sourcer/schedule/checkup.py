"""What monitoring is told: everything that should not be as it is, in one look."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import Connection, func, select

from sourcer.brief import Brief, ScheduleTable
from sourcer.crawl import lock_of
from sourcer.errors import SourcerError
from sourcer.schedule.times import last_time
from sourcer.store import schema
from sourcer.store.health import HISTORY, judged
from sourcer.store.locks import is_held
from sourcer.store.past import past_of
from sourcer.store.runs import RunRow, list_runs
from sourcer.store.switch import pause_in_words

__all__ = ["complaints"]

_SLACK: Final = timedelta(minutes=15)
"""How long after its time, jitter and grace left out, a run may begin before its scheduler counts as dead."""
_DUTY_AGE: Final = timedelta(hours=49)


def complaints(
    connection: Connection, briefs: Iterable[Brief], now: datetime, written: Mapping[str, datetime] | None = None
) -> list[str]:
    """A line for each thing that needs somebody, best read as a whole; empty is all well.

    The newest run of each brief that failed or is unlike those before, briefs whose time has passed without a run, and
    nightly duties that were not done for two days. While everything is paused nothing is late.

    Args:
        connection: Where runs and duties are read.
        briefs: All that can be read.
        now: The time that counts as now (aware).
        written: When each brief was last written, by name: one that never ran is late once a time of it passed since.
    """
    found = list(_of_runs(judged(list_runs(connection, HISTORY))))
    if not pause_in_words(connection):
        found += [
            line
            for brief in briefs
            if brief.schedule
            for line in _of_brief(connection, brief, brief.schedule, now, (written or {}).get(brief.name))
        ]
        found += _of_duties(connection, now)
    return found


def _of_runs(runs: Sequence[RunRow]) -> Iterator[str]:
    told: set[str] = set()
    for run in runs:
        if run.brief in told or run.kind != "crawl" or run.replay_of is not None or run.status == "running":
            continue
        told.add(run.brief)
        if run.status == "failed":
            yield f"{run.brief}: run {run.id} failed: `sourcer runs` says why"
        for finding in run.health:
            yield f"{run.brief}: {finding.site}: {finding.detail}"


def _of_brief(
    connection: Connection, brief: Brief, schedule: ScheduleTable, now: datetime, written: datetime | None
) -> Iterator[str]:
    try:
        fire_time = last_time(schedule, now)
    except SourcerError as fault:
        yield f"{brief.name}: {fault}"
        return
    past = past_of(connection, brief.name, running=is_held(connection, lock_of(brief.name)))
    # What never ran may be a brief of today, or older than the scheduler here, whose first deed is its duties.
    since = past.started_at or _later(written, connection.scalar(select(func.min(schema.duty.c.done_at))))
    if fire_time is None or past.running or since is None or since >= fire_time:
        return
    if now > fire_time + timedelta(minutes=schedule.jitter_minutes) + _SLACK:
        shown = f"{fire_time:%Y-%m-%d %H:%M %Z}"
        yield f"{brief.name}: nothing has run since {shown}, its last time: is `sourcer schedule` still there?"


def _later(one: datetime | None, other: datetime | None) -> datetime | None:
    return max(one, other) if one and other else one


def _of_duties(connection: Connection, now: datetime) -> Iterator[str]:
    for row in connection.execute(select(schema.duty).order_by(schema.duty.c.name)):
        if now - row.done_at > _DUTY_AGE:
            yield f"{row.name}: was last done on {row.done_at:%Y-%m-%d}: is `sourcer schedule` still there?"
