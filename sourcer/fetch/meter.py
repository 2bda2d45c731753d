"""Counts what was asked in the last minute, for sites that limit that beside their quota."""

from __future__ import annotations

from collections import deque
from typing import Final

__all__ = ["MinuteMeter"]

_MINUTE: Final = 60.0


class MinuteMeter:
    """Tells when the next request may start so that no minute holds more than is allowed.

    Args:
        requests: Most requests that start in any minute; ``None`` is no limit.
        busy: Most seconds of answering time in any minute, the only thing that can be seen of the work that a site
            does; ``None`` is no limit. A request counts with its whole time from when it ended.
    """

    def __init__(self, requests: int | None, busy: float | None) -> None:
        self._most = requests
        self._busy = busy
        self._starts: deque[float] = deque()
        self._ended: deque[tuple[float, float]] = deque()
        self._seconds = 0.0

    def free_at(self, now: float) -> float:
        """When a request may start, ``now`` or later; times are epoch seconds."""
        self._forget(now)
        free = now
        if self._most is not None and len(self._starts) >= self._most:
            free = self._starts[len(self._starts) - self._most] + _MINUTE
        return max(free, self._rested_at(now))

    def _rested_at(self, now: float) -> float:
        if self._busy is None:
            return now
        left, free = self._seconds, now
        for end, seconds in self._ended:
            if left < self._busy:
                break
            left, free = left - seconds, end + _MINUTE
        return free

    def start(self, now: float) -> None:
        """Count a request that starts."""
        if self._most is not None:
            self._starts.append(now)

    def end(self, started: float, now: float) -> None:
        """Count the time that a request took."""
        if self._busy is not None:
            seconds = max(0.0, now - started)
            self._ended.append((now, seconds))
            self._seconds += seconds

    def _forget(self, now: float) -> None:
        while self._starts and self._starts[0] <= now - _MINUTE:
            self._starts.popleft()
        while self._ended and self._ended[0][0] <= now - _MINUTE:
            self._seconds -= self._ended.popleft()[1]
