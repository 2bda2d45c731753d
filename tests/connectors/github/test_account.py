"""What others took from a person: merged pull requests and reviews, as evidence of a cheap look."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from sourcer.connect import Evidence, Focus, Ref
from sourcer_github import GitHub
from support.github_looks import Looks, ends, of_kind, unknowns, visit
from support.github_world import FakeGitHub, broken, merged, repository, review, user

ADA = Ref("github", "1", "ada")


@pytest.fixture
def look(github: GitHub, focus: Focus) -> Looks:
    return Looks(github, focus)


@pytest.fixture
def press(world: FakeGitHub) -> dict[str, Any]:
    """A well-known repository of an organisation."""
    one = repository(900, "press", topics=["mlops"], languages={"Python": 9}, stargazerCount=2_000)
    world.organisations = [user(99, "orchard", [one], __typename="Organization")]
    return one


def taken(number: int, by: dict[str, Any], **more: Any) -> dict[str, Any]:
    """A merged pull request as it stands in the list of its author."""
    return merged(number, None, repository=by, **more)


def others(number: int, login: str = "ben", **more: Any) -> dict[str, Any]:
    """A pull request of somebody else."""
    return merged(number, {"__typename": "User", "login": login}, **more)


async def test_what_a_well_known_repository_merged_is_evidence(
    look: Looks, world: FakeGitHub, press: dict[str, Any]
) -> None:
    world.users = [user(1, "ada", pulls=[None, taken(1, press, title=" Speed up\n loading")])]
    items = await look([visit(1, "ada")])
    assert of_kind(items, "pr.merged") == [
        Evidence(
            ADA,
            "pr.merged",
            "https://github.com/orchard/press/pull/1",
            terms=("topic:mlops", "language:python", "text:Speed up loading"),
            measure={"stars": 2_000, "additions": 10, "deletions": 2, "files": 3},
            title="Speed up loading",
            happened_at=datetime(2026, 9, 1, tzinfo=UTC),
            key="PR_1",
        )
    ]
    # Older ones, which discovery saw, must not vanish.
    assert ends(items)["1"].scope == ("repo.owned", "profile.text")


@pytest.mark.parametrize(("state", "approved"), [("APPROVED", 1), ("CHANGES_REQUESTED", 0)])
async def test_a_review_of_somebody_elses_work_is_evidence(
    look: Looks, world: FakeGitHub, press: dict[str, Any], state: str, approved: int
) -> None:
    world.users = [user(1, "ada", reviews=[None, review(7, others(3, title="Add a cache"), press, state=state)])]
    assert of_kind(await look([visit(1, "ada")]), "pr.reviewed") == [
        Evidence(
            ADA,
            "pr.reviewed",
            "https://github.com/orchard/press/pull/3#pullrequestreview-7",
            terms=("topic:mlops", "language:python", "text:Add a cache"),
            measure={"stars": 2_000, "approved": approved},
            title="Add a cache",
            happened_at=datetime(2026, 9, 1, tzinfo=UTC),
            key="PRR_7",
        )
    ]


@pytest.mark.parametrize(
    "less", [{"stargazerCount": 99}, {"isFork": True}, {"isPrivate": True}, {"nameWithOwner": "Ada/press"}]
)
async def test_what_a_place_says_nothing_about_is_left_out(
    look: Looks, world: FakeGitHub, press: dict[str, Any], less: dict[str, Any]
) -> None:
    press |= less
    world.users = [user(1, "ada", pulls=[taken(1, press)], reviews=[review(7, others(3), press)])]
    items = await look([visit(1, "ada")])
    assert of_kind(items, "pr.merged") == of_kind(items, "pr.reviewed") == []
    assert world.kinds() == ["People"]


async def test_a_review_of_ones_own_work_is_none(look: Looks, world: FakeGitHub, press: dict[str, Any]) -> None:
    world.users = [user(1, "ada", reviews=[review(7, others(3, "Ada"), press), review(8, merged(4, None), press)])]
    # The author of the second deleted their account: somebody else.
    assert [one.key for one in of_kind(await look([visit(1, "ada")]), "pr.reviewed")] == ["PRR_8"]


async def test_the_topics_of_a_repository_are_asked_once_for_all(
    look: Looks, world: FakeGitHub, press: dict[str, Any]
) -> None:
    world.users = [
        user(i, f"ada-{i}", [repository(i, "work")], pulls=[taken(i, press)], reviews=[review(i, others(50), press)])
        for i in range(5)
    ]
    items = await look([visit(i, f"ada-{i}") for i in range(5)])
    assert len(of_kind(items, "pr.merged")) == len(of_kind(items, "pr.reviewed")) == 5
    assert all("topic:mlops" in one.terms for one in of_kind(items, "pr.merged"))
    assert sorted(world.asked[1].ids) == ["R_0", "R_1", "R_2", "R_3", "R_4", "R_900"]


async def test_topics_that_cannot_be_had_leave_the_work_and_an_unknown(
    look: Looks, world: FakeGitHub, press: dict[str, Any]
) -> None:
    press["repositoryTopics"] = broken("SERVICE_UNAVAILABLE")
    world.users = [user(1, "ada", pulls=[taken(1, press)], reviews=[review(1, others(3), press)])]
    items = await look([visit(1, "ada")])
    assert [one.terms for one in of_kind(items, "pr.merged")] == [("language:python", "text:Change 1")]
    reason = "topics of a repository: GitHub answered SERVICE_UNAVAILABLE"
    assert unknowns(items) == {"pr.merged": reason, "pr.reviewed": reason}


async def test_a_place_that_is_gone_since_is_no_fault(look: Looks, world: FakeGitHub, press: dict[str, Any]) -> None:
    world.users = [user(1, "ada", pulls=[taken(1, press)])]
    world.organisations = []
    items = await look([visit(1, "ada")])
    assert len(of_kind(items, "pr.merged")) == 1
    assert unknowns(items) == {}
