"""Finding people by the pull requests that a repository has merged."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from sourcer.connect import Checkpoint, Evidence, Item, Ref, SiteError
from sourcer.connect.items import check_item
from sourcer_github import GitHub
from sourcer_github.settings import GitHubDiscover
from support.github_world import Asked, FakeGitHub, merged, repository, reviewed_by, user

PRESS = "orchard/press"


async def discovered(
    github: GitHub,
    after: Checkpoint | None = None,
    *,
    topics: tuple[str, ...] = (),
    repositories: Sequence[str] = (PRESS,),
) -> list[Item]:
    discover = GitHubDiscover(topics=topics, repositories=tuple(repositories))
    items = [item async for item in github.discover(discover, after)]
    assert [check_item(item, github.sites()) for item in items] == [None] * len(items)
    return items


def logins(items: list[Item]) -> list[str]:
    return [item.login for item in items if isinstance(item, Ref)]


def evidence(items: list[Item]) -> list[Evidence]:
    return [item for item in items if isinstance(item, Evidence)]


def owner_of(*pulls: dict[str, Any] | None, name: str = "press", **more: Any) -> dict[str, Any]:
    number = sum(map(ord, name))
    return user(number, "orchard", [repository(number, name, pulls=pulls, **more)], __typename="Organization")


def authors(number: int) -> list[dict[str, Any]]:
    return [user(i, f"ada-{i}") for i in range(1, number + 1)]


def days_ago(github: GitHub, days: float) -> str:
    return (github.client.fetcher.now() - timedelta(days=days)).strftime("%Y-%m-%dT%H:%M:%SZ")


async def test_a_merged_pull_request_is_evidence(github: GitHub, world: FakeGitHub) -> None:
    one = merged(7, user(1, "ada"), title="Retry the\n upload ")
    world.organisations = [
        owner_of(one, topics=["mlops", "kubernetes"], languages={"Python": 9, "Go": 3}, stargazerCount=900)
    ]
    ada = Ref("github", "1", "ada")
    items = await discovered(github)
    assert items[:-1] == [
        ada,
        Evidence(
            ada,
            "pr.merged",
            "https://github.com/orchard/press/pull/7",
            terms=("topic:mlops", "topic:kubernetes", "language:python", "text:Retry the upload"),
            measure={"stars": 900, "additions": 10, "deletions": 2, "files": 3},
            title="Retry the upload",
            happened_at=datetime(2026, 9, 1, tzinfo=UTC),
            key="PR_7",
        ),
    ]
    assert isinstance(items[-1], Checkpoint)
    assert [dict(asked.variables) for asked in world.asked] == [
        {"owner": "orchard", "name": "press", "first": 100, "after": None}
    ]


async def test_a_review_is_evidence_of_whoever_gave_it(github: GitHub, world: FakeGitHub) -> None:
    ada, ben, cleo = user(1, "ada"), user(2, "ben"), user(3, "cleo")
    given = [
        reviewed_by(7, ben),
        reviewed_by(8, ada, "COMMENTED"),
        reviewed_by(9, None),
        None,
        reviewed_by(10, user(4, "review-bot")),
        reviewed_by(11, cleo),
    ]
    one = merged(7, ada, title="Retry", reviewed=given)
    world.organisations = [owner_of(one, topics=["mlops"], stargazerCount=900)]
    items = await discovered(github)
    # The first five of a pull request, and nobody reviews their own work.
    assert logins(items) == ["ada", "ben"]
    reviews = [one for one in evidence(items) if one.kind == "pr.reviewed"]
    assert reviews[0] == Evidence(
        Ref("github", "2", "ben"),
        "pr.reviewed",
        "https://github.com/orchard/press/pull/1#pullrequestreview-7",
        terms=("topic:mlops", "text:Retry"),
        measure={"stars": 900, "approved": 1},
        title="Retry",
        happened_at=datetime(2026, 8, 30, tzinfo=UTC),
        key="PRR_7",
    )
    assert len(reviews) == 1


async def test_a_review_that_asked_for_changes_is_one_too(github: GitHub, world: FakeGitHub) -> None:
    given = [reviewed_by(i, user(2, "ben"), state) for i, state in enumerate(("CHANGES_REQUESTED", "APPROVED"))]
    world.organisations = [owner_of(merged(7, None, reviewed=given))]
    items = await discovered(github)
    assert logins(items) == ["ben"]
    assert [(one.key, one.measure["approved"]) for one in evidence(items)] == [("PRR_0", 0), ("PRR_1", 1)]


async def test_a_review_in_a_repository_of_ones_own_proves_nothing(github: GitHub, world: FakeGitHub) -> None:
    ben = user(2, "ben")
    press = repository(5, "press", pulls=[merged(1, ben, reviewed=[reviewed_by(1, user(1, "ada"))])])
    world.users = [user(1, "Ada", [press]), ben]
    items = await discovered(github, repositories=["ada/press"])
    assert logins(items) == ["ben", "ada"]
    assert [one.kind for one in evidence(items)] == ["pr.merged"]


async def test_an_author_stands_once_on_a_page_with_all_of_their_work(github: GitHub, world: FakeGitHub) -> None:
    ada, ben = user(1, "ada"), user(2, "ben")
    world.organisations = [owner_of(merged(3, ada), merged(2, ben), merged(1, ada))]
    items = await discovered(github)
    assert logins(items) == ["ada", "ben"]
    assert [(one.ref.login, one.key) for one in evidence(items)] == [("ada", "PR_3"), ("ben", "PR_2"), ("ada", "PR_1")]


async def test_who_is_no_person_is_left_out(github: GitHub, world: FakeGitHub) -> None:
    strangers = [
        None,
        user(2, "renovate", __typename="Bot"),
        user(3, "an-importer", __typename="Mannequin"),
        user(4, "a-company", __typename="Organization"),
        user(5, "release-bot"),
        user(6, "Ghost"),
        user(7, "numberless", databaseId=None),
    ]
    pulls = [merged(i, one) for i, one in enumerate(strangers)]
    world.organisations = [owner_of(None, *pulls, merged(9, user(1, "ada")))]
    items = await discovered(github)
    assert logins(items) == ["ada"]
    assert len(evidence(items)) == 1


async def test_what_somebody_merged_into_their_own_repository_proves_nothing(github: GitHub, world: FakeGitHub) -> None:
    ada, ben = user(1, "Ada"), user(2, "ben")
    own = repository(5, "press", pulls=[merged(2, ada), merged(1, ben)])
    world.users = [user(1, "ada", [own]), ben]
    items = await discovered(github, repositories=["ada/press"])
    assert logins(items) == ["Ada", "ben"]
    assert [one.ref.login for one in evidence(items)] == ["ben"]


async def test_pages_are_read_until_the_window_ends(github: GitHub, world: FakeGitHub) -> None:
    people = authors(250)
    pulls = [merged(i, one, days_ago(github, i * 10)) for i, one in enumerate(people)]
    world.organisations = [owner_of(*pulls)]
    items = await discovered(github)
    # Three years are 1,095 days: what was merged after them stands on the first page and on the second.
    assert logins(items) == [f"ada-{i}" for i in range(1, 111)]
    assert [asked.variables["after"] for asked in world.asked] == [None, "cursor:100"]
    assert sum(isinstance(item, Checkpoint) for item in items) == 2


async def test_old_work_that_was_commented_on_lately_does_not_end_the_reading(
    github: GitHub, world: FakeGitHub
) -> None:
    ada, ben = user(1, "ada"), user(2, "ben")
    old = [merged(i, ada, days_ago(github, 2_000), updatedAt=days_ago(github, 1)) for i in range(100)]
    world.organisations = [owner_of(*old, merged(200, ben, days_ago(github, 30)))]
    assert logins(await discovered(github)) == ["ben"]


async def test_a_thousand_pull_requests_are_read_at_most(github: GitHub, world: FakeGitHub) -> None:
    ada = user(1, "ada")
    world.organisations = [owner_of(*(merged(i, ada) for i in range(1_250)))]
    items = await discovered(github)
    assert len(evidence(items)) == 1_000
    assert len(world.asked) == 10


async def test_after_a_page_that_failed_no_more_are_read_than_without(github: GitHub, world: FakeGitHub) -> None:
    world.organisations = [owner_of(*(merged(i, author) for i, author in enumerate(authors(1_200))))]
    calm = logins(await discovered(github))
    faults = [httpx.Response(502, text="<html>")]
    world.fault = lambda _: faults.pop() if faults else None
    assert logins(await discovered(github)) == calm
    assert len(calm) == 1_000


async def test_a_repository_that_does_not_exist_is_noted_and_left_out(github: GitHub, world: FakeGitHub) -> None:
    world.organisations = [owner_of(merged(1, user(1, "ada")))]
    world.users = [user(2, "ben", [repository(2, "work", topics=["mlops"])])]
    items = await discovered(github, topics=("mlops",), repositories=["orchard/nothing", PRESS])
    assert logins(items) == ["ada", "ben"]
    count, example = github.client.fetcher.usage.errors["not_found"]
    assert count == 1
    assert "orchard/nothing" in example
    # Nor is it asked for again.
    assert [asked.variables.get("name") for asked in world.asked] == ["nothing", "press", None]


async def test_a_repository_that_the_token_may_not_see_is_left_out_too(github: GitHub, world: FakeGitHub) -> None:
    fault = {"type": "FORBIDDEN", "path": ["repository"], "message": "Protected by SAML."}
    world.fault = lambda _: httpx.Response(200, json={"data": {"repository": None}, "errors": [fault]})
    items = await discovered(github)
    assert [type(item) for item in items] == [Checkpoint]
    assert "FORBIDDEN" in github.client.fetcher.usage.errors["not_found"][1]


async def test_repositories_and_topics_take_turns(github: GitHub, world: FakeGitHub) -> None:
    world.users = [user(i, f"ada-{i}", [repository(i, "work", topics=["mlops"])]) for i in range(150)]
    world.organisations = [owner_of(*(merged(i, world.users[0]) for i in range(150)))]
    await discovered(github, topics=("mlops",))
    assert world.kinds() == ["Merged", "Search", "Merged", "Search"]


@pytest.mark.slow
async def test_discovery_goes_on_from_each_checkpoint(github: GitHub, world: FakeGitHub) -> None:
    people = [user(i, f"ada-{i}", [repository(1_000 + i, "work", topics=["mlops"])]) for i in range(230)]
    world.users = people
    world.organisations = [
        owner_of(*(merged(i, people[i % 40]) for i in range(320))),
        owner_of(*(merged(1_000 + i, people[i % 7]) for i in range(130)), name="cider"),
    ]
    where: dict[str, Any] = {"topics": ("mlops",), "repositories": [PRESS, "orchard/nothing", "orchard/cider"]}
    whole = await discovered(github, **where)
    asked = [(one.query, one.variables) for one in world.asked]
    ends = [position for position, item in enumerate(whole) if isinstance(item, Checkpoint)]
    assert len(ends) == len(asked) == 4 + 1 + 2 + 3
    for pages, end in enumerate(ends, start=1):
        world.asked.clear()
        checkpoint = whole[end]
        assert isinstance(checkpoint, Checkpoint)
        assert await discovered(github, checkpoint, **where) == whole[end + 1 :]
        assert [(one.query, one.variables) for one in world.asked] == asked[pages:]


async def test_a_page_that_fails_is_asked_smaller(github: GitHub, world: FakeGitHub) -> None:
    world.organisations = [owner_of(*(merged(i, one) for i, one in enumerate(authors(80))))]
    world.fault = lambda asked: httpx.Response(502, text="<html>") if asked.variables["first"] > 50 else None
    assert len(logins(await discovered(github))) == 80
    assert {asked.variables["first"] for asked in world.asked} == {100, 50}


async def test_partial_pages_are_asked_smaller_and_then_taken(github: GitHub, world: FakeGitHub) -> None:
    world.organisations = [owner_of(*(merged(i, one) for i, one in enumerate(authors(3))))]

    def partial(asked: Asked) -> httpx.Response:
        answer = world.answer(asked).json()
        path = ["repository", "pullRequests", "nodes", 1, "additions"]
        answer["errors"] = [{"type": "SERVICE_UNAVAILABLE", "path": path, "message": "later"}]
        answer["data"]["repository"]["pullRequests"]["nodes"][1] = None
        return httpx.Response(200, json=answer)

    world.fault = partial
    assert logins(await discovered(github)) == ["ada-1", "ada-3"]
    assert [asked.variables["first"] for asked in world.asked] == [100, 50, 10]


async def test_a_page_that_never_comes_stops_the_site(github: GitHub, world: FakeGitHub) -> None:
    world.fault = lambda _: httpx.Response(502, text="<html>")
    with pytest.raises(SiteError, match=r"pull requests of orchard/press.*the next crawl asks again"):
        await discovered(github)


async def test_a_page_that_never_comes_of_a_site_that_lives_is_noted(github: GitHub, world: FakeGitHub) -> None:
    empty = httpx.Response(200, json={"data": {"repository": None}})
    world.fault = lambda asked: empty if asked.kind == "Merged" else None
    assert logins(await discovered(github)) == []
    assert "orchard/press" in github.client.fetcher.usage.errors["not_answered"][1]
