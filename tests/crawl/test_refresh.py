"""Whom a crawl looks at first, and the nightly look at people whose data is old."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import ClassVar

import pytest
import time_machine
from pydantic import BaseModel
from sqlalchemy import select

from sourcer.brief import Brief, Freshness
from sourcer.config import Config
from sourcer.connect import Checkpoint, Depth, Item, Ref, Settings
from sourcer.connect.plugins import Installed
from sourcer.crawl import CrawlRequest, crawl, refresh_request
from sourcer.store import schema
from sourcer.store.database import Database
from sourcer.store.decisions import Decision, save_decisions
from sourcer.store.ids import person_id
from support.fake_connector import FakeConnector, ref

THEN = datetime(2026, 3, 1, 6, tzinfo=UTC)
NOW = THEN + timedelta(days=100)


class NamedDiscover(Settings):
    topics: tuple[str, ...] = ()
    accounts: tuple[str, ...] = ()


class Named(FakeConnector):
    """The invented site, whose people can be named; notes whom it is asked about."""

    discover_model: ClassVar[type[BaseModel]] = NamedDiscover
    asked: ClassVar[list[int]] = []

    async def discover(self, discover: BaseModel, after: Checkpoint | None) -> AsyncIterator[Item]:
        assert isinstance(discover, NamedDiscover)
        if not discover.accounts:
            async for item in super().discover(discover, after):
                yield item
        for name in discover.accounts:
            yield ref(int(name.removeprefix("#")))


@pytest.fixture
async def aged(monkeypatch: pytest.MonkeyPatch, config: Config, brief: Brief, own_database: Database) -> Database:
    """Everybody was seen 100 days ago; the people by threes are ranked, and 14, who is not, is in the shortlist."""

    def note(asked: Ref, depth: Depth) -> None:
        if depth == "cheap":
            Named.asked.append(int(asked.uid))

    found = [Installed("invented", "sourcer-invented", "1.0", Named)]
    for module in ("sourcer.crawl.choice", "sourcer.connect.sections"):
        monkeypatch.setattr(f"{module}.installed", lambda: found)
    monkeypatch.setattr(Named, "hook", staticmethod(note))
    with time_machine.travel(THEN):
        assert (await crawl(config, CrawlRequest(brief), own_database)).exit_code == 0
    decision = Decision(brief.name, person_id("invented", "14"), "add", "anna", THEN)
    with own_database.write() as connection:
        save_decisions(connection, [decision])
    Named.asked.clear()
    return own_database


def by_score(database: Database) -> list[int]:
    """The ranked ones, the best first; of equals the account that comes first as text."""
    table = schema.candidate.c
    with database.read() as connection:
        ranked = connection.execute(select(table.person_id, table.score))
        scores = {row.person_id: row.score for row in ranked}
    numbers = {number: scores.get(person_id("invented", str(number))) for number in range(1, 21)}
    known = [(number, score) for number, score in numbers.items() if score is not None]
    return [number for number, _ in sorted(known, key=lambda one: (-one[1], one[0]))]


async def test_a_short_budget_reaches_the_chosen_first_then_high_scores_with_old_data(
    aged: Database, config: Config, brief: Brief
) -> None:
    best = by_score(aged)
    assert best
    with time_machine.travel(NOW):
        assert (await crawl(config, CrawlRequest(brief), aged)).exit_code == 0
    first, *others = Named.asked
    assert first == 14
    assert set(others[: len(best)]) == set(best)
    assert others[len(best) :] == [number for number in range(1, 21) if number not in {14, *best}]


async def test_what_is_not_old_yet_keeps_the_order_of_discovery(aged: Database, config: Config, brief: Brief) -> None:
    patient = brief.model_copy(update={"freshness": Freshness(stale_after_days=101)}).named(brief.name)
    with time_machine.travel(NOW):
        await crawl(config, CrawlRequest(patient), aged)
    assert Named.asked == [14, *(number for number in range(1, 21) if number != 14)]


async def test_a_refresh_looks_at_the_most_urgent_people_and_at_nobody_else(
    aged: Database, config: Config, brief: Brief
) -> None:
    few = brief.model_copy(update={"freshness": Freshness(refresh=3)}).named(brief.name)
    best = by_score(aged)
    with time_machine.travel(NOW):
        with aged.read() as connection:
            request = refresh_request(connection, few, NOW)
            assert refresh_request(connection, few, THEN) is None
        assert request is not None
        outcome = await crawl(config, request, aged)
    assert (outcome.exit_code, outcome.run.kind) == (0, "refresh")
    assert Named.asked[0] == 14
    assert len(Named.asked) == 3
    assert set(Named.asked[1:]) <= set(best)
