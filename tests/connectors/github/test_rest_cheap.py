"""The cheap look without credentials gives what the one with them gives, as far as REST tells it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import httpx
import pytest

from sourcer.connect import Done, Evidence, Focus, Gone, Item, Spent
from sourcer_github import GitHub
from sourcer_github.settings import GitHubConfig
from support.clock import FakeClock
from support.github_looks import Looks, ends, of_kind, profiles, unknowns, visit
from support.github_rest import FakeRest
from support.github_world import FakeGitHub, repository, user

ADA = 2_000_000_001


@pytest.fixture
def look(anonymous: GitHub, focus: Focus) -> Looks:
    return Looks(anonymous, focus)


def ada(**more: Any) -> Any:
    def social(_info: Any, **_: Any) -> Any:
        return {"nodes": [{"provider": "GENERIC", "url": "https://www.kaggle.com/ada"}]}

    owned = [
        repository(1, "serving", topics=["mlops", "mlflow"], languages={"Python": 9}, stargazerCount=12, forkCount=3),
        repository(2, "old", isArchived=True, isTemplate=True, description="  A \n tidy one ", created="2019-02-03"),
        repository(3, "copy", isFork=True, topics=["pytorch"], pushedAt="2026-09-01T00:00:00Z"),
        repository(4, "twin", isMirror=True, pushedAt=None),
    ]
    about = {
        "name": "Ada Example",
        "bio": "Ships models; see https://ada.example/talks.",
        "company": "@orchard",
        "location": "Poznań, Poland",
        "websiteUrl": "ada.example",
        "twitterUsername": "ada_example",
        "isHireable": True,
        "socialAccounts": social,
    }
    return user(ADA, "ada-example", owned, **{**about, **more})


async def test_it_gives_what_graphql_gives(
    world: FakeGitHub, api: FakeRest, github: GitHub, anonymous: GitHub, focus: Focus
) -> None:
    world.users = [ada(years=())]
    over_rest = await Looks(anonymous, focus)([visit(ADA, "ada-example")])
    over_graphql = await Looks(github, focus)([visit(ADA, "ada-example")])
    assert api.paths == [f"/user/{ADA}", "/users/ada-example/repos", "/users/ada-example/social_accounts"]
    assert profiles(over_rest) == profiles(over_graphql)
    assert of_kind(over_rest, "profile.text") == of_kind(over_graphql, "profile.text")

    def without_release(one: Evidence) -> Evidence:
        return replace(one, measure={name: number for name, number in one.measure.items() if name != "released"})

    owned = of_kind(over_rest, "repo.owned")
    assert owned == [without_release(one) for one in of_kind(over_graphql, "repo.owned")]
    assert len(owned) == 4
    assert not any("released" in one.measure for one in owned)
    assert unknowns(over_rest).keys() == {"pr.merged", "pr.reviewed"}
    one, other = ends(over_rest)[str(ADA)], ends(over_graphql)[str(ADA)]
    assert one.scope == other.scope
    assert one.state is not None
    assert other.state is not None
    # A deep look, whichever way, finds the same repositories remembered.
    assert one.state["repositories"] == other.state["repositories"]
    assert (one.state["id"], one.state["own"]) == (other.state["id"], other.state["own"])


async def test_nothing_moved_is_three_answers_without_a_body(look: Looks, world: FakeGitHub, api: FakeRest) -> None:
    world.users = [ada()]
    (first,) = ends(await look([visit(ADA, "ada-example")])).values()
    api.asked.clear()
    (again,) = await look([visit(ADA, "an-older-login", first.state)])
    assert again == Done(first.ref, first.scope, first.state, unchanged=True)
    assert again.ref.login == "ada-example"
    tags = [request.headers["if-none-match"] for request in api.asked]
    assert len(tags) == 3
    assert all(tag.startswith('W/"') for tag in tags)
    assert look.github.client.fetcher.usage.not_modified == 3


@pytest.mark.parametrize(
    ("change", "paths"),
    [
        (
            {"bio": "Another one."},
            [f"/user/{ADA}", "/users/ada-example/repos", "/users/ada-example/social_accounts"],
        ),
        (
            {"socialAccounts": lambda _info, **_: {"nodes": []}},
            [
                f"/user/{ADA}",
                "/users/ada-example/repos",
                "/users/ada-example/social_accounts",
                f"/user/{ADA}",
                "/users/ada-example/repos",
            ],
        ),
    ],
)
async def test_whoever_moved_is_asked_in_full(
    look: Looks, world: FakeGitHub, api: FakeRest, change: dict[str, Any], paths: list[str]
) -> None:
    world.users = [ada()]
    (first,) = ends(await look([visit(ADA, "ada-example")])).values()
    world.users = [ada(**change)]
    api.asked.clear()
    items = await look([visit(ADA, "ada-example", first.state)])
    # What came anew is not asked for again; what had not changed has to be.
    assert api.paths == paths
    (end,) = ends(items).values()
    assert not end.unchanged
    assert end.scope == first.scope
    assert len(of_kind(items, "repo.owned")) == 4
    api.asked.clear()
    (again,) = await look([visit(ADA, "ada-example", end.state)])
    assert isinstance(again, Done)
    assert again.unchanged


async def test_a_renamed_account_is_found_by_its_number(look: Looks, world: FakeGitHub, api: FakeRest) -> None:
    world.users = [ada()]
    (first,) = ends(await look([visit(ADA, "ada-example")])).values()
    world.users = [user(ADA, "ada-new"), user(2_000_000_002, "ada-example")]
    api.asked.clear()
    items = await look([visit(ADA, "ada-example", first.state)])
    assert [one.ref.login for one in profiles(items)] == ["ada-new"]
    assert not of_kind(items, "repo.owned")
    assert "repo.owned" in ends(items)[str(ADA)].scope
    assert api.paths == [f"/user/{ADA}", "/users/ada-new/repos", "/users/ada-new/social_accounts"]


async def test_other_peoples_and_private_repositories_are_left_out(
    look: Looks, world: FakeGitHub, api: FakeRest
) -> None:
    world.users = [ada(), user(2_000_000_002, "somebody")]

    def fault(request: httpx.Request) -> httpx.Response | None:
        # The login passes to somebody else between two requests.
        if request.url.path != "/users/ada-example/repos":
            return None
        answer = api.answer(request)
        listed = answer.json()
        listed[0]["owner"]["id"] = 2_000_000_002
        listed[1]["private"] = True
        return httpx.Response(200, json=listed)

    api.fault = fault
    items = await look([visit(ADA, "ada-example")])
    assert sorted(one.key for one in of_kind(items, "repo.owned")) == ["3", "4"]
    assert "others" in unknowns(items)["repo.owned"]
    assert "repo.owned" not in ends(items)[str(ADA)].scope


@pytest.mark.parametrize("status", [404, 410])
async def test_who_is_gone(look: Looks, api: FakeRest, status: int) -> None:
    api.fault = lambda _: httpx.Response(status, json={"message": "Not Found"})
    (item,) = await look([visit(ADA, "ada-example")])
    assert isinstance(item, Gone)
    assert len(api.asked) == 1


async def test_who_is_no_person_any_more(look: Looks, world: FakeGitHub) -> None:
    world.organisations = [user(ADA, "ada-example", __typename="Organization")]
    assert await look([visit(ADA, "ada-example")]) == [
        Gone(visit(ADA, "ada-example").ref, "no longer the account of a person")
    ]


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (httpx.Response(451, json={"message": "Unavailable"}), "GitHub answered HTTP 451"),
        (httpx.Response(403, json={"message": "Resource not accessible"}), "GitHub answered HTTP 403"),
        (httpx.Response(202), "GitHub answered HTTP 202"),
        (httpx.Response(200, json=[]), "GitHub's answer is about something else"),
        (httpx.Response(502, text="<html>"), "GitHub gave no usable answer (server_error)"),
        (httpx.Response(200, text='{"id": 1'), "GitHub gave no usable answer (bad_body)"),
    ],
)
async def test_what_is_not_answered_is_unknown_and_the_next_one_is_asked(
    look: Looks, world: FakeGitHub, api: FakeRest, answer: httpx.Response, reason: str
) -> None:
    world.users = [ada(), user(2_000_000_002, "bob-example")]

    def fault(request: httpx.Request) -> httpx.Response | None:
        if request.url.path != f"/user/{ADA}":
            return None
        return httpx.Response(answer.status_code, content=answer.content)

    api.fault = fault
    items = await look([visit(ADA, "ada-example"), visit(2_000_000_002, "bob-example")])
    mine: list[Item] = [item for item in items if getattr(item, "ref", None) == visit(ADA, "ada-example").ref]
    assert unknowns(mine) == dict.fromkeys(
        ("profile", "repo.owned", "profile.text", "pr.merged", "pr.reviewed"), reason
    )
    assert ends(mine) == {str(ADA): Done(visit(ADA, "ada-example").ref)}
    assert [one.ref.login for one in profiles(items)] == ["bob-example"]


@pytest.mark.parametrize(("part", "what"), [("repos", "repo.owned"), ("social_accounts", "profile")])
async def test_a_part_that_is_refused_is_unknown(
    look: Looks, world: FakeGitHub, api: FakeRest, part: str, what: str
) -> None:
    world.users = [ada()]

    def fault(request: httpx.Request) -> httpx.Response | None:
        return httpx.Response(403, json={"message": "no"}) if request.url.path.endswith(part) else None

    api.fault = fault
    items = await look([visit(ADA, "ada-example")])
    assert unknowns(items)[what] == "GitHub answered HTTP 403"
    (end,) = ends(items).values()
    assert ("repo.owned" in end.scope) is (what != "repo.owned")
    api.fault = lambda _: None
    api.asked.clear()
    # Nothing stands for a look that was not whole.
    again = await look([visit(ADA, "ada-example", end.state)])
    assert len(of_kind(again, "repo.owned")) == 4
    assert not any("if-none-match" in request.headers for request in api.asked)


async def test_many_repositories_are_read_as_far_as_with_a_token(look: Looks, world: FakeGitHub) -> None:
    many = [repository(number, f"work-{number}") for number in range(1, 131)]
    world.users = [user(ADA, "ada-example", many)]
    items = await look([visit(ADA, "ada-example")])
    assert len(of_kind(items, "repo.owned")) == 100
    assert unknowns(items)["repo.owned"] == "newest 100 of 130 repositories read"
    assert profiles(items)[0].measure["repositories"] == 130


async def test_answers_without_etags_are_asked_for_in_full_next_time(
    look: Looks, world: FakeGitHub, api: FakeRest
) -> None:
    world.users = [ada()]

    def fault(request: httpx.Request) -> httpx.Response:
        answer = api.answer(request)
        return httpx.Response(answer.status_code, content=answer.content)

    api.fault = fault
    (end,) = ends(await look([visit(ADA, "ada-example")])).values()
    assert end.state is not None
    assert end.state["rest"] == []
    assert len(await look([visit(ADA, "ada-example", end.state)])) > 3


async def test_states_of_the_other_way_and_nonsense_are_no_reason_to_stumble(
    look: Looks, world: FakeGitHub, api: FakeRest
) -> None:
    world.users = [ada()]
    (end,) = ends(await look([visit(ADA, "ada-example")])).values()
    state = dict(end.state or {})
    for nonsense in ({**state, "rest": "x"}, {**state, "rest": [[1]]}, {"rest": 3}, {**state, "rest": None}, {}):
        api.left = {"core": 60, "search": 10}
        items = await look([visit(ADA, "ada-example", nonsense)])
        assert len(of_kind(items, "repo.owned")) == 4


async def test_another_focus_is_reason_enough_to_look_again(anonymous: GitHub, world: FakeGitHub) -> None:
    owned = [repository(number, f"work-{number}", topics=["mlops"]) for number in range(1, 20)]
    world.users = [user(ADA, "ada-example", owned)]
    first = ends(await Looks(anonymous, lambda _: 1.0)([visit(ADA, "ada-example")]))
    again = ends(await Looks(anonymous, lambda _: 0.5)([visit(ADA, "ada-example", first[str(ADA)].state)]))
    assert not again[str(ADA)].unchanged


async def test_a_used_up_hour_keeps_who_was_looked_at(
    anonymous: GitHub, world: FakeGitHub, api: FakeRest, clock: FakeClock, focus: Focus
) -> None:
    world.users = [user(ADA + i, f"ada-{i}") for i in range(5)]
    api.left["core"] = 7 + 3  # three are the reserve
    clock.now = 1_795_000_000
    found: list[Item] = []

    async def look_at_all() -> None:
        async for item in anonymous.fetch([visit(ADA + i, f"ada-{i}") for i in range(5)], "cheap", focus):
            found.append(item)  # noqa: PERF401  # what came before the end counts

    with pytest.raises(Spent, match="the quota of core is used up"):
        await look_at_all()
    assert len(ends(found)) == 2
    assert anonymous.batch_size == 5


def test_there_is_no_token_to_be_had_by_accident(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GITHUB_TOKEN", "invented-token")
    with_token = GitHub(GitHubConfig(anonymous=True), None)  # type: ignore[arg-type]  # nothing is asked
    assert with_token.batch_size == 74
