"""A secret never reaches the archive or a message, wherever a connector puts it and wherever the site echoes it."""

from __future__ import annotations

import asyncio
import gzip
import html
import json
import logging
import tempfile
import traceback
from pathlib import Path
from typing import Any
from urllib.parse import quote, quote_plus

import httpx
import pytest
import respx
import stamina
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sourcer.config import FetchConfig
from sourcer.errors import SourcerError
from sourcer.fetch import Archive, Fetcher
from sourcer.fetch.policy import Bucket, SitePolicy
from support.clock import FakeClock
from support.fetching import API

PRINTABLE = "".join(map(chr, range(33, 127)))
TEXT = st.text(PRINTABLE + "äЖ😀", min_size=3, max_size=20)
# The middle makes sure that it is no word that stands in every record anyway.
SECRETS = st.builds(lambda before, after: f"{before}Zq7xQ{after}", TEXT, TEXT)
PLACES = ["header", "own header", "param", "path", "value in a param", "json", "json key"]
ECHOES = ["nowhere", "json", "escaped json", "text", "percent", "form", "html", "header", "redirect"]


def spellings(secret: str) -> set[str]:
    """The ways in which somebody could read the secret from what was written."""
    escaped = json.dumps(secret)[1:-1]
    return {
        secret,
        escaped,
        json.dumps(secret, ensure_ascii=False)[1:-1],
        json.dumps(escaped)[1:-1],
        quote(secret, safe=""),
        quote(secret),
        quote_plus(secret),
        html.escape(secret),
    }


def ask(fetcher: Fetcher, place: str, secret: str) -> Any:
    if place == "header":
        return fetcher.get(f"{API}/x", headers={"Authorization": f"Bearer {secret}"})
    if place == "own header":
        return fetcher.get(f"{API}/x", headers={"X-Odd": secret})
    if place == "param":
        return fetcher.get(f"{API}/x", params={"key": secret})
    if place == "value in a param":
        return fetcher.get(f"{API}/x", params={"q": f"a {secret} b"})
    if place == "path":
        return fetcher.get(f"{API}/{quote(secret, safe='')}/x")
    return fetcher.post(f"{API}/x", json={secret: 1} if place == "json key" else {"a": [secret]})


def echo(how: str, status: int, secret: str) -> httpx.Response:
    if how == "header":
        return httpx.Response(status, json={}, headers={"X-Echo": quote(secret)})
    if how == "redirect":
        return httpx.Response(302, headers={"Location": f"https://elsewhere.example.org/?k={quote(secret)}"})
    bodies = {
        "nowhere": "{}",
        "json": json.dumps({"message": f"no such token: {secret}"}),
        "escaped json": json.dumps({"message": json.dumps({"t": secret})}),
        "text": f"oops {secret}",
        "percent": json.dumps({"message": quote(secret, safe="")}),
        "form": json.dumps({"message": quote_plus(secret)}),
        "html": f"<p>{html.escape(secret)}</p>",
    }
    return httpx.Response(status, text=bodies[how])


async def leak(root: Path, place: str, how: str, status: int, secret: str) -> str:
    """Ask once; gives everything that was written or said about it."""
    clock = FakeClock()
    policy = SitePolicy((Bucket("core"),))
    said = []
    with respx.mock(assert_all_called=False) as router:
        router.route().mock(side_effect=lambda request: echo(how, status, secret))
        options: dict[str, Any] = {"sleep": clock.sleep, "clock": clock, "archive": Archive(root, 1)}
        async with Fetcher("somesite", policy, FetchConfig(), secrets=(secret,), **options) as fetcher:
            try:
                answer = await ask(fetcher, place, secret)
            except SourcerError as error:
                said += [str(error), repr(error), *traceback.format_exception(error, chain=True)]
            else:
                said += [repr(answer), answer.text]
            said.append(repr(fetcher.usage))
    return "\n".join([*said, *written(root)])


def written(root: Path) -> list[str]:
    """The records as they are, and as JSON: what is written escaped is read unescaped."""
    texts = [gzip.decompress(path.read_bytes()).decode() for path in root.rglob("*.gz")]
    return [*texts, *(repr(json.loads(text)) for text in texts)]


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    secret=SECRETS,
    place=st.sampled_from(PLACES),
    how=st.sampled_from(ECHOES),
    status=st.sampled_from([200, 401, 404, 429, 500]),
)
def test_no_secret_is_written_or_said(
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
    *,
    secret: str,
    place: str,
    how: str,
    status: int,
) -> None:
    caplog.set_level(logging.DEBUG)
    caplog.clear()
    capfd.readouterr()
    with stamina.set_testing(True, attempts=2, cap=True), tempfile.TemporaryDirectory() as folder:
        told = asyncio.run(leak(Path(folder), place, how, status, secret))
    told += caplog.text + str(capfd.readouterr())
    assert [form for form in spellings(secret) if form in told] == []


def test_the_searching_finds_what_it_looks_for() -> None:
    secret = 'abc"def/ä ü\\x'
    assert all(form in f"{secret} {form}" for form in spellings(secret))
    assert len(spellings(secret)) == 8
