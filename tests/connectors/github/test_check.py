"""What ``sourcer connectors --check`` tells an operator about GitHub."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest
import respx

from sourcer.config import Config, FetchConfig
from sourcer.connect import Answer, Denied, Fetcher
from sourcer.connect.registry import statuses
from sourcer_github import GitHub
from sourcer_github.assumptions import ASSUMPTIONS, contradicted
from sourcer_github.findings import _questions
from sourcer_github.points import connections, points, with_everything
from sourcer_github.queries import documents
from sourcer_github.queries.probe import PROBE, priced
from sourcer_github.settings import GitHubConfig
from support.clock import FakeClock
from support.github_rest import FakeRest, sample
from support.github_world import Asked
from support.graphql_schema import cost, validate_answer, validate_query

pytestmark = pytest.mark.slow

LIMITS = "https://api.github.com/rate_limit"


def probed(**changed: Any) -> dict[str, Any]:
    """What the probe is answered with, where GitHub is as expected."""
    nodes = [
        {
            "__typename": "Repository",
            "stargazerCount": stars,
            "repositoryTopics": {"totalCount": 2, "nodes": [{"topic": {"name": "mlops"}}, None]},
            "owner": {"__typename": "User", "socialAccounts": {"totalCount": 4}},
        }
        for stars in (700, 30, 30, 1)
    ]
    data = {"ghost": {"databaseId": 10137}, "nobody": None, "sorted": {"nodes": nodes}}
    rate = {"cost": 1, "limit": 5000, "remaining": 4999, "resetAt": "2026-11-23T12:00:00Z"}
    error = {"type": "NOT_FOUND", "path": ["nobody"], "message": "Could not resolve to a User"}
    return {"data": {**data, "rateLimit": rate}, "errors": [error], **changed}


class Pricing:
    """Prices questions by GitHub's schema and the documented formula, and never runs them."""

    def __init__(self) -> None:
        self.asked: list[Asked] = []
        self.dearer: dict[str, int] = {}
        self.silent: set[str] = set()
        self.probe: Mapping[str, Any] = probed()
        self.headers = {"x-ratelimit-resource": "graphql"}

    def __call__(self, request: httpx.Request) -> httpx.Response:
        body = json.loads(request.content)
        asked = Asked(body["query"], body["variables"], request.headers)
        self.asked.append(asked)
        if asked.kind == "Probe":
            return httpx.Response(200, json=self.probe, headers=self.headers)
        if asked.kind in self.silent:
            return httpx.Response(200, json={"data": None, "errors": [{"message": "no"}]})
        assert "dryRun: true" in asked.query or asked.kind == "Limits"
        # That this is the documented price is tested below, once for each.
        price = points(asked.query, asked.variables) + self.dearer.get(asked.kind, 0)
        return httpx.Response(200, json={"data": {"rateLimit": {"cost": price}}}, headers=self.headers)


def limits(core: int = 5000, search: int = 30, *, headers: Mapping[str, str] | None = None) -> httpx.Response:
    def told(limit: int) -> dict[str, int]:
        return {"limit": limit, "remaining": limit - 1, "reset": 1795003600, "used": 1}

    resources = {"core": told(core), "search": told(search), "graphql": told(5000)}
    body = sample("rate-limit-overview", resources=resources, rate=resources["core"])
    return httpx.Response(200, json=body, headers={"x-oauth-scopes": "", **(headers or {})})


@pytest.fixture
def pricing() -> Pricing:
    return Pricing()


@pytest.fixture
def site(pricing: Pricing, respx_mock: respx.MockRouter) -> respx.MockRouter:
    respx_mock.post("https://api.github.com/graphql").mock(side_effect=pricing)
    respx_mock.get(LIMITS).mock(side_effect=[limits()])
    return respx_mock


@pytest.fixture
async def asked(clock: FakeClock, site: respx.MockRouter) -> AsyncIterator[GitHub]:
    async with Fetcher("github", GitHub.policy, FetchConfig(), sleep=clock.sleep, clock=clock) as fetcher:
        yield GitHub(GitHubConfig.model_validate({"token": "not-a-real-token"}), fetcher)


async def test_everything_as_expected(asked: GitHub, pricing: Pricing) -> None:
    kinds = len(list(_questions()))
    assert list(await asked.findings()) == [
        "asked with the token in the configuration file",
        "5,000 GraphQL points an hour, 4,999 of them left until 12:06 UTC",
        "5,000 REST requests an hour, 4,999 of them left until 12:06 UTC",
        "30 REST searches a minute, 29 of them left until 12:06 UTC",
        "it may do no more than it needs",
        f"{kinds} of {kinds} kinds of questions cost what the documented formula says",
    ]
    # One question is run; the others are only priced.
    assert [one.kind for one in pricing.asked if "dryRun" not in one.query] == ["Probe"]


@pytest.mark.parametrize(
    ("headers", "sentence"),
    [
        ({"x-oauth-scopes": "repo, user"}, "the token may do more than it needs (repo, user): make one without scopes"),
        (
            {"github-authentication-token-expiration": "2026-12-24 00:00:00 UTC"},
            "the token ends on 2026-12-24 00:00:00 UTC",
        ),
        (
            {"sunset": "Mon, 01 Mar 2027 00:00:00 GMT"},
            "otherwise than expected: it is not so that GitHub announces no end of REST (Deprecation, Sunset)",
        ),
        (
            {"x-github-api-version-selected": "2026-03-10"},
            "otherwise than expected: it is not so that GitHub speaks version 2022-11-28 of its REST API",
        ),
    ],
)
async def test_what_the_headers_tell(
    asked: GitHub, site: respx.MockRouter, headers: dict[str, str], sentence: str
) -> None:
    site.get(LIMITS).mock(side_effect=[limits(headers=headers)])
    assert sentence in await asked.findings()


async def test_a_fine_grained_token_lists_no_rights(asked: GitHub, site: respx.MockRouter) -> None:
    answer = limits()
    del answer.headers["x-oauth-scopes"]
    site.get(LIMITS).mock(side_effect=[answer])
    assert any("fine-grained" in sentence for sentence in await asked.findings())


async def test_prices_that_differ_and_prices_that_are_not_told(asked: GitHub, pricing: Pricing) -> None:
    pricing.dearer = {"People": 2}
    pricing.silent = {"Members"}
    told = await asked.findings()
    assert "otherwise than expected: points for 29 people: 3 instead of 1" in told
    assert "GitHub did not price 100 members" in told
    kinds = len(list(_questions()))
    assert f"{kinds - 3} of {kinds} kinds of questions cost what the documented formula says" in told


@pytest.mark.parametrize(
    ("answer", "sentence"),
    [
        (httpx.Response(404, json={}), "GitHub tells no limits (HTTP 404): an Enterprise server may have none"),
        (httpx.Response(200, json={"resources": {"core": {"limit": 15000, "remaining": 3}}}), "15,000 REST requests"),
        (httpx.Response(200, json=[]), "otherwise than expected"),
        (httpx.Response(502), "the limits could not be asked for"),
    ],
)
async def test_limits_in_other_shapes(
    asked: GitHub, site: respx.MockRouter, answer: httpx.Response, sentence: str
) -> None:
    site.get(LIMITS).mock(return_value=answer)
    assert any(one.startswith(sentence) for one in await asked.findings())


async def test_a_server_that_does_not_know_a_field_is_said_to_be_too_old(asked: GitHub, site: respx.MockRouter) -> None:
    told = {"message": "Field 'isMirror' doesn't exist on type 'Repository'", "extensions": {"code": "undefinedField"}}
    site.post("https://api.github.com/graphql").respond(200, json={"errors": [told, told]})
    assert (await asked.findings())[-1] == f"this GitHub is too old to be crawled: {told['message']}"


async def test_graphql_that_is_down_is_said(asked: GitHub, site: respx.MockRouter) -> None:
    site.post("https://api.github.com/graphql").respond(502)
    assert (await asked.findings())[-1].startswith("what questions cost could not be asked for: github: POST")


async def test_without_a_token_only_the_limits_are_asked_for(
    anonymous: GitHub, api: FakeRest, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = await anonymous.findings()
    assert told[0] == "no token: REST only, 60 requests an hour, some ten people; set a token for GraphQL"
    assert "60 REST requests an hour, 60 of them left until 12:06 UTC" in told
    assert api.paths == ["/rate_limit"]
    assert not any("otherwise" in one for one in told)


async def test_the_rights_of_an_app(asked: GitHub) -> None:
    granted = {"metadata": "read", "contents": "write"}

    class App:
        kind = "app"
        source = "installation 7 of the GitHub App 4"
        permissions: Mapping[str, str] = granted

        async def headers(self) -> dict[str, str]:
            return {}

    asked.client.auth = App()  # type: ignore[assignment]  # as far as it is asked
    told = await asked.findings()
    assert told[0] == "asked with installation 7 of the GitHub App 4"
    assert "the App may do more than it needs (contents: write): metadata: read is enough" in told


# What is assumed


def answer(body: Any, status: int = 200, **headers: str) -> Answer:
    names = {name.replace("_", "-"): value for name, value in headers.items()}
    return Answer(LIMITS, status, names, json.dumps(body).encode(), datetime(2026, 11, 23, tzinfo=UTC))


def surprises(given: Answer, about: Any, kind: Any = "token") -> list[str]:
    return [one.words for one in contradicted(given, about, kind)]


def changed(**node: Any) -> dict[str, Any]:
    body = probed()
    body["data"]["sorted"]["nodes"][-1] |= node
    return body


@pytest.mark.parametrize(
    ("given", "words"),
    [
        (answer(probed(), x_ratelimit_resource="core"), "counts GraphQL to the resource graphql alone"),
        (answer(probed(errors=[])), "says of what does not exist NOT_FOUND"),
        (answer(probed(errors=[{"type": "NOT_FOUND", "path": ["sorted"]}])), "says of what does not exist NOT_FOUND"),
        (answer(changed(stargazerCount=9_000)), "sorts a search"),
        (answer(changed(repositoryTopics={"totalCount": 21, "nodes": []})), "allows a repository 20 topics"),
        (
            answer(changed(repositoryTopics={"totalCount": 1, "nodes": [{"topic": {"name": "MLOps"}}]})),
            "allows a repository 20 topics",
        ),
        (answer(changed(owner={"socialAccounts": {"totalCount": 5}})), "shows at most 4 accounts"),
        (answer(probed(data={**probed()["data"], "ghost": {"databaseId": 1}})), "puts the account ghost"),
        (answer(probed(extensions={"warnings": [{"type": "DEPRECATION"}]})), "warns of nothing"),
        (answer(probed(), deprecation="@1"), "announces no end of GraphQL"),
    ],
)
def test_what_a_graphql_answer_contradicts(given: Answer, words: str) -> None:
    (found,) = surprises(given, "graphql")
    assert found.startswith(words)


@pytest.mark.parametrize(
    ("core", "search", "kind", "words"),
    [
        (5000, 30, "token", []),
        (15000, 30, "app", []),
        (60, 10, "none", []),
        (60, 30, "token", ["grants 5,000 REST requests an hour, 60 without a token"]),
        (100, 10, "none", ["grants 5,000 REST requests an hour, 60 without a token"]),
        (5000, 10, "token", ["grants 30 REST searches a minute, 10 without a token"]),
    ],
)
def test_what_limits_contradict(core: int, search: int, kind: str, words: list[str]) -> None:
    assert surprises(answer(limits(core, search).json()), "rest", kind) == words


def test_an_answer_that_tells_nothing_contradicts_little() -> None:
    assert surprises(answer({}), "graphql") == []
    assert surprises(answer({"data": {"sorted": {"nodes": [None, 3]}}}, 200), "graphql") == [
        "says of what does not exist NOT_FOUND at its path, and answers the rest"
    ]
    assert surprises(answer({}, 404), "rest") == []
    assert surprises(answer([]), "rest") == ["tells limit, remaining and reset of each resource at /rate_limit"]
    told = {name: {"limit": 60, "remaining": 1, "reset": 1} for name in ("core", "search")}
    told["search"]["limit"] = 10
    assert surprises(answer({"resources": told}), "rest", "none") == []
    assert len({one.words for one in ASSUMPTIONS}) == len(ASSUMPTIONS)


def test_the_canned_probe_is_githubs_shape() -> None:
    variables = {"nobody": "--", "sorted": "x"}
    assert validate_answer(PROBE, variables, probed()["data"]) == []


# Prices


def test_every_kind_of_question_is_priced() -> None:
    def kind(text: str) -> str:
        return Asked(text, {}, {}).kind

    assert {kind(one.query) for one in _questions()} == {kind(text) for text in documents()} - {"Limits", "Probe"}


@pytest.mark.parametrize("one", list(_questions()), ids=lambda one: one.name)
def test_our_price_is_the_documented_one(one: Any) -> None:
    lists = {name: len(value) for name, value in one.variables.items() if isinstance(value, list)}
    documented = cost(one.query, one.variables, lists=lists)
    assert documented.errors == []
    assert points(one.query, one.variables) == documented.points
    assert validate_query(priced(one.query)) == []
    assert priced(one.query).count("dryRun: true") == 1


@pytest.mark.parametrize(("number", "expected"), [(1, 1), (149, 1), (150, 2), (249, 2), (250, 3), (10_000, 100)])
def test_points_are_rounded_to_the_nearest(number: int, expected: int) -> None:
    query = "query($ids: [ID!]!) { nodes(ids: $ids) { ... on User { followers(first: 1) { totalCount } } } }"
    variables = {"ids": ["x"] * number}
    assert connections(query, variables) == number
    assert points(query, variables) == expected


def test_samples_for_variables() -> None:
    query = "query($a: Int, $b: [String!]!, $c: DateTime!, $d: Unheard) { rateLimit { cost } }"
    found = with_everything(query, {"a": 3})
    assert found == {"a": 3, "b": ["example"], "c": "2026-01-01T00:00:00Z", "d": None}


# The command


async def test_connectors_check_shows_it(
    tmp_path: Path, pricing: Pricing, site: respx.MockRouter, monkeypatch: pytest.MonkeyPatch
) -> None:
    config = Config(connectors={"github": {"token": "not-a-real-token"}}, fetch=FetchConfig(archive_dir=""))
    (github,) = [one for one in await statuses(config.at(tmp_path), check=True) if one.name == "github"]
    assert github.status == "enabled"
    assert github.as_json()["findings"][0] == "asked with the token in the configuration file"
    site.post("https://api.github.com/graphql").respond(401, json={"message": "Bad credentials"})
    (refused,) = [one for one in await statuses(config.at(tmp_path), check=True) if one.name == "github"]
    assert (refused.status, refused.findings) == ("disabled", ())
    assert "Bad credentials" in refused.reason


async def test_a_listing_without_a_token_names_every_way(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("GITHUB_TOKEN", raising=False)
    (github,) = [one for one in await statuses(Config(connectors={"github": {}})) if one.name == "github"]
    assert github.status == "disabled"
    assert all(word in github.reason for word in ("GITHUB_TOKEN", "private_key_file", "anonymous = true"))
    chosen = {one.name: one for one in await statuses(Config(connectors={"github": {"anonymous": True}}))}
    assert chosen["github"].status == "enabled"


async def test_refused_credentials_pass(asked: GitHub, site: respx.MockRouter) -> None:
    site.get(LIMITS).respond(401, json={"message": "Bad credentials"})
    with pytest.raises(Denied):
        await asked.findings()
