"""One crawl of one brief: every connector at the same time, one writer, one run in the database."""

from __future__ import annotations

import asyncio
import hashlib
import json
import logging
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Final

from sqlalchemy import Connection

from sourcer import __version__
from sourcer.brief import Brief
from sourcer.config import Config, secrets_of
from sourcer.connect import Denied, Fetcher, NotConfigured, SiteError, Spent
from sourcer.connect.registry import check_offline
from sourcer.crawl.archives import archive_of, check_archive, replayed_archive
from sourcer.crawl.batches import BatchLog
from sourcer.crawl.choice import Part, choose
from sourcer.crawl.notify import notify
from sourcer.crawl.pipeline import Pipeline, Seat
from sourcer.crawl.progress import Progress, SiteProgress
from sourcer.crawl.tally import Tally
from sourcer.crawl.writer import Writer
from sourcer.errors import RunError, SourcerError, UsageError
from sourcer.fetch.archive import Archive
from sourcer.fetch.budget import RunBudget
from sourcer.score import score_and_store
from sourcer.skills import Lexicon, focus, load_lexicon
from sourcer.store.database import Database
from sourcer.store.locks import hold
from sourcer.store.runs import Run, RunRow, finish_run, get_run, start_run
from sourcer.store.visits import drop_chain

__all__ = ["CrawlOutcome", "CrawlRequest", "crawl"]

_log = logging.getLogger(__name__)

EXIT_CODES: Final = {"complete": 0, "failed": 1, "incomplete": 3}


@dataclass(frozen=True, slots=True)
class CrawlRequest:
    """What to crawl and how far.

    Args:
        brief: What to look for.
        only: Connectors or sites; empty is all that the brief names.
        max_requests: Most requests of this run over all sites; ``None`` is no limit but the sites' own.
        replay: A run (its number, or the name of its folder in the archive) to run again without network.
    """

    brief: Brief
    only: tuple[str, ...] = ()
    max_requests: int | None = None
    replay: str = ""


@dataclass(frozen=True, slots=True)
class CrawlOutcome:
    """How a crawl ended: its row in the database, the exit code of DESIGN section 6, and what to tell the user."""

    run: RunRow
    exit_code: int
    messages: tuple[str, ...] = ()


@dataclass(slots=True)
class _Crawl:
    """What the tasks of one crawl share."""

    config: Config
    request: CrawlRequest
    run: Run
    writer: Writer
    lexicon: Lexicon
    progress: Progress
    tallies: dict[str, Tally] = field(default_factory=dict)
    fetchers: dict[str, Fetcher] = field(default_factory=dict)
    stopped: dict[str, SiteError] = field(default_factory=dict)

    def sites(self) -> dict[str, Any]:
        """The ``sites`` object of the run, as of now."""
        merged: dict[str, Any] = {}
        for name, tally in self.tallies.items():
            fetcher = self.fetchers.get(name)
            if fetcher is not None:
                tally.take_usage(fetcher.usage)
            merged |= tally.as_json()
        return dict(sorted(merged.items()))

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
        RunError: There is no usable site, the brief is being crawled already, or the database cannot be written.
    """
    progress = progress or Progress()
    parts = await _usable(config, request, progress)
    lexicon = load_lexicon()
    with hold(database, f"crawl:{request.brief.name}"):
        writer = Writer(database)
        run, archive = await _start(config, request, writer, parts)
        state = _Crawl(config, request, run, writer, lexicon, progress)
        status = "incomplete"
        try:
            async with AsyncExitStack() as stack:
                stack.enter_context(progress)
                await _run_all(state, await _seats(state, parts, archive, stack), stop or asyncio.Event())
            status = state.status()
        finally:
            await writer.write(finish_run, run.id, status, datetime.now(UTC), state.sites())
        return await _conclude(state, database, status)


async def _usable(config: Config, request: CrawlRequest, progress: Progress) -> list[Part]:
    """The connectors that could work now; the others are named with what to set."""
    choice = choose(config, request.brief, request.only)
    warnings = list(choice.warnings)
    parts: list[Part] = []
    for part in choice.parts:
        if request.replay:  # what was answered once needs no credentials
            parts.append(part)
            continue
        try:
            await check_offline(part.installed, part.settings)
        except NotConfigured as reason:
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
        return start_run(
            connection,
            brief=request.brief.name,
            purpose=config.privacy.purpose,
            config_digest=config.digest(),
            versions=versions,
            now=now,
            replay_of=replayed.run_id if replayed else None,
        )

    run = await writer.write(begin)
    return run, replayed.archive if replayed else archive_of(config, run)


async def _seats(state: _Crawl, parts: list[Part], archive: Archive | None, stack: AsyncExitStack) -> list[Pipeline]:
    """Build each connector with its own fetcher; people are shared out evenly, the first ones get what is left over."""
    limit, over = divmod(state.request.brief.discover.limit, len(parts))
    budget = RunBudget(
        max_requests=state.request.max_requests, max_wait_seconds=state.config.fetch.max_wait_minutes * 60
    )
    relevance = focus(state.lexicon, state.request.brief)
    pipelines = []
    for position, part in enumerate(parts):
        fetcher = await stack.enter_async_context(_fetcher(state, part, archive, budget))
        connector = part.build(fetcher)
        state.fetchers[part.name] = fetcher
        state.tallies[part.name] = Tally(connector.sites())
        seat = Seat(
            connector=connector,
            fetcher=fetcher,
            version=part.installed.version,
            discover=part.discover,
            digest=_digest(part, state.request.brief),
            limit=limit + (position < over),
            focus=relevance,
            deep_share=state.config.crawl.deep_share,
            batches=BatchLog(archive, part.name),
            replay=bool(state.request.replay),
            store_contacts=state.config.privacy.store_contacts,
        )
        pipelines.append(
            Pipeline(
                seat,
                state.run,
                state.request.brief.name,
                writer=state.writer,
                tally=state.tallies[part.name],
                moved=state.sites,
            )
        )
    return pipelines


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
    )


def _digest(part: Part, brief: Brief) -> str:
    """What a checkpoint depends on: another question starts its discovery over."""
    asked = {"discover": part.discover.model_dump(mode="json"), "limit": brief.discover.limit}
    return hashlib.sha256(json.dumps(asked, sort_keys=True).encode()).hexdigest()[:16]


async def _run_all(state: _Crawl, pipelines: list[Pipeline], stop: asyncio.Event) -> None:
    tasks = {asyncio.create_task(_run_one(state, pipeline)): pipeline for pipeline in pipelines}
    stopping = asyncio.create_task(stop.wait())
    watching = asyncio.create_task(_watch(state, pipelines))
    try:
        waiting: set[asyncio.Task[Any]] = set(tasks)
        while waiting and not stopping.done():
            done, _ = await asyncio.wait({*waiting, stopping}, return_when=asyncio.FIRST_COMPLETED)
            waiting -= done
            for task in done - {stopping}:
                task.result()
        for task in waiting:
            state.stopped[tasks[task].name] = Spent("stopped on request")
    finally:
        for task in (*tasks, stopping, watching):
            task.cancel()
        await asyncio.gather(*tasks, stopping, watching, return_exceptions=True)


async def _run_one(state: _Crawl, pipeline: Pipeline) -> None:
    try:
        await pipeline.run()
    except SiteError as reason:
        state.stopped[pipeline.name] = reason
        if not isinstance(reason, Spent):
            state.tallies[pipeline.name].error(type(reason).__name__.lower(), str(reason))
    except (RunError, UsageError):
        raise
    except Exception as fault:  # noqa: BLE001  # see below
        # A connector is somebody else's code: its crash ends its site, not the others.
        _log.exception("%s", pipeline.name)
        words = str(fault) if isinstance(fault, SourcerError) else f"{type(fault).__name__}: {fault}"
        crash = SiteError(f"{pipeline.name} failed: {words}")
        state.stopped[pipeline.name] = crash
        state.tallies[pipeline.name].error("connector_error", str(crash))


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


async def _conclude(state: _Crawl, database: Database, status: str) -> CrawlOutcome:
    """Score what was stored, and forget the queue of a crawl that is complete."""
    brief, config = state.request.brief, state.config

    def score() -> int:
        return score_and_store(
            database, brief, state.lexicon, as_of=datetime.now(UTC).date(), cross_brief=config.privacy.cross_brief
        )

    state.progress.message(f"scoring what is stored for {brief.name}")
    await asyncio.to_thread(score)
    if status == "complete":
        await state.writer.write(drop_chain, state.run.chain)
    row = await state.writer.read(get_run, state.run.id)
    if row is None:
        raise RunError(f"run {state.run.id} is not in the database any more: was it deleted while it ran?")
    messages = [_named(name, str(reason)) for name, reason in sorted(state.stopped.items())]
    if not state.request.replay and (fault := await notify(config, row)):
        messages.append(fault)
    return CrawlOutcome(row, EXIT_CODES[status], tuple(messages))
