"""What the tests of the fetcher share: fetchers that never wait for real."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack
from typing import Any

import pytest
import stamina

from sourcer.config import FetchConfig
from sourcer.fetch import Fetcher
from sourcer.fetch.policy import Bucket, SitePolicy
from support.clock import FakeClock
from support.fetching import HEADER_QUOTA, MakeFetcher


@pytest.fixture(autouse=True)
def retry_at_once() -> Iterator[None]:
    with stamina.set_testing(True, attempts=4, cap=True):
        yield


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
async def make(clock: FakeClock) -> AsyncIterator[MakeFetcher]:
    """Makes fetchers, by default for one bucket that headers tell about, and closes them."""
    async with AsyncExitStack() as stack:

        def build(policy: SitePolicy | None = None, settings: FetchConfig | None = None, /, **more: Any) -> Fetcher:
            policy = policy or SitePolicy(buckets=(Bucket("core"),), quota=HEADER_QUOTA)
            more = {"sleep": clock.sleep, "clock": clock, **more}
            fetcher = Fetcher("somesite", policy, settings or FetchConfig(), **more)
            stack.push_async_callback(fetcher.aclose)
            return fetcher

        yield build
