"""Finding people by the topics of their repositories."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import httpx
import pytest

from sourcer.connect import Checkpoint, Ref, SiteError
from sourcer_github import GitHub
from sourcer_github.settings import GitHubDiscover
from support.finding import discovered, evidence, goes_on_from_each_checkpoint, logins, texts
from support.github_world import Asked, FakeGitHub, broken, merged, repository, user

pytestmark = pytest.mark.slow


def discover_of(*topics: str, min_stars: int = 0) -> GitHubDiscover:
    return GitHubDiscover(topics=topics, min_stars=min_stars)


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
    assert world.asked[0].variables["q0"] == "topic:mlops"
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
        answer["data"]["s0"]["nodes"].insert(0, None)
        return httpx.Response(200, json=answer)

    world.fault = with_nulls
    assert logins(await discovered(github, discover_of("mlops"))) == ["ada-1", "ada-2"]


async def test_pages_are_read_to_the_end(github: GitHub, world: FakeGitHub) -> None:
    world.users = owners(250)
    items = await discovered(github, discover_of("mlops"))
    assert len(logins(items)) == 250
    assert [asked.variables["a0"] for asked in world.asked] == [None, "cursor:100", "cursor:200"]
    assert sum(isinstance(item, Checkpoint) for item in items) == 3


async def test_an_owner_stands_once_on_a_page(github: GitHub, world: FakeGitHub) -> None:
    world.users = [user(1, "ada", [repository(i, f"work-{i}", topics=["mlops"]) for i in range(5)])]
    assert logins(await discovered(github, discover_of("mlops"))) == ["ada"]


async def test_stars_narrow_the_search(github: GitHub, world: FakeGitHub) -> None:
    world.users = [
        user(1, "ada", [repository(1, "liked", topics=["mlops"], stargazerCount=12)]),
        user(2, "ben", [repository(2, "new", topics=["mlops"])]),
    ]
    assert logins(await discovered(github, discover_of("mlops", min_stars=10))) == ["ada"]


def spread(i: int) -> str:
    return f"{2010 + i % 15}-{1 + i % 12:02d}-{1 + i % 28:02d}"


@pytest.mark.slow
async def test_more_than_a_thousand_results_are_sliced_until_complete(github: GitHub, world: FakeGitHub) -> None:
    world.users = owners(2_300, created=spread)
    items = await discovered(github, discover_of("mlops"))
    assert set(logins(items)) == {f"ada-{i}" for i in range(1, 2_301)}
    assert any("created:" in text for text in texts(world))
    # 23 full pages at least, four to a question, and what slicing costs on top.
    assert len(texts(world)) < 60
    assert len(world.asked) < 25


async def test_a_single_day_is_cut_by_stars(github: GitHub, world: FakeGitHub) -> None:
    world.users = owners(1_100)
    for number, one in enumerate(world.repositories):
        one["stargazerCount"] = number % 4
    assert len(set(logins(await discovered(github, discover_of("mlops"))))) == 1_100
    assert "topic:mlops stars:0..1 created:2024-05-06..2024-05-06" in texts(world)
    assert "incomplete_results" not in github.client.fetcher.usage.errors


async def test_one_value_of_one_day_is_taken_as_it_is_and_told(github: GitHub, world: FakeGitHub) -> None:
    world.users = owners(1_100)
    assert len(set(logins(await discovered(github, discover_of("mlops"))))) == 1_000
    last = "topic:mlops stars:0..0 created:2024-05-06..2024-05-06"
    assert texts(world).count(last) == 10
    count, example = github.client.fetcher.usage.errors["incomplete_results"]
    assert (count, last in example) == (1, True)


@pytest.mark.parametrize(("number", "pages"), [(250, 3), (1_010, 7)])
async def test_discovery_goes_on_from_each_checkpoint(
    github: GitHub, world: FakeGitHub, number: int, pages: int
) -> None:
    world.users = [*owners(number, created=spread), *owners(120, "mlflow", first=5_000)]
    ada = user(9_001, "ada")
    world.organisations = [group(repository(9_000, "press", topics=["mlops"], pulls=[merged(1, ada)]))]
    assert await goes_on_from_each_checkpoint(github, world, discover_of("mlops", "mlflow")) == pages


async def test_dates_come_from_the_beginning_of_the_crawl(github: GitHub, world: FakeGitHub) -> None:
    world.users = owners(1_001, created=spread)
    await discovered(github, discover_of("mlops"))
    newest = max(text.rpartition("..")[2] for text in texts(world)[1:])
    assert newest == github.client.fetcher.now().date().isoformat()


async def test_a_page_that_fails_is_asked_smaller(github: GitHub, world: FakeGitHub) -> None:
    world.users = owners(80)
    world.fault = lambda asked: httpx.Response(502, text="<html>") if asked.variables["first"] > 50 else None
    assert len(logins(await discovered(github, discover_of("mlops")))) == 80
    assert [asked.variables["first"] for asked in world.asked] == [100, 50, 50]


async def test_partial_results_are_asked_smaller_and_then_taken(github: GitHub, world: FakeGitHub) -> None:
    world.users = owners(3)

    def partial(asked: Asked) -> httpx.Response:
        answer = world.answer(asked).json()
        answer["errors"] = [{"type": "SERVICE_UNAVAILABLE", "path": ["s0", "nodes", 1], "message": "later"}]
        answer["data"]["s0"]["nodes"][1] = None
        return httpx.Response(200, json=answer)

    world.fault = partial
    assert logins(await discovered(github, discover_of("mlops"))) == ["ada-1", "ada-3"]
    assert [asked.variables["first"] for asked in world.asked] == [100, 50, 10]


async def test_a_page_that_never_comes_stops_the_site(github: GitHub, world: FakeGitHub) -> None:
    world.fault = lambda _: httpx.Response(502, text="<html>")
    with pytest.raises(SiteError, match=r"topic:mlops.*the next crawl asks again"):
        await discovered(github, discover_of("mlops"))


# ---------------------------------------------------------------- organisations: the people behind the work


def group(*repositories: dict[str, Any], number: int = 9) -> dict[str, Any]:
    return user(number, "orchard", repositories, __typename="Organization")


def orchard(number: int, *pulls: dict[str, Any], **more: Any) -> dict[str, Any]:
    return repository(number, f"press-{number}", topics=["mlops", "etl"], pulls=pulls, languages={"Go": 3}, **more)


async def test_an_organisation_leads_to_those_whose_work_it_took(github: GitHub, world: FakeGitHub) -> None:
    ada, ben = user(1, "ada"), user(2, "ben")
    world.users = owners(1, first=3)
    world.organisations = [
        group(
            orchard(11, merged(3, ada), merged(2, ben), merged(1, ada), stargazerCount=400),
            orchard(12, merged(4, None), merged(5, user(6, "helper", __typename="Bot"))),
            orchard(13),
        )
    ]
    items = await discovered(github, discover_of("mlops"))
    assert logins(items) == ["ada-3", "ada", "ben"]
    assert [(one.ref.login, one.kind, one.key) for one in evidence(items)] == [
        ("ada", "pr.merged", "PR_3"),
        ("ben", "pr.merged", "PR_2"),
        ("ada", "pr.merged", "PR_1"),
    ]
    first = evidence(items)[0]
    assert first.terms == ("topic:mlops", "topic:etl", "language:go", "text:Change 3")
    assert first.measure["stars"] == 400
    assert world.kinds() == ["Search", "Behind", "Authors"]
    assert world.asked[1].variables == {"ids": ["R_11", "R_12", "R_13"], "each": 13}
    assert world.asked[2].variables == {"ids": ["R_12", "R_13"], "each": 13, "since": "2023-11-19T11:06:40Z"}


async def test_an_organisation_whose_members_push_leads_to_those_who_do(github: GitHub, world: FakeGitHub) -> None:
    ada, bot = user(1, "ada"), user(2, "retrain-bot")
    world.organisations = [
        group(
            orchard(11, pushers=[None, bot, ada, ada, user(3, "ben")]),
            orchard(12, merged(4, user(4, "eve")), pushers=[user(5, "unasked")]),
            orchard(13),
        )
    ]
    items = await discovered(github, discover_of("mlops"))
    assert logins(items) == ["eve", "ada", "ben"]
    # One commit may be one line: only what a merged pull request shows is evidence.
    assert [one.ref.login for one in evidence(items)] == ["eve"]


async def test_commits_that_cannot_be_had_are_noted(github: GitHub, world: FakeGitHub) -> None:
    world.organisations = [group(orchard(11, pushers=[user(1, "ada")]), orchard(12, merged(4, user(4, "eve"))))]
    world.fault = lambda asked: httpx.Response(502, text="<html>") if asked.kind == "Authors" else None
    assert logins(await discovered(github, discover_of("mlops"))) == ["eve"]
    assert "the latest commits of orchard/press-11" in github.client.fetcher.usage.errors["not_answered"][1]


async def test_the_same_pull_request_gives_the_same_evidence_from_both_sources(
    github: GitHub, world: FakeGitHub
) -> None:
    world.organisations = [group(orchard(11, merged(3, user(1, "ada")), stargazerCount=400))]
    by_topic = evidence(await discovered(github, discover_of("mlops")))
    by_name = evidence(await discovered(github, GitHubDiscover(repositories=("orchard/press-11",))))
    assert by_topic == by_name != []


async def test_old_work_for_an_organisation_leads_to_nobody(github: GitHub, world: FakeGitHub) -> None:
    world.organisations = [group(orchard(11, merged(1, user(1, "ada"), "2019-01-01T00:00:00Z")))]
    assert logins(await discovered(github, discover_of("mlops"))) == []


async def test_without_organisations_nothing_is_followed_up(github: GitHub, world: FakeGitHub) -> None:
    world.users = owners(3)
    await discovered(github, discover_of("mlops"))
    assert world.kinds() == ["Search"]


async def test_many_repositories_of_organisations_are_asked_about_together(github: GitHub, world: FakeGitHub) -> None:
    world.organisations = [group(*(orchard(i, merged(i, user(i, f"ada-{i}"))) for i in range(100, 174)))]
    assert len(logins(await discovered(github, discover_of("mlops")))) == 74
    assert world.kinds() == ["Search", "Behind"]
    # A thousand pull requests at most, of however many repositories.
    assert world.asked[1].variables["each"] == 13


async def test_a_repository_with_two_topics_is_followed_up_once(github: GitHub, world: FakeGitHub) -> None:
    world.organisations = [group(orchard(11, merged(1, user(1, "ada"))))]
    assert logins(await discovered(github, discover_of("mlops", "etl"))) == ["ada"]
    assert world.kinds() == ["Search", "Behind"]
    assert world.asked[1].variables["ids"] == ["R_11"]


async def test_too_many_repositories_are_asked_about_in_smaller_questions(github: GitHub, world: FakeGitHub) -> None:
    world.organisations = [group(*(orchard(i, merged(i, user(i, f"ada-{i}"))) for i in range(100, 140)))]

    def slow(asked: Asked) -> httpx.Response | None:
        return httpx.Response(502, text="<html>") if len(asked.variables.get("ids", ())) > 10 else None

    world.fault = slow
    assert len(logins(await discovered(github, discover_of("mlops")))) == 40
    assert max(len(asked.variables.get("ids", ())) for asked in world.asked[3:]) <= 10


async def test_a_repository_that_cannot_be_told_is_noted_and_left_out(github: GitHub, world: FakeGitHub) -> None:
    poisoned = orchard(12, pullRequests=broken())
    world.organisations = [group(orchard(11, merged(1, user(1, "ada"))), poisoned)]
    assert logins(await discovered(github, discover_of("mlops"))) == ["ada"]
    count, example = github.client.fetcher.usage.errors["not_answered"]
    assert (count, "orchard/press-12: GitHub answered RESOURCE_LIMITS_EXCEEDED" in example) == (1, True)


async def test_a_repository_that_vanished_meanwhile_is_no_error(github: GitHub, world: FakeGitHub) -> None:
    world.organisations = [group(orchard(11, merged(1, user(1, "ada"))), orchard(12))]

    def gone(asked: Asked) -> httpx.Response | None:
        if asked.kind == "Behind":
            world.organisations[0]["_repositories"][1:] = []
        return None

    world.fault = gone
    assert logins(await discovered(github, discover_of("mlops"))) == ["ada"]
    assert github.client.fetcher.usage.errors == {}


async def test_no_answer_about_organisations_at_all_is_noted(github: GitHub, world: FakeGitHub) -> None:
    world.users = owners(2)
    world.organisations = [group(orchard(11), orchard(12))]
    world.fault = lambda asked: httpx.Response(502, text="<html>") if asked.kind == "Behind" else None
    assert len(logins(await discovered(github, discover_of("mlops")))) == 2
    assert "what organisations merged" in github.client.fetcher.usage.errors["not_answered"][1]


def ids_of(asked: Sequence[Asked]) -> list[int]:
    return [len(one.variables["ids"]) for one in asked if one.kind == "Behind"]


async def test_each_page_follows_up_its_own_organisations(github: GitHub, world: FakeGitHub) -> None:
    world.users = owners(80)
    world.organisations = [group(*(orchard(i) for i in range(5_000, 5_070)))]
    await discovered(github, discover_of("mlops"))
    assert world.kinds() == ["Search", "Behind", "Authors", "Search", "Behind", "Authors"]
    assert ids_of(world.asked) == [20, 50]


# ---------------------------------------------------------------- several searches at once


async def test_searches_are_asked_about_together(github: GitHub, world: FakeGitHub) -> None:
    topics = [f"topic-{i}" for i in range(6)]
    world.users = [user(i, f"ada-{i}", [repository(i, "work", topics=[topic])]) for i, topic in enumerate(topics)]
    assert logins(await discovered(github, discover_of(*topics))) == [f"ada-{i}" for i in range(6)]
    assert [sum(name.startswith("q") for name in asked.variables) for asked in world.asked] == [4, 2]


async def test_topics_take_turns(github: GitHub, world: FakeGitHub) -> None:
    world.users = [*owners(350), *owners(150, "mlflow", first=1_500)]
    await discovered(github, discover_of("mlops", "mlflow", "etl", "dvc", "ray"))
    assert [text.removeprefix("topic:") for text in texts(world)] == [
        *("mlops", "mlflow", "etl", "dvc"), *("ray", "mlops", "mlflow"), "mlops", "mlops",
    ]  # fmt: skip


def too_slow(most: int) -> Callable[[Asked], httpx.Response | None]:
    """GitHub runs out of time whenever it is asked about more than so many searches."""

    def fault(asked: Asked) -> httpx.Response | None:
        searched = sum(name.startswith("q") for name in asked.variables)
        return httpx.Response(502, text="<html>") if searched > most else None

    return fault


async def test_what_is_too_much_at_once_is_asked_about_apart(github: GitHub, world: FakeGitHub) -> None:
    topics = [f"topic-{i}" for i in range(4)]
    for i, topic in enumerate(topics):
        world.users += owners(130, topic, first=1_000 * (i + 1))
    world.fault = too_slow(2)
    found = logins(await discovered(github, discover_of(*topics)))
    assert len(set(found)) == 4 * 130
    # Four fail and are asked for one by one; then two, then three, which fail again.
    asked = [sum(name.startswith("q") for name in one.variables) for one in world.asked]
    assert asked == [4, 1, 1, 1, 1, 2, 2]


async def test_how_many_are_asked_about_outlives_a_restart(github: GitHub, world: FakeGitHub) -> None:
    for i in range(4):
        world.users += owners(330, f"topic-{i}", first=1_000 * (i + 1))
    world.fault = too_slow(2)
    assert await goes_on_from_each_checkpoint(github, world, discover_of(*(f"topic-{i}" for i in range(4)))) == 4


async def test_one_search_that_fails_does_not_lose_the_others(github: GitHub, world: FakeGitHub) -> None:
    world.users = [*owners(30), *owners(30, "etl", first=500)]

    def partial(asked: Asked) -> httpx.Response:
        answer = world.answer(asked).json()
        if "s1" in answer["data"]:
            answer["errors"] = [{"type": "RESOURCE_LIMITS_EXCEEDED", "path": ["s1"], "message": "too much"}]
            answer["data"]["s1"] = None
        return httpx.Response(200, json=answer)

    world.fault = partial
    assert len(logins(await discovered(github, discover_of("mlops", "etl")))) == 60
    assert texts(world) == ["topic:mlops", "topic:etl", "topic:etl"]
