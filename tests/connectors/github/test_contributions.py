from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

import httpx
import pytest
from graphql import GraphQLError

from sourcer.connect import Focus
from sourcer_github import GitHub
from support.github_looks import Looks, ends, of_kind, profiles, unknowns, visit
from support.github_world import Asked, FakeGitHub, merged, repository, review, user

REVIEWED = ["2026-10-01T00:00:00Z", "2026-07-01T00:00:00Z", "2026-03-01T00:00:00Z", "2026-01-01T00:00:00Z"]


@pytest.fixture
def look(github: GitHub, focus: Focus) -> Looks:
    return Looks(github, focus)


def prolific(number: int, limit: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
    """A person of whom GitHub computes contributions only of the windows that ``limit`` lets through."""
    press = repository(900, "press", stargazerCount=500, nameWithOwner="orchard/press", url="https://github.com/o/p")
    pull = merged(1, None)
    reviews = [review(i, pull, press, time) for i, time in enumerate(REVIEWED)]
    person = user(number, f"ada-{number}", [repository(number, "work", topics=["mlops"])], reviews=reviews)
    compute = person["contributionsCollection"]

    def resolve(info: Any, **window: Any) -> Any:
        if limit(window):
            return compute(info, **window)
        raise GraphQLError("Resource limits exceeded.", extensions={"type": "RESOURCE_LIMITS_EXCEEDED"})

    return person | {"contributionsCollection": resolve}


def days(window: dict[str, str]) -> int:
    """How long a window is; 366 where none is given."""
    if "from" not in window:
        return 366
    return (datetime.fromisoformat(window["to"]) - datetime.fromisoformat(window["from"])).days


async def test_contributions_that_fail_lose_nobody_else_and_nothing_else(look: Looks, world: FakeGitHub) -> None:
    world.users = [user(0, "ada-0"), prolific(1, lambda _: False)]
    items = await look([visit(i, f"ada-{i}") for i in range(2)])
    assert [profile.ref.uid for profile in profiles(items)] == ["0", "1"]
    assert "contribution_years" not in profiles(items)[1].measure
    assert [one.terms for one in of_kind(items, "repo.owned")] == [("topic:mlops", "text:work")]
    assert unknowns(items) == {
        "pr.reviewed": "reviews of 91 days: GitHub answered RESOURCE_LIMITS_EXCEEDED",
        "profile": "years of contribution: GitHub gave no usable answer",
    }
    state = ends(items)["1"].state
    assert state is not None
    assert not state["whole"]


@pytest.mark.parametrize(("longest", "questions"), [(365, 1), (182, 3), (91, 7)])
async def test_reviews_are_asked_for_in_ever_shorter_windows(
    look: Looks, world: FakeGitHub, longest: int, questions: int
) -> None:
    world.users = [prolific(1, lambda window: days(window) <= longest)]
    items = await look([visit(1, "ada-1")])
    assert unknowns(items) == {}
    assert [one.key for one in of_kind(items, "pr.reviewed")] == ["PRR_0", "PRR_1", "PRR_2", "PRR_3"]
    assert profiles(items)[0].measure["contribution_years"] == 2
    asked = [one for one in world.asked if one.kind == "Reviews"]
    windows = {
        (one.variables[f"f{i}"], one.variables[f"t{i}"]) for one in asked for i in range(len(one.variables) // 3)
    }
    assert len(windows) == questions
    state = ends(items)["1"].state
    assert state is not None
    assert state["whole"]


async def test_a_window_that_never_comes_leaves_the_others(look: Looks, world: FakeGitHub) -> None:
    # The quarter that ends now.
    world.users = [prolific(1, lambda window: days(window) <= 182 and not window["to"] > "2026-11")]
    items = await look([visit(1, "ada-1")])
    assert [one.key for one in of_kind(items, "pr.reviewed")] == ["PRR_1", "PRR_2", "PRR_3"]
    assert unknowns(items) == {"pr.reviewed": "reviews of 91 days: GitHub answered RESOURCE_LIMITS_EXCEEDED"}


async def test_when_contributions_fail_for_all_a_batch_costs_a_few_questions_more(
    look: Looks, world: FakeGitHub
) -> None:
    world.users = [prolific(i, lambda window: "from" in window) for i in range(74)]
    items = await look([visit(i, f"ada-{i}") for i in range(74)])
    assert len(profiles(items)) == 74
    assert unknowns(items) == {}
    # With contributions, without, and the contributions of ten people at a time.
    assert world.kinds() == ["People"] * 3 + ["People"] * 2 + ["Reviews"] * 8 + ["Topics"]


async def test_somebody_whose_contributions_take_too_long_is_had_without_them(look: Looks, world: FakeGitHub) -> None:
    world.users = [user(0, "ada-0"), prolific(1, lambda _: True)]

    def slow(asked: Asked) -> httpx.Response | None:
        heavy = "contributionsCollection" in asked.query and "ada-1" in asked.variables.values()
        return httpx.Response(504, text="<html>") if heavy else None

    world.fault = slow
    items = await look([visit(i, f"ada-{i}") for i in range(2)])
    assert len(profiles(items)) == 2
    assert len(of_kind(items, "pr.reviewed")) == 4
    assert unknowns(items) == {}
