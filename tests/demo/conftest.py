from __future__ import annotations

from collections.abc import Iterator

import pytest

from sourcer.demo.github import GitHubServer
from sourcer.demo.model import World
from sourcer.demo.world import make_world


@pytest.fixture(scope="session")
def world() -> World:
    """The world that the demonstration shows; tests only read it."""
    return make_world()


@pytest.fixture
def server(world: World) -> Iterator[GitHubServer]:
    with GitHubServer(world) as running:
        yield running
