"""What became of a brief whose turn it was."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal

from sourcer.brief import Brief
from sourcer.errors import BusyError, Paused, SourcerError

__all__ = ["Outcome", "attempt", "fault_in_words", "job_in_words", "log_outcome"]

_log = logging.getLogger("sourcer.schedule")

_COMPLETE: Final = 0
_INCOMPLETE: Final = 3


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a brief whose turn it was.

    Args:
        brief: Its name; empty where the briefs themselves could not be read.
        status: ``waiting`` is not due; ``skipped`` is due, but somebody else is at it or the service is ending.
        reason: One line for the user.
        code: The exit code of the crawl where there was one.
    """

    brief: str
    status: Literal["complete", "incomplete", "failed", "skipped", "waiting"]
    reason: str = ""
    code: int | None = None

    @property
    def exit_code(self) -> int:
        """What a command that ran this brief ends with: that of the crawl, 1 where it did not even begin to crawl."""
        if self.code is not None:
            return self.code
        return 1 if self.status == "failed" else 0

    def in_words(self) -> str:
        """One line for the user."""
        return f"{self.brief or 'briefs'}: {self.status}" + (f": {self.reason}" if self.reason else "")


async def attempt(
    brief: Brief, fire_time: datetime | None, run_brief: Callable[[Brief, datetime | None], Awaitable[int]]
) -> Outcome:
    """Run one brief; whatever goes wrong is in the outcome, so that other briefs still get their turn."""
    try:
        code = await run_brief(brief, fire_time)
    except (BusyError, Paused) as busy:
        return Outcome(brief.name, "skipped", str(busy))
    except (Exception, SystemExit, asyncio.CancelledError) as fault:
        if isinstance(fault, asyncio.CancelledError) and _cancelled():
            raise
        return Outcome(brief.name, "failed", fault_in_words(fault))
    if code == _COMPLETE:
        return Outcome(brief.name, "complete", code=code)
    if code == _INCOMPLETE:
        return Outcome(brief.name, "incomplete", "the next run goes on from its checkpoint", code)
    return Outcome(brief.name, "failed", f"the crawl ended with exit code {code}", code)


def job_in_words(outcome: Outcome) -> dict[str, str]:
    """An outcome as a web hook gets it; ``text`` is what a chat service shows."""
    return {
        "text": outcome.in_words(),
        "job": outcome.brief,
        "status": outcome.status,
        "reason": outcome.reason,
    }


def fault_in_words(fault: BaseException) -> str:
    """An exception on one line; one that nobody foresaw goes to the debug log as a whole."""
    if isinstance(fault, SourcerError):
        return str(fault)
    _log.debug("unforeseen", exc_info=fault)
    return " ".join(f"{type(fault).__name__}: {fault}".split()).rstrip(": ")


def _cancelled() -> bool:
    """Whether it is this very task that is to end, not something inside the crawl."""
    task = asyncio.current_task()
    return task is not None and task.cancelling() > 0


def log_outcome(outcome: Outcome) -> None:
    """Write an outcome to the log; failures are warnings."""
    level = logging.WARNING if outcome.status == "failed" else logging.INFO
    fields = {"job": outcome.brief, "status": outcome.status, "reason": outcome.reason, "code": outcome.code}
    _log.log(level, "%s", outcome.in_words(), extra=fields)
