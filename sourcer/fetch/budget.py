"""What a run may spend at most: requests, and time spent waiting for limits."""

from __future__ import annotations

import logging
import math
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import Final, TypeAlias

from sourcer.errors import Spent

__all__ = ["Clock", "RunBudget", "Sleep", "WaitAllowance", "utc_text"]

Clock: TypeAlias = Callable[[], float]
"""Seconds since the epoch."""
Sleep: TypeAlias = Callable[[float], Awaitable[object]]

_log: Final = logging.getLogger(__name__)
_LAST_MOMENT: Final = 253402300799.0


class RunBudget:
    """Shared by all fetchers of a run.

    Args:
        max_requests: Most requests that the run sends, over all sites; ``None`` is no limit.
        max_wait_seconds: Most seconds that each connector spends waiting for limits in this run; ``None`` is what
            ``[fetch] max_wait_minutes`` says.
    """

    def __init__(self, max_requests: int | None = None, max_wait_seconds: float | None = None) -> None:
        self.max_requests = max_requests
        self.max_wait_seconds = max_wait_seconds
        self.requests = 0

    def check(self) -> None:
        """Raise :class:`Spent` where no request is left."""
        if self.max_requests is not None and self.requests >= self.max_requests:
            raise Spent(
                f"all {self.max_requests} requests of --max-requests were sent; run it again to go on from here"
            )

    def take(self) -> None:
        """Count one request, or raise :class:`Spent` where it would be one too many."""
        self.check()
        self.requests += 1


class WaitAllowance:
    """How long one connector may still wait. Waits at the same time count once: it is time that is short, not patience.

    Args:
        connector: Named in messages.
        seconds: Most seconds of waiting in all.
        clock: Tells the time.
        sleep: Waits.
    """

    def __init__(self, connector: str, seconds: float, clock: Clock, sleep: Sleep) -> None:
        self._connector = connector
        self._seconds = seconds
        self._left = seconds
        self._charged_until = -math.inf
        self._clock = clock
        self._sleep = sleep

    async def wait_until(self, moment: float, why: str) -> None:
        """Wait until ``moment`` (epoch seconds).

        Raises:
            Spent: At once, when that is later than the allowance reaches; says when the quota is back.
        """
        now = self._clock()
        charge = max(0.0, moment - max(now, self._charged_until))
        if charge > self._left:
            raise Spent(
                f"{self._connector}: {why} until {utc_text(moment)}, and the {self._seconds / 60:g} minutes of "
                "[fetch] max_wait_minutes do not reach so far; run it again after that to go on from here"
            )
        self._left -= charge
        self._charged_until = max(self._charged_until, moment)
        _log.info("%s: %s, waiting until %s", self._connector, why, utc_text(moment))
        await self._sleep(max(0.0, moment - now))


def utc_text(moment: float) -> str:
    """Epoch seconds as a person reads them: ``2026-11-23 10:15:00 UTC``."""
    return f"{datetime.fromtimestamp(min(max(moment, 0.0), _LAST_MOMENT), UTC):%Y-%m-%d %H:%M:%S} UTC"
