"""The crawl and the schedule as a process runs them: signals, progress, one event loop."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
import threading
from collections.abc import Callable, Coroutine, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from types import FrameType
from typing import Any, Final, TypeVar

from sourcer.brief import Brief
from sourcer.config import Config
from sourcer.crawl import CrawlOutcome, CrawlRequest, crawl, lock_of, post
from sourcer.crawl.progress import LineProgress, LogProgress, Progress, progress_on
from sourcer.errors import BusyError, Paused, RunError, SourcerError
from sourcer.logs import is_structured
from sourcer.schedule import Nightly, Outcome, Scheduler, job_in_words, log_outcome, nightly_jobs, readable_briefs
from sourcer.score import check_brief
from sourcer.score.fairness import concerns_in_words
from sourcer.show import run_summary
from sourcer.skills import Lexicon, lexicon_of
from sourcer.store.database import Database
from sourcer.store.locks import is_held
from sourcer.store.past import Past, past_of
from sourcer.store.switch import pause_in_words

__all__ = ["list_times", "pause_of", "run_crawl", "schedule_forever", "schedule_once"]

_Result = TypeVar("_Result")
_INCOMPLETE: Final = 3
_PATIENCE_SECONDS: Final = 20.0
Say = Callable[[str], None]


def _run_stoppable(work: Callable[[asyncio.Event], Coroutine[Any, Any, _Result]]) -> _Result:
    """Run ``work(stop)`` in an event loop; SIGTERM and SIGINT set ``stop``.

    A second signal ends the process, and so does a connector that does not let itself be ended in time: what is stored
    is whole, and nothing else needs an orderly end.

    Raises:
        RunError: A connector's code tried to end the program.
    """

    async def main() -> _Result:
        stop = asyncio.Event()
        loop = asyncio.get_running_loop()

        def end(_number: int, _frame: FrameType | None) -> None:
            if watchdog.is_alive():
                os._exit(_INCOMPLETE)
            watchdog.start()
            loop.call_soon_threadsafe(stop.set)

        for number in before:
            signal.signal(number, end)
        return await work(stop)

    watchdog = threading.Timer(_PATIENCE_SECONDS, os._exit, (_INCOMPLETE,))
    watchdog.daemon = True
    before = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT)}
    try:
        return asyncio.run(main())
    except SystemExit as leave:
        raise RunError(
            f"a connector's code tried to end the program ({leave!r}); `sourcer runs` shows how far it got"
        ) from leave
    finally:
        watchdog.cancel()
        for number, handler in before.items():
            signal.signal(number, handler)


def run_crawl(
    config: Config, request: CrawlRequest, database: Database, progress: Progress | None = None
) -> CrawlOutcome:
    """Crawl once; SIGTERM or Ctrl-C ends it as incomplete at its last stored unit."""
    shown = progress or _progress(progress_on(sys.stderr))
    return _run_stoppable(lambda stop: crawl(config, request, database, progress=shown, stop=stop))


def _progress(usual: Progress) -> Progress:
    return LogProgress() if is_structured() else usual


def schedule_forever(config: Config, database: Database, say: Say) -> int:
    """Run every brief by its schedule until SIGTERM or Ctrl-C; a running crawl ends at its checkpoint first.

    Returns:
        0, or 3 where a crawl was cut short: the next service on this database takes it up at its start.
    """
    codes = [0]

    async def main(stop: asyncio.Event) -> None:
        told = _report_to(say)

        def report(outcome: Outcome) -> None:
            told(outcome)
            if stop.is_set() and outcome.status == "incomplete":
                codes.append(_INCOMPLETE)

        await _scheduler(config, database, stop, say, report).run_forever(stop)

    _run_stoppable(main)
    return max(codes)


def schedule_once(config: Config, database: Database, say: Say, show: Say) -> int:
    """Run what is due now and say the next times.

    Returns:
        The worst exit code of the crawls: 0 where all are complete, else 3 before 1.
    """

    async def main(stop: asyncio.Event) -> int:
        scheduler = _scheduler(config, database, stop, say)
        outcomes = await scheduler.run_once(datetime.now(UTC), stop)
        for line in _times(scheduler):
            show(line)
        codes = [outcome.exit_code for outcome in outcomes]
        return max(codes, key=lambda code: (code == 1, code), default=0)

    return _run_stoppable(main)


def list_times(config: Config) -> tuple[list[str], list[str]]:
    """The next five times of each brief in its own time zone, and what is wrong with briefs that cannot be read."""

    async def never(_brief: Brief, _fire_time: datetime | None) -> int:
        raise AssertionError("a listing runs nothing")

    faults: list[str] = []
    scheduler = Scheduler(lambda: readable_briefs(config, faults.append), never, lambda _name: Past())
    return _times(scheduler), faults


def pause_of(config: Config) -> str:
    """Who paused everything; empty where nobody has, or where there is no database yet."""
    with Database(config.database_url) as database:
        if database.status().state != "current":
            return ""
        with database.read() as connection:
            return pause_in_words(connection)


def _times(scheduler: Scheduler) -> list[str]:
    lines = []
    for planned in scheduler.listing(datetime.now(UTC)):
        when = ", ".join(f"{moment:%a %Y-%m-%d %H:%M %Z}" for moment in planned.times)
        none = planned.fault or "no [schedule] in its file, it runs only by hand"
        lines.append(f"{planned.brief}: {when or none}")
    return lines or ["there are no briefs: `sourcer init` writes a first one"]


def _report_to(say: Say) -> Callable[[Outcome], None]:
    """Where outcomes go: to the log where it is read by machines, else to the user."""
    return log_outcome if is_structured() else lambda outcome: say(outcome.in_words())


def _scheduler(
    config: Config,
    database: Database,
    stop: asyncio.Event,
    say: Say,
    report: Callable[[Outcome], None] | None = None,
) -> Scheduler:
    work = _Work(config, database, stop, say, lexicon_of(config))
    nightly = nightly_jobs(Nightly(config, database, work.briefs, work.crawl, stop.is_set, work.tell))
    return Scheduler(
        work.briefs,
        work.run,
        work.past,
        paused=work.paused,
        duties=nightly,
        report=report or _report_to(say),
    )


@dataclass(slots=True)
class _Work:
    """What a scheduler does to the world: it reads briefs, crawls, and tells."""

    config: Config
    database: Database
    stop: asyncio.Event
    say: Say
    lexicon: Lexicon
    told: set[str] = field(default_factory=set)

    def briefs(self) -> list[Brief]:
        return readable_briefs(self.config, self._tell_once)

    def _tell_once(self, fault: str) -> None:
        if fault not in self.told:
            self.told.add(fault)
            self.say(fault)

    async def crawl(self, request: CrawlRequest) -> CrawlOutcome:
        for warning in concerns_in_words(request.brief, self.lexicon, self.config.lexicon):
            self._tell_once(warning)
        check_brief(request.brief, self.lexicon)
        progress = _progress(LineProgress(sys.stderr))
        outcome = await crawl(self.config, request, self.database, progress=progress, stop=self.stop)
        for line in run_summary(outcome):
            self.say(line)
        return outcome

    async def run(self, brief: Brief, fire_time: datetime | None) -> int:
        try:
            return (await self.crawl(CrawlRequest(brief, fire_time=fire_time))).exit_code
        except (BusyError, Paused):
            raise
        except SourcerError as fault:  # no run ended, so that nobody was told
            await self.tell(job_in_words(Outcome(brief.name, "failed", str(fault))))
            raise

    async def tell(self, payload: Mapping[str, str]) -> None:
        if fault := await post(self.config, payload):
            self.say(fault)

    def past(self, name: str) -> Past:
        with self.database.read() as connection:
            return past_of(connection, name, running=is_held(connection, lock_of(name)))

    def paused(self) -> str:
        with self.database.read() as connection:
            return pause_in_words(connection)
