"""Something that runs by the clock: the crawl of a brief, or a duty of the database."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime

from sourcer.brief import ScheduleTable
from sourcer.schedule.outcome import Outcome
from sourcer.store.past import Past

__all__ = ["Job"]


@dataclass(frozen=True, slots=True)
class Job:
    """What runs when.

    Args:
        name: Unique among all jobs; the name of a brief has no slash.
        schedule: When.
        run: Does it, for a time of its schedule. Whatever goes wrong is in the outcome.
        past: What is known of its runs so far.
    """

    name: str
    schedule: ScheduleTable
    run: Callable[[datetime | None], Awaitable[Outcome]]
    past: Callable[[], Past]
