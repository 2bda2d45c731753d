"""The secondary limits, and a guard that notes every step over one of them.

Source: docs.github.com, "Rate limits for the REST API" and "Rate limits and query limits for the GraphQL API".
"""

from __future__ import annotations

import time
from collections import defaultdict, deque
from collections.abc import Callable
from dataclasses import dataclass, field
from threading import Lock
from typing import Final

__all__ = ["Guard", "Limits", "Violation"]

_WINDOW: Final = 60.0
_SLACK: Final = 0.05
"""Seconds that two clocks of one machine may differ."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What is too much.

    Args:
        concurrent: Requests in work at a time, REST and GraphQL together.
        alone: Whether a second request at a time is noted, though not refused: GitHub asks for one after the other.
        graphql_points: GraphQL requests a minute, a query being one.
        rest_points: Requests a minute to one REST endpoint, one that changes something being five.
        graphql_seconds: Seconds of answering GraphQL a minute.
        seconds: Seconds of answering a minute.
        answer_nodes: Objects in an answer after which the rest of it is left out with ``RESOURCE_LIMITS_EXCEEDED``.
        query_fields: Fields after which a query counts as one that took ten seconds: 502, and the points are taken
            twice.
    """

    concurrent: int = 100
    alone: bool = True
    graphql_points: int = 2_000
    rest_points: int = 900
    graphql_seconds: float = 60.0
    seconds: float = 90.0
    answer_nodes: int | None = 10_000
    query_fields: int | None = 40_000


@dataclass(frozen=True, slots=True)
class Violation:
    """One step over a limit, at the time ``at`` in UTC epoch seconds.

    ``reason``: ``too_early`` (before a refusal's pause had ended), ``concurrent``, ``not_alone``, ``graphql_points``,
    ``rest_points``, ``graphql_seconds``, ``seconds``, ``primary`` (asked with nothing left).
    """

    reason: str
    request: int
    at: float
    detail: str = ""


@dataclass(slots=True)
class Guard:
    """Watches the requests of everybody.

    Args:
        limits: What is refused; ``None`` refuses nothing, but requests that come too early are noted all the same.
        clock: UTC epoch seconds.
    """

    limits: Limits | None = None
    clock: Callable[[], float] = time.time
    violations: list[Violation] = field(default_factory=list)
    peak: int = 0
    """Most requests that were in work at a time."""
    _working: int = 0
    _pauses: dict[str, float] = field(default_factory=dict)
    """By what is counted together (empty: everything) the times before which nothing may be asked."""
    _closed_until: float = 0.0
    _points: dict[str, deque[tuple[float, float]]] = field(default_factory=lambda: defaultdict(deque))
    _seconds: dict[str, deque[tuple[float, float]]] = field(default_factory=lambda: defaultdict(deque))
    _lock: Lock = field(default_factory=Lock, repr=False)

    def enter(self, number: int, kind: str, bucket: str = "", *, changes: bool = False) -> int | None:
        """A request begins; :meth:`leave` has to follow.

        Args:
            number: Of the request.
            kind: ``graphql``, or the REST endpoint.
            bucket: What it is counted with.
            changes: Whether it could change something.

        Returns:
            Seconds to wait where it is refused, else ``None``.
        """
        with self._lock:
            now = self.clock()
            self._working += 1
            self.peak = max(self.peak, self._working)
            ends = max(self._pauses.get("", 0.0), self._pauses.get(bucket, 0.0))
            if now < ends - _SLACK:
                self._note("too_early", number, f"{ends - now:.1f} s of the pause were left")
            if self.limits is None:
                return None
            if now < self._closed_until:
                return self._wait(now)
            if self._is_too_much(self.limits, number, kind, 5 if changes and kind != "graphql" else 1):
                self._closed_until = now + _WINDOW
                return self._wait(now)
            return None

    def _wait(self, now: float) -> int:
        return max(1, int(self._closed_until - now + 0.999))

    def _is_too_much(self, limits: Limits, number: int, kind: str, points: int) -> bool:
        now = self.clock()
        if limits.alone and self._working > 1:
            self._note("not_alone", number, f"{self._working} at a time")
        sort = "graphql" if kind == "graphql" else "rest"
        spent = self._points[kind]
        spent.append((now, points))
        most = limits.graphql_points if kind == "graphql" else limits.rest_points
        checks = (
            ("concurrent", self._working, limits.concurrent),
            (f"{sort}_points", _sum(spent, now), most),
            ("graphql_seconds", _busy(self._seconds["graphql"], now), limits.graphql_seconds),
            ("seconds", sum(_busy(one, now) for one in self._seconds.values()), limits.seconds),
        )
        found = [(reason, value, limit) for reason, value, limit in checks if value > limit]
        for reason, value, limit in found:
            self._note(reason, number, f"{value:g} of {limit:g}, {kind}")
        return bool(found)

    def leave(self, kind: str, seconds: float) -> None:
        """A request is answered, after so many seconds."""
        with self._lock:
            self._working -= 1
            self._seconds["graphql" if kind == "graphql" else "rest"].append((self.clock(), seconds))

    def pause(self, until: float, bucket: str = "") -> None:
        """A refusal was given: whoever asks before ``until`` asks too early; a ``bucket`` if only that is used up."""
        with self._lock:
            self._pauses[bucket] = max(self._pauses.get(bucket, 0.0), until)

    def note(self, reason: str, number: int, detail: str = "") -> None:
        """Note a step over a limit that was seen elsewhere."""
        with self._lock:
            self._note(reason, number, detail)

    def _note(self, reason: str, number: int, detail: str) -> None:
        self.violations.append(Violation(reason, number, self.clock(), detail))


def _sum(events: deque[tuple[float, float]], now: float) -> float:
    """What the last minute holds; what is older is forgotten."""
    while events and events[0][0] <= now - _WINDOW:
        events.popleft()
    return sum(value for _, value in events)


def _busy(answers: deque[tuple[float, float]], now: float) -> float:
    """How many seconds of the last minute went into answers, of which the ends are known."""
    _sum(answers, now)
    return sum(min(seconds, at - (now - _WINDOW)) for at, seconds in answers)
