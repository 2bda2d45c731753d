"""A crawl runs again from the archive alone and tells the same, faults and all."""

from __future__ import annotations

from pathlib import Path

import httpx
import respx

from sourcer.config import FetchConfig
from sourcer.connect import Done, Evidence, Fetcher, Focus, Item, Ref, Visit
from sourcer.fetch.archive import Archive
from sourcer_github import GitHub
from sourcer_github.settings import GitHubConfig, GitHubDiscover
from support.clock import FakeClock
from support.github_world import Asked, FakeGitHub, blob, merged, repository, tree, user

TOKEN = "not-a-real-token-but-long"
WANTED = GitHubDiscover(topics=("mlops",), repositories=("orchard/press", "orchard/nothing"))


async def crawl(github: GitHub, focus: Focus) -> list[Item]:
    found = [item async for item in github.discover(WANTED, None)]
    items: list[Item] = list(found)
    visits = [Visit(item) for item in found if isinstance(item, Ref)]
    for start in range(0, len(visits), github.batch_size):
        items += [item async for item in github.fetch(visits[start : start + github.batch_size], "cheap", focus)]
    deep = [Visit(item.ref, state=item.state) for item in items if isinstance(item, Done)]
    for start in range(0, len(deep), github.batch_size):
        items += [item async for item in github.fetch(deep[start : start + github.batch_size], "deep", focus)]
    return items


def population() -> list[dict[str, object]]:
    files = {"": tree("Dockerfile"), "requirements.txt": blob("mlflow")}
    return [user(i, f"ada-{i}", [repository(i, "work", topics=["mlops"], files=files)]) for i in range(35)]


async def test_a_replay_tells_the_same_without_network(
    world: FakeGitHub, focus: Focus, tmp_path: Path, clock: FakeClock
) -> None:
    world.users = population()
    pulls = [
        merged(i, world.users[i % 5], time)
        for i, time in enumerate(["2026-10-01T00:00:00Z"] * 100 + ["2023-11-20T00:00:00Z"] * 100)
    ]
    world.organisations = [user(99, "orchard", [repository(99, "press", pulls=pulls)], __typename="Organization")]

    def fault(asked: Asked) -> httpx.Response | None:
        if asked.kind == "People" and "ada-7" in asked.variables.values():
            return httpx.Response(502, text="<html>")
        return None

    world.fault = fault
    config = GitHubConfig.model_validate({"token": TOKEN})
    with respx.mock() as router:
        router.post("https://api.github.com/graphql").mock(side_effect=world.handle)
        async with Fetcher(
            "github", GitHub.policy, FetchConfig(), archive=Archive(tmp_path, 1), sleep=clock.sleep, clock=clock
        ) as fetcher:
            live = await crawl(GitHub(config, fetcher), focus)
    clock.now += 40 * 86_400
    with respx.mock(assert_all_called=False):
        async with Fetcher(
            "github", GitHub.policy, FetchConfig(), archive=Archive(tmp_path, 1), replay=True, clock=clock
        ) as fetcher:
            # Without a token: nothing leaves this machine.
            again = await crawl(
                GitHub(GitHubConfig.model_validate({"token": {"env": "NO_SUCH_TOKEN"}}), fetcher), focus
            )
    assert again == live
    assert len({item for item in live if isinstance(item, Ref)}) == 35
    # Those of the last days of the window too, although it has moved on since.
    assert len([item for item in live if isinstance(item, Evidence) and item.kind == "pr.merged"]) == 200
