from __future__ import annotations

import asyncio
import logging
import os
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Self

import pytest
import time_machine
from apscheduler.triggers.interval import IntervalTrigger

from sourcer.brief import Brief, ScheduleTable
from sourcer.config import Config
from sourcer.errors import BusyError, RunError, UsageError
from sourcer.schedule import Outcome, Scheduler, readable_briefs, service, written_at
from sourcer.store.past import Past

NOW = datetime(2026, 11, 23, 6, 5, tzinfo=UTC)
JUST_PASSED = ScheduleTable(cron=f"{(datetime.now(UTC) - timedelta(minutes=5)).minute} * * * *")
"""Was due some minutes ago, and will not be again while these tests run."""
SIX = ScheduleTable(cron="0 6 * * *")
NOON = ScheduleTable(cron="0 12 * * *", misfire_grace_minutes=0)


def brief(name: str, schedule: ScheduleTable | None = SIX) -> Brief:
    return Brief(title=name, schedule=schedule).named(name)


class Crawls:
    """Stands for the crawl: counts, notices two at a time, and does what it is told."""

    def __init__(self, **behaviour: Callable[[], Awaitable[int]]) -> None:
        self.behaviour = behaviour
        self.begun: list[str] = []
        self.running = 0
        self.most_at_once = 0

    async def __call__(self, one: Brief, fire_time: datetime | None) -> int:
        self.begun.append(one.name)
        self.running += 1
        self.most_at_once = max(self.most_at_once, self.running)
        try:
            await asyncio.sleep(0)
            return await self.behaviour[one.name]() if one.name in self.behaviour else 0
        finally:
            self.running -= 1


def raising(fault: BaseException) -> Callable[[], Awaitable[int]]:
    async def fail() -> int:
        raise fault

    return fail


def returning(code: int) -> Callable[[], Awaitable[int]]:
    async def end() -> int:
        return code

    return end


def never(_name: str) -> Past:
    return Past()


async def until(condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(5):
        while not condition():  # noqa: ASYNC110  # many conditions, one helper
            await asyncio.sleep(0.005)


async def test_once_runs_what_is_due_and_says_why_the_rest_waits() -> None:
    crawls = Crawls(b=returning(3), c=returning(1))
    began = {"d": Past(NOW - timedelta(minutes=1))}
    briefs = [brief(name) for name in "abcd"] + [brief("e", NOON), brief("f", None)]
    outcomes = await Scheduler(lambda: briefs, crawls, lambda name: began.get(name, Past())).run_once(NOW)
    assert [(outcome.brief, outcome.status, outcome.exit_code) for outcome in outcomes] == [
        ("a", "complete", 0),
        ("b", "incomplete", 3),
        ("c", "failed", 1),
        ("d", "waiting", 0),
        ("e", "waiting", 0),
    ]
    assert crawls.begun == ["a", "b", "c"]
    assert outcomes[3].in_words() == "d: waiting: the run of 2026-11-23 06:00 UTC has started"


async def test_one_failure_never_stops_the_others() -> None:
    crawls = Crawls(
        a=raising(RunError("no usable site: set a token")),
        b=raising(BusyError("b is being crawled by process 7")),
        c=raising(ZeroDivisionError("oh\nno")),
        d=raising(SystemExit(4)),
        e=raising(asyncio.CancelledError()),
    )
    briefs = [brief(name) for name in "abcdef"] + [brief("g", ScheduleTable(cron="0 6 * * 9")), brief("h")]
    outcomes = await Scheduler(lambda: briefs, crawls, never).run_once(NOW)
    by_name = {outcome.brief: outcome for outcome in outcomes}
    assert by_name["a"] == Outcome("a", "failed", "no usable site: set a token")
    assert by_name["b"] == Outcome("b", "skipped", "b is being crawled by process 7")
    assert by_name["c"].reason == "ZeroDivisionError: oh no"
    assert by_name["d"].reason == "SystemExit: 4"
    assert by_name["e"].reason == "CancelledError"
    assert by_name["f"].status == by_name["h"].status == "complete"
    assert "weekday" in by_name["g"].reason
    assert [by_name[name].exit_code for name in "abcg"] == [1, 0, 1, 1]


async def test_a_database_fault_is_one_briefs_failure() -> None:
    def unreadable(name: str) -> Past:
        if name == "a":
            raise OSError("disk I/O error")
        return Past()

    outcomes = await Scheduler(lambda: [brief("a"), brief("b")], Crawls(), unreadable).run_once(NOW)
    assert [outcome.status for outcome in outcomes] == ["failed", "complete"]
    assert outcomes[0].reason == "OSError: disk I/O error"


async def test_once_begins_nothing_after_stop() -> None:
    stop = asyncio.Event()

    async def stopping() -> int:
        stop.set()
        return 3

    crawls = Crawls(a=stopping)
    outcomes = await Scheduler(lambda: [brief("a"), brief("b")], crawls, never).run_once(NOW, stop)
    assert [outcome.status for outcome in outcomes] == ["incomplete", "skipped"]
    assert crawls.begun == ["a"]


async def test_cancelling_once_is_not_swallowed() -> None:
    async def long() -> int:
        await asyncio.sleep(60)
        return 0

    crawls = Crawls(a=long)
    task = asyncio.create_task(Scheduler(lambda: [brief("a"), brief("b")], crawls, never).run_once(NOW))
    await until(lambda: crawls.begun == ["a"])
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert crawls.begun == ["a"]


def test_listing_is_in_each_briefs_zone() -> None:
    briefs = [
        brief("a", ScheduleTable(cron="0 6 * * mon-fri", timezone="Europe/Warsaw")),
        brief("b", None),
        brief("c", ScheduleTable(cron="0 6 * * *", timezone="Mars/Olympus")),
    ]
    first, second, third = Scheduler(lambda: briefs, Crawls(), never).listing(NOW, 2)
    assert first.brief == "a"
    assert [str(moment) for moment in first.times] == ["2026-11-24 06:00:00+01:00", "2026-11-25 06:00:00+01:00"]
    assert (second.times, second.fault) == ([], "")
    assert third.times == []
    assert "Mars/Olympus" in third.fault


class Forever:
    """A service that runs in the background of a test, polling fast."""

    def __init__(self, briefs: list[Brief], crawls: Crawls, last: Callable[[str], Past] = never) -> None:
        self.briefs = briefs
        self.said: list[Outcome] = []
        self.stop = asyncio.Event()
        self.scheduler = Scheduler(lambda: list(self.briefs), crawls, last, report=self.said.append, poll_seconds=0.02)

    async def __aenter__(self) -> Self:
        self.task = asyncio.create_task(self.scheduler.run_forever(self.stop))
        return self

    async def __aexit__(self, *_: object) -> None:
        self.stop.set()
        async with asyncio.timeout(5):
            await self.task


@pytest.fixture
def often(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every schedule means 20 times a second."""
    monkeypatch.setattr(service, "trigger_of", lambda _: IntervalTrigger(seconds=0.05, timezone=UTC))


async def test_a_fire_time_that_passed_within_its_grace_is_served_at_the_start() -> None:
    crawls = Crawls()
    just_now = datetime.now(UTC)
    late = [brief("late", JUST_PASSED), brief("ran", JUST_PASSED)]
    async with Forever(late, crawls, lambda name: Past(just_now if name == "ran" else None)) as running:
        await until(lambda: bool(running.said))
        await asyncio.sleep(0.1)
    assert crawls.begun == ["late"]
    assert running.said == [Outcome("late", "complete", code=0)]


@pytest.mark.usefixtures("often")
async def test_runs_again_and_again_but_never_two_at_a_time() -> None:
    async def slow() -> int:
        await asyncio.sleep(0.06)
        return 0

    crawls = Crawls(a=slow, b=slow)
    async with Forever([brief("a", NOON), brief("b", NOON)], crawls) as running:
        await until(lambda: crawls.begun.count("a") >= 2 and crawls.begun.count("b") >= 2)
    assert crawls.most_at_once == 1
    skipped = {outcome.reason for outcome in running.said if outcome.status == "skipped"}
    assert skipped <= {"its last run is not over", "the service is ending"}
    assert "its last run is not over" in skipped


@pytest.mark.usefixtures("often")
async def test_new_changed_and_removed_briefs_are_picked_up() -> None:
    crawls = Crawls()
    async with Forever([brief("a", NOON)], crawls) as running:
        await until(lambda: "a" in crawls.begun)
        running.briefs[:] = [brief("b", NOON)]
        await until(lambda: "b" in crawls.begun)
        await asyncio.sleep(0.05)
        before = crawls.begun.count("a")
        await asyncio.sleep(0.15)
        assert crawls.begun.count("a") == before
        running.briefs[:] = [brief("b", None)]
        await until(lambda: not running.scheduler._jobs)
        await asyncio.sleep(0.05)
        count = len(crawls.begun)
        await asyncio.sleep(0.15)
        assert len(crawls.begun) == count


async def test_a_changed_schedule_moves_the_job() -> None:
    crawls = Crawls()
    async with Forever([brief("a", NOON), brief("b", ScheduleTable(cron="0 6 * * 9"))], crawls) as running:
        await until(lambda: bool(running.said))
        assert [outcome.brief for outcome in running.said] == ["b"]
        running.briefs[:] = [brief("a", JUST_PASSED), brief("b", JUST_PASSED)]
        await until(lambda: len(crawls.begun) == 2)
    assert sorted(crawls.begun) == ["a", "b"]


async def test_unreadable_briefs_are_said_once_and_the_service_goes_on() -> None:
    crawls = Crawls()
    readable = False

    def load() -> list[Brief]:
        if readable:
            return [brief("a", JUST_PASSED)]
        raise UsageError("briefs/a.toml: titel: unknown key; did you mean title?")

    said: list[Outcome] = []
    stop = asyncio.Event()
    scheduler = Scheduler(load, crawls, never, report=said.append, poll_seconds=0.01)
    task = asyncio.create_task(scheduler.run_forever(stop))
    await until(lambda: bool(said))
    await asyncio.sleep(0.05)
    assert said == [Outcome("", "failed", "briefs/a.toml: titel: unknown key; did you mean title?")]
    readable = True
    await until(lambda: crawls.begun == ["a"])
    stop.set()
    await task


async def test_stop_lets_a_running_crawl_end_by_its_own_way() -> None:
    ended = []
    stops: list[asyncio.Event] = []

    async def until_stopped() -> int:
        await stops[0].wait()
        await asyncio.sleep(0.05)  # its way to its checkpoint
        ended.append(True)
        return 3

    crawls = Crawls(a=until_stopped)
    async with Forever([brief("a", JUST_PASSED), brief("b", JUST_PASSED)], crawls) as running:
        stops.append(running.stop)
        await until(lambda: crawls.begun == ["a"])
    assert ended == [True]
    assert crawls.begun == ["a"]
    assert sorted((outcome.brief, outcome.status) for outcome in running.said) == [
        ("a", "incomplete"),
        ("b", "skipped"),
    ]


async def test_apscheduler_keeps_quiet(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO):
        async with Forever([brief("a", JUST_PASSED)], Crawls(a=raising(ValueError("x")))) as running:
            await until(lambda: bool(running.said))
    assert [record for record in caplog.records if record.name.startswith("apscheduler")] == []


async def test_outcomes_go_to_the_log_by_default(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO, logger="sourcer"):
        await Scheduler(lambda: [brief("a"), brief("b")], Crawls(b=returning(1)), never).run_once(NOW)
    assert [(record.levelname, record.getMessage()) for record in caplog.records] == [
        ("INFO", "a: complete"),
        ("WARNING", "b: failed: the crawl ended with exit code 1"),
    ]


def test_a_brief_with_a_mistake_does_not_hide_the_others(tmp_path: Path) -> None:
    folder = tmp_path / "briefs"
    folder.mkdir()
    (folder / "a.toml").write_text('titel = "A"\n', encoding="utf-8")
    (folder / "b.toml").write_text('title = "B"\n', encoding="utf-8")
    complaints: list[str] = []
    found = readable_briefs(Config().at(tmp_path), complaints.append)
    assert [one.name for one in found] == ["b"]
    assert len(complaints) == 1
    assert "a.toml" in complaints[0]
    assert "title" in complaints[0]
    written = datetime(2026, 3, 1, 12, tzinfo=UTC)
    os.utime(folder / "b.toml", (written.timestamp(), written.timestamp()))
    assert written_at(Config().at(tmp_path), found) == {"b": written}


async def test_a_run_that_is_interrupted_while_the_service_lives_is_taken_up_at_its_next_look() -> None:
    began = datetime.now(UTC)
    past = {"a": Past(began), "b": Past(began)}
    crawls = Crawls()
    async with Forever([brief("a", NOON), brief("b", NOON)], crawls, past.__getitem__):
        await asyncio.sleep(0.1)
        assert crawls.begun == []
        past["a"] = Past(began, interrupted=True, tries=1)
        await until(lambda: crawls.begun == ["a"])
        await asyncio.sleep(0.1)
        assert crawls.begun == ["a"]  # nothing came of it: not again and again
        with time_machine.travel(datetime.now(UTC) + timedelta(minutes=16)):
            await until(lambda: crawls.begun == ["a", "a"])


async def test_nothing_begins_while_paused_and_what_was_held_back_within_its_grace_runs_after() -> None:
    crawls = Crawls()
    paused = "paused by anna"
    said: list[Outcome] = []
    stop = asyncio.Event()
    briefs = [brief("late", JUST_PASSED), brief("missed", NOON)]
    scheduler = Scheduler(lambda: briefs, crawls, never, paused=lambda: paused, report=said.append, poll_seconds=0.02)
    assert {
        outcome.reason for outcome in await scheduler.run_once(datetime.now(UTC)) if outcome.status == "skipped"
    } == {"paused by anna"}
    task = asyncio.create_task(scheduler.run_forever(stop))
    await asyncio.sleep(0.1)
    assert crawls.begun == []
    paused = ""
    await until(lambda: crawls.begun == ["late"])
    stop.set()
    await task


async def test_the_crawl_is_told_which_time_of_its_schedule_it_serves() -> None:
    served: list[datetime | None] = []

    async def crawl(_brief: Brief, fire_time: datetime | None) -> int:
        served.append(fire_time)
        return 0

    await Scheduler(lambda: [brief("a")], crawl, never).run_once(NOW)
    assert served == [NOW.replace(minute=0)]
