"""The API way keeps the contract of connectors."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, ClassVar

import pytest
import respx

from sourcer.connect.testing import ConnectorContract
from sourcer_stackoverflow import StackOverflow
from support.stackexchange_world import StackExchange
from support.two_ways import population

pytestmark = pytest.mark.slow


class TestStackOverflowApi(ConnectorContract):
    connector = StackOverflow
    config: ClassVar[Mapping[str, Any]] = {"key": "an-invented-key", "sites": ["ai", "stats"]}
    discover: ClassVar[Mapping[str, Any]] = {"tags": ["pytorch", "c++"]}

    @contextmanager
    def world(self) -> Iterator[Mapping[str, Any]]:
        sites = {"ai": population(1, people=12), "stats": population(2, people=6)}
        served = StackExchange(sites, quota=10_000, key="an-invented-key")
        with respx.mock(assert_all_called=False) as router:
            router.route(host="api.stackexchange.com").mock(side_effect=served.handle)
            yield {}
