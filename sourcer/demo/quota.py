"""What one token may ask for in a span of time, and the headers that tell about it."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from threading import Lock
from typing import Any, Final

__all__ = ["HOUR", "MINUTE", "Quota"]

HOUR: Final = 3600
MINUTE: Final = 60


@dataclass(slots=True)
class Quota:
    """Points that are left until the window ends; then there are ``limit`` again.

    Args:
        limit: Points a window.
        clock: UTC epoch seconds.
        window: Seconds.
    """

    limit: int = 5_000
    clock: Callable[[], float] = time.time
    window: int = HOUR
    used: int = 0
    spent: int = 0
    """Points taken since the beginning, over all windows."""
    _ends: int = 0
    _lock: Lock = field(default_factory=Lock, repr=False)

    def _turn(self) -> None:
        if self.clock() >= self._ends:
            self._ends = int(self.clock()) + self.window
            self.used = 0

    def is_left(self) -> bool:
        """Whether anything may be asked for now."""
        with self._lock:
            self._turn()
            return self.used < self.limit

    def take(self, points: int) -> bool:
        """Charge a query; ``False`` where nothing was left before it."""
        with self._lock:
            self._turn()
            if self.used >= self.limit:
                return False
            self.used = min(self.limit, self.used + points)
            self.spent += points
            return True

    def headers(self, resource: str = "graphql") -> dict[str, str]:
        """What every answer tells about the quota; ``reset`` in UTC epoch seconds."""
        with self._lock:
            self._turn()
            return {
                "x-ratelimit-limit": str(self.limit),
                "x-ratelimit-remaining": str(self.limit - self.used),
                "x-ratelimit-used": str(self.used),
                "x-ratelimit-reset": str(self._ends),
                "x-ratelimit-resource": resource,
            }

    def as_field(self, cost: int, nodes: int) -> dict[str, Any]:
        """What the field ``rateLimit`` of a query of a cost says."""
        with self._lock:
            self._turn()
            return {
                "cost": cost,
                "limit": self.limit,
                "nodeCount": nodes,
                "remaining": self.limit - self.used,
                "used": self.used,
                "resetAt": datetime.fromtimestamp(self._ends, UTC),
            }

    def as_resource(self) -> dict[str, int]:
        """What ``GET /rate_limit`` says."""
        with self._lock:
            self._turn()
            return {"limit": self.limit, "used": self.used, "remaining": self.limit - self.used, "reset": self._ends}
