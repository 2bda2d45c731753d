"""Crawls of one brief, one after the other, and what is told of them."""

from __future__ import annotations

from typing import Any

import pytest

from sourcer.brief import Brief
from sourcer.config import Config
from sourcer.connect import Depth, Done
from sourcer.crawl import CrawlRequest, crawl
from sourcer.store.database import Database
from support.crawled import counts, rows
from support.fake_connector import FakeConnector


@pytest.mark.usefixtures("fake")
async def test_a_second_crawl_of_the_day_discovers_nobody_again(
    config: Config, brief: Brief, own_database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    await crawl(config, CrawlRequest(brief), own_database)
    before = rows(config)

    def again(_: int) -> None:
        raise AssertionError("discovered again")

    monkeypatch.setattr(FakeConnector, "discover_hook", staticmethod(again))
    outcome = await crawl(config, CrawlRequest(brief), own_database)
    assert outcome.exit_code == 0
    assert counts(outcome)["profiles"] == 18
    assert outcome.run.chain == outcome.run.id
    assert rows(config) == before


@pytest.mark.usefixtures("fake")
async def test_another_question_discovers_anew_on_the_same_day(
    config: Config, brief: Brief, own_database: Database
) -> None:
    few = brief.model_copy(update={"discover": brief.discover.model_copy(update={"limit": 3})}).named(brief.name)
    await crawl(config, CrawlRequest(few), own_database)
    await crawl(config, CrawlRequest(brief), own_database)
    assert len(rows(config)["found"]) == 20


@pytest.mark.usefixtures("fake")
async def test_whoever_is_unchanged_keeps_the_deep_look(
    config: Config, brief: Brief, own_database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    await crawl(config, CrawlRequest(brief), own_database)
    before = rows(config)
    asked: list[str] = []

    async def same(_: FakeConnector, visits: Any, depth: Depth, focus: Any) -> Any:  # as the contract
        for visit in visits:
            asked.append(f"{depth} {visit.ref.uid}")
            scope = ("repo.owned",) if depth == "cheap" else ("repo.file",)
            yield Done(visit.ref, scope, visit.state, unchanged=True)

    monkeypatch.setattr(FakeConnector, "fetch", same)
    outcome = await crawl(config, CrawlRequest(brief), own_database)
    # Relevance comes from what is stored: the same people as in the first crawl, gone ones aside.
    assert {one for one in asked if one.startswith("deep")} == {f"deep {n}" for n in (3, 6, 9, 12, 15, 18)}
    assert counts(outcome)["unchanged"] == len(asked)
    after = rows(config)
    assert after["evidence"] == before["evidence"]
    assert after["candidate"] == before["candidate"]


@pytest.mark.usefixtures("fake")
async def test_what_was_spent_stands_beside_what_was_planned(
    config: Config, brief: Brief, own_database: Database
) -> None:
    outcome = await crawl(config, CrawlRequest(brief), own_database)
    told = counts(outcome)
    assert told["planned"] == {"discover": {}, "cheap": {"calls": 7}, "deep": {}, "people": 20}
    assert told["corrected"] == {**told["planned"], "people": 20}
    assert told["stages"] == {}  # nothing leaves through the fetcher of this invented site
