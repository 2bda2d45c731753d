"""The queue of a crawl as the engine sees it: whom to visit next, and where each connector stands."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, Select, and_, delete, func, insert, literal, or_, select

from sourcer.domain import Checkpoint, Depth, Json, Ref, Visit
from sourcer.store import schema
from sourcer.store.queueing import next_position
from sourcer.store.sql import account_filters, in_byte_order, upsert

__all__ = [
    "StoredCheckpoint",
    "VisitCount",
    "count_visits",
    "drop_chain",
    "drop_queue",
    "next_visits",
    "queue_deep",
    "read_checkpoint",
    "set_phase",
]


_FRESH: Final = timedelta(days=1)
"""A discovery of today may be of the chain before this one."""


@dataclass(frozen=True, slots=True)
class VisitCount:
    """How many accounts of one queue are still to be visited, and how many are closed."""

    pending: int
    done: int


@dataclass(frozen=True, slots=True)
class StoredCheckpoint:
    """Where a connector stands in a chain of runs.

    Args:
        phase: What it was last asked for.
        checkpoint: From where discovery goes on; ``None`` is from its start.
        found: How many accounts were queued in this chain.
        digest: For which discover part of the brief the checkpoint holds.
    """

    phase: str
    checkpoint: Checkpoint | None
    found: int
    digest: str


def next_visits(
    connection: Connection, chain: int, connector: str, depth: Depth, n: int, *, told_kinds: Sequence[str] = ()
) -> list[Visit]:
    """The next ``n`` accounts that are still to be visited, in the order they were queued.

    Each comes with when it was last looked at in this depth and what the connector remembered then. A deep visit also
    gets what the cheap look remembered, which goes first: it is of this very crawl. With ``told_kinds`` each comes with
    the keys of evidence of these kinds that this crawl, or one within the day before it, has seen.
    """
    visit, look, cheap = schema.visit.c, schema.look.c, schema.look.alias("cheap").c
    same = and_(look.site == visit.site, look.uid == visit.uid, look.depth == visit.depth)
    before = and_(cheap.site == visit.site, cheap.uid == visit.uid, cheap.depth == "cheap", visit.depth == "deep")
    rows = connection.execute(
        select(visit.site, visit.uid, visit.login, look.seen_at, look.state, cheap.state.label("cheap_state"))
        .select_from(schema.visit.outerjoin(schema.look, same).outerjoin(cheap.state.table, before))
        .where(_queue(chain, connector, depth), visit.status == "pending")
        .order_by(visit.position)
        .limit(n)
    )
    visits = [
        Visit(Ref(row.site, row.uid, row.login), row.seen_at, _merged(row.state, row.cheap_state)) for row in rows
    ]
    if not told_kinds:
        return visits
    told = _told(connection, chain, connector, [visit.ref for visit in visits], told_kinds)
    return [replace(visit, told=told.get(visit.ref, {})) for visit in visits]


def _told(
    connection: Connection, chain: int, connector: str, refs: Sequence[Ref], kinds: Sequence[str]
) -> dict[Ref, dict[str, tuple[str, ...]]]:
    began: datetime | None = connection.scalar(select(schema.run.c.started_at).where(schema.run.c.id == chain))
    if began is None:
        return {}
    by_key = {(ref.site, ref.uid): ref for ref in refs}
    table = schema.evidence.c
    told: dict[Ref, dict[str, tuple[str, ...]]] = {}
    for where in account_filters(connection, schema.evidence, by_key):
        fresh = (where, table.connector == connector, table.vanished_at.is_(None), table.kind.in_(kinds))
        rows = connection.execute(
            select(table.site, table.uid, table.kind, table.key)
            .where(*fresh, table.seen_at >= began - _FRESH)
            .order_by(table.id)
        )
        for row in rows:
            known = told.setdefault(by_key[row.site, row.uid], {})
            known[row.kind] = (*known.get(row.kind, ()), row.key)
    return told


def _merged(state: Mapping[str, Json] | None, cheap: Mapping[str, Json] | None) -> Mapping[str, Json] | None:
    return state if cheap is None else {**(state or {}), **cheap}


def count_visits(connection: Connection, chain: int, connector: str, depth: Depth) -> VisitCount:
    """How far one queue is."""
    status = schema.visit.c.status
    rows = connection.execute(
        select(status, func.count().label("visits")).where(_queue(chain, connector, depth)).group_by(status)
    )
    counts = {row.status: row.visits for row in rows}
    return VisitCount(pending=counts.get("pending", 0), done=counts.get("done", 0) + counts.get("closed", 0))


def queue_deep(connection: Connection, chain: int, connector: str, share: float, bar: float | None = 0.0) -> int:
    """Queue the deep look for those where it pays most: at most ``share`` (0 to 1) of all accounts of this crawl.

    Only accounts whose cheap visit is done, with a relevance above 0 and not below ``bar``, and that are not gone;
    after them those of whom nothing was looked at yet, so that nobody knows. ``None`` is no bar: whoever could be had.
    Asking again adds nobody once the share is full.

    Returns:
        How many were queued now.
    """
    cheap = count_visits(connection, chain, connector, "cheap")
    deep = count_visits(connection, chain, connector, "deep")
    # 0.29 * 100 is a hair below 29.
    most = math.floor(share * (cheap.pending + cheap.done) + 1e-9)
    room = most - deep.pending - deep.done
    if room <= 0:
        return 0
    start = next_position(connection, chain, connector, "deep")
    chosen = _worth_a_deep_look(connection, chain, connector, start, bar).limit(room)
    columns = ["chain", "connector", "site", "uid", "depth", "position", "login", "status"]
    statement = insert(schema.visit).from_select(columns, chosen).execution_options(preserve_rowcount=True)
    return connection.execute(statement).rowcount


def _worth_a_deep_look(
    connection: Connection, chain: int, connector: str, start: int, bar: float | None
) -> Select[Any]:
    visit, profile = schema.visit.c, schema.profile.c
    order = (
        visit.relevance.desc().nulls_last(),
        in_byte_order(connection, visit.site),
        in_byte_order(connection, visit.uid),
    )
    queued = schema.visit.alias("queued")
    in_queue = select(queued.c.uid).where(
        queued.c.chain == chain,
        queued.c.connector == connector,
        queued.c.depth == "deep",
        queued.c.site == visit.site,
        queued.c.uid == visit.uid,
    )
    owner = and_(profile.site == visit.site, profile.uid == visit.uid)
    look = schema.look.c
    looked = and_(look.site == visit.site, look.uid == visit.uid, look.depth == "cheap")
    # Who could not be had at all is not tried again by other means: the next crawl does.
    void = schema.unknown.c
    lost = select(void.uid).where(void.site == visit.site, void.uid == visit.uid, void.what == "*").exists()
    unknown = and_(visit.relevance.is_(None), look.scope == [], ~lost)
    if bar is None:
        worth = or_(visit.relevance.is_not(None), ~lost)
    else:
        worth = or_(and_(visit.relevance > 0, visit.relevance >= bar), unknown)
    place = (func.row_number().over(order_by=order) + (start - 1)).label("place")
    return (
        select(
            visit.chain, visit.connector, visit.site, visit.uid, literal("deep"), place, visit.login, literal("pending")
        )
        .select_from(schema.visit.outerjoin(schema.profile, owner).outerjoin(schema.look, looked))
        .where(
            _queue(chain, connector, "cheap"),
            visit.status != "pending",
            worth,
            profile.gone_at.is_(None),
            ~in_queue.exists(),
        )
        .order_by(place)
    )


def read_checkpoint(connection: Connection, chain: int, connector: str) -> StoredCheckpoint | None:
    """Where a connector stands; ``None`` before its first unit of work."""
    table = schema.checkpoint.c
    row = connection.execute(
        select(table.phase, table.state, table.found, table.digest).where(
            table.chain == chain, table.connector == connector
        )
    ).first()
    if row is None:
        return None
    return StoredCheckpoint(row.phase, None if row.state is None else Checkpoint(row.state), row.found, row.digest)


def set_phase(connection: Connection, chain: int, connector: str, phase: str, digest: str) -> None:
    """Note what a connector is asked for now. With another digest than before, its checkpoint is worth nothing."""
    stored = read_checkpoint(connection, chain, connector)
    state = None
    if stored is not None and stored.checkpoint is not None and stored.digest == digest:
        state = stored.checkpoint.state
    row = {
        "chain": chain,
        "connector": connector,
        "phase": phase,
        "state": state,
        "found": stored.found if stored else 0,
        "digest": digest,
        "updated_at": datetime.now(UTC),
    }
    upsert(connection, schema.checkpoint, [row], key=("chain", "connector"))


def drop_queue(connection: Connection, chain: int, connector: str) -> None:
    """Forget queue and checkpoint of one connector: what it is asked for has changed."""
    for table in (schema.visit, schema.checkpoint):
        connection.execute(delete(table).where(table.c.chain == chain, table.c.connector == connector))


def drop_chain(connection: Connection, chain: int) -> None:
    """Forget queue and checkpoints of a chain that is finished."""
    for table in (schema.visit, schema.checkpoint):
        connection.execute(delete(table).where(table.c.chain == chain))


def _queue(chain: int, connector: str, depth: str) -> ColumnElement[bool]:
    visit = schema.visit.c
    return and_(visit.chain == chain, visit.connector == connector, visit.depth == depth)
