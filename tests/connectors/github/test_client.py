from __future__ import annotations

import httpx
import pytest

from sourcer.connect import AnswerError
from sourcer_github import GitHub
from sourcer_github.queries.common import LIMITS
from support.clock import FakeClock
from support.github_world import FakeGitHub


@pytest.mark.parametrize("status", [502, 504])
async def test_a_question_about_many_that_takes_too_long_comes_back_at_once(
    github: GitHub, world: FakeGitHub, status: int
) -> None:
    world.fault = lambda _: httpx.Response(status, text="<html>")
    with pytest.raises(AnswerError) as caught:
        await github.client.ask(LIMITS, many=True)
    assert (caught.value.kind, caught.value.status) == (f"http_{status}", status)
    assert len(world.asked) == 1
    with pytest.raises(AnswerError) as caught:
        await github.client.ask(LIMITS)
    assert caught.value.kind == "server_error"
    assert len(world.asked) == 1 + 4


async def test_pauses_grow_while_questions_take_too_long_one_after_another(
    github: GitHub, world: FakeGitHub, clock: FakeClock
) -> None:
    world.fault = lambda _: httpx.Response(502, text="<html>")
    for _ in range(4):
        with pytest.raises(AnswerError):
            await github.client.ask(LIMITS, many=True)
    world.fault = lambda _: None
    await github.client.ask(LIMITS, many=True)
    assert [round(pause, 3) for pause in clock.sleeps if pause] == [0.5, 1.0, 2.0, 4.0]
    world.fault = lambda _: httpx.Response(502, text="<html>")
    for _ in range(2):
        with pytest.raises(AnswerError):
            await github.client.ask(LIMITS, many=True)
    assert [round(pause, 3) for pause in clock.sleeps if pause][4:] == [0.5]


@pytest.mark.parametrize("status", [500, 503])
async def test_a_server_that_stumbles_is_asked_again_whatever_the_question(
    github: GitHub, world: FakeGitHub, status: int
) -> None:
    answers = [httpx.Response(status, text="<html>")]
    world.fault = lambda _: answers.pop() if answers else None
    await github.client.ask(LIMITS, many=True)
    assert len(world.asked) == 2
