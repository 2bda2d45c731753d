"""What the tests of connectors share: nothing waits for real."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import stamina

from support.clock import FakeClock


@pytest.fixture(autouse=True)
def retry_at_once() -> Iterator[None]:
    with stamina.set_testing(True, attempts=4, cap=True):
        yield


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()
