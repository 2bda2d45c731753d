"""Looking again at people who were looked at before."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import httpx
import pytest

from sourcer.connect import Done, Evidence, Focus, Gone, Item, Ref, Visit
from sourcer_github import GitHub
from sourcer_github.memory import MOST_REMEMBERED, VERSION
from support.clock import FakeClock
from support.github_looks import Looks, ends, of_kind, profiles, unknowns, visit
from support.github_world import FakeGitHub, broken, merged, repository, review, user

Change = Callable[[dict[str, Any]], None]


@pytest.fixture
def look(github: GitHub, focus: Focus) -> Looks:
    return Looks(github, focus)


def ada(number: int = 1, **more: Any) -> dict[str, Any]:
    """A person who does a little of everything."""
    press = repository(900, "press", stargazerCount=500, nameWithOwner="orchard/press", url="https://github.com/o/p")
    own = [
        repository(10 * number, "old", topics=["mlops"], pushedAt="2024-01-01T00:00:00Z"),
        repository(10 * number + 1, "new", topics=["mlops"]),
    ]
    pulls = [merged(number, None, repository=press)]
    person = user(number, f"ada-{number}", own, pulls=pulls, reviews=[review(number, merged(5, None), press)])
    return person | {"_pulls": pulls}


async def again(look: Looks, world: FakeGitHub, *numbers: int) -> tuple[list[Visit], list[Item]]:
    """A first look at people, and the visits of the next one."""
    items = await look([visit(number, f"ada-{number}") for number in numbers])
    world.asked.clear()
    return [Visit(end.ref, state=end.state) for end in ends(items).values()], items


async def test_a_population_that_stands_as_it_stood_is_one_question(look: Looks, world: FakeGitHub) -> None:
    world.users = [ada(number) for number in range(1, 75)]
    visits, _ = await again(look, world, *range(1, 75))
    items = await look(visits)
    assert items == [Done(one.ref, ("repo.owned", "profile.text"), one.state, unchanged=True) for one in visits]
    assert world.kinds() == ["Revisit"]
    assert len(world.asked[0].ids) == 74


def push(person: dict[str, Any]) -> None:
    person["_repositories"][0]["pushedAt"] = "2026-11-10T00:00:00Z"


def edit(person: dict[str, Any]) -> None:
    person["updatedAt"] = "2026-11-10T00:00:00Z"


def rename(person: dict[str, Any]) -> None:
    person["login"] = "ada-renamed"


def delete(person: dict[str, Any]) -> None:
    person["_repositories"].pop(0)


def merge(person: dict[str, Any]) -> None:
    person["_pulls"].insert(0, merged(77, None, repository=person["_pulls"][0]["repository"]))


async def test_a_transferred_repository_is_told_of_its_new_owner_alone(look: Looks, world: FakeGitHub) -> None:
    world.users = [ada(1), ada(2)]
    visits, items = await again(look, world, 1, 2)
    assert [one.ref.uid for one in of_kind(items, "repo.owned") if one.key == "10"] == ["1"]
    moved = world.users[0]["_repositories"].pop(0)
    world.users[1]["_repositories"].append(
        {**moved, "nameWithOwner": "ada-2/old", "url": "https://github.com/ada-2/old"}
    )
    items = await look(visits)
    told = [one for one in items if isinstance(one, Evidence) and one.key == "10"]
    # The key stays, so it is the same repository; within the scope of its old owner it vanishes.
    assert [(one.ref.uid, one.title) for one in told] == [("2", "ada-2/old")]
    assert "repo.owned" in ends(items)["1"].scope


@pytest.mark.parametrize("change", [push, edit, rename, delete, merge])
async def test_who_did_anything_is_asked_in_full(look: Looks, world: FakeGitHub, change: Change) -> None:
    world.users = [ada(1), ada(2)]
    visits, _ = await again(look, world, 1, 2)
    change(world.users[1])
    items = await look(visits)
    assert [end.unchanged for end in ends(items).values()] == [True, False]
    assert [profile.ref.uid for profile in profiles(items)] == ["2"]
    assert world.kinds() == ["Revisit", "People", "Topics"]
    # Asked for by node id, whatever the login is now.
    assert list(world.asked[1].variables.values()) == ["U_2"]
    third = await look([Visit(end.ref, state=end.state) for end in ends(items).values()])
    assert all(end.unchanged for end in ends(third).values())


async def test_a_comment_on_an_old_pull_request_moves_nobody(look: Looks, world: FakeGitHub) -> None:
    world.users = [ada(1)]
    visits, _ = await again(look, world, 1)
    world.users[0]["_pulls"][0]["updatedAt"] = "2026-11-10T00:00:00Z"
    (item,) = await look(visits)
    assert isinstance(item, Done)
    assert item.unchanged


async def test_who_is_gone_is_gone(look: Looks, world: FakeGitHub) -> None:
    world.users = [ada(1), ada(2)]
    visits, _ = await again(look, world, 1, 2)
    world.users = [ada(1)]
    items = await look(visits)
    assert items[1] == Gone(Ref("github", "2", "ada-2"), "GitHub knows no such account")
    assert world.kinds() == ["Revisit"]


async def test_who_became_an_organisation_is_gone(look: Looks, world: FakeGitHub) -> None:
    world.users = [ada(1)]
    visits, _ = await again(look, world, 1)
    world.users, world.organisations = [], [user(1, "ada-1", __typename="Organization")]
    assert await look(visits) == [Gone(Ref("github", "1", "ada-1"), "no longer the account of a person")]


async def test_a_login_that_somebody_else_took_does_not_matter(look: Looks, world: FakeGitHub) -> None:
    world.users = [ada(1)]
    visits, _ = await again(look, world, 1)
    rename(world.users[0])
    world.users.append(user(99, "ada-1"))
    (profile,) = profiles(await look(visits))
    assert profile.ref == Ref("github", "1", "ada-renamed")


async def test_a_look_that_was_not_whole_is_made_again(look: Looks, world: FakeGitHub) -> None:
    world.users = [ada(1) | {"company": broken("SERVICE_UNAVAILABLE")}]
    visits, first = await again(look, world, 1)
    assert set(unknowns(first)) == {"profile"}
    world.users = [ada(1)]
    items = await look(visits)
    assert world.kinds() == ["People", "Topics"]
    assert unknowns(items) == {}
    state = ends(items)["1"].state
    assert state is not None
    assert state["whole"]


async def test_the_newest_hundred_repositories_are_as_much_as_there_will_be(look: Looks, world: FakeGitHub) -> None:
    many = [repository(i, f"work-{i}", pushedAt=f"2026-01-01T{i // 60:02d}:{i % 60:02d}:00Z") for i in range(130)]
    world.users = [user(1, "ada-1", many)]
    visits, _ = await again(look, world, 1)
    # What is unknown of it stays unknown: the scope is that of the look.
    assert await look(visits) == [Done(visits[0].ref, ("profile.text",), visits[0].state, unchanged=True)]


@pytest.mark.parametrize(
    "change",
    [
        {"version": VERSION - 1},
        {"version": VERSION + 1},
        {"version": None},
        {"standing": None},
        {"looked_on": None},
        {"looked_on": "2026-10-01"},
    ],
)
async def test_an_old_kind_of_memory_or_an_old_look_is_not_trusted(
    look: Looks, world: FakeGitHub, change: dict[str, Any]
) -> None:
    world.users = [ada(1)]
    ((one,), _) = await again(look, world, 1)
    assert one.state is not None
    state = {key: value for key, value in (dict(one.state) | change).items() if value is not None}
    items = await look([Visit(one.ref, state=state)])
    assert "People" in world.kinds()
    assert len(of_kind(items, "repo.owned")) == 2


async def test_a_look_is_good_for_a_month(look: Looks, world: FakeGitHub, github: GitHub, clock: FakeClock) -> None:
    world.users = [ada(1)]
    ((one,), _) = await again(look, world, 1)
    assert one.state is not None
    assert one.state["looked_on"] == "2026-11-18"
    for day, kinds in (("2026-10-19", ["Revisit"]), ("2026-10-18", ["People", "Topics"])):
        world.asked.clear()
        await look([Visit(one.ref, state=dict(one.state) | {"looked_on": day})])
        assert world.kinds() == kinds


async def test_another_brief_chooses_other_repositories_to_remember(
    world: FakeGitHub, github: GitHub, focus: Focus
) -> None:
    def for_rust(terms: Any) -> float:
        return float("topic:rust" in terms)

    own = [repository(i, f"work-{i}", topics=["mlops"]) for i in range(MOST_REMEMBERED)]
    rust = repository(50, "rust", topics=["rust"])
    world.users = [user(1, "ada-1", [*own, rust])]
    first, second = Looks(github, focus), Looks(github, for_rust)
    visits, _ = await again(first, world, 1)
    state = ends(await second(visits))["1"].state
    assert state is not None
    assert state["repositories"][0]["key"] == "50"
    # Who has no more than is remembered needs no second look for that.
    world.users = [user(1, "ada-1", [*own[:-1], rust])]
    visits, _ = await again(first, world, 1)
    assert ends(await second(visits))["1"].unchanged


async def test_a_small_question_that_fails_leads_to_the_full_one(look: Looks, world: FakeGitHub) -> None:
    world.users = [ada(1), ada(2)]
    visits, first = await again(look, world, 1, 2)
    world.fault = lambda asked: httpx.Response(502, text="<html>") if asked.kind == "Revisit" else None
    assert await look(visits) == first


async def test_the_deep_looks_part_of_a_memory_is_left_alone(look: Looks, world: FakeGitHub) -> None:
    world.users = [ada(1)]
    ((one,), _) = await again(look, world, 1)
    state = dict(one.state or {})
    assert "deep" not in state
    edit(world.users[0])
    items = await look([Visit(one.ref, state=state | {"deep": {"read": 3}})])
    assert "deep" not in (ends(items)["1"].state or {})
