"""One crawl of one brief: every connector at the same time, one writer, one run in the database."""

from __future__ import annotations

import asyncio
import hashlib
import json
import logging
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from typing import Any, Final, cast

from sqlalchemy import Connection

from sourcer import __version__
from sourcer.brief import Brief
from sourcer.config import Config, secrets_of
from sourcer.connect import Connector, Denied, Fetcher, NotConfigured, SiteError, Spent
from sourcer.connect.addresses import address_reader
from sourcer.connect.guard import foreign_code, sites_of
from sourcer.connect.registry import check_offline
from sourcer.crawl.accounts import Account
from sourcer.crawl.archives import archive_of, check_archive, note_limits, noted_limits, replayed_archive
from sourcer.crawl.batches import BatchLog
from sourcer.crawl.choice import Part, choose
from sourcer.crawl.halting import Halt
from sourcer.crawl.lasting import StoredShelf
from sourcer.crawl.notify import notify
from sourcer.crawl.pipeline import Pipeline, Seat
from sourcer.crawl.progress import Progress, SiteProgress
from sourcer.crawl.shares import shared_limits
from sourcer.crawl.tally import Tally
from sourcer.crawl.writer import Writer
from sourcer.errors import Crashed, Paused, RunError
from sourcer.fetch.archive import Archive
from sourcer.fetch.budget import RunBudget
from sourcer.link import link_people
from sourcer.score import score_and_store
from sourcer.skills import Lexicon, focus, lexicon_of
from sourcer.store.database import Database
from sourcer.store.health import HISTORY, judged
from sourcer.store.locks import hold
from sourcer.store.past import check_unserved
from sourcer.store.runs import Run, RunKind, RunRow, RunStatus, finish_run, list_runs, start_run
from sourcer.store.statistics import refresh_statistics
from sourcer.store.switch import pause_in_words

__all__ = ["CrawlOutcome", "CrawlRequest", "crawl", "lock_of"]

_log = logging.getLogger(__name__)

PATIENCE_SECONDS: Final = 5.0
"""How long connectors that are told to end are waited for."""
EXIT_CODES: Final = {"complete": 0, "failed": 1, "incomplete": 3}


@dataclass(frozen=True, slots=True)
class CrawlRequest:
    """What to crawl and how far.

    Args:
        brief: What to look for.
        only: Connectors or sites; empty is all that the brief names.
        max_requests: Most requests of this run over all sites; ``None`` is no limit but the sites' own.
        replay: A run (its number, or the name of its folder in the archive) to run again without network.
        accounts: Whom to look at, instead of what the brief asks of the connectors.
        kind: Why: a refresh looks at stored people whose data is old.
        fire_time: The time of the brief's schedule that this serves (aware); ``None`` is by hand.
    """

    brief: Brief
    only: tuple[str, ...] = ()
    max_requests: int | None = None
    replay: str = ""
    accounts: tuple[Account, ...] | None = None
    kind: RunKind = "crawl"
    fire_time: datetime | None = None

    @property
    def stored_kind(self) -> RunKind:
        """What the run is kept as: only whole crawls are compared with each other."""
        if self.kind != "crawl":
            return self.kind
        if self.accounts is not None:
            return "accounts"
        return "part" if self.only or self.max_requests is not None else "crawl"

    @property
    def names_people(self) -> bool:
        """Whether somebody has named the people themselves: whoever has a list wants all of it looked at."""
        return self.stored_kind == "accounts"


@dataclass(frozen=True, slots=True)
class CrawlOutcome:
    """How a crawl ended: its row in the database, the exit code of DESIGN section 6, and what to tell the user.

    ``ranked`` is how many people the brief's ranking holds now, ``None`` where nobody was scored.
    """

    run: RunRow
    exit_code: int
    messages: tuple[str, ...] = ()
    ranked: int | None = None


@dataclass(slots=True)
class _Crawl:
    """What the tasks of one crawl share."""

    config: Config
    request: CrawlRequest
    run: Run
    writer: Writer
    lexicon: Lexicon
    progress: Progress
    halt: Halt
    tallies: dict[str, Tally] = field(default_factory=dict)
    fetchers: dict[str, Fetcher] = field(default_factory=dict)
    stopped: dict[str, SiteError] = field(default_factory=dict)
    ranked: int | None = None

    def sites(self) -> dict[str, Any]:
        """The ``sites`` object of the run, as of now."""
        merged: dict[str, Any] = {}
        for name, tally in self.tallies.items():
            fetcher = self.fetchers.get(name)
            if fetcher is not None:
                tally.take_usage(fetcher.usage)
            merged |= tally.as_json()
        return dict(sorted(merged.items()))

    def note(self, name: str, reason: SiteError) -> None:
        """A connector stopped; what waiting mends is no error."""
        self.stopped[name] = reason
        if not isinstance(reason, Spent):
            kind = "connector_error" if isinstance(reason, Crashed) else type(reason).__name__.lower()
            self.tallies[name].error(kind, str(reason))
            self.tallies[name].stop(str(reason))

    def status(self) -> str:
        """How the run ended: ``failed`` only when every site refused, which running it again does not mend."""
        if not self.stopped:
            return "complete"
        hopeless = [reason for reason in self.stopped.values() if isinstance(reason, Denied | NotConfigured)]
        return "failed" if len(hopeless) == len(self.tallies) else "incomplete"


async def crawl(
    config: Config,
    request: CrawlRequest,
    database: Database,
    *,
    progress: Progress | None = None,
    stop: asyncio.Event | None = None,
) -> CrawlOutcome:
    """Crawl a brief to its end, or to the point from which the next run goes on.

    Args:
        config: The configuration.
        request: What to crawl.
        database: Where everything is kept; it must be current.
        progress: Shown as it goes.
        stop: When set, the crawl ends at its checkpoint as incomplete.

    Raises:
        UsageError: The brief or the configuration cannot be used.
        RunError: There is no usable site, the brief is being crawled already, everything is paused, or the database
            cannot be written.
    """
    progress = progress or Progress()
    parts = await _usable(config, request, progress)
    lexicon = lexicon_of(config)
    with hold(database, lock_of(request.brief.name)) as held:
        writer = Writer(held)
        run, archive = await _start(config, request, writer, parts)
        halt = Halt(stop, partial(writer.read, pause_in_words))
        state = _Crawl(config, request, run, writer, lexicon, progress, halt)
        status = ""
        try:
            async with AsyncExitStack() as stack:
                stack.enter_context(progress)
                await stack.enter_async_context(halt.watching())
                await _run_all(state, await _seats(state, parts, archive, stack))
                await asyncio.to_thread(refresh_statistics, held)
                await writer.write(link_people, address_reader(), datetime.now(UTC))
                await _score(state, held)
            status = state.status()
        finally:
            await writer.write(_end, state, status)
        return await _conclude(state, status)


def lock_of(brief: str) -> str:
    """The name of the lock that a crawl of a brief holds."""
    return f"crawl:{brief}"


async def _usable(config: Config, request: CrawlRequest, progress: Progress) -> list[Part]:
    """The connectors that could work now; the others are named with what to set."""
    choice = choose(config, request.brief, request.only, request.accounts)
    warnings = list(choice.warnings)
    parts: list[Part] = []
    for part in choice.parts:
        if request.replay:  # what was answered once needs no credentials
            parts.append(part)
            continue
        try:
            await check_offline(part.installed, part.settings)
        except SiteError as reason:
            warnings.append(f"{part.name} is disabled: {reason}")
        else:
            parts.append(part)
    for warning in warnings:
        progress.message(f"warning: {warning}")
    if not parts:
        raise RunError(f"no usable site: {'; '.join(warnings)}")
    return parts


async def _start(
    config: Config, request: CrawlRequest, writer: Writer, parts: list[Part]
) -> tuple[Run, Archive | None]:
    if not request.replay:
        check_archive(config)
    now = datetime.now(UTC)
    versions = {"sourcer": __version__} | {part.name: part.installed.version for part in parts}
    replayed = await replayed_archive(config, writer, request.replay) if request.replay else None

    def begin(connection: Connection) -> Run:
        if paused := pause_in_words(connection):
            raise Paused(paused)
        if request.fire_time is not None:
            check_unserved(connection, request.brief.name, request.fire_time)
        return start_run(
            connection,
            brief=request.brief.name,
            purpose=config.privacy.purpose,
            config_digest=config.digest(),
            versions=versions,
            now=now,
            connectors=[part.name for part in parts],
            replay_of=replayed.run_id if replayed else None,
            kind=request.stored_kind,
            fire_time=request.fire_time,
        )

    run = await writer.write(begin)
    return run, replayed.archive if replayed else archive_of(config, run)


async def _seats(state: _Crawl, parts: list[Part], archive: Archive | None, stack: AsyncExitStack) -> list[Pipeline]:
    """Build each connector with its own fetcher; people are shared out evenly, the first ones get what is left over."""
    limits = _limits(state, parts, archive)
    budget = RunBudget(
        max_requests=state.request.max_requests, max_wait_seconds=state.config.fetch.max_wait_minutes * 60
    )
    relevance = focus(state.lexicon, state.request.brief)
    pipelines: list[Pipeline] = []
    # Who comes with Sourcer goes first: nobody else gets a site that it serves.
    for part in sorted((part for part in parts if part.name in limits), key=lambda part: not part.installed.builtin):
        fetcher = await stack.enter_async_context(_fetcher(state, part, archive, budget))
        try:
            connector, sites = _built(state, part, fetcher)
        except SiteError as reason:
            state.tallies[part.name] = Tally((part.name,))
            state.note(part.name, reason)
            continue
        state.fetchers[part.name] = fetcher
        tally = state.tallies[part.name] = Tally(sites)
        seat = Seat(
            connector=connector,
            fetcher=fetcher,
            version=part.installed.version,
            discover=part.discover,
            digest=_digest(part, state.request.brief),
            limit=limits[part.name],
            focus=relevance,
            crawl=state.config.crawl,
            batches=BatchLog(archive, part.name),
            replay=bool(state.request.replay),
            store_contacts=state.config.privacy.store_contacts,
            stale_after_days=state.request.brief.freshness.stale_after_days,
            deep_for_all=state.request.names_people,
        )
        name = state.request.brief.name
        pipelines.append(Pipeline(seat, state.run, name, writer=state.writer, tally=tally, moved=state.sites))
    return pipelines


def _limits(state: _Crawl, parts: list[Part], archive: Archive | None) -> dict[str, int]:
    """How many people each connector may take in: evenly shared, or as many as are named; in a replay, as then."""
    if state.request.replay:
        return noted_limits(archive)
    limits = shared_limits(state.request.brief.discover.limit, [part.name for part in parts])
    limits |= {part.name: part.limit for part in parts if part.limit is not None}
    note_limits(archive, limits)
    return limits


def _built(state: _Crawl, part: Part, fetcher: Fetcher) -> tuple[Connector, tuple[str, ...]]:
    """A connector and its sites; no two connectors may write to one site."""
    with foreign_code(part.name):
        connector = part.build(fetcher)
    sites = sites_of(connector)
    for other, tally in state.tallies.items():
        if shared := set(sites) & set(tally.sites):
            raise SiteError(f"{part.name}: the site {min(shared)} is already served by {other}: use one of them")
    return connector, sites


def _fetcher(state: _Crawl, part: Part, archive: Archive | None, budget: RunBudget) -> Fetcher:
    return Fetcher(
        part.name,
        part.policy,
        state.config.fetch,
        secrets=secrets_of(part.settings),
        archive=archive,
        replay=bool(state.request.replay),
        budget=budget,
        started_at=state.run.chain_started_at,
        shelf=StoredShelf(state.writer),
    )


def _digest(part: Part, brief: Brief) -> str:
    """What a checkpoint depends on: another question starts its discovery over."""
    asked = {"discover": part.discover.model_dump(mode="json"), "limit": brief.discover.limit}
    return hashlib.sha256(json.dumps(asked, sort_keys=True).encode()).hexdigest()[:16]


async def _run_all(state: _Crawl, pipelines: list[Pipeline]) -> None:
    tasks = {asyncio.create_task(_run_one(state, pipeline)): pipeline for pipeline in pipelines}
    stopping = asyncio.create_task(state.halt.event.wait())
    watching = asyncio.create_task(_watch(state, pipelines))
    try:
        waiting: set[asyncio.Task[Any]] = set(tasks)
        while waiting and not stopping.done():
            done, _ = await asyncio.wait({*waiting, stopping}, return_when=asyncio.FIRST_COMPLETED)
            waiting -= done
            for task in done - {stopping}:
                task.result()
        for task in waiting:
            state.stopped[tasks[task].name] = Spent(state.halt.reason)
    finally:
        for task in (*tasks, stopping, watching):
            task.cancel()
        # A connector that does not let itself be ended is left behind: what is stored is whole.
        ended, _ = await asyncio.wait({*tasks, stopping, watching}, timeout=PATIENCE_SECONDS)
        for task in ended:
            # One fault of the database ends them all, and is told once.
            _ = task.cancelled() or task.exception()


async def _run_one(state: _Crawl, pipeline: Pipeline) -> None:
    try:
        await pipeline.run()
    except SiteError as reason:
        state.note(pipeline.name, reason)


async def _watch(state: _Crawl, pipelines: list[Pipeline]) -> None:
    while True:
        await asyncio.sleep(state.progress.interval)
        state.progress.show([_site_progress(state, pipeline) for pipeline in pipelines])


def _site_progress(state: _Crawl, pipeline: Pipeline) -> SiteProgress:
    tally, fetcher = state.tallies[pipeline.name], state.fetchers[pipeline.name]
    return SiteProgress(
        name=pipeline.name,
        phase=pipeline.phase,
        people=pipeline.people,
        pending=pipeline.pending,
        evidence=sum(site.evidence for site in tally.sites.values()),
        budget=fetcher.budget_left() if fetcher.usage.requests else {},
    )


def _named(connector: str, reason: str) -> str:
    return reason if reason.startswith(connector) else f"{connector}: {reason}"


async def _score(state: _Crawl, database: Database) -> None:
    """Score what was stored. A run that is stopped leaves it to the next one."""
    brief = state.request.brief

    def score() -> int:
        return score_and_store(
            database,
            brief,
            state.lexicon,
            as_of=datetime.now(UTC).date(),
            cross_brief=state.config.privacy.cross_brief,
            stopped=state.halt.is_set,
        )

    if state.halt.is_set():
        state.stopped["scoring"] = Spent(f"{state.halt.reason} before anybody was scored")
        return
    state.progress.message(f"scoring what is stored for {brief.name}")
    try:
        state.ranked = await asyncio.to_thread(score)
    except Spent as reason:
        state.stopped["scoring"] = reason


def _end(connection: Connection, state: _Crawl, status: str) -> None:
    """Write how the run ended; without status a fault ended it.

    Its queue stays: a run of the same day spares the discovery. A crawl that came to its end all the same was stopped
    by nobody.
    """
    stopped_by = {"": "fault", "incomplete": state.halt.by}.get(status)
    finish_run(
        connection,
        state.run.id,
        cast("RunStatus", status or "incomplete"),
        datetime.now(UTC),
        state.sites(),
        stopped_by=stopped_by or None,
    )


async def _conclude(state: _Crawl, status: str) -> CrawlOutcome:
    runs = await state.writer.read(list_runs, HISTORY)
    row = next((row for row in judged(runs) if row.id == state.run.id), None)
    if row is None:
        raise RunError(f"run {state.run.id} is not in the database any more: was it deleted while it ran?")
    messages = [_named(name, str(reason)) for name, reason in sorted(state.stopped.items())]
    messages += [f"{finding.site}: {finding.detail}" for finding in row.health]
    if not state.request.replay and (fault := await notify(state.config, row)):
        messages.append(fault)
    return CrawlOutcome(row, EXIT_CODES[status], tuple(messages), state.ranked)
