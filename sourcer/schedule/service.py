"""The service: each brief by its cron line, in one process, one crawl at a time.

Crawls wait for each other because each keeps the pace of a site by itself: two at a time would ask it twice as fast.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any, Final, NamedTuple

from apscheduler.events import EVENT_JOB_MAX_INSTANCES, EVENT_JOB_MISSED
from apscheduler.schedulers.asyncio import AsyncIOScheduler

from sourcer.brief import Brief, ScheduleTable
from sourcer.errors import SourcerError
from sourcer.schedule.due import due
from sourcer.schedule.outcome import Outcome, attempt, fault_in_words, log_outcome
from sourcer.schedule.times import next_times, trigger_of

__all__ = ["Planned", "Scheduler"]

_POLL_SECONDS: Final = 30.0


class Planned(NamedTuple):
    """A brief's next fire times in its own zone; none where it has no ``[schedule]``, or for the ``fault``."""

    brief: str
    times: list[datetime]
    fault: str = ""


class Scheduler:
    """Runs briefs when their time comes.

    Args:
        load_briefs: Reads all briefs anew; those without a ``[schedule]`` are left alone.
        run_brief: Crawls one brief and returns its exit code. It has its own way to be told to stop.
        last_started: When the latest run of a brief (by name) began, aware, or ``None``.
        report: Told about everything that happened to a brief.
        poll_seconds: How often the briefs are read again.
    """

    def __init__(
        self,
        load_briefs: Callable[[], list[Brief]],
        run_brief: Callable[[Brief], Awaitable[int]],
        last_started: Callable[[str], datetime | None],
        *,
        report: Callable[[Outcome], None] = log_outcome,
        poll_seconds: float = _POLL_SECONDS,
    ) -> None:
        self._load_briefs = load_briefs
        self._run_brief = run_brief
        self._last_started = last_started
        self._report = report
        self._poll_seconds = poll_seconds
        self._briefs: dict[str, Brief] = {}
        self._faults: dict[str, str] = {}
        self._tasks: set[asyncio.Task[Any]] = set()
        self._turn = asyncio.Lock()

    def listing(self, now: datetime, n: int = 5) -> list[Planned]:
        """The next ``n`` fire times of each brief later than ``now`` (aware)."""
        return [_planned(brief, now, n) for brief in self._load_briefs()]

    async def run_once(self, now: datetime, stop: asyncio.Event | None = None) -> list[Outcome]:
        """Run what is due at ``now`` (aware), one brief after the other; once ``stop`` is set no further one begins."""
        outcomes = []
        for brief, schedule in self._scheduled():
            outcome = await self._turn_of(brief, schedule, now, stop or asyncio.Event())
            self._report(outcome)
            outcomes.append(outcome)
        return outcomes

    async def run_forever(self, stop: asyncio.Event) -> None:
        """Run each brief when its time comes until ``stop`` is set; crawls that run then are waited for."""
        # Its warnings (missed, still running) reach the user as outcomes instead.
        logging.getLogger("apscheduler").setLevel(logging.CRITICAL)
        clock = AsyncIOScheduler(timezone=UTC)
        clock.add_listener(self._on_event, EVENT_JOB_MISSED | EVENT_JOB_MAX_INSTANCES)
        clock.start()
        try:
            while not stop.is_set():
                self._refresh(clock, stop)
                with suppress(TimeoutError):
                    await asyncio.wait_for(stop.wait(), self._poll_seconds)
            clock.remove_all_jobs()
            await self._drain()
        finally:
            clock.shutdown(wait=False)
            await asyncio.sleep(0)  # the shutdown itself waits for the loop's next turn

    def _scheduled(self) -> list[tuple[Brief, ScheduleTable]]:
        return [(brief, brief.schedule) for brief in self._load_briefs() if brief.schedule is not None]

    async def _turn_of(self, brief: Brief, schedule: ScheduleTable, now: datetime, stop: asyncio.Event) -> Outcome:
        try:
            verdict = due(schedule, self._last_started(brief.name), now)
        except Exception as fault:  # noqa: BLE001  # whatever it is, other briefs still get their turn
            return Outcome(brief.name, "failed", fault_in_words(fault))
        if not verdict.run:
            return Outcome(brief.name, "waiting", verdict.reason)
        return await self._run(brief, stop)

    async def _run(self, brief: Brief, stop: asyncio.Event) -> Outcome:
        async with self._turn:
            if stop.is_set():
                return Outcome(brief.name, "skipped", "the service is ending")
            return await attempt(brief, self._run_brief)

    def _refresh(self, clock: AsyncIOScheduler, stop: asyncio.Event) -> None:
        """Bring the jobs in line with the briefs as they are now."""
        try:
            found = {brief.name: (brief, schedule) for brief, schedule in self._scheduled()}
        except Exception as fault:  # noqa: BLE001  # the service outlives a file that is being edited
            self._complain("", fault_in_words(fault))
            return
        self._faults.pop("", None)
        for name in self._briefs.keys() - found.keys():
            self._forget(clock, name)
        for name, (brief, schedule) in found.items():
            known = self._briefs.get(name)
            self._briefs[name] = brief
            if known is None or known.schedule != schedule:
                self._place(clock, name, schedule, stop)

    def _forget(self, clock: AsyncIOScheduler, name: str) -> None:
        self._briefs.pop(name, None)
        if clock.get_job(name) is not None:
            clock.remove_job(name)

    def _place(self, clock: AsyncIOScheduler, name: str, schedule: ScheduleTable, stop: asyncio.Event) -> None:
        """Give a brief its job; a fire time that passed unserved within its grace is served at once."""
        now = datetime.now(UTC)
        try:
            trigger = trigger_of(schedule)
            late = due(schedule, self._last_started(name), now).run
        except Exception as fault:  # noqa: BLE001  # whatever it is, other briefs still get their turn
            self._forget(clock, name)  # so that the next look tries it again
            self._complain(name, fault_in_words(fault))
            return
        self._faults.pop(name, None)
        clock.add_job(
            self._fire,
            trigger,
            args=(name, stop),
            id=name,
            replace_existing=True,
            max_instances=1,
            coalesce=True,
            misfire_grace_time=max(1, round(schedule.misfire_grace_minutes * 60)),
            next_run_time=now if late else trigger.get_next_fire_time(None, now),
        )

    async def _fire(self, name: str, stop: asyncio.Event) -> None:
        task = asyncio.current_task()
        brief = self._briefs.get(name)
        if task is None or brief is None:
            return
        self._tasks.add(task)
        try:
            self._report(await self._run(brief, stop))
        finally:
            self._tasks.discard(task)

    async def _drain(self) -> None:
        await asyncio.sleep(0)  # a job that was just handed over sees the stop and ends
        while self._tasks:
            await asyncio.wait(set(self._tasks))

    def _on_event(self, event: Any) -> None:
        why = "its last run is not over" if event.code == EVENT_JOB_MAX_INSTANCES else "its time was missed"
        self._report(Outcome(event.job_id, "skipped", why))

    def _complain(self, name: str, fault: str) -> None:
        if self._faults.get(name) != fault:
            self._faults[name] = fault
            self._report(Outcome(name, "failed", fault))


def _planned(brief: Brief, now: datetime, n: int) -> Planned:
    if brief.schedule is None:
        return Planned(brief.name, [])
    try:
        return Planned(brief.name, next_times(brief.schedule, n, now))
    except SourcerError as fault:
        return Planned(brief.name, [], str(fault))
