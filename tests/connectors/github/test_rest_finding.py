"""Finding people without credentials."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, ClassVar

import httpx
import pytest
import respx

from sourcer.config import FetchConfig
from sourcer.connect import Checkpoint, Evidence, Fetcher, Item, Plan, Ref, SiteError, SitePlan
from sourcer.connect.testing import ConnectorContract
from sourcer.fetch import Archive
from sourcer_github import GitHub
from sourcer_github.settings import GitHubConfig, GitHubDiscover
from support.clock import FakeClock
from support.github_looks import visit
from support.github_rest import REST_URL, FakeRest, wrong_with
from support.github_world import FakeGitHub, merged, repository, user

pytestmark = pytest.mark.slow

FIRST = 2_000_000_000


def person(number: int, **more: Any) -> Any:
    return user(FIRST + number, f"ada-{number}", [repository(number, "work", topics=["mlops"], **more)])


async def found(github: GitHub, after: Checkpoint | None = None, **wanted: Any) -> list[Item]:
    return [item async for item in github.discover(GitHubDiscover.model_validate(wanted), after)]


def logins(items: list[Item]) -> list[str]:
    return [item.login for item in items if isinstance(item, Ref)]


def errors(github: GitHub) -> Mapping[str, tuple[int, str]]:
    return github.client.fetcher.usage.errors


async def test_owners_of_repositories_with_a_topic(anonymous: GitHub, world: FakeGitHub, api: FakeRest) -> None:
    world.users = [person(number) for number in range(150)]
    world.users += [user(FIRST + 900, "builder-bot", [repository(900, "x", topics=["mlops"])])]
    world.organisations = [
        user(FIRST + 901, "orchard", [repository(901, "y", topics=["mlops"])], __typename="Organization")
    ]
    items = await found(anonymous, topics=["mlops"])
    assert logins(items) == [f"ada-{number}" for number in range(150)]
    assert api.paths == ["/search/repositories"] * 2
    assert api.asked[0].url.params["q"] == "topic:mlops"
    # The second page is where the first one says that it is.
    assert str(api.asked[1].url) == f"{REST_URL}/search/repositories?q=topic%3Amlops&per_page=100&page=2"
    assert anonymous.client.fetcher.usage.spent == {"search": 2}


async def test_people_by_language_and_place(anonymous: GitHub, world: FakeGitHub, api: FakeRest) -> None:
    world.users = [
        user(FIRST, "ada", location="Kraków, Poland", _languages=("python",)),
        user(FIRST + 1, "bob", location="Oslo", _languages=("python",)),
    ]
    assert logins(await found(anonymous, languages=["python"], locations=["Poland"])) == ["ada"]
    assert api.paths == ["/search/users"]


@pytest.mark.slow
async def test_a_search_that_finds_too_much_is_cut(anonymous: GitHub, world: FakeGitHub, api: FakeRest) -> None:
    api.left["search"] = 1_000
    days = [f"20{10 + number % 15}-01-{1 + number % 28:02}" for number in range(1_100)]
    world.users = [person(number, created=day) for number, day in enumerate(days)]
    items = await found(anonymous, topics=["mlops"])
    assert sorted(set(logins(items))) == sorted(f"ada-{number}" for number in range(1_100))
    texts = [request.url.params["q"] for request in api.asked]
    assert texts[0] == "topic:mlops"
    assert all(" created:" in text for text in texts[1:])


@pytest.mark.slow
async def test_what_cannot_be_cut_is_noted(anonymous: GitHub, world: FakeGitHub, api: FakeRest) -> None:
    api.left["search"] = 1_000
    world.users = [person(number) for number in range(1_001)]
    items = await found(anonymous, topics=["mlops"])
    assert len(set(logins(items))) == 1_000
    assert errors(anonymous)["incomplete_results"][1].endswith("finds 1001, of which GitHub gives 1000")


@pytest.mark.parametrize(("times", "noted"), [(1, {}), (2, {"incomplete_results"})])
async def test_a_search_that_ran_out_of_time_is_asked_once_more(
    anonymous: GitHub, world: FakeGitHub, api: FakeRest, times: int, noted: set[str]
) -> None:
    world.users = [person(0)]
    api.incomplete = times
    assert logins(await found(anonymous, topics=["mlops"])) == ["ada-0"]
    assert len(api.asked) == 2
    assert errors(anonymous).keys() == set(noted)


async def test_named_accounts(anonymous: GitHub, world: FakeGitHub, api: FakeRest) -> None:
    world.users = [person(0), person(1)]
    world.organisations = [user(FIRST + 9, "orchard", __typename="Organization")]
    names = ["ada-0", f"#{FIRST + 1}", "nobody", "orchard", "#7", f"#{FIRST}"]
    items = await found(anonymous, accounts=names)
    assert logins(items) == ["ada-1", "ada-0"] or logins(items) == ["ada-0", "ada-1", "ada-0"]
    assert f"/user/{FIRST + 1}" in api.paths
    assert {kind: count for kind, (count, _) in errors(anonymous).items()} == {"no_account": 2, "no_person": 1}
    assert len([item for item in items if isinstance(item, Checkpoint)]) == 2


async def test_members_of_an_organisation(anonymous: GitHub, world: FakeGitHub, api: FakeRest) -> None:
    members = [user(FIRST + number, f"ada-{number}") for number in range(130)]
    world.organisations = [user(FIRST + 900, "orchard", __typename="Organization", members=members)]
    items = await found(anonymous, organizations=["orchard", "nothing"])
    assert len(logins(items)) == 130
    assert api.paths[-1] == f"/organizations/{FIRST + 900}/public_members"
    assert errors(anonymous)["not_found"][1] == "the members of the organisation nothing: GitHub answered HTTP 404"


async def test_whose_work_a_repository_took(anonymous: GitHub, world: FakeGitHub, api: FakeRest) -> None:
    ada, owner = user(FIRST, "ada"), user(FIRST + 1, "orchard")
    pulls = [
        merged(1, ada, title="Serve  models"),
        merged(2, None),
        merged(3, owner),
        merged(4, ada, "2020-01-01T00:00:00Z"),
    ]
    press = repository(5, "press", topics=["mlops"], languages={"Go": 1}, stargazerCount=700, pulls=pulls)
    world.users = [ada]
    world.organisations = [user(FIRST + 1, "orchard", [press])]
    items = await found(anonymous, repositories=["orchard/press", "orchard/nothing"])
    assert logins(items) == ["ada", "orchard"]
    (evidence,) = [item for item in items if isinstance(item, Evidence)]
    assert (evidence.key, evidence.terms) == ("PR_1", ("topic:mlops", "language:go", "text:Serve models"))
    # How much it changed stands in no listing: it is not zero.
    assert evidence.measure == {"stars": 700}
    assert "orchard/nothing" in errors(anonymous)["not_found"][1]
    assert api.paths[:2] == ["/repos/orchard/press", "/repos/orchard/press/pulls"]


async def test_two_pages_of_pull_requests_are_enough(anonymous: GitHub, world: FakeGitHub, api: FakeRest) -> None:
    pulls = [merged(number, user(FIRST + number, f"ada-{number}")) for number in range(300)]
    world.organisations = [user(FIRST - 1, "orchard", [repository(5, "press", pulls=pulls)])]
    assert len(logins(await found(anonymous, repositories=["orchard/press"]))) == 200
    assert len(api.asked) == 3


async def test_it_goes_on_from_each_checkpoint(anonymous: GitHub, world: FakeGitHub, api: FakeRest) -> None:
    world.users = [person(number) for number in range(250)]
    world.organisations = [user(FIRST + 900, "orchard", __typename="Organization", members=world.users[240:])]
    wanted: dict[str, Any] = {"topics": ["mlops"], "organizations": ["orchard"]}
    items = await found(anonymous, **wanted)
    checkpoints = [(position, item) for position, item in enumerate(items) if isinstance(item, Checkpoint)]
    assert len(checkpoints) > 2
    for position, item in checkpoints:
        api.left["search"] = 10
        assert await found(anonymous, item, **wanted) == items[position + 1 :]


async def test_steps_of_the_other_way_are_not_gone_on_from(
    anonymous: GitHub, github: GitHub, world: FakeGitHub
) -> None:
    world.users = [person(number) for number in range(120)]
    point = next(item for item in await found(github, topics=["mlops"]) if isinstance(item, Checkpoint))
    assert len(logins(await found(anonymous, point, topics=["mlops"]))) == 120
    other = next(item for item in await found(anonymous, topics=["mlops"]) if isinstance(item, Checkpoint))
    assert len(logins(await found(github, other, topics=["mlops"]))) == 120


async def test_a_refused_search_is_noted_and_one_that_fails_stops_it(
    anonymous: GitHub, world: FakeGitHub, api: FakeRest
) -> None:
    world.users = [person(0)]
    api.fault = lambda _: httpx.Response(422, json={"message": "Validation Failed"})
    assert logins(await found(anonymous, topics=["mlops"])) == []
    assert errors(anonymous)["http_422"][1] == "the search 'topic:mlops': GitHub answered HTTP 422"
    api.fault = lambda _: httpx.Response(502, text="")
    with pytest.raises(SiteError, match="no usable answer to the search 'topic:mlops'"):
        await found(anonymous, topics=["mlops"])


async def test_a_list_that_goes_on_elsewhere_ends(anonymous: GitHub, world: FakeGitHub, api: FakeRest) -> None:
    world.users = [person(0)]
    api.headers["link"] = '<https://elsewhere.example/search/repositories?page=2>; rel="next"'
    await found(anonymous, topics=["mlops"])
    assert len(api.asked) == 1


async def test_a_plan_counts_requests(anonymous: GitHub, world: FakeGitHub, api: FakeRest) -> None:
    world.users = [person(number) for number in range(130)]
    wanted = GitHubDiscover(topics=("mlops",), repositories=("a/b",), accounts=("x",))
    people = 130 + 20 + 1
    expected = SitePlan({"core": people * 3}, {"core": people * 5}, people, {"core": 3 + 1, "search": 2})
    assert await anonymous.plan(wanted) == Plan({"github": expected})
    assert len(api.asked) == 1
    api.fault = lambda _: httpx.Response(502)
    assert await anonymous.plan(wanted) == Plan({"github": SitePlan()})
    api.fault = lambda _: httpx.Response(422, json={})
    assert await anonymous.plan(wanted) == Plan({"github": SitePlan()})


@pytest.mark.parametrize(
    ("answer", "problem"),
    [
        (httpx.Response(404, json={}), ""),
        (httpx.Response(502), "no usable answer"),
        (httpx.Response(301, headers={"location": "https://elsewhere.example/"}), "is .* api_url right"),
        (httpx.Response(418, json={}), "answered 418"),
    ],
)
async def test_the_check_costs_nothing(anonymous: GitHub, api: FakeRest, answer: httpx.Response, problem: str) -> None:
    await anonymous.check()
    assert api.paths == ["/rate_limit"]
    assert api.left["core"] == 60
    api.fault = lambda _: httpx.Response(answer.status_code, content=answer.content, headers=dict(answer.headers))
    if not problem:
        await anonymous.check()
        return
    with pytest.raises(SiteError, match=problem):
        await anonymous.check()


async def test_a_replay_tells_the_same(world: FakeGitHub, api: FakeRest, clock: FakeClock, tmp_path: Any) -> None:
    world.users = [person(number) for number in range(3)]
    api.incomplete = 1
    config = GitHubConfig.model_validate({"token": "", "anonymous": True})

    async def crawl(fetcher: Fetcher) -> list[Item]:
        github = GitHub(config, fetcher)
        items = await found(github, topics=["mlops"])
        visits = [item for item in items if isinstance(item, Ref)]
        looked = github.fetch([visit(int(one.uid), one.login) for one in visits], "cheap", lambda _: 1.0)
        return items + [item async for item in looked]

    with respx.mock() as router:
        router.get(url__startswith=f"{REST_URL}/").mock(side_effect=api.handle)
        archive = Archive(tmp_path, 1)
        async with Fetcher(
            "github", GitHub.policy, FetchConfig(), archive=archive, sleep=clock.sleep, clock=clock
        ) as fetcher:
            live = await crawl(fetcher)
    async with Fetcher("github", GitHub.policy, FetchConfig(), archive=Archive(tmp_path, 1), replay=True) as fetcher:
        assert await crawl(fetcher) == live


class TestAnonymous(ConnectorContract):
    connector = GitHub
    config: ClassVar[Mapping[str, Any]] = {"token": "", "anonymous": True}
    discover: ClassVar[Mapping[str, Any]] = {
        "topics": ["mlops", "mlflow"],
        "repositories": ["orchard/press"],
        "organizations": ["orchard"],
        "accounts": ["ada-3", f"#{FIRST + 4}"],
        "locations": ["Poland"],
    }

    @contextmanager
    def world(self) -> Iterator[Mapping[str, Any]]:
        people = [person(number, languages={"Python": 5}) for number in range(8)]
        people[1]["location"] = "Łódź, Poland"
        pulls = [merged(number, user(FIRST + number, f"ada-{number}")) for number in range(5, 12)]
        members = [user(FIRST + 20, "ada-20")]
        orchard = user(
            FIRST + 900, "orchard", [repository(900, "press", pulls=pulls)], __typename="Organization", members=members
        )
        people += [user(FIRST + number, f"ada-{number}") for number in (*range(8, 12), 20)]
        served = FakeRest(FakeGitHub(people, organisations=[orchard]))
        served.left = {"core": 10_000, "search": 10_000}
        with respx.mock(assert_all_called=False) as router:
            router.get(url__startswith=f"{REST_URL}/").mock(side_effect=served.handle)
            yield {}


def test_the_description_tells_what_is_wrong_with_an_answer() -> None:
    assert wrong_with("social-account", {"provider": "x", "url": "y"}) == []
    assert wrong_with("social-account", {"provider": "x"})
    assert wrong_with("public-user", {"login": "x"})
    assert wrong_with("simple-user", None)
