"""The API way through the engine: from the brief to rows in a database."""

from __future__ import annotations

import sqlite3
from collections import Counter
from pathlib import Path
from typing import Any

import httpx
import pytest
import respx

from sourcer.brief import Brief, Discover, Skills
from sourcer.config import Config
from sourcer.crawl import CrawlOutcome, CrawlRequest, crawl
from sourcer.store.database import Database
from sourcer_stackoverflow.api import discovery
from support.stackexchange_world import StackExchange, epoch, refused
from support.two_ways import ME, population

pytestmark = pytest.mark.slow

TAGS = ["pytorch", "c++"]
BRIEF = Brief(
    title="Invented",
    skills=Skills(nice=("pytorch",)),
    discover=Discover.model_validate({"limit": 100, "stackoverflow": {"tags": TAGS}}),
).named("invented")


@pytest.fixture
def config(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Config:
    monkeypatch.delenv("SOURCER_DATABASE_URL", raising=False)
    privacy = {"controller": "a", "contact": "b@example.org", "lawful_basis": "c", "purpose": "d"}
    section = {"key": "an-invented-key", "sites": ["ai"]}
    return Config.model_validate({"privacy": privacy, "connectors": {"stackoverflow": section}}).at(tmp_path)


def world(seed: int = 3) -> StackExchange:
    return StackExchange({"ai": population(seed, prolific=150)}, quota=10_000, key="an-invented-key")


async def run(config: Config, served: StackExchange, **request: Any) -> CrawlOutcome:
    with respx.mock(assert_all_called=False) as router:
        router.route(host="api.stackexchange.com").mock(side_effect=served.handle)
        with Database(config.database_url) as database:
            database.upgrade()
            return await crawl(config, CrawlRequest(BRIEF, **request), database)


def rows(config: Config, query: str) -> list[tuple[Any, ...]]:
    connection = sqlite3.connect(config.path("sourcer.db"))
    try:
        return sorted(connection.execute(query), key=repr)
    finally:
        connection.close()


EVIDENCE = """
SELECT site, uid, kind, key, url, title, terms, measure, happened_at, licence FROM evidence WHERE vanished_at IS NULL
"""


async def test_a_crawl_stores_ranks_and_spends_as_promised(config: Config) -> None:
    served = world()
    outcome = await run(config, served)
    assert outcome.exit_code == 0, outcome.messages
    assert outcome.ranked
    assert served.impatient == []
    counts = outcome.run.sites["ai"]
    assert counts["errors"] == []
    looked = Counter(depth for (depth,) in rows(config, "SELECT depth FROM look"))
    assert looked["deep"] == looked["cheap"] // 2
    deep = [asked for asked in served.asked if asked.path.startswith("users/") and "answer" in asked.path]
    assert len(deep) <= 2.1 * looked["deep"]


async def test_what_discovery_told_of_the_prolific_is_not_asked_again(config: Config) -> None:
    served = world()
    await run(config, served)
    assert rows(config, f"SELECT depth FROM look WHERE uid = '{ME + 1}'") == [("cheap",), ("deep",)]
    assert "users/{}/top-answer-tags" not in served.methods()


async def test_people_without_badges_get_a_deep_look_for_what_discovery_told(config: Config) -> None:
    served = world()
    served.sites["ai"].badges = ()
    await run(config, served)
    assert rows(config, "SELECT count(*) FROM look WHERE depth = 'deep'") != [(0,)]


async def test_the_second_crawl_of_the_day_finds_the_same(config: Config) -> None:
    served = world()
    await run(config, served)
    before = rows(config, EVIDENCE)
    discovered = served.methods()["search/advanced"]
    assert (await run(config, served)).exit_code == 0
    assert rows(config, EVIDENCE) == before
    assert served.methods()["search/advanced"] == discovered
    assert served.methods()["filters/create"] == 1


async def test_who_led_the_month_still_did_when_discovery_is_spared(
    config: Config, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(discovery, "THIN_TAG", 0)
    served = world()
    served.clock = lambda: epoch("2020-01-01T00:00:00") or 0.0
    await run(config, served)
    before = rows(config, EVIDENCE)
    assert any(row[2] == "tag.month" for row in before)
    assert (await run(config, served)).exit_code == 0
    assert rows(config, EVIDENCE) == before


async def test_a_ban_ends_incomplete_and_the_next_run_goes_on(config: Config) -> None:
    whole = world()
    await run(config, whole)
    expected = rows(config, EVIDENCE)
    config.path("sourcer.db").unlink()
    served = world()
    served.fault = lambda asked: httpx.Response(404, html="<h1>no</h1>") if asked.path.startswith("users/") else None
    banned = await run(config, served)
    assert (banned.exit_code, banned.run.status) == (3, "incomplete")
    assert "server_error" in {error["kind"] for error in banned.run.sites["ai"]["errors"]}
    served.fault = lambda _: None
    assert (await run(config, served)).exit_code == 0
    assert rows(config, EVIDENCE) == expected


@pytest.mark.parametrize("crawls", [1, 2])
async def test_a_replay_gives_the_same_rows_without_a_request(config: Config, crawls: int) -> None:
    served = world()
    for _ in range(crawls):
        await run(config, served)
    before, asked = rows(config, EVIDENCE), len(served.asked)
    config.path("sourcer.db").unlink()
    # The second crawl never asked for the filter; what it knew of it is in its archive all the same.
    for number in range(1, crawls + 1):
        outcome = await run(config, served, replay=str(number))
        assert (outcome.exit_code, outcome.run.sites["ai"]["errors"]) == (0, [])
    assert rows(config, EVIDENCE) == before
    assert len(served.asked) == asked


@pytest.mark.slow
async def test_a_spent_quota_ends_incomplete_and_the_next_run_goes_on(config: Config) -> None:
    whole = world()
    await run(config, whole)
    expected = rows(config, EVIDENCE)
    config.path("sourcer.db").unlink()
    served = world()
    assert (await run(config, served, max_requests=9)).exit_code == 3
    asked = Counter(one.path + str(one.params) for one in served.asked)
    assert (await run(config, served)).exit_code == 0
    assert rows(config, EVIDENCE) == expected
    twice = Counter(one.path + str(one.params) for one in served.asked) - asked
    again = [path for path in asked if path in twice and not path.startswith("filters/")]
    assert len(again) <= 1  # what was under way when the run ended


@pytest.mark.slow
async def test_faults_of_all_kinds_lose_nothing(config: Config) -> None:
    await run(config, world())
    expected = rows(config, EVIDENCE)
    config.path("sourcer.db").unlink()
    served = world()
    faults = iter(
        [
            refused(500, "internal_error", "oops"),
            None,
            refused(502, "throttle_violation", "more requests available in 0 seconds"),
            None,
            None,
        ]
        * 8
    )
    served.fault = lambda _: next(faults, None)
    outcome = await run(config, served)
    assert outcome.exit_code == 0
    assert rows(config, EVIDENCE) == expected
    assert rows(config, "SELECT count(*) FROM unknown WHERE what = '*'") == [(0,)]
