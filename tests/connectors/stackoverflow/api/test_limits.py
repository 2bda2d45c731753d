"""Quota, pauses, refusals: what the fetcher makes of this API's manners."""

from __future__ import annotations

from collections.abc import Iterator

import httpx
import pytest

from sourcer.connect import Checkpoint, Denied, NotConfigured, Profile, SiteError, Spent
from sourcer_stackoverflow import StackOverflow
from support.clock import FakeClock
from support.dumps import answer, badge, of_type, question, uids, user
from support.stackexchange_calls import Connect, find, look, visit, wish
from support.stackexchange_world import Asked, Site, StackExchange, refused, zipped
from support.two_ways import ME

SITE = Site(
    [user(ME + 7, AccountId=70), user(ME + 8)],
    [question(1), answer(2, 1, ME + 7), answer(3, 1, ME + 8)],
    [badge(ME + 7, "pytorch")],
)


def first(*answers: httpx.Response) -> Iterator[httpx.Response | None]:
    yield from answers
    while True:
        yield None


def world_with(*answers: httpx.Response, method: str = "users/{}") -> StackExchange:
    """A world whose method fails so before it works."""
    left = first(*answers)
    return StackExchange({"ai": SITE}, fault=lambda asked: next(left) if asked.method == method else None)


async def test_a_pause_is_kept_for_its_method_and_the_page_is_not_thrown_away(
    connect: Connect, clock: FakeClock
) -> None:
    world = StackExchange({"ai": SITE}, pauses=lambda asked: 10 if asked.method == "users/{}" else None)
    connector = connect(world)
    began = clock.now
    await look(connector, [visit(ME + 7)])
    assert clock.now - began < 1  # the badges did not wait for the profiles' pause
    await look(connector, [visit(ME + 8)])
    assert clock.now - began >= 10
    assert world.impatient == []
    assert world.methods()["users/{}"] == 2


async def test_every_method_may_demand_a_pause(connect: Connect) -> None:
    world = StackExchange({"ai": SITE}, pauses=lambda _: 5)
    connector = connect(world)
    assert set(uids(await find(connector, wish("pytorch")))) == {str(ME + 7), str(ME + 8)}
    await look(connector, [visit(ME + 7), visit(ME + 8)])
    await look(connector, [visit(ME + 7), visit(ME + 8)])
    assert world.impatient == []


async def test_a_throttle_is_waited_for_as_long_as_it_says(connect: Connect, clock: FakeClock) -> None:
    words = "too many requests from this IP, more requests available in 1234 seconds"
    items = await look(connect(world_with(refused(502, "throttle_violation", words))), [visit(ME + 7)])
    assert len(items) > 1
    assert 1234 in clock.sleeps


async def test_a_throttle_that_says_nothing_is_waited_for_a_minute(connect: Connect, clock: FakeClock) -> None:
    await look(connect(world_with(refused(502, "throttle_violation", "slow down"))), [visit(ME + 7)])
    assert 60 in clock.sleeps


async def test_a_throttle_of_hours_ends_the_run_as_resumable(connect: Connect) -> None:
    words = "too many requests from this IP, more requests available in 50000 seconds"
    with pytest.raises(Spent, match="run it again after that"):
        await look(connect(world_with(refused(502, "throttle_violation", words))), [visit(ME + 7)])


async def test_unavailable_is_waited_for(connect: Connect, clock: FakeClock) -> None:
    no = refused(503, "temporarily_unavailable", "try again")
    await look(connect(world_with(no, no)), [visit(ME + 7)])
    assert [slept for slept in clock.sleeps if slept >= 60] == [60, 120]


async def test_an_internal_error_is_asked_again_at_once(connect: Connect, clock: FakeClock) -> None:
    items = await look(connect(world_with(refused(500, "internal_error", "oops"))), [visit(ME + 7)])
    assert len(items) > 1
    assert max(clock.sleeps, default=0) < 1


@pytest.mark.parametrize("status", [400, 401, 403, 429])
async def test_a_page_instead_of_an_error_is_a_ban_that_is_waited_for(
    connect: Connect, clock: FakeClock, status: int
) -> None:
    banned = httpx.Response(status, html="<h1>Access denied</h1>")
    items = await look(connect(world_with(banned, banned)), [visit(ME + 7)])
    assert len(of_type(items, Profile)) == 1
    assert [slept for slept in clock.sleeps if slept >= 60] == [60, 120]


async def test_a_ban_that_does_not_end_stops_the_crawl_as_resumable(connect: Connect) -> None:
    world = StackExchange({"ai": SITE}, fault=lambda asked: httpx.Response(403, html="<h1>Access denied</h1>"))
    with pytest.raises(Spent, match="run it again later"):
        await look(connect(world), [visit(ME + 7)])
    assert len(world.asked) < 10


@pytest.mark.parametrize("status", [404, 410])
async def test_a_page_that_is_not_there_is_no_answer(connect: Connect, clock: FakeClock, status: int) -> None:
    world = StackExchange({"ai": SITE}, fault=lambda asked: httpx.Response(status, html="<h1>no</h1>"))
    connector = connect(world)
    await look(connector, [visit(ME + 7)])
    assert connect.fetcher.usage.answers == 0
    assert connect.fetcher.usage.errors["server_error"][0] == 1
    assert max(clock.sleeps, default=0) < 60


@pytest.mark.parametrize("method", ["users/{}", "users/{}/badges", "users/{}/associated"])
async def test_what_a_look_was_not_told_is_among_the_errors(connect: Connect, method: str) -> None:
    no = refused(404, "no_method", "no such method")
    world = StackExchange({"ai": SITE, "stats": Site()}, fault=lambda asked: no if asked.method == method else None)
    await look(connect(world), [visit(ME + 7)])
    assert connect.fetcher.usage.errors["no_method"][0] == 1


@pytest.mark.parametrize(
    ("method", "answers"),
    [("users/{}/answers", 1), ("users/{}/questions", 1), ("users/{}/top-answer-tags", 900)],
)
async def test_what_a_deep_look_was_not_told_is_among_the_errors(connect: Connect, method: str, answers: int) -> None:
    no = zipped({"no": "items"})
    world = StackExchange({"ai": SITE}, fault=lambda asked: no if asked.method == method else None)
    await look(connect(world), [visit(ME + 7, answers=answers, questions=1)], "deep")
    assert connect.fetcher.usage.errors["bad_body"][0] == 1


async def test_what_the_fetcher_counts_is_not_counted_twice(connect: Connect) -> None:
    down = httpx.Response(200, html="<h1>maintenance</h1>")
    await look(connect(world_with(*[down] * 4)), [visit(ME + 7)])
    assert connect.fetcher.usage.errors["bad_body"][0] == 1


@pytest.mark.parametrize("error", [402, 406])
async def test_refused_credentials_stop_the_connector(connect: Connect, error: int) -> None:
    with pytest.raises(Denied, match=r"\[connectors.stackoverflow\]"):
        await look(connect(world_with(refused(error, "no", "no"))), [visit(ME + 7)])


@pytest.mark.parametrize(
    ("error", "message", "kind", "says"),
    [
        (401, "this method requires an access token", NotConfigured, "set key"),
        (405, "this method requires an app key", NotConfigured, "set key"),
        (400, "No site found for name `ai`", NotConfigured, "correct sites"),
        (400, "`key` doesn't match a known application", Denied, "correct key"),
    ],
)
async def test_what_must_be_set_is_said(
    connect: Connect, error: int, message: str, kind: type[SiteError], says: str
) -> None:
    with pytest.raises(kind, match=says):
        await look(connect(world_with(refused(error, "no", message))), [visit(ME + 7)])


async def test_the_quota_is_believed_and_the_reserve_is_kept(connect: Connect) -> None:
    world = StackExchange({"ai": SITE}, quota=17)
    connector = connect(world)
    await look(connector, [visit(ME + 8)])
    with pytest.raises(Spent, match="the quota of requests is used up"):
        await look(connector, [visit(ME + 8)])
    assert world.quota == 15  # 5 % of 300


async def test_with_a_key_the_limit_is_what_the_api_says(connect: Connect) -> None:
    world = StackExchange({"ai": SITE}, quota=9_000, key="invented-key")
    await look(connect(world, key="invented-key"), [visit(ME + 7)])
    assert connect.fetcher.budget_left()["requests"] == world.quota - 500
    assert all(asked.params["key"] == "invented-key" for asked in world.asked)


async def test_no_page_of_a_discovery_is_lost_when_the_site_is_down(connect: Connect) -> None:
    down = [httpx.Response(200, html="maintenance")] * 4
    world = world_with(*down, method="questions/{}/answers")
    connector = connect(world)
    found = connector.discover(wish("pytorch"), None)
    after: Checkpoint | None = None

    async def until_it_stops() -> None:
        nonlocal after
        async for item in found:
            after = item if isinstance(item, Checkpoint) else after

    with pytest.raises(SiteError, match="run it again"):
        await until_it_stops()
    rest = await find(connector, wish("pytorch"), after)
    assert {"2", "3"} <= {getattr(item, "key", "") for item in rest}
    assert world.methods()["tags/{}/info"] == 1


# Whether it could work.


async def test_the_check_knows_the_sites(connect: Connect) -> None:
    world = StackExchange({"ai": SITE})
    await connect(world).check()
    with pytest.raises(NotConfigured, match="no such site: stats"):
        await connect(world, sites=["ai", "stats"]).check()
    assert world.methods() == {"sites": 2}


@pytest.mark.parametrize("answer", [httpx.Response(404, html="<h1>no</h1>"), refused(404, "no_method", "no method")])
async def test_a_wrong_address_is_told(connect: Connect, answer: httpx.Response) -> None:
    def wrong(_: Asked) -> httpx.Response:
        return answer

    connector: StackOverflow = connect(StackExchange({"ai": SITE}, fault=wrong))
    with pytest.raises(SiteError, match="no usable answer"):
        await connector.check()


async def test_a_byte_order_mark_is_tolerated(connect: Connect) -> None:
    body = '\N{ZERO WIDTH NO-BREAK SPACE}{"items": [{"api_site_parameter": "ai"}], "has_more": false}'
    await connect(StackExchange({"ai": SITE}, fault=lambda _: zipped(body.encode()))).check()
