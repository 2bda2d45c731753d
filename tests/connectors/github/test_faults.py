"""Whatever goes wrong now and then, a cheap look tells the same."""

from __future__ import annotations

import random
from collections.abc import Callable

import httpx
import pytest

from sourcer.connect import Focus, Unknown
from sourcer_github import GitHub
from support.github_looks import Looks, visit
from support.github_world import Asked, FakeGitHub, merged, repository, review, user

SHARE = 0.15
LOOKS = 4
SOMETHING = {"data": None, "errors": [{"message": "Something went wrong while executing your query."}]}


def page(status: int) -> Callable[[FakeGitHub, Asked], httpx.Response]:
    """The page of a proxy."""
    return lambda _, __: httpx.Response(status, text="<html>")


def cut(world: FakeGitHub, asked: Asked) -> httpx.Response:
    """A body that stops in the middle."""
    whole = world.answer(asked).content
    return httpx.Response(200, content=whole[: len(whole) // 2])


def struck(world: FakeGitHub, asked: Asked) -> httpx.Response:
    """An answer whose first field stayed empty."""
    body = world.answer(asked).json()
    name, value = next(iter(body["data"].items()))
    path = [name, 0] if isinstance(value, list) else [name]
    body["data"][name] = [None, *value[1:]] if isinstance(value, list) else None
    body["errors"] = [
        *body.get("errors", ()),
        {"type": "RESOURCE_LIMITS_EXCEEDED", "path": path, "message": "Resource limits exceeded."},
    ]
    return httpx.Response(200, json=body)


def broken_off(_: FakeGitHub, __: Asked) -> httpx.Response:
    """The connection breaks."""
    raise httpx.ReadError("reset")


WAYS = (page(502), page(504), page(503), cut, struck, broken_off, lambda _, __: httpx.Response(200, json=SOMETHING))


def population(press: dict[str, object]) -> list[dict[str, object]]:
    """Some of them have more repositories than a page, and everybody did something elsewhere."""
    return [
        user(
            i,
            f"ada-{i}",
            [repository(100 * i + j, f"work-{j}", topics=["mlops"]) for j in range(60 if i % 20 == 0 else 4)],
            pulls=[merged(i, None, repository=press)],
            reviews=[review(i, merged(500 + i, None), press)],
        )
        for i in range(1, 41)
    ]


@pytest.mark.slow
@pytest.mark.parametrize("seed", [1, 2, 3])
async def test_faults_change_nothing_of_what_is_told(
    github: GitHub, world: FakeGitHub, focus: Focus, seed: int
) -> None:
    press = repository(9_999, "press", topics=["mlops"], stargazerCount=500)
    world.organisations = [user(99, "orchard", [press], __typename="Organization")]
    world.users = population(press)
    look, visits = Looks(github, focus), [visit(i, f"ada-{i}") for i in range(1, 41)]
    calm = await look(visits)
    calls = len(world.asked)
    world.asked.clear()
    dice = random.Random(seed)
    struck_now = 0

    def fault(asked: Asked) -> httpx.Response | None:
        nonlocal struck_now
        if dice.random() >= SHARE:
            return None
        struck_now += 1
        return dice.choice(WAYS)(world, asked)

    world.fault = fault
    for _ in range(LOOKS):
        assert await look(visits) == calm
    assert not [item for item in calm if isinstance(item, Unknown)]
    assert struck_now
    # A fault costs two questions more, as often as halves are asked.
    assert len(world.asked) <= LOOKS * calls + 6 * struck_now
