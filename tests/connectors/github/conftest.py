"""An invented GitHub behind the real fetcher, which never waits for real."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterable, Iterator, Sequence

import pytest
import respx

from sourcer.config import FetchConfig
from sourcer.connect import Depth, Fetcher, Focus, Item, Visit
from sourcer_github import GitHub
from sourcer_github.settings import GitHubConfig
from support.clock import FakeClock
from support.github_rest import REST_URL, FakeRest
from support.github_world import FakeGitHub

Fetch = Callable[[Sequence[Visit], Depth], AsyncIterator[Item]]


@pytest.fixture
def world() -> FakeGitHub:
    return FakeGitHub()


@pytest.fixture
def focus() -> Focus:
    def of(terms: Iterable[str]) -> float:
        return 1.0 if "topic:mlops" in terms else 0.5 if "language:python" in terms else 0.0

    return of


@pytest.fixture
def rest() -> Iterator[respx.Router]:
    """Stands in for the site: a test adds the answers of REST that it needs."""
    with respx.mock(assert_all_called=False) as router:
        yield router


@pytest.fixture
async def github(world: FakeGitHub, clock: FakeClock, rest: respx.Router) -> AsyncIterator[GitHub]:
    fetcher = Fetcher("github", GitHub.policy, FetchConfig(), sleep=clock.sleep, clock=clock)
    rest.post("https://api.github.com/graphql").mock(side_effect=world.handle)
    async with fetcher:
        yield GitHub(GitHubConfig.model_validate({"token": "not-a-real-token"}), fetcher)


@pytest.fixture
def api(world: FakeGitHub) -> FakeRest:
    return FakeRest(world)


@pytest.fixture
async def anonymous(api: FakeRest, clock: FakeClock) -> AsyncIterator[GitHub]:
    """The connector without credentials."""
    config = GitHubConfig.model_validate({"token": "", "anonymous": True})
    with respx.mock(assert_all_called=False) as router:
        router.get(url__startswith=f"{REST_URL}/").mock(side_effect=api.handle)
        async with Fetcher("github", GitHub.policy, FetchConfig(), sleep=clock.sleep, clock=clock) as fetcher:
            yield GitHub(config, fetcher)
