from __future__ import annotations

import json
from datetime import UTC, datetime

import httpx
import pytest
import respx

from sourcer.config import Config
from sourcer.crawl.notify import notify
from sourcer.store.runs import Finding, RunRow

HOOK = "https://hooks.example.org/secret-path-of-the-hook"
RUN = RunRow(
    id=3,
    brief="ml-engineer",
    purpose="hiring",
    status="incomplete",
    started_at=datetime(2026, 1, 1, tzinfo=UTC),
    finished_at=None,
    config_digest="",
    versions={},
    chain=3,
    replay_of=None,
    sites={},
    health=(Finding("github", "failing", "failed 3 runs in a row"),),
)


def config(webhook: str) -> Config:
    return Config.model_validate({"notify": {"webhook": webhook}})


@respx.mock
async def test_the_hook_gets_the_run() -> None:
    route = respx.post(HOOK).mock(return_value=httpx.Response(204))
    assert await notify(config(HOOK), RUN) is None
    sent = json.loads(route.calls.last.request.content)
    assert (sent["id"], sent["brief"], sent["status"]) == (3, "ml-engineer", "incomplete")
    assert sent["text"] == "run 3 of ml-engineer is incomplete: github: failed 3 runs in a row"
    assert sent["health"] == [{"site": "github", "kind": "failing", "detail": "failed 3 runs in a row"}]


async def test_without_a_hook_nobody_is_told() -> None:
    assert await notify(config(""), RUN) is None


@respx.mock
@pytest.mark.parametrize("status", [404, 410])
async def test_a_hook_that_refuses_is_a_message_without_the_secret(status: int) -> None:
    respx.post(HOOK).mock(return_value=httpx.Response(status))
    said = await notify(config(HOOK), RUN)
    assert said is not None
    assert str(status) in said
    assert "secret-path" not in said
