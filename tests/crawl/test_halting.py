"""What ends a crawl before its end: the pause switch, a lost lock, somebody who was there before."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta

import pytest

from sourcer.brief import Brief
from sourcer.config import Config
from sourcer.connect import Depth, Ref
from sourcer.crawl import CrawlRequest, crawl, halting
from sourcer.errors import BusyError, Paused
from sourcer.store import schema
from sourcer.store.database import Database
from sourcer.store.runs import list_runs
from sourcer.store.switch import pause, resume
from support.crawled import rows
from support.fake_connector import FakeConnector


async def test_a_pause_ends_a_running_crawl_at_its_checkpoint_and_refuses_new_ones(
    fake: type[FakeConnector],
    config: Config,
    brief: Brief,
    own_database: Database,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(halting, "LOOK_SECONDS", 0.01)

    def turn_on(ref: Ref, _depth: Depth) -> None:
        if ref.uid == "8":
            with own_database.write() as connection:
                pause(connection, "anna", datetime.now(UTC))
        if int(ref.uid) > 8:
            time.sleep(0.02)  # as long as an answer takes

    fake.hook = turn_on
    outcome = await crawl(config, CrawlRequest(brief), own_database)
    assert (outcome.exit_code, outcome.run.stopped_by) == (3, "pause")
    assert "paused by anna" in outcome.messages[0]
    fake.hook = None
    with pytest.raises(Paused, match="--resume"):
        await crawl(config, CrawlRequest(brief), own_database)
    with own_database.write() as connection:
        resume(connection)
    assert (await crawl(config, CrawlRequest(brief), own_database)).exit_code == 0
    assert len(rows(config)["profile"]) == 18


async def test_a_crawl_that_lost_its_lock_writes_nothing_more(
    fake: type[FakeConnector], config: Config, brief: Brief, own_database: Database
) -> None:
    def lose(ref: Ref, _depth: Depth) -> None:
        if ref.uid == "8":
            with own_database.write() as connection:
                connection.execute(schema.lease.update().values(owner="somebody", host="elsewhere"))

    fake.hook = lose
    with pytest.raises(BusyError, match="another one took over"):
        await crawl(config, CrawlRequest(brief), own_database)
    with own_database.read() as connection:
        (run,) = list_runs(connection)
    assert (run.status, run.finished_at) == ("running", None)  # who took over will say what became of it
    stored = len(rows(config)["profile"])
    assert 0 < stored < 18


async def test_two_schedulers_do_not_run_one_time_twice(
    fake: type[FakeConnector], config: Config, brief: Brief, own_database: Database
) -> None:
    asked: list[str] = []
    fake.hook = lambda ref, _depth: asked.append(ref.uid)
    served = CrawlRequest(brief, fire_time=datetime.now(UTC) - timedelta(minutes=1))
    assert (await crawl(config, served, own_database)).exit_code == 0
    asked.clear()
    with pytest.raises(BusyError, match="has run invented for"):
        await crawl(config, served, own_database)
    assert asked == []
