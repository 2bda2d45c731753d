"""A clock that only goes on when somebody sleeps."""

from __future__ import annotations

import asyncio

__all__ = ["FakeClock"]

START = 1_795_000_000.0


class FakeClock:
    """Seconds since the epoch, from a fixed moment; ``sleeps`` lists how long was slept."""

    def __init__(self, now: float = START) -> None:
        self.now = now
        self.sleeps: list[float] = []

    def __call__(self) -> float:
        """The time."""
        return self.now

    async def sleep(self, seconds: float) -> None:
        """Go on at once; others get their turn, as in a real sleep."""
        wake = self.now + seconds
        self.sleeps.append(seconds)
        await asyncio.sleep(0)
        self.now = max(self.now, wake)
