"""A month on the scheduler, by a clock that the test drives: whatever happens, no run is lost or doubled."""

from __future__ import annotations

import asyncio
import os
import random
import signal
import sqlite3
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any, Self

import pytest
import time_machine
from sqlalchemy import Connection, event

from sourcer.brief import load_brief
from sourcer.config import Config, load_config
from sourcer.connect import Denied, SiteError
from sourcer.crawl import CrawlRequest, crawl
from sourcer.schedule import Scheduler, complaints, readable_briefs
from sourcer.service import _scheduler
from sourcer.shortlist import Digest, View, keep_look, read_digest
from sourcer.skills import load_lexicon
from sourcer.store.database import Database
from sourcer.store.ids import person_id
from sourcer.store.runs import RunRow, list_runs
from sourcer.store.switch import pause, resume
from support.crawled import rows
from support.databases import PostgresScratch
from support.month import SITES, World, installed_world, people_on

FIRST = date(2026, 3, 5)
DAYS = 31
SPRING = date(2026, 3, 29)
"""02:30 does not exist on this day in Warsaw: clocks jump from 02:00 to 03:00, which is 01:00 UTC."""

KILLED = (3, 10, 20)
RESTARTED = (5, 24)
DOWN = (6, 7)
EXPIRED = (12, 13, 14)
FULL = 17
PAUSED = 22

BRIEF = """
title = "Every day"
[discover]
invented.topics = ["mlops"]
other.topics = ["mlops"]
[schedule]
cron = "30 2 * * *"
timezone = "Europe/Warsaw"
jitter_minutes = 5
misfire_grace_minutes = 180
"""
MONDAYS = BRIEF.replace("Every day", "Mondays").replace("30 2 * * *", "0 4 * * 1")
CONFIG = """
[fetch]
archive_dir = ""
[connectors.invented]
[connectors.other]
"""


def fires_at(day: date) -> datetime:
    """When the daily brief is due, by the book of the time zone and not by the program."""
    winter, summer = time(1, 30), time(0, 30)
    clock = time(1, 0) if day == SPRING else (winter if day < SPRING else summer)
    return datetime.combine(day, clock, UTC)


def folder_of(root: Path, name: str) -> Config:
    folder = root / name
    (folder / "briefs").mkdir(parents=True)
    (folder / "sourcer.toml").write_text(CONFIG, encoding="utf-8")
    (folder / "briefs" / "daily.toml").write_text(BRIEF, encoding="utf-8")
    config = load_config(folder / "sourcer.toml")
    with Database(config.database_url) as database:
        database.upgrade()
    return config


class Service:
    """One scheduler, as a process of its own would have it, that looks around fast."""

    def __init__(self, config: Config, most_pages: Callable[[], int]) -> None:
        self.said: list[str] = []
        self.stop = asyncio.Event()
        self.database = Database(config.database_url)

        def cap(connection: Connection) -> None:
            connection.exec_driver_sql(f"PRAGMA max_page_count = {most_pages()}")

        if self.database.dialect == "sqlite":
            event.listen(self.database.engine, "begin", cap)
        self.scheduler: Scheduler = _scheduler(config, self.database, self.stop, self.said.append)
        self.scheduler._poll_seconds = 0.05

    def start(self) -> Self:
        self.task = asyncio.create_task(self.scheduler.run_forever(self.stop))
        return self

    async def end(self) -> None:
        self.stop.set()
        async with asyncio.timeout(60):
            await self.task
        self.database.close()


@dataclass
class Month:
    """The month as it goes: two services on one database, a clock, and what the user was told."""

    config: Config
    clock: Any
    day: int = 0
    most_pages: int = 2**30
    services: list[Service] = field(default_factory=list)
    told: dict[str, dict[int, frozenset[str]]] = field(default_factory=lambda: {site: {} for site in SITES})
    rng: random.Random = field(default_factory=lambda: random.Random(6))

    @property
    def date(self) -> date:
        return FIRST + timedelta(days=self.day - 1)

    @property
    def fire_time(self) -> datetime:
        return fires_at(self.date)

    def start(self) -> None:
        self.services = [Service(self.config, lambda: self.most_pages).start() for _ in range(2)]

    async def end(self) -> None:
        for service in self.services:
            await service.end()

    def runs(self, brief: str = "daily") -> list[RunRow]:
        with Database(self.config.database_url) as database, database.read() as connection:
            return [run for run in list_runs(connection) if run.brief == brief]

    def ended(self) -> RunRow | None:
        """The run that serves today, once it is over and was not cut off."""
        for run in self.runs():
            if run.fire_time == self.fire_time and run.finished_at is not None and run.stopped_by is None:
                return run
        return None

    async def until(self, condition: Callable[[], Any]) -> Any:
        async with asyncio.timeout(60):
            while not (met := condition()):  # noqa: ASYNC110
                await asyncio.sleep(0.05)
        return met

    async def served(self) -> RunRow:
        """Wait for the run of today; both services have then had their chance at it, whoever was first."""
        run: RunRow = await self.until(self.ended)
        await self.until(lambda: not any(service.scheduler._under_way for service in self.services))
        return run

    def move_to(self, minutes: float) -> None:
        """Set the clock to so many minutes after today's time of the brief."""
        self.clock.move_to(self.fire_time + timedelta(minutes=minutes))

    def read(self, work: Callable[[Connection], Any]) -> Any:
        with Database(self.config.database_url) as database, database.read() as connection:
            return work(connection)

    def digest(self) -> Digest:
        now = datetime.now(UTC)
        view = View(load_brief(self.config, "daily"), load_lexicon(), "anna", now.date())
        found: Digest = self.read(lambda connection: read_digest(connection, view, now))
        with Database(self.config.database_url) as database:
            assert keep_look(database, found)
        return found

    def die(self) -> None:
        """Let a process of its own begin today's run, and kill it in the middle of a unit of work."""
        arguments = [str(self.config.home), self.fire_time.isoformat(), str(self.day), str(self.rng.randint(1, 9))]
        tests = Path(__file__).parent.parent
        done = subprocess.run(
            [sys.executable, "-m", "support.month", *arguments],
            cwd=tests,
            env=os.environ | {"SOURCER_DATABASE_URL": self.config.database_url},
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        assert done.returncode == -signal.SIGKILL, done.stderr
        assert self.runs()[0].status == "running"


def check_digest(month: Month, run: RunRow) -> None:
    """Hold what the user is told against what happened on the sites that answered today."""
    digest = month.digest()
    today = people_on(month.day)
    new, gone, changed = set(), set(), set()
    for site in SITES:
        if run.sites[site]["stopped"] is not None:
            continue
        before = month.told[site]
        new |= {person_id(site, str(number)) for number in today.keys() - before.keys()}
        gone |= {person_id(site, str(number)) for number in before.keys() - today.keys()}
        both = before.keys() & today.keys()
        changed |= {person_id(site, str(number)) for number in both if before[number] != today[number]}
        month.told[site] = today
    assert {one.person for one in digest.new} == new
    assert {one.person for one in digest.gone} == gone
    told = {one.person: {change.what for change in one.changes} for one in digest.changed}
    assert changed <= told.keys()
    assert all("evidence" in told[person] for person in changed)
    # Of others nothing but small steps of an ageing score that add up, or the long text of the day when all wrote one.
    assert not [what for person in told.keys() - changed for what in told[person] if what in {"evidence", "status"}]


def trouble_of(day: int) -> dict[str, SiteError]:
    if day in DOWN:
        return {"other": SiteError("other: the site gives no usable answer")}
    if day in EXPIRED:
        return {"invented": Denied("invented: bad credentials; renew the token")}
    return {}


async def one_day(month: Month) -> None:
    """What the day brings, and that its run is served once."""
    month.day += 1
    World.day, World.trouble = month.day, trouble_of(month.day)
    briefs = month.config.home / "briefs"
    if month.day == 8:
        (briefs / "mondays.toml").write_text(MONDAYS, encoding="utf-8")
    if month.day == 26:
        (briefs / "mondays.toml").unlink()
    if month.day in (*KILLED, *RESTARTED):
        await month.end()
        month.move_to(0)
        if month.day in KILLED:
            month.die()
        month.move_to(8)
        month.start()
    elif month.day == FULL:
        await run_out_of_disk(month)
    elif month.day == PAUSED:
        await stand_still(month)
    month.move_to(8 if month.day not in (FULL, PAUSED) else 40)
    run = await month.served()
    assert run.status == ("incomplete" if World.trouble else "complete")
    check_digest(month, run)
    check_health(month)
    month.move_to(200)  # Mondays' brief has had its time, too
    if month.date.weekday() == 0 and 8 <= month.day < 26:
        await month.until(lambda: [one for one in month.runs("mondays") if one.started_at.date() == month.date])
        await month.until(lambda: month.runs("mondays")[0].finished_at)


async def run_out_of_disk(month: Month) -> None:
    """The database may not grow any more while today's run writes; then somebody makes room."""
    month.most_pages = month.read(lambda connection: connection.exec_driver_sql("PRAGMA page_count").scalar())
    month.move_to(8)
    said = await month.until(
        lambda: [line for service in month.services for line in service.said if "disk is full" in line]
    )
    assert all(line.startswith("daily: failed: the database ") and "\n" not in line for line in said)
    month.most_pages = 2**30


async def stand_still(month: Month) -> None:
    """Somebody pauses everything over the time of the brief: nothing begins."""
    with Database(month.config.database_url) as database:
        with database.write() as connection:
            pause(connection, "anna", datetime.now(UTC))
        month.move_to(8)
        await month.until(lambda: any("skipped: paused by anna" in line for one in month.services for line in one.said))
        assert month.runs()[0].fire_time != month.fire_time
        with database.write() as connection:
            resume(connection)


def check_health(month: Month) -> None:
    found = month.read(
        lambda connection: complaints(connection, readable_briefs(month.config, pytest.fail), datetime.now(UTC))
    )
    if month.day == EXPIRED[-1]:
        assert [line for line in found if line.startswith("daily: invented: failed 3 runs in a row")]
    else:
        assert found == []


def check_runs(month: Month) -> None:
    """Each time of the schedule so far has one run that came to its end, and every other one was cut off."""
    days = [fires_at(FIRST + timedelta(days=ahead)) for ahead in range(month.day)]
    cut_off = [run for run in month.runs() if run.finished_at is None or run.stopped_by is not None]
    assert Counter(run.fire_time for run in month.runs() if run not in cut_off) == Counter(days)
    assert {run.fire_time for run in cut_off} == {days[day - 1] for day in (*KILLED, FULL) if day <= month.day}


def check_mondays(month: Month) -> None:
    """The brief that came and went while the services were running."""
    mondays = [run.fire_time for run in month.runs("mondays")]
    assert len(mondays) == len(set(mondays)) == 2  # 16 and 23 March
    assert {moment.weekday() for moment in mondays if moment is not None} == {0}


def check_database(path: Path) -> None:
    connection = sqlite3.connect(path)
    try:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
        for table in ("evidence", "unknown", "look"):
            orphans = f"SELECT COUNT(*) FROM {table} LEFT JOIN profile USING (site, uid) WHERE profile.site IS NULL"
            assert connection.execute(orphans).fetchone() == (0,), table
        assert connection.execute("SELECT COUNT(*) FROM lease").fetchone() == (0,)
        assert connection.execute("SELECT COUNT(*) FROM duty").fetchone() == (3,)
    finally:
        connection.close()


async def quiet_month(config: Config, clock: Any) -> None:
    """The same month, crawled by hand each day and without any trouble."""
    with Database(config.database_url) as database:
        for day in range(1, DAYS + 1):
            World.day, World.trouble = day, {}
            clock.move_to(fires_at(FIRST + timedelta(days=day - 1)) + timedelta(minutes=8))
            assert (await crawl(config, CrawlRequest(load_brief(config, "daily")), database)).exit_code == 0


@pytest.fixture
def world() -> Iterator[None]:
    with installed_world():
        yield
    World.day, World.trouble = 0, {}


@pytest.mark.slow
@pytest.mark.usefixtures("world")
async def test_a_month_of_everything_that_goes_wrong(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SOURCER_DATABASE_URL", raising=False)
    with time_machine.travel(fires_at(FIRST) - timedelta(hours=1)) as clock:
        month = Month(folder_of(tmp_path, "month"), clock)
        month.start()
        try:
            for _ in range(DAYS):
                await one_day(month)
        finally:
            await month.end()
        check_runs(month)
        check_mondays(month)
        check_database(month.config.path("sourcer.db"))
        quiet = folder_of(tmp_path, "quiet")
        await quiet_month(quiet, clock)
        after, unbroken = rows(month.config), rows(quiet)
        for found in (after, unbroken):
            found["found"] = [row for row in found["found"] if row[0] == "daily"]
            found["candidate"] = [row for row in found["candidate"] if row[0] == "daily"]
        assert after == unbroken


@pytest.mark.slow
@pytest.mark.usefixtures("world")
async def test_two_services_and_a_kill_on_postgresql(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, postgres: PostgresScratch
) -> None:
    url = postgres.borrow()
    monkeypatch.setenv("SOURCER_DATABASE_URL", url)
    with time_machine.travel(fires_at(FIRST) - timedelta(hours=1)) as clock:
        month = Month(folder_of(tmp_path, "month"), clock)
        month.start()
        try:
            for _ in range(4):
                await one_day(month)
        finally:
            await month.end()
        check_runs(month)
    postgres.give_back(url)
