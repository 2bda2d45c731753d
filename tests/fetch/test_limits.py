from __future__ import annotations

import asyncio
import time
from dataclasses import replace
from typing import Any

import httpx
import pytest
import respx

from sourcer.config import FetchConfig
from sourcer.errors import Spent
from sourcer.fetch import Fetcher, RunBudget
from sourcer.fetch.policy import Bucket, Quota, Refusal, SitePolicy
from support.clock import START, FakeClock
from support.fetching import API, HEADER_QUOTA, MakeFetcher, limits

DAY = 86400.0


def ok(**headers: Any) -> httpx.Response:
    return httpx.Response(200, json={"ok": 1}, headers={name.replace("_", "-"): str(v) for name, v in headers.items()})


def told(limit: object, remaining: object, reset: object = "") -> httpx.Response:
    return httpx.Response(200, json={"ok": 1}, headers=limits(limit, remaining, reset))


def refused(status: int = 429, body: Any = None, **headers: Any) -> httpx.Response:
    return httpx.Response(status, json=body or {}, headers={n.replace("_", "-"): str(v) for n, v in headers.items()})


# Refusals


async def test_retry_after_is_waited_for(make: MakeFetcher, clock: FakeClock, respx_mock: respx.MockRouter) -> None:
    respx_mock.get(API).mock(side_effect=[refused(retry_after="30"), ok()])
    fetcher = make()
    assert (await fetcher.get(API)).status == 200
    assert clock.sleeps == [30]
    assert fetcher.usage.requests == 2


async def test_retry_after_may_be_a_date(make: MakeFetcher, clock: FakeClock, respx_mock: respx.MockRouter) -> None:
    # The fake clock starts at 11:06:40 on that day.
    respx_mock.get(API).mock(side_effect=[refused(503, retry_after="Wed, 18 Nov 2026 11:07:40 GMT"), ok()])
    await make().get(API)
    assert clock.sleeps == [60]


async def test_retry_after_goes_before_the_reset(
    make: MakeFetcher, clock: FakeClock, respx_mock: respx.MockRouter
) -> None:
    both = {**limits(5000, 4000, START + 900), "retry-after": "5"}
    respx_mock.get(API).mock(side_effect=[httpx.Response(429, headers=both), ok()])
    await make().get(API)
    assert clock.sleeps == [5]


async def test_an_empty_quota_is_waited_for_until_its_reset(
    make: MakeFetcher, clock: FakeClock, respx_mock: respx.MockRouter
) -> None:
    policy = SitePolicy(
        (Bucket("core"),), HEADER_QUOTA, refusals=(Refusal((403,), "limit", "json:message", ("rate limit",)),)
    )
    body = {"message": "API rate limit exceeded for user ID 7."}
    empty = httpx.Response(403, json=body, headers=limits(5000, 0, START + 600))
    respx_mock.get(API).mock(side_effect=[empty, told(5000, 4999, START + 4200)])
    fetcher = make(policy)
    await fetcher.get(API)
    assert sum(clock.sleeps) == 601


async def test_a_limit_that_says_nothing_is_waited_for_longer_each_time(
    make: MakeFetcher, clock: FakeClock, respx_mock: respx.MockRouter
) -> None:
    policy = SitePolicy(
        (Bucket("graphql"),),
        HEADER_QUOTA,
        refusals=(Refusal((200,), "limit", equals=("json:errors.*.type", "RATE_LIMIT"), wait=10),),
    )
    no = httpx.Response(200, json={"errors": [{"type": "RATE_LIMIT"}]}, headers=limits(5000, 3700, START + 3000))
    respx_mock.post(API).mock(side_effect=[no, no, no, ok(), no, ok()])
    fetcher = make(policy)
    await fetcher.post(API, json={})
    await fetcher.post(API, json={})
    assert [round(slept) for slept in clock.sleeps if slept < 100] == [10, 20, 40, 10]


async def test_a_site_that_goes_on_refusing_is_left_alone(
    make: MakeFetcher, clock: FakeClock, respx_mock: respx.MockRouter
) -> None:
    route = respx_mock.get(API).respond(429)
    with pytest.raises(Spent, match=r"somesite: the site went on refusing core \(HTTP 429\) after 5 waits"):
        await make().get(API)
    assert clock.sleeps == [60, 120, 240, 480, 960]
    assert route.call_count == 6


async def test_requests_refused_together_count_once(
    make: MakeFetcher, clock: FakeClock, respx_mock: respx.MockRouter
) -> None:
    async def busy(request: httpx.Request) -> httpx.Response:
        was = clock.now
        await asyncio.sleep(0.002)
        return refused() if was == START else ok()

    respx_mock.get(API).mock(side_effect=busy)
    fetcher = make(SitePolicy((Bucket("core", concurrency=8),)))
    await asyncio.gather(*(fetcher.get(API) for _ in range(8)))
    assert clock.now == START + 60


# The quota


async def test_the_reserve_is_never_spent(make: MakeFetcher, clock: FakeClock, respx_mock: respx.MockRouter) -> None:
    respx_mock.get(API).mock(
        side_effect=[told(100, 7, START + 50), told(100, 6, START + 50), told(100, 5, START + 50), told(100, 99)]
    )
    fetcher = make(None, FetchConfig(reserve=0.05))
    for left in (2, 1, 0):
        await fetcher.get(API)
        assert fetcher.budget_left() == {"core": left}
        assert clock.sleeps == []
    await fetcher.get(API)
    assert clock.sleeps == [51]
    assert fetcher.budget_left() == {"core": 94}


async def test_a_long_wait_ends_the_connector_at_once(
    make: MakeFetcher, clock: FakeClock, respx_mock: respx.MockRouter
) -> None:
    route = respx_mock.get(API).mock(side_effect=[told(100, 5, 1_795_003_200)])
    fetcher = make(None, FetchConfig(max_wait_minutes=10))
    await fetcher.get(API)
    with pytest.raises(Spent, match=r"quota of core is used up until 2026-11-18 \d\d:\d\d:01 UTC.*10 minutes"):
        await fetcher.get(API)
    assert clock.sleeps == []
    assert route.call_count == 1


async def test_waits_are_added_up(make: MakeFetcher, clock: FakeClock, respx_mock: respx.MockRouter) -> None:
    respx_mock.get(API).mock(side_effect=[refused(retry_after=40), ok(), refused(retry_after=30), ok()])
    fetcher = make(budget=RunBudget(max_wait_seconds=60))
    await fetcher.get(API)
    with pytest.raises(Spent, match="the 1 minutes"):
        await fetcher.get(API)
    assert clock.sleeps == [40]


async def test_waiting_at_the_same_time_counts_once(
    make: MakeFetcher, clock: FakeClock, respx_mock: respx.MockRouter
) -> None:
    respx_mock.get(f"{API}/a").mock(side_effect=[told(10, 0, START + 50), told(10, 9)])
    respx_mock.get(f"{API}/b").mock(side_effect=[told(10, 0, START + 50), told(10, 9)])
    fetcher = make(SitePolicy((Bucket("a"), Bucket("b")), HEADER_QUOTA), budget=RunBudget(max_wait_seconds=60))
    for _ in range(2):
        await asyncio.gather(fetcher.get(f"{API}/a", bucket="a"), fetcher.get(f"{API}/b", bucket="b"))
    assert clock.sleeps == [51, 51]
    assert clock.now == START + 51


@pytest.mark.parametrize("nonsense", ["", "many", "-1", "nan"])
async def test_what_nobody_knows_stays_unknown(
    make: MakeFetcher, clock: FakeClock, respx_mock: respx.MockRouter, nonsense: str
) -> None:
    respx_mock.get(API).mock(return_value=told(nonsense, nonsense, nonsense))
    fetcher = make()
    for _ in range(20):
        await fetcher.get(API)
    assert fetcher.budget_left() == {"core": None}
    assert fetcher.budget_resets() == {"core": None}
    assert clock.sleeps == []


async def test_a_site_that_tells_nothing_is_counted_here(
    make: MakeFetcher, clock: FakeClock, respx_mock: respx.MockRouter
) -> None:
    respx_mock.get(API).mock(return_value=ok())
    fetcher = make(SitePolicy((Bucket("search", limit=10, window=60),)), FetchConfig(reserve=0.1))
    for _ in range(9):
        await fetcher.get(API)
    assert clock.sleeps == []
    assert fetcher.budget_left() == {"search": 0}
    await fetcher.get(API)
    assert clock.sleeps == [61]
    assert fetcher.budget_left() == {"search": 8}


async def test_a_daily_quota_without_a_reset_is_back_at_midnight(
    make: MakeFetcher, clock: FakeClock, respx_mock: respx.MockRouter
) -> None:
    quota = Quota(limit="json:quota_max", remaining="json:quota_remaining")
    respx_mock.get(API).respond(json={"quota_max": 300, "quota_remaining": 15})
    fetcher = make(SitePolicy((Bucket("api", window=DAY),), quota))
    await fetcher.get(API)
    with pytest.raises(Spent, match="until 2026-11-19 00:00:01 UTC"):
        await fetcher.get(API)


async def test_a_reset_in_the_past_does_not_open_the_gate(
    make: MakeFetcher, clock: FakeClock, respx_mock: respx.MockRouter
) -> None:
    respx_mock.get(API).mock(side_effect=[told(100, 3, START - 5), told(100, 99, START + 60)])
    fetcher = make()
    await fetcher.get(API)
    await fetcher.get(API)
    assert clock.sleeps
    assert (clock.now - 1) % 3600 == 0


async def test_requests_under_way_are_counted(
    make: MakeFetcher, clock: FakeClock, respx_mock: respx.MockRouter
) -> None:
    first = asyncio.Event()

    async def answer(request: httpx.Request) -> httpx.Response:
        if request.url.path == "/first":
            await first.wait()
        return told(10, 2, START + 100)

    respx_mock.get(url__startswith=API).mock(side_effect=answer)
    fetcher = make(SitePolicy((Bucket("core", concurrency=3),), HEADER_QUOTA), FetchConfig(reserve=0))
    slow = asyncio.create_task(fetcher.get(f"{API}/first"))
    await asyncio.sleep(0)
    await fetcher.get(f"{API}/x")
    assert fetcher.budget_left() == {"core": 1}
    first.set()
    await slow


async def test_a_pause_is_kept_although_the_answer_is_good(
    make: MakeFetcher, clock: FakeClock, respx_mock: respx.MockRouter
) -> None:
    respx_mock.get(API).mock(side_effect=[httpx.Response(200, json={"backoff": 12}), ok(), ok()])
    fetcher = make(SitePolicy((Bucket("api"), Bucket("other")), Quota(pause="json:backoff")))
    await fetcher.get(API)
    await fetcher.get(API, bucket="other")
    assert clock.sleeps == []
    await fetcher.get(API)
    assert clock.sleeps == [12]


async def test_the_pace_is_kept(make: MakeFetcher, clock: FakeClock, respx_mock: respx.MockRouter) -> None:
    starts: list[float] = []

    def note(request: httpx.Request) -> httpx.Response:
        starts.append(clock.now)
        return ok()

    respx_mock.get(API).mock(side_effect=note)
    fetcher = make(SitePolicy((Bucket("core", pace=2.5, concurrency=4),)), FetchConfig(max_wait_minutes=0))
    await asyncio.gather(*(fetcher.get(API) for _ in range(5)))
    assert len(starts) == 5
    assert sum(clock.sleeps) >= 10


async def test_a_clock_that_stands_still_does_not_hang(make: MakeFetcher, respx_mock: respx.MockRouter) -> None:
    async def no_sleep(seconds: float) -> None:
        """Return at once."""

    respx_mock.get(API).mock(side_effect=[refused(retry_after=30), told(100, 0, START + 90), told(100, 99)])
    fetcher = make(sleep=no_sleep, clock=lambda: START)
    answers = [await asyncio.wait_for(fetcher.get(API), 2) for _ in range(2)]
    assert [answer.status for answer in answers] == [200, 200]


# The whole run


async def test_no_request_goes_beyond_max_requests(
    make: MakeFetcher, clock: FakeClock, respx_mock: respx.MockRouter
) -> None:
    route = respx_mock.get(API).mock(return_value=ok())
    budget = RunBudget(max_requests=3)
    one, other = make(budget=budget), make(budget=budget)
    for fetcher in (one, other, one):
        await fetcher.get(API)
    with pytest.raises(Spent, match="all 3 requests of --max-requests"):
        await other.get(API)
    assert route.call_count == 3


async def test_attempts_count_as_requests(make: MakeFetcher, respx_mock: respx.MockRouter) -> None:
    route = respx_mock.get(API).respond(500)
    with pytest.raises(Spent):
        await make(budget=RunBudget(max_requests=2)).get(API)
    assert route.call_count == 2


async def test_max_requests_zero_asks_nothing(make: MakeFetcher, respx_mock: respx.MockRouter) -> None:
    with pytest.raises(Spent):
        await make(budget=RunBudget(max_requests=0)).get(API)


@respx.mock
async def test_the_reserve_is_not_spent_by_a_request_that_costs_more_than_one_unit() -> None:
    left = {"units": 40}

    def answer(_request: httpx.Request) -> httpx.Response:
        left["units"] -= 4
        headers = {"x-limit": "100", "x-remaining": str(left["units"]), "x-reset": str(int(time.time()) + 3000)}
        return httpx.Response(200, json={"cost": 4}, headers=headers)

    respx.get("https://api.example.org/").mock(side_effect=answer)
    places = Quota(limit="header:x-limit", remaining="header:x-remaining", reset="header:x-reset", cost="json:cost")
    policy = SitePolicy(buckets=(Bucket("points"),), quota=places)
    async with Fetcher("invented", policy, FetchConfig(reserve=0.2, max_wait_minutes=1)) as fetcher:
        for _ in range(5):
            await fetcher.get("https://api.example.org/")
        with pytest.raises(Spent):
            await fetcher.get("https://api.example.org/")
    assert left["units"] == 20


async def test_a_quota_smaller_than_its_reserve_leaves_room_for_is_spent_one_by_one(
    make: MakeFetcher, clock: FakeClock, respx_mock: respx.MockRouter
) -> None:
    respx_mock.get(API).mock(return_value=ok())
    fetcher = make(SitePolicy(buckets=(Bucket("calls", limit=1, window=10),)))
    for _ in range(3):
        assert (await fetcher.get(API)).status == 200
    assert fetcher.usage.requests == 3
    assert 10 <= sum(clock.sleeps) <= 40


# Limits of a minute


async def test_a_minute_holds_no_more_requests_than_the_policy_says(
    make: MakeFetcher, clock: FakeClock, respx_mock: respx.MockRouter
) -> None:
    respx_mock.get(API).mock(return_value=ok())
    fetcher = make(SitePolicy((Bucket("core", per_minute=3),)))
    for _ in range(7):
        await fetcher.get(API)
    assert clock.sleeps == [60, 60]


async def test_answers_that_take_long_are_followed_by_rest(
    make: MakeFetcher, clock: FakeClock, respx_mock: respx.MockRouter
) -> None:
    def slow(_: httpx.Request) -> httpx.Response:
        clock.now += 25
        return ok()

    respx_mock.get(API).mock(side_effect=slow)
    fetcher = make(SitePolicy((Bucket("core", busy_per_minute=60.0),)))
    for _ in range(4):
        await fetcher.get(API)
    # Three took 75 seconds; the first of them leaves the minute 60 seconds after its end.
    assert clock.sleeps == [10]


# An answer that speaks of another bucket, and limits of the whole site


RESOURCES = SitePolicy(
    (Bucket("core", limit=60), Bucket("search", limit=10)),
    replace(HEADER_QUOTA, resource="header:X-RateLimit-Resource"),
    refusals=(
        Refusal((403,), "limit", words=("secondary",), whole_site=True),
        Refusal((403,), "limit", words=("rate limit",)),
    ),
)


async def test_numbers_of_another_bucket_are_not_believed(
    make: MakeFetcher, clock: FakeClock, respx_mock: respx.MockRouter
) -> None:
    other = {**limits(30, 0, START + 50), "x-ratelimit-resource": "search"}
    own = {**limits(5000, 4000, START + 900), "x-ratelimit-resource": "Core"}
    respx_mock.get(API).mock(side_effect=[httpx.Response(200, json={}, headers=told) for told in (other, own)])
    fetcher = make(RESOURCES)
    await fetcher.get(API)
    assert fetcher.budget_left() == {"core": 59 - 3, "search": 9.5}
    await fetcher.get(API)
    assert fetcher.budget_left() == {"core": 4000 - 250, "search": 9.5}
    assert clock.sleeps == []


async def test_a_refusal_with_the_numbers_of_another_bucket_does_not_wait_for_its_reset(
    make: MakeFetcher, clock: FakeClock, respx_mock: respx.MockRouter
) -> None:
    headers = {**limits(30, 0, START + 3000), "x-ratelimit-resource": "search"}
    respx_mock.get(API).mock(side_effect=[httpx.Response(403, text="rate limit", headers=headers), ok()])
    await make(RESOURCES).get(API)
    assert clock.sleeps == [60]


@pytest.mark.parametrize(("words", "everywhere"), [("a secondary rate limit", True), ("a rate limit", False)])
async def test_a_limit_of_the_whole_site_closes_its_other_buckets(
    make: MakeFetcher, clock: FakeClock, respx_mock: respx.MockRouter, words: str, everywhere: bool
) -> None:
    fetcher = make(RESOURCES, FetchConfig(max_wait_minutes=0))
    respx_mock.get(f"{API}/a").respond(403, text=words, headers={"retry-after": "30"})
    respx_mock.get(f"{API}/b").respond(200, json={})
    with pytest.raises(Spent):
        await fetcher.get(f"{API}/a", bucket="core")
    assert respx_mock.calls.call_count == 1
    if everywhere:
        with pytest.raises(Spent):
            await fetcher.get(f"{API}/b", bucket="search")
        clock.now += 31
    assert (await fetcher.get(f"{API}/b", bucket="search")).status == 200


async def test_a_pause_of_a_lane_holds_up_that_lane_only(
    make: MakeFetcher, clock: FakeClock, respx_mock: respx.MockRouter
) -> None:
    respx_mock.get(API).mock(side_effect=[httpx.Response(200, json={"backoff": 10}), ok(), ok(), ok()])
    fetcher = make(SitePolicy((Bucket("api"),), Quota(pause="json:backoff")))
    await fetcher.get(API, lane="users")
    await fetcher.get(API, lane="badges")
    await fetcher.get(API)
    assert clock.sleeps == []
    await fetcher.get(API, lane="users")
    assert clock.sleeps == [10]


async def test_a_pause_of_no_lane_holds_up_everybody(
    make: MakeFetcher, clock: FakeClock, respx_mock: respx.MockRouter
) -> None:
    respx_mock.get(API).mock(side_effect=[httpx.Response(200, json={"backoff": 10}), ok()])
    fetcher = make(SitePolicy((Bucket("api"),), Quota(pause="json:backoff")))
    await fetcher.get(API)
    await fetcher.get(API, lane="users")
    assert clock.sleeps == [10]


@pytest.mark.parametrize(
    ("message", "slept"),
    [
        ("more requests available in 1234 seconds", 1234),
        ("more requests available in 0 seconds", 1),
        ("more requests available in 12345678901234567890 seconds", None),
        ("more requests available soon", 60),
        (None, 60),
        (["available in 5 seconds"], 5),
    ],
)
async def test_seconds_in_the_words_of_a_refusal_are_waited_for(
    make: MakeFetcher, clock: FakeClock, respx_mock: respx.MockRouter, message: object, slept: float | None
) -> None:
    said = Refusal((400,), "limit", told=("json:message", r"available in (\d+) seconds"))
    respx_mock.get(API).mock(side_effect=[refused(400, {"message": message}), ok()])
    fetcher = make(SitePolicy((Bucket("api"),), refusals=(said,)))
    if slept is None:
        with pytest.raises(Spent):
            await fetcher.get(API)
    else:
        await fetcher.get(API)
        assert clock.sleeps == [slept]


async def test_retry_after_goes_before_words(make: MakeFetcher, clock: FakeClock, respx_mock: respx.MockRouter) -> None:
    said = Refusal((400,), "limit", told=("json:message", r"(\d+)"))
    respx_mock.get(API).mock(side_effect=[refused(400, {"message": "70"}, retry_after="7"), ok()])
    await make(SitePolicy((Bucket("api"),), refusals=(said,))).get(API)
    assert clock.sleeps == [7]
