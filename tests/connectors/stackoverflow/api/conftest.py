"""An invented Stack Exchange behind the real fetcher, which never waits for real."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack

import pytest
import respx

from support.clock import FakeClock
from support.stackexchange_calls import Connect


@pytest.fixture
async def connect(clock: FakeClock) -> AsyncIterator[Connect]:
    async with AsyncExitStack() as stack:
        router = stack.enter_context(respx.mock(assert_all_called=False))
        yield Connect(router, stack, clock)
