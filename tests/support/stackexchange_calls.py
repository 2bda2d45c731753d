"""How tests ask the connector that stands before an invented Stack Exchange."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from contextlib import AsyncExitStack
from typing import Any

import respx

from sourcer.config import FetchConfig
from sourcer.connect import Checkpoint, Depth, Fetcher, Focus, Item, Ref, Visit
from sourcer_stackoverflow import StackOverflow
from sourcer_stackoverflow.settings import StackOverflowConfig, StackOverflowDiscover
from support.clock import FakeClock
from support.shelf import DictShelf
from support.stackexchange_world import StackExchange
from support.two_ways import everything

__all__ = ["Connect", "find", "look", "visit", "wish"]


class Connect:
    """Makes connectors, each with a fetcher that never waits for real; ``fetcher`` is that of the last one.

    ``shelf``, where a test sets it, keeps lasting answers from one connector to the next.
    """

    def __init__(self, router: respx.MockRouter, stack: AsyncExitStack, clock: FakeClock) -> None:
        self._router = router
        self._stack = stack
        self._clock = clock
        self.shelf: DictShelf | None = None
        self.fetcher: Fetcher

    def __call__(self, world: StackExchange, **config: Any) -> StackOverflow:
        world.clock = self._clock
        self._router.route(host="api.stackexchange.com").mock(side_effect=world.handle)
        settings = StackOverflowConfig.model_validate({"sites": list(world.sites), **config})
        self.fetcher = Fetcher(
            "stackoverflow",
            StackOverflow.policy,
            FetchConfig(),
            sleep=self._clock.sleep,
            clock=self._clock,
            shelf=self.shelf,
        )
        self._stack.push_async_callback(self.fetcher.aclose)
        return StackOverflow(settings, self.fetcher)


def wish(*tags: str, **more: Any) -> StackOverflowDiscover:
    return StackOverflowDiscover.model_validate({"tags": tags, **more})


def visit(uid: int | str, site: str = "ai", told: Mapping[str, Any] | None = None, **state: int | None) -> Visit:
    return Visit(Ref(site, str(uid), str(uid)), None, state or None, told or {})


async def find(connector: StackOverflow, wanted: StackOverflowDiscover, after: Checkpoint | None = None) -> list[Item]:
    return [item async for item in connector.discover(wanted, after)]


async def look(
    connector: StackOverflow, visits: Iterable[Visit], depth: Depth = "cheap", focus: Focus = everything
) -> list[Item]:
    batch: Sequence[Visit] = list(visits)
    return [item async for item in connector.fetch(batch, depth, focus)]
