"""Finding the members of organisations."""

from __future__ import annotations

from typing import Any

import httpx

from sourcer.connect import Checkpoint, Ref
from sourcer_github import GitHub
from sourcer_github.settings import GitHubDiscover
from support.finding import discovered, goes_on_from_each_checkpoint, logins
from support.github_world import FakeGitHub, user

ORCHARD = GitHubDiscover(organizations=("orchard",))


def organisation(login: str, members: list[Any]) -> dict[str, Any]:
    return user(sum(map(ord, login)), login, members=members, __typename="Organization")


async def test_members_are_found(github: GitHub, world: FakeGitHub) -> None:
    world.organisations = [organisation("orchard", [user(1, "ada"), None, user(2, "build-bot"), user(3, "ben")])]
    items = await discovered(github, ORCHARD)
    assert items[:-1] == [Ref("github", "1", "ada"), Ref("github", "3", "ben")]
    assert isinstance(items[-1], Checkpoint)
    assert world.asked[0].variables == {"login": "orchard", "first": 100, "after": None}


async def test_pages_are_read_to_the_end(github: GitHub, world: FakeGitHub) -> None:
    world.organisations = [organisation("orchard", [user(i, f"ada-{i}") for i in range(250)])]
    assert len(logins(await discovered(github, ORCHARD))) == 250
    assert [asked.variables["after"] for asked in world.asked] == [None, "cursor:100", "cursor:200"]


async def test_an_organisation_that_does_not_exist_is_noted_and_left_out(github: GitHub, world: FakeGitHub) -> None:
    world.organisations = [organisation("orchard", [user(1, "ada")])]
    world.users = [user(5, "ben")]
    found = await discovered(github, GitHubDiscover(organizations=("nobody", "ben", "orchard")))
    assert logins(found) == ["ada"]
    count, example = github.client.fetcher.usage.errors["not_found"]
    assert count == 2
    assert "the members of the organisation nobody" in example


async def test_members_that_this_token_may_not_see_are_left_out(github: GitHub, world: FakeGitHub) -> None:
    fault = {"type": "FORBIDDEN", "path": ["organization"], "message": "Protected by SAML."}
    world.fault = lambda _: httpx.Response(200, json={"data": {"organization": None}, "errors": [fault]})
    assert [type(item) for item in await discovered(github, ORCHARD)] == [Checkpoint]
    assert "FORBIDDEN" in github.client.fetcher.usage.errors["not_found"][1]


async def test_it_goes_on_from_each_checkpoint(github: GitHub, world: FakeGitHub) -> None:
    world.organisations = [
        organisation("orchard", [user(i, f"ada-{i}") for i in range(230)]),
        organisation("cider", [user(i, f"ben-{i}") for i in range(300, 420)]),
    ]
    wanted = GitHubDiscover(organizations=("orchard", "nobody", "cider"))
    assert await goes_on_from_each_checkpoint(github, world, wanted) == 3 + 1 + 2
