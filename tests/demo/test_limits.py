from __future__ import annotations

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import pytest

from sourcer.demo.faults import Fault, Faults
from sourcer.demo.github import GitHubServer
from sourcer.demo.limits import Guard, Limits
from sourcer.demo.model import World
from support.demo_client import ask, post

pytestmark = pytest.mark.slow

LIMITS = "{ rateLimit { cost limit remaining used resetAt nodeCount } }"


@dataclass
class Clock:
    now: float = 1_800_000_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


def reasons(guard: Guard) -> Counter[str]:
    return Counter(one.reason for one in guard.violations)


def one_after_the_other(guard: Guard, number: int, kind: str = "graphql", seconds: float = 0.0) -> list[int | None]:
    found = []
    for turn in range(number):
        found.append(guard.enter(turn, kind))
        guard.leave(kind, seconds)
    return found


def test_who_keeps_to_the_limits_violates_nothing(clock: Clock) -> None:
    guard = Guard(Limits(), clock)
    assert one_after_the_other(guard, 1_000, "graphql", 0.05) == [None] * 1_000
    assert one_after_the_other(guard, 900, "/users/{login}", 0.0) == [None] * 900
    assert guard.violations == []
    assert guard.peak == 1


def test_too_many_at_a_time(clock: Clock) -> None:
    guard = Guard(Limits(concurrent=2, alone=False), clock)
    assert [guard.enter(number, "graphql") for number in range(3)] == [None, None, 60]
    assert reasons(guard) == {"concurrent": 1}
    assert guard.peak == 3


def test_a_second_one_at_a_time_is_noted_and_not_refused(clock: Clock) -> None:
    guard = Guard(Limits(), clock)
    assert [guard.enter(number, "graphql") for number in range(2)] == [None, None]
    assert reasons(guard) == {"not_alone": 1}


@pytest.mark.parametrize(("kind", "reason"), [("graphql", "graphql_points"), ("/users/{login}", "rest_points")])
def test_points_of_a_minute(clock: Clock, kind: str, reason: str) -> None:
    guard = Guard(Limits(graphql_points=5, rest_points=5), clock)
    assert one_after_the_other(guard, 7, kind) == [None] * 5 + [60, 60]
    assert reasons(guard) == {reason: 1}
    clock.now += 59
    assert one_after_the_other(guard, 1, kind) == [1]
    clock.now += 1.5
    assert one_after_the_other(guard, 5, kind) == [None] * 5


def test_each_rest_endpoint_has_its_own_minute_and_changes_count_five(clock: Clock) -> None:
    guard = Guard(Limits(rest_points=5), clock)
    assert one_after_the_other(guard, 5, "/users/{login}") == [None] * 5
    assert one_after_the_other(guard, 5, "/repos/{owner}/{repo}") == [None] * 5
    assert guard.enter(1, "/app", changes=True) is None
    guard.leave("/app", 0)
    assert guard.enter(2, "/app", changes=True) == 60
    assert reasons(guard) == {"rest_points": 1}


def test_seconds_of_a_minute(clock: Clock) -> None:
    guard = Guard(Limits(), clock)
    assert one_after_the_other(guard, 7, "graphql", 10.0) == [None] * 7
    assert guard.enter(8, "graphql") == 60
    assert reasons(guard) == {"graphql_seconds": 1}
    both = Guard(Limits(), clock)
    assert one_after_the_other(both, 6, "graphql", 10.0) == [None] * 6
    assert one_after_the_other(both, 4, "/users", 10.0) == [None] * 4
    assert both.enter(11, "/users") == 60
    assert reasons(both) == {"seconds": 1}


def test_one_slow_answer_after_the_other_is_no_more_than_a_minute_a_minute(clock: Clock) -> None:
    guard = Guard(Limits(), clock)
    for number in range(20):
        assert guard.enter(number, "graphql") is None
        clock.now += 9
        guard.leave("graphql", 9)
    assert guard.violations == []


def test_who_does_not_wait_is_noted_also_without_limits(clock: Clock) -> None:
    guard = Guard(None, clock)
    guard.pause(clock.now + 60)
    clock.now += 59
    assert guard.enter(2, "graphql") is None
    clock.now += 1
    assert guard.enter(3, "graphql") is None
    assert [(one.reason, one.request, one.detail) for one in guard.violations] == [
        ("too_early", 2, "1.0 s of the pause were left")
    ]


def test_what_is_used_up_leaves_the_rest_alone(clock: Clock) -> None:
    guard = Guard(None, clock)
    guard.pause(clock.now + 60, "search")
    for number, bucket in enumerate(("core", "graphql", "search")):
        guard.enter(number, "any", bucket)
    assert [one.request for one in guard.violations] == [2]


@pytest.mark.parametrize(
    ("fault", "pause"),
    [
        (Fault.SECONDARY, 7),
        (Fault.TOO_MANY, 7),
        (Fault.SECONDARY_OK, 7),
        (Fault.RATE_LIMITED, 7),
        (Fault.PRIMARY, 7),
        (Fault.PRIMARY_TOO_MANY, 7),
        (Fault.SECONDARY_SILENT, 60),
        (Fault.TOO_MANY_SILENT, 60),
        (Fault.RATE_LIMIT, 60),
        (Fault.BAD_GATEWAY, 0),
        (Fault.WRONG, 0),
    ],
)
def test_how_long_each_refusal_asks_to_wait(world: World, clock: Clock, fault: Fault, pause: int) -> None:
    with GitHubServer(world, faults=Faults({1: fault}, retry_after=7), clock=clock) as server:
        post(server, LIMITS)
        clock.now += max(0, pause - 1)
        post(server, LIMITS)
        clock.now += 1
        post(server, LIMITS)
    assert Counter(one.reason for one in server.violations) == ({"too_early": 1} if pause else {})


def test_the_server_refuses_what_is_too_much(world: World, clock: Clock) -> None:
    with GitHubServer(world, limits=Limits(graphql_points=3), clock=clock) as server:
        statuses = [post(server, LIMITS).status_code for _ in range(4)]
        refused = post(server, LIMITS)
    assert statuses == [200, 200, 200, 403]
    assert refused.headers["retry-after"] == "60"
    assert "secondary rate limit" in refused.json()["message"]
    assert [one.reason for one in server.violations] == ["graphql_points", "too_early"]
    assert server.points == 3


def test_asking_with_nothing_left_is_noted(world: World, clock: Clock) -> None:
    with GitHubServer(world, limit=1, clock=clock) as server:
        post(server, LIMITS)
        post(server, LIMITS)
        clock.now += 3_600
        assert "data" in ask(server, LIMITS)
    assert [one.reason for one in server.violations] == ["primary"]


def test_many_at_a_time_are_seen_by_the_server(world: World) -> None:
    with GitHubServer(world, latency=0.05, limits=Limits()) as server, ThreadPoolExecutor(3) as pool:
        assert all(pool.map(lambda _: ask(server, LIMITS)["data"], range(6)))
    assert {one.reason for one in server.violations} == {"not_alone"}
    assert server.peak > 1


MANY = """query($ids: [ID!]!) { nodes(ids: $ids) { ... on User { login } } rateLimit { cost } }"""


def test_an_answer_that_holds_too_much_is_cut(world: World) -> None:
    ids = [one.id for one in world.accounts if not one.is_gone][:10]
    with GitHubServer(world, limits=Limits(answer_nodes=4)) as server:
        found = ask(server, MANY, ids=ids)
        small = ask(server, MANY, ids=ids[:3])
    assert [one is not None for one in found["data"]["nodes"]] == [True] * 4 + [False] * 6
    assert [one["path"] for one in found["errors"]] == [["nodes", place] for place in range(4, 10)]
    assert {one["type"] for one in found["errors"]} == {"RESOURCE_LIMITS_EXCEEDED"}
    assert found["data"]["rateLimit"] == {"cost": 1}
    assert "errors" not in small


def test_a_query_that_takes_too_long_comes_to_nothing_and_costs_twice(world: World) -> None:
    ids = [one.id for one in world.accounts if not one.is_gone][:10]
    with GitHubServer(world, limits=Limits(query_fields=10)) as server:
        slow = post(server, MANY, {"ids": ids})
        assert server.points == 2
        quick = post(server, MANY, {"ids": ids[:5]})
    assert slow.status_code == 502
    assert "may be the result of a timeout" in slow.text
    assert quick.status_code == 200
    assert server.points == 3
