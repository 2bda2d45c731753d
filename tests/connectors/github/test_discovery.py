from __future__ import annotations

from collections.abc import Callable
from typing import Any

import httpx
import pytest

from sourcer.connect import Checkpoint, Item, Ref, SiteError
from sourcer.connect.items import check_item
from sourcer_github import GitHub
from sourcer_github.settings import GitHubDiscover
from support.github_world import Asked, FakeGitHub, repository, user


def discover_of(*topics: str, min_stars: int = 0) -> GitHubDiscover:
    return GitHubDiscover(topics=topics, min_stars=min_stars)


async def discovered(github: GitHub, discover: GitHubDiscover, after: Checkpoint | None = None) -> list[Item]:
    items = [item async for item in github.discover(discover, after)]
    assert [check_item(item, github.sites()) for item in items] == [None] * len(items)
    return items


def logins(items: list[Item]) -> list[str]:
    return [item.login for item in items if isinstance(item, Ref)]


def owners(
    number: int, topic: str = "mlops", first: int = 1, created: Callable[[int], str] | None = None
) -> list[dict[str, Any]]:
    return [
        user(
            i,
            f"ada-{i}",
            [repository(1000 + i, "work", topics=[topic], created=created(i) if created else "2024-05-06")],
        )
        for i in range(first, first + number)
    ]


async def test_the_owners_of_a_topic_are_found(github: GitHub, world: FakeGitHub) -> None:
    world.users = [*owners(3), user(9, "someone-else", [repository(9, "site", topics=["css"])])]
    items = await discovered(github, discover_of("mlops"))
    assert items[:3] == [Ref("github", str(i), f"ada-{i}") for i in (1, 2, 3)]
    assert isinstance(items[-1], Checkpoint)
    assert world.asked[0].variables["q"] == "topic:mlops"
    assert world.asked[0].headers["authorization"] == "Bearer not-a-real-token"


async def test_organisations_bots_and_the_ghost_are_left_out(github: GitHub, world: FakeGitHub) -> None:
    logins_found = ["ada", "release-bot", "helper[bot]", "Ghost", "talbot"]
    world.users = [
        user(i, login, [repository(i, "work", topics=["mlops"])]) for i, login in enumerate(logins_found, start=1)
    ]
    world.organisations = [
        user(50, "a-company", [repository(50, "work", topics=["mlops"])], __typename="Organization"),
    ]
    assert logins(await discovered(github, discover_of("mlops"))) == ["ada", "talbot"]


async def test_null_results_are_skipped(github: GitHub, world: FakeGitHub) -> None:
    world.users = owners(2)

    def with_nulls(asked: Asked) -> httpx.Response:
        answer = world.answer(asked).json()
        answer["data"]["search"]["nodes"].insert(0, None)
        return httpx.Response(200, json=answer)

    world.fault = with_nulls
    assert logins(await discovered(github, discover_of("mlops"))) == ["ada-1", "ada-2"]


async def test_pages_are_read_to_the_end(github: GitHub, world: FakeGitHub) -> None:
    world.users = owners(250)
    items = await discovered(github, discover_of("mlops"))
    assert len(logins(items)) == 250
    assert [asked.variables["after"] for asked in world.asked] == [None, "cursor:100", "cursor:200"]
    assert sum(isinstance(item, Checkpoint) for item in items) == 3


async def test_an_owner_stands_once_on_a_page(github: GitHub, world: FakeGitHub) -> None:
    world.users = [user(1, "ada", [repository(i, f"work-{i}", topics=["mlops"]) for i in range(5)])]
    assert logins(await discovered(github, discover_of("mlops"))) == ["ada"]


async def test_topics_take_turns(github: GitHub, world: FakeGitHub) -> None:
    world.users = [*owners(250), *owners(150, "mlflow", first=500)]
    await discovered(github, discover_of("mlops", "mlflow"))
    assert [asked.variables["q"].removeprefix("topic:") for asked in world.asked] == [
        "mlops", "mlflow", "mlops", "mlflow", "mlops",
    ]  # fmt: skip


async def test_stars_narrow_the_search(github: GitHub, world: FakeGitHub) -> None:
    world.users = [
        user(1, "ada", [repository(1, "liked", topics=["mlops"], stargazerCount=12)]),
        user(2, "ben", [repository(2, "new", topics=["mlops"])]),
    ]
    assert logins(await discovered(github, discover_of("mlops", min_stars=10))) == ["ada"]


def spread(i: int) -> str:
    return f"{2010 + i % 15}-{1 + i % 12:02d}-{1 + i % 28:02d}"


async def test_more_than_a_thousand_results_are_sliced_until_complete(github: GitHub, world: FakeGitHub) -> None:
    world.users = owners(2_300, created=spread)
    items = await discovered(github, discover_of("mlops"))
    assert set(logins(items)) == {f"ada-{i}" for i in range(1, 2_301)}
    assert any("created:" in asked.variables["q"] for asked in world.asked)
    # 23 full pages at least, and no more than slicing may cost on top.
    assert len(world.asked) < 60


async def test_a_single_day_is_taken_as_it_is(github: GitHub, world: FakeGitHub) -> None:
    world.users = owners(1_100)
    items = await discovered(github, discover_of("mlops"))
    assert len(set(logins(items))) == 1_000
    assert sum(asked.variables["q"].endswith("created:2024-05-06..2024-05-06") for asked in world.asked) == 10


@pytest.mark.parametrize("number", [250, 1_010])
async def test_discovery_goes_on_from_each_checkpoint(github: GitHub, world: FakeGitHub, number: int) -> None:
    world.users = [*owners(number, created=spread), *owners(120, "mlflow", first=5_000)]
    discover = discover_of("mlops", "mlflow")
    whole = await discovered(github, discover)
    asked = [(one.query, one.variables) for one in world.asked]
    ends = [position for position, item in enumerate(whole) if isinstance(item, Checkpoint)]
    for pages, end in enumerate(ends, start=1):
        world.asked.clear()
        checkpoint = whole[end]
        assert isinstance(checkpoint, Checkpoint)
        assert await discovered(github, discover, checkpoint) == whole[end + 1 :]
        assert [(one.query, one.variables) for one in world.asked] == asked[pages:]


async def test_dates_come_from_the_beginning_of_the_crawl(github: GitHub, world: FakeGitHub) -> None:
    world.users = owners(1_001, created=spread)
    await discovered(github, discover_of("mlops"))
    newest = max(asked.variables["q"].rpartition("..")[2] for asked in world.asked[1:])
    assert newest == github.client.fetcher.now().date().isoformat()


async def test_a_page_that_fails_is_asked_smaller(github: GitHub, world: FakeGitHub) -> None:
    world.users = owners(80)
    world.fault = lambda asked: httpx.Response(502, text="<html>") if asked.variables["first"] > 50 else None
    assert len(logins(await discovered(github, discover_of("mlops")))) == 80
    assert {asked.variables["first"] for asked in world.asked} == {100, 50}


async def test_partial_results_are_asked_smaller_and_then_taken(github: GitHub, world: FakeGitHub) -> None:
    world.users = owners(3)

    def partial(asked: Asked) -> httpx.Response:
        answer = world.answer(asked).json()
        answer["errors"] = [{"type": "SERVICE_UNAVAILABLE", "path": ["search", "nodes", 1], "message": "later"}]
        answer["data"]["search"]["nodes"][1] = None
        return httpx.Response(200, json=answer)

    world.fault = partial
    assert logins(await discovered(github, discover_of("mlops"))) == ["ada-1", "ada-3"]
    assert [asked.variables["first"] for asked in world.asked] == [100, 50, 10]


async def test_a_page_that_never_comes_stops_the_site(github: GitHub, world: FakeGitHub) -> None:
    world.fault = lambda _: httpx.Response(502, text="<html>")
    with pytest.raises(SiteError, match=r"topic:mlops.*the next crawl asks again"):
        await discovered(github, discover_of("mlops"))
