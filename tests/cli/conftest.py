from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from sourcer.demo.run import BRIEF, DemoWorld, prepare
from support.cli_runner import Ran, sourcer


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DemoWorld]:
    """An invented world that was crawled once; its servers are still there."""
    with prepare(tmp_path_factory.mktemp("world"), seed=5, people=80) as prepared:
        done = sourcer("crawl", BRIEF, cwd=prepared.folder)
        assert done.code == 0, done.err
        yield prepared


@pytest.fixture
def run(world: DemoWorld) -> Callable[..., Ran]:
    """Run a command in the world's folder."""

    def command(*arguments: str, **environment: str) -> Ran:
        return sourcer(*arguments, cwd=world.folder, **environment)

    return command
