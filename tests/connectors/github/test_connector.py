from __future__ import annotations

import httpx
import pytest
import respx
from pydantic import ValidationError

from sourcer.config import FetchConfig
from sourcer.connect import Connector, Denied, Fetcher, NotConfigured, Ref, SiteError, Visit
from sourcer.connect.addresses import read_profile_url
from sourcer.connect.plugins import installed
from sourcer.fetch.usage import Usage
from sourcer_github import GitHub
from sourcer_github.policy import POLICY
from sourcer_github.settings import GitHubConfig, graphql_url
from support.clock import FakeClock
from support.github_world import FakeGitHub


def test_it_is_found_by_its_entry_point_and_keeps_the_contract(github: GitHub) -> None:
    (found,) = [one for one in installed() if one.name == "github"]
    assert found.connector is GitHub
    assert not found.fault
    assert isinstance(github, Connector)


async def test_no_token_is_said_in_words(monkeypatch: pytest.MonkeyPatch, clock: FakeClock) -> None:
    monkeypatch.delenv("GITHUB_TOKEN", raising=False)
    async with Fetcher("github", POLICY, FetchConfig(), clock=clock, sleep=clock.sleep) as fetcher:
        with pytest.raises(NotConfigured, match=r"^no token: set the environment variable GITHUB_TOKEN, or app_id"):
            await GitHub(GitHubConfig(), fetcher).check()
    assert fetcher.usage.requests == 0


async def test_the_token_comes_from_the_environment(monkeypatch: pytest.MonkeyPatch, world: FakeGitHub) -> None:
    monkeypatch.setenv("GITHUB_TOKEN", "from-the-environment")
    with respx.mock() as router:
        router.post("http://127.0.0.1:9/graphql").mock(side_effect=world.handle)
        async with Fetcher("github", POLICY, FetchConfig()) as fetcher:
            await GitHub(GitHubConfig(api_url="http://127.0.0.1:9/"), fetcher).check()
    assert world.asked[0].headers["authorization"] == "Bearer from-the-environment"


async def test_the_check_is_one_cheap_question(github: GitHub, world: FakeGitHub) -> None:
    await github.check()
    assert world.kinds() == ["Limits"]
    assert usage(github).spent == {"graphql": 1}


def usage(github: GitHub) -> Usage:
    return github.client.fetcher.usage


@pytest.mark.parametrize("status", [401, 403, 404])
async def test_a_refusal_stops_the_connector(github: GitHub, world: FakeGitHub, status: int) -> None:
    said = {"message": "Resource not accessible by personal access token"}
    world.fault = lambda _: httpx.Response(status, json=said)
    with pytest.raises(Denied):
        await github.check()
    assert len(world.asked) == 1


async def test_a_refusal_for_no_known_reason_may_be_over_tomorrow(github: GitHub, world: FakeGitHub) -> None:
    world.fault = lambda _: httpx.Response(403, json={"message": "Sorry. Your request was blocked."})
    with pytest.raises(SiteError, match=r"403 \(Sorry\. Your request was blocked\.\); run it again later") as caught:
        await github.check()
    assert not isinstance(caught.value, Denied)


async def test_a_github_too_old_for_the_questions_is_named(github: GitHub, world: FakeGitHub) -> None:
    told = {"message": "Field 'isMirror' doesn't exist on type 'Repository'", "extensions": {"code": "undefinedField"}}
    world.fault = lambda asked: httpx.Response(200, json={"errors": [told]}) if asked.kind == "People" else None
    with pytest.raises(Denied, match=r"Field 'isMirror' doesn't exist on type 'Repository'.*too old"):
        [item async for item in github.fetch([Visit(Ref("github", "1", "ada"))], "cheap", lambda _: 0.0)]


@pytest.mark.parametrize(
    "answer", [httpx.Response(502, text="<html>"), httpx.Response(422, json={}), httpx.Response(200, json=[])]
)
async def test_a_site_that_is_down_is_said(github: GitHub, world: FakeGitHub, answer: httpx.Response) -> None:
    world.fault = lambda _: httpx.Response(answer.status_code, content=answer.content)
    with pytest.raises(SiteError, match="no usable answer"):
        await github.check()


LIMITED = [
    httpx.Response(403, json={"message": "You have exceeded a secondary rate limit."}, headers={"retry-after": "30"}),
    httpx.Response(429, json={"message": "You have exceeded a secondary rate limit."}),
    httpx.Response(429, text=""),
    httpx.Response(403, json={"message": "You have triggered an abuse detection mechanism."}),
    httpx.Response(403, text=""),
    httpx.Response(403, text="<html>forbidden</html>"),
    httpx.Response(200, json={"errors": [{"type": "RATE_LIMITED", "message": "API rate limit exceeded."}]}),
    httpx.Response(
        200, json={"data": None, "errors": [{"type": "RATE_LIMIT", "code": "graphql_rate_limit", "message": "already"}]}
    ),
    httpx.Response(200, json={"errors": [{"message": "You have exceeded a secondary rate limit."}]}),
    httpx.Response(200, json={"message": "You have exceeded a secondary rate limit."}),
]


@pytest.mark.parametrize("limited", LIMITED)
async def test_a_limit_is_waited_for(
    github: GitHub, world: FakeGitHub, clock: FakeClock, limited: httpx.Response
) -> None:
    copies = [httpx.Response(limited.status_code, content=limited.content, headers=dict(limited.headers))]
    world.fault = lambda _: copies.pop() if copies else None
    await github.check()
    assert len(world.asked) == 2
    waited = sum(clock.sleeps)
    assert waited >= (30 if "retry-after" in limited.headers else 60)


async def test_the_primary_limit_is_waited_for_until_its_reset(
    github: GitHub, world: FakeGitHub, clock: FakeClock
) -> None:
    headers = {
        "x-ratelimit-remaining": "0",
        "x-ratelimit-limit": "5000",
        "x-ratelimit-reset": str(int(clock.now) + 900),
    }
    said = {"message": "API rate limit exceeded for user ID 1."}
    answers = [httpx.Response(403, json=said, headers=headers)]
    world.fault = lambda _: answers.pop() if answers else None
    await github.check()
    assert sum(clock.sleeps) >= 900


async def test_a_resource_limit_is_no_rate_limit(github: GitHub, world: FakeGitHub, clock: FakeClock) -> None:
    body = {"data": None, "errors": [{"type": "RESOURCE_LIMITS_EXCEEDED", "message": "Resource limits exceeded."}]}
    world.fault = lambda _: httpx.Response(200, json=body)
    with pytest.raises(SiteError):
        await github.check()
    assert sum(clock.sleeps) < 1


@pytest.mark.parametrize(
    ("api_url", "expected"),
    [
        ("https://api.github.com", "https://api.github.com/graphql"),
        ("https://ghe.example.org/api/v3", "https://ghe.example.org/api/graphql"),
        ("http://127.0.0.1:8080/", "http://127.0.0.1:8080/graphql"),
        ("http://127.0.0.1:8080/github", "http://127.0.0.1:8080/github/graphql"),
    ],
)
def test_where_graphql_is(api_url: str, expected: str) -> None:
    assert graphql_url(GitHubConfig(api_url=api_url).api_url) == expected


@pytest.mark.parametrize("api_url", ["api.github.com", "file:///etc/passwd", ""])
def test_an_address_must_be_one(api_url: str) -> None:
    with pytest.raises(ValidationError, match="not an http"):
        GitHubConfig(api_url=api_url)


@pytest.mark.parametrize(
    ("url", "login"),
    [
        ("https://github.com/ada-example", "ada-example"),
        ("github.com/ada-example/", "ada-example"),
        ("https://www.github.com/ada?tab=repositories", "ada"),
        ("https://github.com/ada/work", None),
        ("https://github.com/", None),
        ("https://gist.github.com/ada", "ada"),
        ("https://ada.github.io/", "ada"),
        ("https://ada.github.io/models/", None),
    ],
)
def test_addresses_of_profiles(url: str, login: str | None) -> None:
    found = read_profile_url(url, POLICY.profile_urls)
    assert (found.login if found else None) == login
