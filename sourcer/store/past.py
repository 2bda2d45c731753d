"""What a brief's schedule must know of the runs so far: what was served, what was interrupted, what is running."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import Connection, func, select

from sourcer.errors import BusyError
from sourcer.store import schema

__all__ = ["Past", "check_unserved", "past_of"]

_STOPPED: Final = ("signal", "pause", "fault")


@dataclass(frozen=True, slots=True)
class Past:
    """The newest crawl of a brief, as its schedule sees it. Replays, files of accounts and refreshes do not count.

    Args:
        started_at: When it began; ``None`` where there was none.
        interrupted: Whether the schedule began it and it was killed, told to stop, or ended by a fault
            (a full disk) before its end.
        running: Whether somebody is at it now.
        tries: How many runs have begun for the time of the schedule that it serves.
    """

    started_at: datetime | None = None
    interrupted: bool = False
    running: bool = False
    tries: int = 0

    def has_served(self, fire_time: datetime) -> bool:
        """Whether nothing is left to do for a time of the schedule."""
        return self.started_at is not None and self.started_at >= fire_time and not self.interrupted


def past_of(connection: Connection, brief: str, *, running: bool) -> Past:
    """Read it; ``running`` says whether somebody holds the brief's lock."""
    run = schema.run.c
    counts = (run.brief == brief, run.kind == "crawl", run.replay_of.is_(None))
    row = connection.execute(
        select(run.started_at, run.status, run.fire_time, run.stopped_by)
        .where(*counts)
        .order_by(run.id.desc())
        .limit(1)
    ).first()
    if row is None:
        return Past(running=running)
    was_cut_off = row.status == "running" or (row.status == "incomplete" and row.stopped_by in _STOPPED)
    same = (*counts, run.fire_time == row.fire_time)
    tries = connection.scalar(select(func.count()).select_from(schema.run).where(*same)) or 0
    interrupted = was_cut_off and row.fire_time is not None and not running
    return Past(row.started_at, interrupted, running, tries)


def check_unserved(connection: Connection, brief: str, fire_time: datetime) -> None:
    """See, with the brief's lock in hand, that no other scheduler has served a time of its schedule.

    Raises:
        BusyError: One has.
    """
    if past_of(connection, brief, running=False).has_served(fire_time):
        raise BusyError(f"another process has run {brief} for {fire_time:%Y-%m-%d %H:%M %Z} already")
