"""The one writer of a crawl: units of work go through it one at a time, each in a transaction of its own."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any, TypeVar

from sourcer.store.database import Database
from sourcer.store.units import Counted, Unit, commit_unit

__all__ = ["Writer"]

_Result = TypeVar("_Result")


class Writer:
    """Writes and reads in a worker thread, so that the network goes on meanwhile.

    A connector waits until its unit is stored: that is the backpressure, and it bounds what is held in memory.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self._turn = asyncio.Lock()

    async def commit(self, unit: Unit) -> Counted:
        """Store one unit of work with its checkpoint, or nothing of it."""
        return await self.write(commit_unit, unit)

    async def write(self, work: Callable[..., _Result], *args: Any) -> _Result:
        """Run ``work(connection, *args)`` in one write transaction."""

        def transaction() -> _Result:
            with self._database.write() as connection:
                return work(connection, *args)

        return await self._in_turn(transaction)

    async def read(self, work: Callable[..., _Result], *args: Any) -> _Result:
        """Run ``work(connection, *args)`` in one read transaction."""

        def transaction() -> _Result:
            with self._database.read() as connection:
                return work(connection, *args)

        return await self._in_turn(transaction)

    async def _in_turn(self, transaction: Callable[[], _Result]) -> _Result:
        async with self._turn:
            task = asyncio.ensure_future(asyncio.to_thread(transaction))
            try:
                await asyncio.wait([task])
            except asyncio.CancelledError:
                # The thread cannot be stopped: let it end before anybody else gets the turn.
                await asyncio.wait([task])
                _ = task.exception()  # nobody waits for it any more
                raise
            return task.result()
