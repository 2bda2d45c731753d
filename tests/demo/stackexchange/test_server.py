from __future__ import annotations

import gzip
import json

import httpx
import pytest

from sourcer.demo.loopback import Asked
from sourcer.demo.model import World
from sourcer.demo.stackexchange import EVERY, KEY, Mishap, StackExchangeServer
from sourcer.demo.stackexchange.manners import Manners
from sourcer.demo.stackexchange.mishaps import QUICK
from sourcer.demo.strikes import Strikes
from support.clock import FakeClock

USERS = "/2.3/users?site=stackoverflow"


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


def ask(server: StackExchangeServer, target: str = USERS) -> tuple[int, dict[str, object]]:
    answer = server.respond(Asked("GET", target, {}))
    body = gzip.decompress(answer.body) if "content-encoding" in answer.headers else b"{}"
    return answer.status, json.loads(body)


def reasons(server: StackExchangeServer) -> set[str]:
    return {one.reason for one in server.violations}


def test_answers_are_packed_whatever_the_client_takes(world: World) -> None:
    with StackExchangeServer(world) as server:
        for accepted in ("identity", "gzip"):
            answer = httpx.get(f"{server.url}/sites", headers={"accept-encoding": accepted})
            assert answer.headers["content-encoding"] == "gzip"
            assert answer.json()["items"]


def test_a_key_is_ten_thousand_requests_and_a_wrong_one_is_refused(world: World) -> None:
    server = StackExchangeServer(world)
    assert ask(server)[1]["quota_max"] == 300
    assert ask(server, f"{USERS}&key={KEY}")[1]["quota_max"] == 10_000
    status, body = ask(server, f"{USERS}&key=another")
    assert (status, body["error_name"]) == (400, "bad_parameter")


def test_the_last_request_of_a_day(world: World, clock: FakeClock) -> None:
    server = StackExchangeServer(world, manners=Manners(clock, free=2, a_second=1_000))
    assert [ask(server, f"{USERS}&page={page}")[1]["quota_remaining"] for page in (1, 2)] == [1, 0]
    status, body = ask(server)
    assert (status, body["error_id"]) == (400, 502)
    assert "more requests available in 86400 seconds" in str(body["error_message"])
    assert "primary" in reasons(server)
    clock.now += 86_400
    assert ask(server)[0] == 200


def test_a_pause_holds_for_its_method_alone(world: World, clock: FakeClock) -> None:
    server = StackExchangeServer(world, manners=Manners(clock), pauses=lambda method: 10 if method == "users" else None)
    assert ask(server)[1]["backoff"] == 10
    ask(server, "/2.3/users/1?site=stackoverflow")
    assert reasons(server) == set()
    ask(server, f"{USERS}&page=2")
    assert reasons(server) == {"too_early"}
    clock.now += 10
    server.violations.clear()
    ask(server, f"{USERS}&page=3")
    assert reasons(server) == set()


def test_more_than_thirty_a_second_are_banned_for_a_while(world: World, clock: FakeClock) -> None:
    server = StackExchangeServer(world, manners=Manners(clock))
    statuses = [ask(server, f"{USERS}&page={page}&key={KEY}")[0] for page in range(1, 32)]
    assert statuses == [200] * 30 + [429]
    clock.now += 29
    assert ask(server)[0] == 429
    assert reasons(server) == {"burst", "banned"}
    clock.now += 2
    assert ask(server)[0] == 200


def test_asking_for_the_same_within_a_minute_is_noted(world: World, clock: FakeClock) -> None:
    server = StackExchangeServer(world, manners=Manners(clock), strikes=Strikes({1: Mishap.HALF}))
    for _ in range(2):
        ask(server)
    assert reasons(server) == set()
    ask(server)
    assert reasons(server) == {"repeated"}


@pytest.mark.parametrize(
    ("mishap", "status"),
    [(Mishap.BAD_GATEWAY, 502), (Mishap.BANNED, 429), (Mishap.FORBIDDEN, 403), (Mishap.INTERNAL, 400),
     (Mishap.MAINTENANCE, 200), (Mishap.THROTTLED, 400), (Mishap.UNAVAILABLE, 400), (Mishap.BACKOFF, 200),
     (Mishap.BYTE_ORDER_MARK, 200)],
)  # fmt: skip
def test_mishaps_that_are_answers(world: World, mishap: Mishap, status: int) -> None:
    with StackExchangeServer(world, strikes=Strikes({1: mishap}, retry_after=7)) as server:
        answer = httpx.get(f"{server.url}/users", params={"site": "stackoverflow"})
    assert answer.status_code == status
    if mishap is Mishap.THROTTLED:
        assert answer.json()["error_message"].endswith("available in 7 seconds")
    if mishap is Mishap.BACKOFF:
        assert answer.json()["backoff"] == 7
    if mishap is Mishap.BYTE_ORDER_MARK:
        assert answer.content.startswith(b"\xef\xbb\xbf{")


@pytest.mark.parametrize("mishap", [Mishap.RESET, Mishap.HALF, Mishap.GARBAGE])
def test_mishaps_on_the_way(world: World, mishap: Mishap) -> None:
    with StackExchangeServer(world, strikes=Strikes({1: mishap})) as server:
        with pytest.raises((httpx.TransportError, json.JSONDecodeError)):
            httpx.get(f"{server.url}/users", params={"site": "stackoverflow"}).json()
        assert httpx.get(f"{server.url}/users", params={"site": "stackoverflow"}).json()["items"]


def test_quick_mishaps_say_how_long_to_wait() -> None:
    assert set(EVERY) - set(QUICK) == {Mishap.BANNED, Mishap.FORBIDDEN, Mishap.UNAVAILABLE}
