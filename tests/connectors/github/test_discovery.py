"""Finding people: sources that take turns, and going on from where discovery stopped."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from sourcer.connect import Checkpoint, Item
from sourcer_github import GitHub
from sourcer_github.settings import GitHubDiscover
from support.finding import discovered, evidence, goes_on_from_each_checkpoint, logins
from support.github_world import Asked, FakeGitHub, merged, repository, reviewed_by, user

EVERYWHERE = GitHubDiscover(
    topics=("mlops", "etl"),
    locations=("Peru",),
    repositories=("orchard/press", "orchard/nothing"),
    organizations=("orchard",),
    accounts=("zoe", "nobody-at-all"),
)


@pytest.fixture
def crowded(world: FakeGitHub) -> FakeGitHub:
    """People to be found in each place."""
    world.users = [
        *(user(i, f"ada-{i}", [repository(i, "work", topics=["mlops"])]) for i in range(1_000, 1_150)),
        *(user(i, f"ben-{i}", location="Peru") for i in range(2_000, 2_120)),
        user(1, "zoe"),
    ]
    ours = [
        repository(10, "press", pulls=[merged(i, user(i, f"cleo-{i}")) for i in range(3_000, 3_130)]),
        repository(
            11, "etl", topics=["etl"], pulls=[merged(9, user(9, "dora"), reviewed=[reviewed_by(1, user(8, "eve"))])]
        ),
    ]
    members = [user(i, f"finn-{i}") for i in range(4_000, 4_110)]
    world.organisations = [user(5, "orchard", ours, members=members, __typename="Organization")]
    return world


async def test_sources_take_turns_page_by_page(github: GitHub, crowded: FakeGitHub) -> None:
    found = set(logins(await discovered(github, EVERYWHERE)))
    assert {one.partition("-")[0] for one in found} == {"ada", "ben", "cleo", "dora", "finn", "zoe"}
    assert len(found) == 150 + 120 + 130 + 1 + 110 + 1
    first = ["Logins", "Organizations", "Merged", "Merged", "Members", "Search", "Behind", "SearchPeople"]
    assert crowded.kinds() == [*first, "Merged", "Members", "Search", "SearchPeople"]


async def test_discovery_goes_on_from_each_checkpoint(github: GitHub, crowded: FakeGitHub) -> None:
    assert await goes_on_from_each_checkpoint(github, crowded, EVERYWHERE) == 1 + 2 + 1 + 2 + 2 + 2


@pytest.mark.parametrize(
    "state",
    [
        {"turn": 3, "left": [[["2007-10-01", "2017-01-01", None]], [[None, None, "cursor:100"]]]},
        {"turn": 1, "left": [[], []]},
        {"shape": 1, "turn": 0, "left": [[1], [2]]},
        {"shape": 2, "turn": 0, "left": [[[None, None, None, None, "cursor:100"]]]},
        {"shape": 3, "turn": 0, "left": [[], []]},
        {"shape": 3},
        {},
    ],
)
async def test_a_checkpoint_of_another_shape_starts_over(
    github: GitHub, world: FakeGitHub, state: dict[str, Any]
) -> None:
    world.users = [user(1, "ada", [repository(1, "work", topics=["mlops", "etl"])])]
    discover = GitHubDiscover(topics=("mlops", "etl"))
    whole = await discovered(github, discover)
    assert await discovered(github, discover, Checkpoint(state)) == whole


async def test_a_checkpoint_at_the_end_finds_nobody_more(github: GitHub, crowded: FakeGitHub) -> None:
    whole: list[Item] = await discovered(github, EVERYWHERE)
    crowded.asked.clear()
    last = whole[-1]
    assert isinstance(last, Checkpoint)
    assert await discovered(github, EVERYWHERE, last) == []
    assert crowded.asked == []


@pytest.mark.parametrize("every", [2, 3, 5])
async def test_faults_that_pass_change_nothing_of_what_is_found(
    github: GitHub, crowded: FakeGitHub, every: int
) -> None:
    calm = await discovered(github, EVERYWHERE)
    crowded.asked.clear()
    wrong = [
        httpx.Response(502, text="<html>"),
        httpx.Response(200, text='{"data": {'),
        httpx.Response(200, json={"data": None, "errors": [{"message": "Something went wrong while executing."}]}),
        httpx.Response(504, text=""),
    ]

    def now_and_then(_: Asked) -> httpx.Response | None:
        number, rest = divmod(len(crowded.asked), every)
        if rest:
            return None
        said = wrong[number % len(wrong)]
        return httpx.Response(said.status_code, content=said.content)

    crowded.fault = now_and_then
    troubled = await discovered(github, EVERYWHERE)
    assert set(logins(troubled)) == set(logins(calm))
    assert {one.key: one for one in evidence(troubled)} == {one.key: one for one in evidence(calm)}
    assert set(github.client.fetcher.usage.errors) <= {"no_account", "not_found", "server_error", "bad_body"}
