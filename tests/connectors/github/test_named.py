"""Accounts that are named one by one."""

from __future__ import annotations

import httpx
import pytest
import respx

from sourcer.connect import Checkpoint, Ref, SiteError
from sourcer_github import GitHub
from sourcer_github.settings import GitHubDiscover
from support.finding import discovered, goes_on_from_each_checkpoint, logins
from support.github_world import Asked, FakeGitHub, user


def told(github: GitHub, kind: str) -> str:
    count, example = github.client.fetcher.usage.errors[kind]
    return f"{count}: {example}"


def account(number: int, login: str, kind: str = "User") -> httpx.Response:
    headers = {"x-ratelimit-limit": "5000", "x-ratelimit-remaining": "4000", "x-ratelimit-resource": "core"}
    return httpx.Response(200, headers=headers, json={"id": number, "login": login, "type": kind, "node_id": "x"})


async def test_logins_are_found_in_one_question(github: GitHub, world: FakeGitHub) -> None:
    world.users = [user(i, f"ada-{i}") for i in range(1, 91)]
    items = await discovered(github, GitHubDiscover(accounts=tuple(f"ada-{i}" for i in range(1, 91))))
    assert items[:2] == [Ref("github", "1", "ada-1"), Ref("github", "2", "ada-2")]
    assert len(logins(items)) == 90
    assert isinstance(items[-1], Checkpoint)
    assert world.kinds() == ["Logins"]


async def test_who_is_unknown_and_who_is_no_person_is_told_by_name(github: GitHub, world: FakeGitHub) -> None:
    world.users = [user(1, "ada"), user(2, "release-bot")]
    world.organisations = [user(3, "orchard", __typename="Organization")]
    names = ("nobody", "orchard", "ada", "release-bot", "helper[bot]", "nemo")
    assert logins(await discovered(github, GitHubDiscover(accounts=names))) == ["ada"]
    assert told(github, "no_account") == "2: there is no such account: nobody, nemo"
    assert told(github, "no_person") == "3: organisations and bots are left out: orchard, release-bot, helper[bot]"
    assert world.kinds() == ["Logins", "Organizations"]


async def test_more_than_a_hundred_take_several_questions_and_go_on(github: GitHub, world: FakeGitHub) -> None:
    world.users = [user(i, f"ada-{i}") for i in range(250)]
    wanted = GitHubDiscover(accounts=tuple(f"ada-{i}" for i in range(250)))
    assert await goes_on_from_each_checkpoint(github, world, wanted) == 3


async def test_one_that_cannot_be_told_does_not_hold_the_others(github: GitHub, world: FakeGitHub) -> None:
    world.users = [user(1, "ada"), user(2, "ben"), user(3, "cleo")]

    def poisoned(asked: Asked) -> httpx.Response | None:
        if "ben" not in asked.variables.values():
            return None
        body = {"data": None, "errors": [{"message": "Something went wrong while executing your query."}]}
        return httpx.Response(200, json=body)

    world.fault = poisoned
    assert logins(await discovered(github, GitHubDiscover(accounts=("ada", "ben", "cleo")))) == ["ada", "cleo"]
    assert told(github, "not_answered") == "1: GitHub did not say whose account this is: ben"


async def test_no_answer_at_all_stops_the_site(github: GitHub, world: FakeGitHub) -> None:
    world.fault = lambda _: httpx.Response(502, text="<html>")
    with pytest.raises(SiteError, match="whose account this is: ada, ben; the next crawl asks again"):
        await discovered(github, GitHubDiscover(accounts=("ada", "ben")))


async def test_numbers_lead_to_whoever_has_them_now(github: GitHub, world: FakeGitHub, rest: respx.Router) -> None:
    world.users = [user(1, "ada")]
    answers = {7: account(7, "renamed"), 8: account(8, "orchard", "Organization"), 9: account(9, "x[bot]", "Bot")}

    def answer(request: httpx.Request) -> httpx.Response:
        number = int(request.url.path.rpartition("/")[2])
        return answers.get(number, httpx.Response(404, json={"message": "Not Found"}))

    route = rest.get(url__regex=r"https://api\.github\.com/user/\d+").mock(side_effect=answer)
    items = await discovered(github, GitHubDiscover(accounts=("#7", "#8", "#9", "#10", "ada")))
    assert [item for item in items if isinstance(item, Ref)] == [
        Ref("github", "1", "ada"),
        Ref("github", "7", "renamed"),
    ]
    assert told(github, "no_account") == "1: there is no such account: #10"
    assert told(github, "no_person") == "2: organisations and bots are left out: #8, #9"
    assert route.calls[0].request.headers["authorization"] == "Bearer not-a-real-token"
    assert route.calls[0].request.headers["accept"] == "application/vnd.github+json"
    assert github.client.fetcher.usage.spent["core"] == 4


async def test_numbers_are_read_in_small_pages(github: GitHub, world: FakeGitHub, rest: respx.Router) -> None:
    rest.get(url__regex=r"https://api\.github\.com/user/\d+").mock(
        side_effect=lambda request: account(int(request.url.path.rpartition("/")[2]), "ada")
    )
    wanted = GitHubDiscover(accounts=tuple(f"#{i}" for i in range(1, 46)))
    whole = await discovered(github, wanted)
    assert sum(isinstance(item, Checkpoint) for item in whole) == 3
    first = next(position for position, item in enumerate(whole) if isinstance(item, Checkpoint))
    checkpoint = whole[first]
    assert isinstance(checkpoint, Checkpoint)
    assert await discovered(github, wanted, checkpoint) == whole[first + 1 :]
    assert world.asked == []


async def test_an_answer_that_makes_no_sense_is_told(github: GitHub, rest: respx.Router) -> None:
    answers = [httpx.Response(200, json={"login": "ada"}), httpx.Response(451, json={}), account(3, "cleo")]
    rest.get(url__regex=r"https://api\.github\.com/user/\d+").mock(side_effect=answers)
    assert logins(await discovered(github, GitHubDiscover(accounts=("#1", "#2", "#3")))) == ["cleo"]
    assert told(github, "not_answered").endswith("whose account this is: #1, #2")
