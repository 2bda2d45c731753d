from __future__ import annotations

import socket
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime

import httpx
import pytest

from sourcer.demo.faults import EVERY, Fault, Faults
from sourcer.demo.github import TOKEN, GitHubServer
from sourcer.demo.model import World
from support.demo_client import ask, post

LIMITS = "{ rateLimit { cost limit remaining used resetAt nodeCount } }"
SEARCH = """{ search(type: REPOSITORY, query: "topic:mlops", first: 50) {
  repositoryCount nodes { __typename } } rateLimit { cost } }"""
# 1 + 100 + 100 x 2 requests: 3 points.
DEAR = """{ search(type: USER, query: "repos:>0", first: 100) { nodes { ... on User {
  followers(first: 1) { totalCount } socialAccounts(first: 1) { totalCount } repositories(first: 1) { totalCount }
  } } } rateLimit { cost } }"""


def test_an_answer_tells_what_is_left(server: GitHubServer) -> None:
    first = post(server, DEAR)
    assert first.headers["content-type"] == "application/json; charset=utf-8"
    assert first.json()["data"]["rateLimit"]["cost"] == 3
    assert first.headers["x-ratelimit-remaining"] == "4997"
    second = post(server, LIMITS)
    rate = second.json()["data"]["rateLimit"]
    assert rate["remaining"] == int(second.headers["x-ratelimit-remaining"]) == 4996
    assert rate["used"] == int(second.headers["x-ratelimit-used"]) == 4
    assert second.headers["x-ratelimit-resource"] == "graphql"
    reset = datetime.fromisoformat(rate["resetAt"]).timestamp()
    assert reset == int(second.headers["x-ratelimit-reset"])
    assert (server.requests, server.points) == (2, 4)


@pytest.mark.parametrize("authorization", ["", "Bearer wrong", TOKEN])
def test_a_wrong_token_is_refused_and_costs_nothing(server: GitHubServer, authorization: str) -> None:
    answer = post(server, LIMITS, headers={"Authorization": authorization})
    assert answer.status_code == 401
    assert answer.json()["message"] == "Bad credentials"
    assert server.points == 0


@pytest.mark.parametrize("word", ["Bearer", "token"])
def test_both_words_before_a_token(server: GitHubServer, word: str) -> None:
    assert post(server, LIMITS, headers={"Authorization": f"{word} {TOKEN}"}).status_code == 200


def test_a_client_without_a_name_is_refused(server: GitHubServer) -> None:
    answer = post(server, LIMITS, headers={"User-Agent": ""})
    assert answer.status_code == 403
    assert "User-Agent" in answer.text


def test_an_invalid_query_costs_nothing(server: GitHubServer) -> None:
    assert ask(server, '{ user(login: "x") { shoeSize } }')["errors"][0]["extensions"]["code"] == "undefinedField"
    assert server.points == 0


def test_no_json_is_a_bad_request(server: GitHubServer) -> None:
    headers = {"Authorization": f"Bearer {TOKEN}"}
    answer = httpx.post(f"{server.url}/graphql", content=b"{", headers=headers)
    assert answer.status_code == 400
    assert answer.json()["message"] == "Problems parsing JSON"


def test_long_answers_are_packed_where_the_client_can_unpack(server: GitHubServer) -> None:
    packed = post(server, SEARCH)
    plain = post(server, SEARCH, headers={"Accept-Encoding": "identity"})
    assert packed.headers["content-encoding"] == "gzip"
    assert "content-encoding" not in plain.headers
    assert packed.json() == plain.json()


def test_used_up_points_come_back_when_the_window_ends(world: World) -> None:
    now = [1_800_000_000.0]
    with GitHubServer(world, limit=4, clock=lambda: now[0]) as server:
        assert ask(server, DEAR)["data"]["rateLimit"]["cost"] == 3
        assert "data" in ask(server, LIMITS)
        refused = post(server, LIMITS)
        assert refused.status_code == 200
        assert refused.json()["errors"][0]["type"] == "RATE_LIMITED"
        assert refused.headers["x-ratelimit-remaining"] == "0"
        assert refused.headers["x-ratelimit-reset"] == "1800003600"
        now[0] += 3600
        assert ask(server, LIMITS)["data"]["rateLimit"]["remaining"] == 3
        assert server.points == 5


def test_requests_are_counted_also_those_at_a_time(world: World) -> None:
    with GitHubServer(world, latency=0.05) as server, ThreadPoolExecutor(4) as pool:
        assert all(pool.map(lambda _: ask(server, LIMITS)["data"], range(8)))
    assert server.requests == server.counts["graphql"] == server.statuses[200] == 8
    assert 2 <= server.peak <= 4


def test_the_server_ends_with_its_context(world: World) -> None:
    before = threading.active_count()
    with httpx.Client() as client:
        with GitHubServer(world) as server:
            port = int(server.url.rpartition(":")[2])
            # The connection is kept alive by the client, yet the server ends.
            client.get(f"{server.url}/rate_limit", headers={"Authorization": f"Bearer {TOKEN}"})
        with pytest.raises(RuntimeError, match="not running"):
            _ = server.url
    with pytest.raises(OSError, match="refused"):
        socket.create_connection(("127.0.0.1", port), timeout=1).close()
    assert threading.active_count() <= before + 1


def test_it_listens_on_this_machine_only(server: GitHubServer) -> None:
    assert server.url.startswith("http://127.0.0.1:")


# ---------------------------------------------------------------- faults


@pytest.mark.parametrize(
    ("fault", "status", "words"),
    [
        (Fault.BAD_GATEWAY, 502, "<title>502 Bad Gateway"),
        (Fault.TIMEOUT, 502, "Something went wrong while executing your query"),
        (Fault.SECONDARY, 403, "secondary rate limit"),
        (Fault.TOO_MANY, 429, "secondary rate limit"),
        (Fault.SECONDARY_OK, 200, "secondary rate limit"),
        (Fault.RATE_LIMITED, 200, '"type":"RATE_LIMITED"'),
        (Fault.RATE_LIMIT, 200, '"type":"RATE_LIMIT"'),
        (Fault.PRIMARY, 403, "API rate limit exceeded"),
        (Fault.PRIMARY_TOO_MANY, 429, "API rate limit exceeded"),
        (Fault.SECONDARY_SILENT, 403, "secondary rate limit"),
        (Fault.TOO_MANY_SILENT, 429, "secondary rate limit"),
        (Fault.GATEWAY_TIMEOUT, 504, "<title>504 Gateway Time-out"),
        (Fault.SERVER_ERROR, 500, "Server Error"),
        (Fault.UNAVAILABLE, 503, "Server Error"),
        (Fault.WRONG, 200, "Something went wrong while executing your query"),
        (Fault.PARTIAL, 200, "RESOURCE_LIMITS_EXCEEDED"),
        (Fault.NULLS, 200, "RESOURCE_LIMITS_EXCEEDED"),
    ],
)
def test_faults_that_are_answers(world: World, fault: Fault, status: int, words: str) -> None:
    with GitHubServer(world, faults=Faults({2: fault}, retry_after=7)) as server:
        good = post(server, SEARCH)
        bad = post(server, SEARCH)
        again = post(server, SEARCH)
    assert (good.status_code, bad.status_code, again.status_code) == (200, status, 200)
    assert words in bad.text
    assert good.json() == again.json()
    waits = fault in (Fault.SECONDARY, Fault.TOO_MANY, Fault.SECONDARY_OK, Fault.RATE_LIMITED)
    assert bad.headers.get("retry-after") == ("7" if waits else None)


@pytest.mark.parametrize("fault", [Fault.PRIMARY, Fault.PRIMARY_TOO_MANY])
def test_a_used_up_quota_tells_when_it_is_full_again(world: World, fault: Fault) -> None:
    with GitHubServer(world, faults=Faults({1: fault}, retry_after=40), clock=lambda: 1_800_000_000.5) as server:
        refused = post(server, LIMITS)
    assert refused.headers["x-ratelimit-remaining"] == "0"
    assert refused.headers["x-ratelimit-reset"] == "1800000041"
    assert "retry-after" not in refused.headers


def test_one_item_of_an_inner_list_is_missing_and_named(world: World) -> None:
    query = """query($l: String!) { a: user(login: $l) { login repositories(first: 5) { nodes { id } } } }"""
    login = next(one.github.login for one in world.people if one.github and not one.traps)
    with GitHubServer(world, faults=Faults({1: Fault.NULLS})) as server:
        found, whole = ask(server, query, l=login), ask(server, query, l=login)
    (fault,) = found["errors"]
    assert fault["path"] == ["a", "repositories", "nodes", 0]
    assert found["data"]["a"]["repositories"]["nodes"] == [None, *whole["data"]["a"]["repositories"]["nodes"][1:]]
    assert found["data"]["a"]["login"] == login


def test_a_timeout_costs_its_points(world: World) -> None:
    with GitHubServer(world, faults=Faults({1: Fault.TIMEOUT, 2: Fault.BAD_GATEWAY})) as server:
        post(server, DEAR)
        post(server, DEAR)
        assert server.points == 3


@pytest.mark.parametrize("fault", [Fault.HALF, Fault.RESET])
def test_faults_of_the_connection(world: World, fault: Fault) -> None:
    with GitHubServer(world, faults=Faults({1: fault})) as server:
        with pytest.raises(httpx.TransportError):
            post(server, SEARCH)
        assert ask(server, SEARCH)["data"]["search"]["repositoryCount"] > 0


def test_a_partial_answer_keeps_the_rest(world: World) -> None:
    login = next(one.github.login for one in world.people if one.github and not one.traps)
    users = f'{{ a: user(login: "{login}") {{ login }} b: user(login: "{login}") {{ login }} rateLimit {{ cost }} }}'
    ids = f'{{ nodes(ids: ["{world.accounts[0].id}", "{world.accounts[1].id}"]) {{ id }} }}'
    with GitHubServer(world, faults=Faults(share=1.0, kinds=[Fault.PARTIAL])) as server:
        found = ask(server, users)
        assert found["data"] == {"a": None, "b": {"login": login}, "rateLimit": {"cost": 1}}
        assert found["errors"][0]["path"] == ["a"]
        assert ask(server, ids)["data"]["nodes"] == [None, {"id": world.accounts[1].id}]
        assert ask(server, SEARCH)["data"]["search"]["nodes"] is None
        assert "errors" not in ask(server, LIMITS)


def test_a_share_of_faults_is_the_same_each_time() -> None:
    one, same, other = Faults(share=0.03, seed=1), Faults(share=0.03, seed=1), Faults(share=0.03, seed=2)
    struck = [number for number in range(1, 5_001) if one.of(number)]
    assert 100 < len(struck) < 200
    assert struck == [number for number in range(1, 5_001) if same.of(number)]
    assert struck != [number for number in range(1, 5_001) if other.of(number)]
    assert len({one.of(number) for number in struck}) == 7
    every = Faults(share=0.5, kinds=EVERY, seed=1)
    assert {every.of(number) for number in range(1, 1_000)} == {None, *Fault}
    assert not any(Faults().of(number) for number in range(1, 100))
