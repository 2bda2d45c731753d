"""The service: each brief by its cron line, and the duties of the database, in one process, one at a time.

Crawls wait for each other because each keeps the pace of a site by itself: two at a time would ask it twice as fast.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any, Final, NamedTuple

from apscheduler.events import EVENT_JOB_MAX_INSTANCES, EVENT_JOB_MISSED
from apscheduler.schedulers.asyncio import AsyncIOScheduler

from sourcer.brief import Brief, ScheduleTable
from sourcer.errors import SourcerError
from sourcer.schedule.due import due
from sourcer.schedule.job import Job
from sourcer.schedule.outcome import Outcome, attempt, fault_in_words, log_outcome
from sourcer.schedule.times import last_time, next_times, trigger_of
from sourcer.store.past import Past

__all__ = ["Planned", "Scheduler"]

_POLL_SECONDS: Final = 30.0
_RETRY: Final = timedelta(minutes=15)
"""What this very process has tried in vain, such as on a full disk, it does not try again at each look."""


class Planned(NamedTuple):
    """A brief's next fire times in its own zone; none where it has no ``[schedule]``, or for the ``fault``."""

    brief: str
    times: list[datetime]
    fault: str = ""


class Scheduler:
    """Runs briefs, and the duties of the database, when their time comes.

    Args:
        load_briefs: Reads all briefs anew; those without a ``[schedule]`` are left alone.
        run_brief: Crawls one brief for a time of its schedule and returns its exit code. It has its own way to be told
            to stop.
        past: What is known of a brief's runs, by its name.
        paused: Says who paused everything; empty where nobody has.
        duties: Jobs besides the briefs.
        report: Told about everything that happened to a job.
        poll_seconds: How often the briefs are read again, and what is overdue is looked for.
    """

    def __init__(
        self,
        load_briefs: Callable[[], list[Brief]],
        run_brief: Callable[[Brief, datetime | None], Awaitable[int]],
        past: Callable[[str], Past],
        *,
        paused: Callable[[], str] = str,
        duties: Sequence[Job] = (),
        report: Callable[[Outcome], None] = log_outcome,
        poll_seconds: float = _POLL_SECONDS,
    ) -> None:
        self._load_briefs = load_briefs
        self._run_brief = run_brief
        self._past = past
        self._paused = paused
        self._duties = tuple(duties)
        self._report = report
        self._poll_seconds = poll_seconds
        self._jobs: dict[str, Job] = {}
        self._faults: dict[str, str] = {}
        self._placed: dict[str, datetime] = {}
        self._tried: dict[str, datetime] = {}
        self._under_way: dict[asyncio.Task[Any], str] = {}
        self._turn = asyncio.Lock()

    def listing(self, now: datetime, n: int = 5) -> list[Planned]:
        """The next ``n`` fire times of each brief later than ``now`` (aware)."""
        return [_planned(brief, now, n) for brief in self._load_briefs()]

    async def run_once(self, now: datetime, stop: asyncio.Event | None = None) -> list[Outcome]:
        """Run what is due at ``now`` (aware), one job after the other; once ``stop`` is set no further one begins."""
        outcomes = []
        for job in self._load_jobs():
            outcome = await self._turn_of(job, now, stop or asyncio.Event())
            self._report(outcome)
            outcomes.append(outcome)
        return outcomes

    async def run_forever(self, stop: asyncio.Event) -> None:
        """Run each job when its time comes until ``stop`` is set; crawls that run then are waited for."""
        # Its warnings (missed, still running) reach the user as outcomes instead.
        logging.getLogger("apscheduler").setLevel(logging.CRITICAL)
        clock = AsyncIOScheduler(timezone=UTC)
        clock.add_listener(self._on_event, EVENT_JOB_MISSED | EVENT_JOB_MAX_INSTANCES)
        clock.start()
        try:
            while not stop.is_set():
                self._refresh(clock, stop)
                self._take_up(clock)
                # Its timer stands still while the machine sleeps; the clock on the wall does not.
                clock.wakeup()
                with suppress(TimeoutError):
                    await asyncio.wait_for(stop.wait(), self._poll_seconds)
            clock.remove_all_jobs()
            await self._drain()
        finally:
            clock.shutdown(wait=False)
            await asyncio.sleep(0)  # the shutdown itself waits for the loop's next turn

    def _load_jobs(self) -> list[Job]:
        briefs = [self._job_of(brief, brief.schedule) for brief in self._load_briefs() if brief.schedule is not None]
        return [*briefs, *self._duties]

    def _job_of(self, brief: Brief, schedule: ScheduleTable) -> Job:
        async def run(fire_time: datetime | None) -> Outcome:
            return await attempt(brief, fire_time, self._run_brief)

        return Job(brief.name, schedule, run, partial(self._past, brief.name))

    async def _turn_of(self, job: Job, now: datetime, stop: asyncio.Event) -> Outcome:
        try:
            verdict = due(job.schedule, job.past(), now)
        except Exception as fault:  # noqa: BLE001  # whatever it is, other jobs still get their turn
            return Outcome(job.name, "failed", fault_in_words(fault))
        if not verdict.run:
            return Outcome(job.name, "waiting", verdict.reason)
        return await self._run(job, verdict.fire_time, stop)

    async def _run(self, job: Job, fire_time: datetime | None, stop: asyncio.Event) -> Outcome:
        async with self._turn:
            if stop.is_set():
                return Outcome(job.name, "skipped", "the service is ending")
            try:
                paused = self._paused()
            except Exception as fault:  # noqa: BLE001  # the same
                return Outcome(job.name, "failed", fault_in_words(fault))
            if paused:
                return Outcome(job.name, "skipped", paused)
            return await job.run(fire_time)

    def _refresh(self, clock: AsyncIOScheduler, stop: asyncio.Event) -> None:
        """Bring the clock in line with the briefs as they are now."""
        try:
            found = {job.name: job for job in self._load_jobs()}
        except Exception as fault:  # noqa: BLE001  # the service outlives a file that is being edited
            self._complain("", fault_in_words(fault))
            return
        self._faults.pop("", None)
        for name in self._jobs.keys() - found.keys():
            self._forget(clock, name)
        for name, job in found.items():
            known = self._jobs.get(name)
            self._jobs[name] = job
            if known is None or known.schedule != job.schedule:
                self._place(clock, job, stop)

    def _forget(self, clock: AsyncIOScheduler, name: str) -> None:
        self._jobs.pop(name, None)
        if clock.get_job(name) is not None:
            clock.remove_job(name)

    def _place(self, clock: AsyncIOScheduler, job: Job, stop: asyncio.Event) -> None:
        """Give a job its place on the clock."""
        try:
            trigger = trigger_of(job.schedule)
        except SourcerError as fault:
            self._forget(clock, job.name)  # so that the next look tries it again
            self._complain(job.name, fault_in_words(fault))
            return
        self._faults.pop(job.name, None)
        self._tried.pop(job.name, None)
        self._placed[job.name] = now = datetime.now(UTC)
        clock.add_job(
            self._fire,
            trigger,
            args=(job.name, stop),
            id=job.name,
            replace_existing=True,
            max_instances=1,
            coalesce=True,
            misfire_grace_time=max(1, round(job.schedule.misfire_grace_minutes * 60)),
            next_run_time=trigger.get_next_fire_time(None, now),
        )

    def _take_up(self, clock: AsyncIOScheduler) -> None:
        """Begin what is overdue: missed within its grace, held back by a pause, or interrupted."""
        now = datetime.now(UTC)
        under_way = set(self._under_way.values())
        for name, job in self._jobs.items():
            if name not in under_way and clock.get_job(name) is not None and self._is_overdue(job, now):
                clock.modify_job(name, next_run_time=now)

    def _is_overdue(self, job: Job, now: datetime) -> bool:
        try:
            verdict = due(job.schedule, job.past(), now)
            overdue = verdict.run and not self._paused()
        except Exception as fault:  # noqa: BLE001  # whatever it is, other jobs still get their turn
            self._complain(job.name, fault_in_words(fault))
            return False
        self._faults.pop(job.name, None)
        tried = self._tried.get(job.name)
        if not overdue or verdict.fire_time is None or (tried is not None and now - tried < _RETRY):
            return False
        # A time that came since the job got its place is the clock's, which may add jitter.
        its_chance = timedelta(minutes=job.schedule.jitter_minutes, seconds=self._poll_seconds)
        return verdict.resumes or verdict.fire_time <= self._placed[job.name] or now - verdict.fire_time > its_chance

    async def _fire(self, name: str, stop: asyncio.Event) -> None:
        task = asyncio.current_task()
        job = self._jobs.get(name)
        if task is None or job is None:
            return
        self._under_way[task] = name
        try:
            fire_time = last_time(job.schedule, datetime.now(UTC))
            outcome = await self._run(job, fire_time, stop)
            if outcome.status != "skipped":
                self._tried[name] = datetime.now(UTC)
        except SourcerError as fault:
            outcome = Outcome(name, "failed", fault_in_words(fault))
        finally:
            self._under_way.pop(task, None)
        self._report(outcome)

    async def _drain(self) -> None:
        await asyncio.sleep(0)  # a job that was just handed over sees the stop and ends
        while self._under_way:
            await asyncio.wait(set(self._under_way))

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
