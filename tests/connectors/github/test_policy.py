"""What GitHub's noes mean, as its documentation and its users report them."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import httpx
import pytest
import respx

from sourcer.config import FetchConfig
from sourcer.connect import AnswerError, Denied, Fetcher, Spent
from sourcer.fetch.answer import Answer
from sourcer.fetch.refusals import classify
from sourcer_github.policy import BUCKET, CORE, POLICY, SEARCH
from support.clock import START, FakeClock

URL = "https://api.github.com/users/ada-example"
PRIMARY = {"message": "API rate limit exceeded for user ID 2000000001."}
SECONDARY = {"message": "You have exceeded a secondary rate limit. Please wait a few minutes before you try again."}
EMPTY = {"x-ratelimit-remaining": "0", "x-ratelimit-limit": "60", "x-ratelimit-reset": str(int(START) + 600)}


def answer(status: int, body: Any = None, **headers: str) -> Answer:
    sent = httpx.Response(status, json=body) if body is not None else httpx.Response(status)
    names = {name.replace("_", "-"): value for name, value in headers.items()}
    return Answer(URL, status, names, sent.content, datetime(2026, 11, 23, tzinfo=UTC))


@pytest.mark.parametrize(
    ("given", "means"),
    [
        (answer(200, {}), None),
        (answer(202), None),
        (answer(304), None),
        (answer(401, {"message": "Bad credentials"}), "denied"),
        (answer(403, PRIMARY), "limit"),
        (answer(403, SECONDARY), "limit"),
        (answer(403, {"message": "You have triggered an abuse detection mechanism."}), "limit"),
        (answer(403, {}, retry_after="30"), "limit"),
        (answer(403, {"message": "Forbidden"}, x_ratelimit_remaining="0"), "limit"),
        (answer(403, {"message": "Resource not accessible by personal access token"}), "item"),
        (answer(403, {"message": "Repository too large"}, x_ratelimit_remaining="7"), "item"),
        (answer(403), "limit"),
        (answer(403, {}), "limit"),
        (answer(404, {"message": "Not Found"}), None),
        (answer(409, {"message": "Git Repository is empty."}), None),
        (answer(410, {}), None),
        (answer(422, {"message": "Validation Failed"}), None),
        (answer(429, PRIMARY), "limit"),
        (answer(429, SECONDARY), "limit"),
        (answer(429), "limit"),
        (answer(451, {"message": "Repository access blocked"}), None),
        (answer(500), "retry"),
        (answer(502), "retry"),
        (answer(503, {"code": "503", "message": "Service unavailable"}), "retry"),
        (answer(503, SECONDARY), "limit"),
        (answer(504), "retry"),
        (answer(200, {"errors": [{"type": "RATE_LIMITED"}]}), "limit"),
        (answer(200, {"errors": [{"type": "RATE_LIMIT", "code": "graphql_rate_limit"}]}), "limit"),
        (answer(200, {"errors": [{"code": "graphql_rate_limit"}]}), "limit"),
        (answer(200, {"errors": [SECONDARY]}), "limit"),
        (answer(200, SECONDARY), "limit"),
        (answer(200, {"errors": [{"type": "RESOURCE_LIMITS_EXCEEDED"}]}), None),
        (answer(200, {"errors": [{"type": "MAX_NODE_LIMIT_EXCEEDED"}]}), None),
        (answer(200, {"data": {"bio": "I write about rate limits"}}), None),
    ],
)
def test_what_an_answer_means(given: Answer, means: str | None) -> None:
    refusal = classify(POLICY, given)
    assert (refusal.means if refusal else None) == means


def test_the_buckets_are_what_github_grants() -> None:
    buckets = {bucket.name: bucket for bucket in POLICY.buckets}
    assert {name: (one.limit, one.window) for name, one in buckets.items()} == {
        BUCKET: (5_000, 3_600),
        CORE: (60, 3_600),
        SEARCH: (10, 60),
    }
    assert all(one.concurrency == 1 for one in buckets.values())
    assert (buckets[BUCKET].per_minute, buckets[BUCKET].busy_per_minute) == (2_000, 60)
    # The first is what a request counts to that names none.
    assert next(iter(buckets)) == BUCKET


@pytest.fixture
def fetcher(clock: FakeClock) -> Fetcher:
    return Fetcher("github", POLICY, FetchConfig(), clock=clock, sleep=clock.sleep)


@pytest.mark.parametrize("status", [403, 429])
@pytest.mark.parametrize(
    ("body", "headers", "waited"),
    [
        (PRIMARY, EMPTY, 601),
        (PRIMARY, {"x-ratelimit-remaining": "12"}, 60),
        (SECONDARY, {"retry-after": "45"}, 45),
        (SECONDARY, EMPTY, 601),
        (SECONDARY, {}, 60),
        (SECONDARY, {**EMPTY, "retry-after": "45"}, 601),
    ],
)
async def test_a_limit_is_waited_for_as_github_asks(
    *,
    fetcher: Fetcher,
    clock: FakeClock,
    respx_mock: respx.MockRouter,
    status: int,
    body: Any,
    headers: dict[str, str],
    waited: float,
) -> None:
    refused = httpx.Response(status, json=body, headers={**headers, "x-ratelimit-resource": "core"})
    respx_mock.get(URL).mock(side_effect=[refused, httpx.Response(200, json={})])
    async with fetcher:
        assert (await fetcher.get(URL, bucket=CORE)).status == 200
    assert sum(clock.sleeps) == waited


async def test_each_further_refusal_is_waited_for_twice_as_long(
    fetcher: Fetcher, clock: FakeClock, respx_mock: respx.MockRouter
) -> None:
    respx_mock.get(URL).respond(403, json=SECONDARY)
    async with fetcher:
        with pytest.raises(Spent):
            await fetcher.get(URL, bucket=CORE)
    assert clock.sleeps == [60, 120, 240, 480, 960]


async def test_a_secondary_limit_closes_rest_and_graphql_together(
    clock: FakeClock, respx_mock: respx.MockRouter
) -> None:
    respx_mock.get(URL).respond(403, json=SECONDARY, headers={"retry-after": "90"})
    search = respx_mock.get("https://api.github.com/search/repositories").respond(200, json={})
    async with Fetcher("github", POLICY, FetchConfig(max_wait_minutes=1), clock=clock, sleep=clock.sleep) as fetcher:
        for bucket, url in ((CORE, URL), (SEARCH, "https://api.github.com/search/repositories")):
            with pytest.raises(Spent):
                await fetcher.get(url, bucket=bucket)
    assert search.call_count == 0


async def test_a_used_up_search_quota_leaves_the_other_bucket_alone(
    fetcher: Fetcher, clock: FakeClock, respx_mock: respx.MockRouter
) -> None:
    reset = {"x-ratelimit-limit": "10", "x-ratelimit-reset": str(int(START) + 50), "x-ratelimit-resource": "search"}
    respx_mock.get(URL).respond(200, json={}, headers={**reset, "x-ratelimit-remaining": "0"})
    async with fetcher:
        for _ in range(3):
            await fetcher.get(URL, bucket=CORE)
        assert clock.sleeps == []
        await fetcher.get(URL, bucket=SEARCH)
        await fetcher.get(URL, bucket=SEARCH)
    assert sum(clock.sleeps) == 51


async def test_what_was_moved_is_found_and_what_is_blocked_is_handed_out(
    fetcher: Fetcher, respx_mock: respx.MockRouter
) -> None:
    there = "https://api.github.com/repositories/2000000009"
    respx_mock.get(URL).respond(301, json={"message": "Moved Permanently", "url": there}, headers={"location": there})
    respx_mock.get(there).respond(451, json={"message": "Repository access blocked", "block": {"reason": "dmca"}})
    async with fetcher:
        found = await fetcher.get(URL, bucket=CORE)
    assert (found.status, found.url) == (451, there)


@pytest.mark.parametrize("status", [500, 502, 503, 504])
async def test_a_fault_of_theirs_is_asked_again_some_times(
    fetcher: Fetcher, respx_mock: respx.MockRouter, status: int
) -> None:
    route = respx_mock.get(URL).respond(status, text="<html>")
    async with fetcher:
        with pytest.raises(AnswerError) as caught:
            await fetcher.get(URL, bucket=CORE)
    assert (caught.value.kind, caught.value.status, route.call_count) == ("server_error", status, 4)


async def test_bad_credentials_end_it_at_once(fetcher: Fetcher, respx_mock: respx.MockRouter) -> None:
    route = respx_mock.get(URL).respond(401, json={"message": "Bad credentials"})
    async with fetcher:
        with pytest.raises(Denied, match="Bad credentials"):
            await fetcher.get(URL, bucket=CORE)
    assert route.call_count == 1
