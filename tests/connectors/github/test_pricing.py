"""What a plan says a crawl will cost."""

from __future__ import annotations

import httpx
import pytest

from sourcer.connect import Plan, SitePlan
from sourcer_github import GitHub
from sourcer_github.contents import TREES_AT_ONCE
from sourcer_github.deep import REPOSITORIES_EACH
from sourcer_github.pricing import _questions
from sourcer_github.settings import GitHubDiscover
from support.finding import discovered
from support.github_world import FakeGitHub, broken, merged, repository, user


async def planned(github: GitHub, discover: GitHubDiscover) -> SitePlan:
    plan = await github.plan(discover)
    assert list(plan.sites) == ["github"]
    return plan.sites["github"]


async def test_everything_is_counted_in_one_question(github: GitHub, world: FakeGitHub) -> None:
    pulls = [merged(i, None) for i in range(230)]
    members = [user(i, f"finn-{i}") for i in range(110)]
    ours = [repository(1, "press", pulls=pulls)]
    world.organisations = [user(9_999, "orchard", ours, members=members, __typename="Organization")]
    world.users = [user(i, f"ada-{i}", [repository(i, "work", topics=["mlops"])]) for i in range(1_000, 1_130)]
    world.users += [user(i, f"ben-{i}", location="Peru") for i in range(2_000, 2_120)]
    everywhere = GitHubDiscover(
        topics=("mlops", "etl"),
        locations=("Peru",),
        repositories=("orchard/press", "orchard/nothing"),
        organizations=("orchard", "nobody"),
        accounts=("ada", "ben", "#7"),
    )
    plan = await planned(github, everywhere)
    assert world.kinds() == ["Counts"]
    # Accounts; pages of two repositories, of two organisations, of a place; two topics together, and their follow-ups.
    assert plan.discover == {"graphql": 1 + (3 + 1) + (2 + 1) + 2 + 2 + 2 * 2, "core": 1}
    assert plan.people == 3 + 230 // 5 + 110 + 120 + 130


async def test_people_are_priced_by_the_batch(github: GitHub, world: FakeGitHub) -> None:
    world.users = [user(i, f"ben-{i}", location="Peru") for i in range(100)]
    plan = await planned(github, GitHubDiscover(locations=("Peru",)))
    # A batch of 74 and one of 26: 3 questions and 1 for profiles, 5 and 2 for topics; groups of trees, and in each
    # batch one question more for the last files.
    assert github.batch_size == 74
    groups = sum(-(-people * REPOSITORIES_EACH // TREES_AT_ONCE) for people in (74, 26))
    assert (plan.cheap, plan.deep) == ({"graphql": 3 + 1 + 5 + 2}, {"graphql": groups + 2})


async def test_stars_and_followers_narrow_what_is_counted(github: GitHub, world: FakeGitHub) -> None:
    world.users = [user(i, f"ada-{i}", [repository(i, "work", topics=["mlops"], stargazerCount=i)]) for i in range(130)]
    assert (await planned(github, GitHubDiscover(topics=("mlops",), min_stars=120))).people == 10
    assert (await planned(github, GitHubDiscover(locations=("Peru",), min_followers=3))).people == 0


async def test_what_a_repository_merged_is_read_only_so_far(github: GitHub, world: FakeGitHub) -> None:
    pulls = [merged(i, None) for i in range(1_500)]
    world.organisations = [user(9, "orchard", [repository(1, "press", pulls=pulls)], __typename="Organization")]
    plan = await planned(github, GitHubDiscover(repositories=("orchard/press",)))
    assert (plan.discover, plan.people) == ({"graphql": 10}, 200)


async def test_finding_costs_what_the_plan_says(github: GitHub, world: FakeGitHub) -> None:
    ours = [repository(i, f"press-{i}", topics=["mlops"]) for i in range(1, 4)]
    world.users = [user(i, f"ada-{i}", [repository(i, "work", topics=["mlops"])]) for i in range(1_000, 1_230)]
    world.organisations = [user(9, "orchard", ours, __typename="Organization")]
    wanted = GitHubDiscover(topics=("mlops",), organizations=("orchard",), accounts=("ada-1000",))
    plan = await planned(github, wanted)
    world.asked.clear()
    await discovered(github, wanted)
    # Only the last of three pages holds repositories of an organisation; each may take two questions.
    assert plan.discover == {"graphql": len(world.asked) + 2 * 2}


async def test_many_searches_are_counted_in_several_questions(github: GitHub, world: FakeGitHub) -> None:
    places = tuple(f"Place {i}" for i in range(90))
    assert (await planned(github, GitHubDiscover(locations=places))).discover == {"graphql": 23}
    assert world.kinds() == ["Counts"] * 3


async def test_named_accounts_are_not_counted(github: GitHub, world: FakeGitHub) -> None:
    plan = await planned(github, GitHubDiscover(accounts=tuple(f"ada-{i}" for i in range(150))))
    assert (plan.discover, plan.people) == ({"graphql": 2}, 150)
    assert world.asked == []


async def test_without_an_answer_nothing_is_said(github: GitHub, world: FakeGitHub) -> None:
    world.fault = lambda _: httpx.Response(502, text="")
    assert await github.plan(GitHubDiscover(topics=("mlops",))) == Plan({"github": SitePlan()})


async def test_one_count_that_is_missing_makes_no_half_plan(github: GitHub, world: FakeGitHub) -> None:
    one = repository(1, "press", pullRequests=broken())
    world.organisations = [user(9, "orchard", [one], __typename="Organization")]
    wanted = GitHubDiscover(topics=("mlops",), repositories=("orchard/press",))
    assert await planned(github, wanted) == SitePlan()


@pytest.mark.parametrize(
    ("found", "questions"),
    [((), 0), ((0,), 1), ((100,), 1), ((101,), 2), ((1_000,), 10), ((1_001,), 10), ((9, 0, 1, 2), 1), ((9,) * 5, 2)],
)
def test_questions(found: tuple[int, ...], questions: int) -> None:
    assert _questions(found) == questions
