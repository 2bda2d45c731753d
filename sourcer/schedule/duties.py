"""What runs every night besides the briefs: old data is deleted, notices are counted, people are looked at again."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Final

from sourcer.brief import Brief, ScheduleTable
from sourcer.config import Config
from sourcer.crawl import CrawlOutcome, CrawlRequest, refresh_request
from sourcer.errors import BusyError, Paused, SourcerError
from sourcer.privacy import notices_due, purge
from sourcer.schedule.job import Job
from sourcer.schedule.outcome import Outcome, fault_in_words, job_in_words
from sourcer.store.database import Database
from sourcer.store.duties import duty_past, note_duty
from sourcer.store.locks import hold, is_held
from sourcer.store.past import Past

__all__ = ["DUTIES", "Nightly", "nightly_jobs"]

DUTIES: Final = ("duty/retention", "duty/notices", "duty/refresh")
"""The names of the jobs; no brief's name has a slash."""

_GRACE_MINUTES: Final = 24 * 60.0
_NOTICE_WITHIN_DAYS: Final = 7


@dataclass(frozen=True, slots=True)
class Nightly:
    """What the duties work on.

    Args:
        config: The configuration.
        database: Whose duties they are.
        load_briefs: Reads all briefs anew.
        run: Crawls.
        stopped: Whether the service is ending.
        tell: Told what nobody would look up: that people wait to be told, or that a duty failed.
    """

    config: Config
    database: Database
    load_briefs: Callable[[], Iterable[Brief]]
    run: Callable[[CrawlRequest], Awaitable[CrawlOutcome]]
    stopped: Callable[[], bool]
    tell: Callable[[Mapping[str, str]], Awaitable[None]]

    async def retention(self, held: Database) -> str:
        """Delete what was not seen for too long."""
        before = datetime.now(UTC) - timedelta(days=self.config.privacy.retention_days)
        purged = await asyncio.to_thread(purge, held, before, self.config.archive_dir)
        return f"deleted {purged.in_words()}"

    async def notices(self, held: Database) -> str:
        """Count who must be told soon."""
        today = datetime.now(UTC).date()
        with held.read() as connection:
            found = notices_due(connection, today, _NOTICE_WITHIN_DAYS)
        urgent = [notice for notice in found if not notice.overdue]
        overdue = f"; {len(found) - len(urgent)} are overdue" if len(found) > len(urgent) else ""
        if not urgent:
            # Told again every night, this would be noise: nothing says yet that somebody was told.
            return f"nobody is to be told within {_NOTICE_WITHIN_DAYS} days that their data is held{overdue}"
        said = (
            f"{len(urgent)} people are to be told within {_NOTICE_WITHIN_DAYS} days that their data is held, the first "
            f"by {urgent[0].due}{overdue}: `sourcer privacy due` lists them"
        )
        await self.tell(job_in_words(Outcome(DUTIES[1], "complete", said)))
        return said

    async def refresh(self, held: Database) -> str:
        """Look again at people whose data is old, brief by brief."""
        told = []
        for brief in self.load_briefs():
            if brief.schedule is None or self.stopped():
                continue
            with held.read() as connection:
                request = refresh_request(connection, brief, datetime.now(UTC))
            if request is not None:
                told.append(f"{brief.name}: {await self._refreshed(request)}")
        return "; ".join(told) or "nobody's data is older than the briefs allow"

    async def _refreshed(self, request: CrawlRequest) -> str:
        try:
            outcome = await self.run(request)
        except SourcerError as fault:
            return str(fault)
        return f"looked again at {len(request.accounts or ())} accounts, {outcome.run.status}"


def nightly_jobs(nightly: Nightly) -> list[Job]:
    """The duties as jobs. Like the time of a brief, a time of theirs is served once on a database."""
    told = nightly.config.duties
    schedule = ScheduleTable(cron=told.cron, timezone=told.timezone, misfire_grace_minutes=_GRACE_MINUTES)
    works = (nightly.retention, nightly.notices, nightly.refresh)
    return [
        Job(name, schedule, partial(_run, nightly, name, work), partial(_past, nightly.database, name))
        for name, work in zip(DUTIES, works, strict=True)
    ]


def _past(database: Database, name: str) -> Past:
    with database.read() as connection:
        return duty_past(connection, name, running=is_held(connection, name))


async def _run(
    nightly: Nightly, name: str, work: Callable[[Database], Awaitable[str]], fire_time: datetime | None
) -> Outcome:
    try:
        with hold(nightly.database, name) as held:
            if fire_time is not None and _past(held, name).has_served(fire_time):
                return Outcome(name, "skipped", "another process has done it already")
            said = await work(held)
            with held.write() as connection:
                note_duty(connection, name, fire_time or datetime.now(UTC), datetime.now(UTC), said)
    except (BusyError, Paused) as busy:
        return Outcome(name, "skipped", str(busy))
    except Exception as fault:  # noqa: BLE001  # whatever it is, other jobs still get their turn
        failed = Outcome(name, "failed", fault_in_words(fault))
        await nightly.tell(job_in_words(failed))
        return failed
    return Outcome(name, "complete", said)
