"""What runs every night besides the briefs."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import time_machine
from sqlalchemy import select

from sourcer.brief import Brief, Freshness, ScheduleTable
from sourcer.config import Config
from sourcer.crawl import CrawlOutcome, CrawlRequest
from sourcer.errors import Paused, RunError
from sourcer.schedule import Nightly, Scheduler, nightly_jobs
from sourcer.store import schema
from sourcer.store.database import Database
from sourcer.store.locks import hold
from sourcer.store.past import Past
from sourcer.store.runs import get_run
from support.store_items import account, begin, commit, end, profile

NIGHT = datetime(2026, 9, 1, 2, 20, tzinfo=UTC)  # 184 days after the first noon
SCHEDULED = Brief(title="ML", schedule=ScheduleTable()).named("ml")


class Crawls:
    """Stands for the crawl: remembers what was asked."""

    def __init__(self, database: Database, fault: Exception | None = None) -> None:
        self.database = database
        self.fault = fault
        self.asked: list[CrawlRequest] = []
        self.told: list[Mapping[str, str]] = []

    async def __call__(self, request: CrawlRequest) -> CrawlOutcome:
        self.asked.append(request)
        if self.fault is not None:
            raise self.fault
        run = begin(self.database, days=184)
        end(self.database, run)
        with self.database.read() as connection:
            row = get_run(connection, run.id)
        assert row is not None
        return CrawlOutcome(row, 0)


def scheduler(database: Database, folder: Path, crawl: Crawls) -> Scheduler:
    async def no_brief(_brief: Brief, _fire_time: datetime | None) -> int:
        return 0

    config = Config.model_validate({"fetch": {"archive_dir": ""}}).at(folder)

    async def tell(payload: Mapping[str, str]) -> None:
        crawl.told.append(payload)

    nightly = nightly_jobs(Nightly(config, database, lambda: [SCHEDULED], crawl, lambda: False, tell))
    return Scheduler(list, no_brief, lambda _name: Past(), duties=nightly)


@pytest.fixture
def aged(database: Database) -> Database:
    """One who was seen too long ago, one whose data is old, one who was stored 25 days ago."""
    for number, days in ((1, 0), (2, 60), (3, 158)):
        run = begin(database, days=days)
        commit(database, run, account(number), profile(account(number)))
        end(database, run)
    return database


@time_machine.travel(NIGHT)
async def test_every_night_each_duty_is_done_once(aged: Database, tmp_path: Path) -> None:
    crawls = Crawls(aged)
    service = scheduler(aged, tmp_path, crawls)
    said = {outcome.brief: outcome for outcome in await service.run_once(NIGHT)}
    assert {outcome.status for outcome in said.values()} == {"complete"}
    assert "deleted 1 accounts of 1 people" in said["duty/retention"].reason
    assert "1 people are to be told within 7 days that their data is held, the first by 2026-09-05; 1 are overdue" in (
        said["duty/notices"].reason
    )
    assert said["duty/refresh"].reason == "ml: looked again at 1 accounts, complete"
    (request,) = crawls.asked
    assert (request.kind, [one.name for one in request.accounts or ()]) == ("refresh", ["#2"])
    (told,) = crawls.told
    assert (told["job"], told["status"]) == ("duty/notices", "complete")
    assert "1 people are to be told" in told["text"]
    again = await service.run_once(NIGHT + timedelta(hours=1))
    assert {outcome.status for outcome in again} == {"waiting"}
    with aged.read() as connection:
        done = {row.name: row.fire_time for row in connection.execute(select(schema.duty))}
    assert done == dict.fromkeys(said, NIGHT.replace(minute=15))


async def test_a_duty_that_another_process_does_is_left_to_it(database: Database, tmp_path: Path) -> None:
    service = scheduler(database, tmp_path, Crawls(database))
    with hold(database, "duty/retention"):
        said = {outcome.brief: outcome for outcome in await service.run_once(NIGHT)}
    assert (said["duty/retention"].status, said["duty/retention"].reason) == ("waiting", "somebody is at it")
    assert said["duty/notices"].status == "complete"
    retention = service._duties[0]
    assert (await retention.run(NIGHT)).status == "complete"
    # Whoever waited for the lock finds the work done.
    assert (await retention.run(NIGHT)).status == "skipped"


async def test_a_refresh_that_cannot_be_is_told_and_leaves_unfinished_crawls_alone(
    aged: Database, tmp_path: Path
) -> None:
    crawls = Crawls(aged, Paused("paused by anna"))
    service = scheduler(aged, tmp_path, crawls)
    refresh = service._duties[-1]
    assert "ml: paused by anna" in (await refresh.run(None)).reason
    end(aged, begin(aged, days=170), "incomplete")
    crawls.asked.clear()
    assert "nobody's data" in (await refresh.run(None)).reason
    assert crawls.asked == []


def test_a_brief_may_want_no_refresh() -> None:
    with pytest.raises(ValueError, match="greater than or equal to 1"):
        Freshness(stale_after_days=0)
    assert Freshness(refresh=0).refresh == 0


async def test_a_duty_that_fails_is_told_and_keeps_nobody_else_from_theirs(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise RunError("the folder cannot be deleted")

    monkeypatch.setattr("sourcer.schedule.duties.purge", fail)
    crawls = Crawls(database)
    said = {outcome.brief: outcome.status for outcome in await scheduler(database, tmp_path, crawls).run_once(NIGHT)}
    assert said == {"duty/retention": "failed", "duty/notices": "complete", "duty/refresh": "complete"}
    assert [told["text"] for told in crawls.told] == ["duty/retention: failed: the folder cannot be deleted"]
