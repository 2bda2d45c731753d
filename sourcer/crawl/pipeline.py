"""One connector's way through a crawl: discover, look cheaply at everybody, look deep where it pays.

The queue of visits lies in the database, so memory holds one unit of work, however many people there are, and a killed
process goes on where the last stored unit ended.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Mapping, Sequence
from contextlib import aclosing
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any, Final, Literal

from pydantic import BaseModel

from sourcer.config import CrawlConfig
from sourcer.connect import (
    Checkpoint,
    Connector,
    Depth,
    Done,
    Fetcher,
    Gone,
    Item,
    Profile,
    Ref,
    Unknown,
    Visit,
)
from sourcer.connect.guard import foreign_code
from sourcer.crawl.batches import Batch, BatchLog
from sourcer.crawl.gate import ItemGate, terms_by_ref
from sourcer.crawl.planning import expected_spending, plan_json
from sourcer.crawl.tally import Tally
from sourcer.crawl.writer import Writer
from sourcer.errors import AnswerError, Crashed, SiteError, SourcerError, Spent
from sourcer.skills import TermFocus
from sourcer.store.freshness import Urgency, put_first, urgency_of
from sourcer.store.revisits import queue_known
from sourcer.store.runs import Run
from sourcer.store.terms import terms_of
from sourcer.store.units import Counted, Unit
from sourcer.store.visits import count_visits, drop_queue, next_visits, queue_deep, read_checkpoint, set_phase

__all__ = ["Pipeline", "Seat"]

_log = logging.getLogger(__name__)

Phase = Literal["discover", "cheap", "deep"]

UNIT_ITEMS: Final = 2_000
"""A unit of discovery is stored once it holds so many items, even before its checkpoint: units are idempotent."""

DOWN: Final = ("transport", "server_error", "bad_body")
"""The kinds of failure that a site shows when it is down; others, such as too long an answer, are the request's own."""

GIVE_UP_AFTER: Final = 10
"""Batches that fail in a row before a connector is given up: a broken connector must not close everybody as unknown."""


@dataclass(frozen=True, slots=True)
class Seat:
    """One connector's place in a run. With ``deep_for_all`` neither share nor bar keeps anybody from the deep look."""

    connector: Connector
    fetcher: Fetcher
    version: str
    discover: BaseModel
    digest: str
    limit: int
    focus: TermFocus
    crawl: CrawlConfig
    batches: BatchLog
    replay: bool
    store_contacts: bool
    stale_after_days: int = 90
    deep_for_all: bool = False

    @property
    def deep_share(self) -> float:
        """The most people that get the deep look, as a share."""
        return 1.0 if self.deep_for_all else self.crawl.deep_share

    @property
    def deep_bar(self) -> float | None:
        """The relevance from which on somebody gets it; ``None`` is any."""
        return None if self.deep_for_all else self.crawl.deep_bar


@dataclass(slots=True)
class _DiscoveryUnit:
    """What discovery gave since the last unit was stored."""

    items: list[Item] = field(default_factory=list)
    accounts: set[str] = field(default_factory=set)
    checkpoint: Checkpoint | None = None

    @property
    def is_full(self) -> bool:
        """Whether it is stored although no checkpoint came: not in the middle of an account."""
        return len(self.items) >= UNIT_ITEMS and isinstance(self.items[-1], Done | Ref)

    def adds_account(self, item: Item) -> bool:
        """Whether an item is of an account that the unit does not hold yet."""
        return isinstance(item, Ref | Profile | Done) and _key(item) not in self.accounts

    def add(self, item: Item) -> None:
        """Take an item in."""
        if isinstance(item, Checkpoint):
            self.checkpoint = item
            return
        if self.adds_account(item):
            self.accounts.add(_key(item))
        self.items.append(item)


@dataclass(frozen=True, slots=True)
class _Fetched:
    """What a batch gave: items of the accounts that were closed, the keys of the others, and what went wrong."""

    items: list[Item]
    left: tuple[str, ...]
    fault: SourcerError | None


class Pipeline:
    """Runs one connector to its end, from wherever its last run left it.

    Args:
        seat: The connector and what the brief asks of it.
        run: The run that this is part of.
        writer: Stores units of work.
        tally: Where counts go.
        moved: Called after each stored unit, for progress and for the run's counts: gives the ``sites`` object.
    """

    def __init__(
        self, seat: Seat, run: Run, brief: str, *, writer: Writer, tally: Tally, moved: Callable[[], Mapping[str, Any]]
    ) -> None:
        self.seat = seat
        self.run_row = run
        self.brief = brief
        self.writer = writer
        self.tally = tally
        self.moved = moved
        self.people = 0
        self.pending = 0
        self.phase: str = "discover"
        self._gate = ItemGate(tuple(tally.sites), tally, store_contacts=seat.store_contacts)
        self._failed_in_a_row = 0

    @property
    def name(self) -> str:
        """The connector's name."""
        return self.seat.connector.name

    async def run(self) -> None:
        """Go through all phases.

        Raises:
            SiteError: The connector cannot go on now; what was stored stays, the next run goes on from there.
        """
        stored = await self.writer.read(read_checkpoint, self.run_row.chain, self.name)
        if stored is not None and stored.digest != self.seat.digest:
            _log.info("%s: the brief's [discover] changed, so discovery starts over", self.name)
            await self.writer.write(drop_queue, self.run_row.chain, self.name)
            stored = None
        counted = await self.writer.read(count_visits, self.run_row.chain, self.name, "cheap")
        self.people = counted.pending + counted.done
        self.phase = stored.phase if stored else "discover"
        if stored is None:
            await self._plan()
        if self.phase == "discover" and not self._spared_then():
            self._begin("discover")
            await self._discover(stored.checkpoint if stored else None)
        elif self.phase == "cheap" and not self.run_row.resumed:
            await self.seat.batches.keep_spared()
        if self.phase == "discover":
            await self._queue_known()
            await self._enter("cheap")
        if self.phase == "cheap":
            self._begin("cheap")
            self.tally.correct(self.people)
            await self._put_first()
            await self._fetch_all("cheap")
            queue = partial(queue_deep, share=self.seat.deep_share, bar=self.seat.deep_bar)
            queued = await self.writer.write(queue, self.run_row.chain, self.name)
            _log.info("%s: the deep look goes to %d of %d people", self.name, queued, self.people)
            await self._enter("deep")
        if self.phase == "deep":
            self._begin("deep")
            self.tally.correct(self.people)
            await self._fetch_all("deep")
            await self._enter("done")

    def _begin(self, stage: str) -> None:
        self.tally.begin(stage, self.seat.fetcher.usage)

    async def _plan(self) -> None:
        """Note what the connector expects to spend, to hold what it spends against. No plan is no reason to stop."""
        if self.seat.replay:
            return
        self._begin("plan")
        try:
            expected = await expected_spending(
                self.seat.connector, self.seat.discover, limit=self.seat.limit, deep_share=self.seat.deep_share
            )
        except Spent:
            raise
        except (SiteError, AnswerError) as reason:
            _log.info("%s: no plan: %s", self.name, reason)
            return
        self.tally.plan(plan_json(plan) for site, plan in expected.items() if site in self.tally.sites)

    async def _queue_known(self) -> None:
        """Queue whom an earlier crawl found and this one did not, where the connector wants to look at them again."""
        wants = getattr(self.seat.connector, "revisits", None)
        if self.seat.replay or wants is None:  # a replay looks at whom it looked at then
            return
        with foreign_code(self.name):
            wanted = bool(wants(self.seat.discover))
        if wanted:
            queue = partial(
                queue_known,
                chain=self.run_row.chain,
                connector=self.name,
                urgency=await self._urgency(),
                sites=tuple(self.tally.sites),
                most=self.seat.limit,
            )
            await self.writer.write(queue)

    async def _put_first(self) -> None:
        """Let a short budget reach the people first whose data matters most."""
        if not self.seat.replay:
            await self.writer.write(put_first, self.run_row.chain, self.name, await self._urgency())

    async def _urgency(self) -> Urgency:
        began = self.run_row.chain_started_at
        old = began - timedelta(days=self.seat.stale_after_days)
        return await self.writer.read(urgency_of, self.brief, old, began.date())

    def _spared_then(self) -> bool:
        """Whether this replays a run that took its accounts from a run of the same day before it."""
        return self.seat.replay and self.seat.batches.was_spared()

    async def _enter(self, phase: str) -> None:
        await self.writer.write(set_phase, self.run_row.chain, self.name, phase, self.seat.digest)
        self.phase = phase

    async def _discover(self, after: Checkpoint | None) -> None:
        if self.seat.replay:
            self.seat.fetcher.use_records(self.seat.batches.discovery())
        failed = self._failures()
        try:
            await self._take_in(after)
            await self.seat.batches.keep_discovery(self.seat.fetcher.take_records())
        except AnswerError as fault:
            if self._failures() > failed:
                raise SiteError(f"{self.name}: {fault}; run it again to go on from here") from fault
            # Not the site's network but its data, such as a torn file: it will be the same tomorrow.
            self.tally.error(fault.kind, str(fault))

    async def _take_in(self, after: Checkpoint | None) -> None:
        """Store what discovery yields, unit by unit, until it ends or the limit of people is reached."""
        unit = _DiscoveryUnit()
        connector = self.seat.connector
        try:
            with foreign_code(self.name):
                async with aclosing(_closable(connector.discover(self.seat.discover, after))) as found:
                    async for given in found:
                        item = self._gate.admit(given)
                        if item is None:
                            continue
                        if unit.adds_account(item) and self.people + len(unit.accounts) >= self.seat.limit:
                            # Some accounts may have been known: only storing them tells how many people they add.
                            unit = await self._store_found(unit)
                            if self.people >= self.seat.limit:
                                return
                        unit.add(item)
                        if isinstance(item, Checkpoint) or unit.is_full:
                            unit = await self._store_found(unit)
        finally:
            # Also when the source breaks off: what it gave is good.
            await self._store_found(unit)

    async def _store_found(self, unit: _DiscoveryUnit) -> _DiscoveryUnit:
        await self._store("discover", unit.items, unit.checkpoint)
        if unit.checkpoint is not None:
            # From here on a resumed run goes on: only what was asked before it is ever asked again in a replay.
            await self.seat.batches.keep_discovery(self.seat.fetcher.take_records())
        return _DiscoveryUnit()

    async def _fetch_all(self, depth: Depth) -> None:
        if self.seat.replay:
            for batch in self.seat.batches.replayed(depth):
                await self._repeat(batch, depth)
            return
        self.pending = (await self.writer.read(count_visits, self.run_row.chain, self.name, depth)).pending
        told_visits = partial(next_visits, told_kinds=self._told_kinds)
        while visits := await self.writer.read(
            told_visits, self.run_row.chain, self.name, depth, self.seat.connector.batch_size
        ):
            for left in await self._fetch(visits, depth):
                # A fault that takes a whole batch down may be one account's: each of the others gets its own try.
                for failed in await self._fetch([left], depth):
                    reason = {failed.ref.key: "the site gave no usable answer"}
                    await self._close(depth, Batch((failed,), frozenset(), reason), [])
            self.pending = max(0, self.pending - len(visits))

    async def _fetch(self, visits: Sequence[Visit], depth: Depth) -> Sequence[Visit]:
        """Fetch a batch and store the accounts that were closed; gives back the visits that a fault left open."""
        self.seat.fetcher.take_records()  # what an earlier batch asked in vain is not this one's
        life, failed = self._life(), self._failures()
        fetched = await self._ask(visits, depth)
        await self._look_for_life(fetched, visits, life)
        unknown: dict[str, str] = {}
        if fetched.fault is None:
            self._failed_in_a_row = 0
            for key in fetched.left:
                self.tally.error("not_closed", f"{self.name} did not close {key}")
            unknown = dict.fromkeys(fetched.left, "the connector did not close the account")
        closed = frozenset(item.ref.key for item in fetched.items if isinstance(item, Done | Gone))
        batch = Batch(tuple(visits), closed, unknown, self.seat.fetcher.take_records())
        await self._close(depth, batch, fetched.items)
        if fetched.fault is None:
            return ()
        if isinstance(fetched.fault, SiteError) and not isinstance(fetched.fault, Crashed):
            raise fetched.fault
        self._note(fetched.fault, counted=self._failures() > failed)
        return tuple(visit for visit in visits if visit.ref.key in fetched.left)

    async def _look_for_life(self, fetched: _Fetched, visits: Sequence[Visit], before: tuple[int, int]) -> None:
        """Stop where the site answered nothing at all: nobody becomes unknown because their site is down today.

        One account may be the fault itself, alone or of a batch that was asked for as one: then the site still answers
        what ``check`` asks, and each of the batch gets its own try.
        """
        answered, down = before
        now_answered, now_down = self._life()
        if now_answered > answered or now_down == down:
            return
        one_may_be_it = len(visits) == 1 or fetched.fault is not None
        if not (one_may_be_it and await self._is_alive(alone=len(visits) == 1)):
            raise SiteError(f"{self.name}: the site gives no usable answer ({self._last_error()}); run it again later")

    def _life(self) -> tuple[int, int]:
        """How many requests were answered so far, and how many came to nothing as they do when a site is down."""
        usage = self.seat.fetcher.usage
        return usage.answers, sum(count for kind, (count, _) in usage.errors.items() if kind in DOWN)

    async def _is_alive(self, *, alone: bool) -> bool:
        """Whether the site answers at all; where ``check`` asks nothing, whether it did before."""
        requests, answers = self.seat.fetcher.usage.requests, self.seat.fetcher.usage.answers
        try:
            with foreign_code(self.name):
                await self.seat.connector.check()
        except (SiteError, AnswerError):
            return False
        usage = self.seat.fetcher.usage
        if usage.requests > requests:
            return usage.answers > answers
        return self.run_row.resumed or (alone and answers > 0)

    async def _repeat(self, batch: Batch, depth: Depth) -> None:
        """Fetch an archived batch again, and store of it what was stored then."""
        errors = self.seat.fetcher.usage.errors
        known = errors.get("not_archived")
        self.seat.fetcher.use_records(batch.records)
        fetched = await self._ask(batch.visits, depth)
        if len(batch.closed) < len(batch.visits):
            # It broke off in the middle then: what it did not get to ask is no fault of the replay.
            errors.pop("not_archived", None)
            errors |= {} if known is None else {"not_archived": known}
        items = [item for item in fetched.items if _key(item) in batch.closed]
        await self._close(depth, batch, items)

    async def _ask(self, visits: Sequence[Visit], depth: Depth) -> _Fetched:
        """Everything that a connector gives for a batch, of the accounts that it closed."""
        asked = frozenset(visit.ref.key for visit in visits)
        left = dict.fromkeys(visit.ref.key for visit in visits)
        items: list[Item] = []
        fault: SourcerError | None = None
        try:
            with foreign_code(self.name):
                async with aclosing(_closable(self.seat.connector.fetch(visits, depth, self.seat.focus))) as found:
                    async for given in found:
                        item = self._gate.admit(given)
                        if item is None or isinstance(item, Checkpoint):
                            continue
                        if _key(item) not in asked:
                            self.tally.error("not_asked", f"{self.name} gave an item of {_key(item)} unasked")
                            continue
                        items.append(item)
                        if isinstance(item, Done | Gone):
                            left.pop(item.ref.key, None)
        except (SiteError, AnswerError) as error:
            fault = error
        return _Fetched([item for item in items if _key(item) not in left], tuple(left), fault)

    async def _close(self, depth: Depth, batch: Batch, items: list[Item]) -> None:
        """Store what a batch gave as one unit; before that, note the batch, so that what is stored can be replayed."""
        if not self.seat.replay:
            await self.seat.batches.keep(depth, batch)
        for visit in batch.visits:
            if visit.ref.key in batch.unknown:
                items += [Unknown(visit.ref, "*", batch.unknown[visit.ref.key]), Done(visit.ref, ())]
        await self._store(depth, items)

    def _failures(self) -> int:
        """How many requests came to nothing so far."""
        return sum(count for count, _ in self.seat.fetcher.usage.errors.values())

    def _last_error(self) -> str:
        return next((example for _, example in reversed(self.seat.fetcher.usage.errors.values())), "")

    def _note(self, fault: SourcerError, *, counted: bool) -> None:
        kind = fault.kind if isinstance(fault, AnswerError) else "connector_error"
        _log.warning("%s: %s", self.name, fault)
        if not (counted and isinstance(fault, AnswerError)):  # the fetcher counts its own
            self.tally.error(kind, str(fault))
        self._failed_in_a_row += 1
        if self._failed_in_a_row >= GIVE_UP_AFTER:
            raise SiteError(f"{self.name}: {GIVE_UP_AFTER} batches in a row failed, the last with: {fault}") from fault

    async def _store(self, phase: Phase, items: list[Item], checkpoint: Checkpoint | None = None) -> None:
        if not items and checkpoint is None:
            return
        self.tally.count(items)
        relevance = await self._relevance(items) if phase == "cheap" else {}
        unit = Unit(
            chain=self.run_row.chain,
            run_id=self.run_row.id,
            brief=self.brief,
            connector=self.name,
            connector_version=self.seat.version,
            seen_at=datetime.now(UTC),
            phase=phase,
            items=items,
            checkpoint=checkpoint,
            digest=self.seat.digest,
            relevance=relevance,
            run_sites=self.moved(),
        )
        counted: Counted = await self.writer.commit(unit)
        self.people += counted.people
        # A connector that reads files may never give the loop a turn of its own accord.
        await asyncio.sleep(0)

    @property
    def _told_kinds(self) -> tuple[str, ...]:
        """Kinds of evidence that discovery may have told, and that the connector wants to hear of in each visit."""
        return tuple(getattr(self.seat.connector, "told_kinds", ()))

    async def _relevance(self, items: list[Item]) -> dict[Ref, float]:
        """How much a deep look would pay, by what came now and what is stored: discovery may have told some of it."""
        wanted = {(item.ref.site, item.ref.uid): item.ref for item in items if isinstance(item, Done)}
        stored = await self.writer.read(terms_of, self.name, wanted) if wanted else {}
        fresh = terms_by_ref(items)
        known = {wanted[key]: terms for key, terms in stored.items()}
        return {
            ref: self.seat.focus.of_person(
                (kind, terms) for (kind, _), terms in {**known.get(ref, {}), **fresh.get(ref, {})}.items()
            )
            for ref in {**known, **fresh}
        }


def _key(item: Item) -> str:
    return "" if isinstance(item, Checkpoint) else (item if isinstance(item, Ref) else item.ref).key


async def _closable(items: AsyncIterator[Item]) -> AsyncGenerator[Item, None]:
    """The items of an iterator that may not be a generator, as something that can be closed."""
    try:
        async for item in items:
            yield item
    finally:
        close = getattr(items, "aclose", None)
        if close is not None:
            await close()
