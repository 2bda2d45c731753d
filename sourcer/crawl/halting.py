"""What ends a crawl before its end, and why: a signal to the process, or the pause switch in the database."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from typing import Final

from sourcer.errors import DatabaseError

__all__ = ["Halt"]

LOOK_SECONDS: Final = 2.0
"""How often the switch is looked at."""


class Halt:
    """Whether a crawl is to end at its checkpoint.

    Args:
        stop: Set by whoever runs the crawl, on a signal.
        paused: Asks the database; gives the reason, or nothing.
    """

    def __init__(self, stop: asyncio.Event | None, paused: Callable[[], Awaitable[str]]) -> None:
        self.event = asyncio.Event()
        self._stop = stop or asyncio.Event()
        self._paused = paused
        self._pause = ""

    @property
    def by(self) -> str:
        """``signal``, ``pause``, or nothing as long as it goes on."""
        if self._stop.is_set():
            return "signal"
        return "pause" if self._pause else ""

    @property
    def reason(self) -> str:
        """The same in words."""
        return self._pause or "stopped on request"

    def is_set(self) -> bool:
        """Whether it is to end; any thread may ask."""
        return bool(self.by)

    @asynccontextmanager
    async def watching(self) -> AsyncIterator[None]:
        """Look out for both as long as the context lasts."""
        task = asyncio.create_task(self._watch())
        try:
            yield
        finally:
            task.cancel()
            await asyncio.wait({task})

    async def _watch(self) -> None:
        while not self.is_set():
            with suppress(TimeoutError):
                await asyncio.wait_for(self._stop.wait(), LOOK_SECONDS)
            if not self._stop.is_set():
                # Where the database cannot be read the crawl itself will say so.
                with suppress(DatabaseError):
                    self._pause = await self._paused()
        self.event.set()
