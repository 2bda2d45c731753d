"""What the API asks of its callers, and a guard that notes every step over it.

Source: api.stackexchange.com/docs/throttle and /docs/wrapper.
"""

from __future__ import annotations

import time
from collections import Counter, deque
from collections.abc import Callable
from dataclasses import dataclass, field
from threading import Lock
from typing import Final

from sourcer.demo.limits import Violation
from sourcer.demo.quota import Quota

__all__ = ["DAY", "Manners"]

DAY: Final = 86_400
_SECOND: Final = 1.0
_MINUTE: Final = 60.0
_A_SECOND: Final = 30
_BAN: Final = 30.0
_SLACK: Final = 0.05
"""Seconds that two clocks of one machine may differ."""


@dataclass(slots=True)
class Manners:
    """Watches one address of the internet, which is all that a copy on this machine sees.

    ``violations`` have one of these reasons: ``too_early`` (before a pause that an answer asked for had ended),
    ``burst`` (more than thirty requests in a second), ``banned`` (during the ban that follows), ``primary`` (with
    nothing left of the quota), ``repeated`` (what was answered in full within the last minute).

    Args:
        clock: UTC epoch seconds.
        free: Requests a day without a key.
        keyed: Requests a day with one.
        a_second: Requests a second, above which there is a ban.
    """

    clock: Callable[[], float] = time.time
    free: int = 300
    keyed: int = 10_000
    a_second: int = _A_SECOND
    violations: list[Violation] = field(default_factory=list)
    methods: Counter[str] = field(default_factory=Counter)
    _quotas: dict[bool, Quota] = field(default_factory=dict)
    _resting: dict[str, float] = field(default_factory=dict)
    _last: deque[float] = field(default_factory=deque)
    _answered: dict[str, float] = field(default_factory=dict)
    _banned_until: float = 0.0
    _lock: Lock = field(default_factory=Lock, repr=False)

    def quota(self, *, has_key: bool) -> Quota:
        """What is counted together."""
        if has_key not in self._quotas:
            self._quotas[has_key] = Quota(self.keyed if has_key else self.free, self.clock, DAY)
        return self._quotas[has_key]

    def enter(self, number: int, method: str, target: str) -> bool:
        """A request comes; whether it is heard at all."""
        with self._lock:
            now = self.clock()
            self.methods[method] += 1
            if now < self._banned_until - _SLACK:
                self._note("banned", number, f"{self._banned_until - now:.1f} s were left")
                return False
            ends = max(self._resting.get("", 0.0), self._resting.get(method, 0.0))
            if now < ends - _SLACK:
                self._note("too_early", number, f"{method}: {ends - now:.1f} s of the pause were left")
            if now - self._answered.get(target, -_MINUTE) < _MINUTE:
                self._note("repeated", number, method)
            self._last.append(now)
            while self._last[0] <= now - _SECOND:
                self._last.popleft()
            if len(self._last) > self.a_second:
                self._banned_until = now + _BAN
                self._note("burst", number, f"{len(self._last)} in a second")
            return now >= self._banned_until

    def rest(self, seconds: float, method: str = "") -> None:
        """An answer asked for a pause: of its method, or of everything."""
        with self._lock:
            self._resting[method] = max(self._resting.get(method, 0.0), self.clock() + seconds)

    def answered(self, target: str) -> None:
        """A request got all that it asked for."""
        with self._lock:
            self._answered[target] = self.clock()

    def note(self, reason: str, number: int) -> None:
        """Note a step over a limit that was seen elsewhere."""
        with self._lock:
            self._note(reason, number, "")

    def _note(self, reason: str, number: int, detail: str) -> None:
        self.violations.append(Violation(reason, number, self.clock(), detail))
