"""The unit of work: what a connector yielded, and the checkpoint from which it goes on, in one transaction.

Kill the process anywhere: a unit is stored whole or not at all, and storing it twice leaves the same rows.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, update

from sourcer.domain import Checkpoint, Done, Evidence, Gone, Item, Profile, Ref, Unknown
from sourcer.store import schema
from sourcer.store.batch import Batch, Origin, Phase
from sourcer.store.clean import clean_items, clean_ref
from sourcer.store.closing import close_accounts, forget_gone, save_looks, save_unknowns, touch_unchanged
from sourcer.store.gists import forget_gists
from sourcer.store.queueing import finish_visits, queue_found, save_checkpoint, save_relevance
from sourcer.store.sql import Key, lock_sites
from sourcer.store.writes import save_evidence, save_profiles

__all__ = ["Counted", "Unit", "commit_unit"]


@dataclass(slots=True)
class Unit:
    """One unit of work.

    Args:
        chain: The id of the first run of the chain that this run continues.
        run_id: The run that stores it.
        brief: For which brief people are found.
        connector: Who saw it, and
        connector_version: in which version.
        seen_at: When it was seen: the time of every row that this unit writes.
        phase: What the connector was asked for.
        items: What it yielded, in that order; checkpoints among them are ignored.
        checkpoint: From where discovery goes on once this is stored.
        digest: Of the brief's discover part, kept with the checkpoint: it is worth nothing for another one.
        relevance: How much a deep look would pay, 0 to 1, by account.
        run_sites: The run's counts by site as of this unit, stored with the run.
    """

    chain: int
    run_id: int
    brief: str
    connector: str
    connector_version: str
    seen_at: datetime
    phase: Phase
    items: list[Item]
    checkpoint: Checkpoint | None = None
    digest: str = ""
    relevance: Mapping[Ref, float] = field(default_factory=dict)
    run_sites: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class Counted:
    """What a unit stored: accounts queued for the first time in this chain, and rows written, by kind.

    ``gone`` counts accounts that the site says do not exist, ``vanished`` pieces of evidence that were there before.
    """

    people: int = 0
    profiles: int = 0
    evidence: int = 0
    gone: int = 0
    unknown: int = 0
    vanished: int = 0


def commit_unit(connection: Connection, unit: Unit) -> Counted:
    """Store a unit; the caller's write transaction ends it. Idempotent."""
    origin = _origin(unit)
    counts: Counter[str] = Counter()
    batches = list(_batches(clean_items(unit.items)))
    lock_sites(connection, {site for batch in batches for site, _ in batch.accounts()})
    for batch in batches:
        counts.update(_store(connection, origin, batch))
    save_relevance(connection, origin, _by_key(unit.relevance))
    save_checkpoint(connection, origin, unit.checkpoint, unit.digest, counts["people"])
    if unit.run_sites is not None:
        connection.execute(update(schema.run).where(schema.run.c.id == unit.run_id).values(sites=unit.run_sites))
    return Counted(**counts)


def _origin(unit: Unit) -> Origin:
    # In UTC: what counts as another day must not depend on the caller's zone.
    seen_at = unit.seen_at.astimezone(UTC)
    return Origin(unit.chain, unit.run_id, unit.brief, unit.connector, unit.connector_version, seen_at, unit.phase)


def _store(connection: Connection, origin: Origin, batch: Batch) -> dict[str, int]:
    people = queue_found(connection, origin, batch.found) if origin.phase == "discover" else 0
    forget_gists(connection, batch.rewritten())
    save_profiles(connection, origin, batch.profiles)
    save_evidence(connection, origin, batch.evidence)
    save_unknowns(connection, origin, batch.unknowns)
    vanished = close_accounts(connection, origin, batch.done)
    touch_unchanged(connection, origin, batch.done)
    save_looks(connection, origin, batch.done)
    forget_gone(connection, origin, batch.gone)
    finish_visits(connection, origin, batch.closed())
    return {
        "people": people,
        "profiles": len(batch.profiles),
        "evidence": len(batch.evidence),
        "gone": len(batch.gone),
        "unknown": len(batch.unknowns),
        "vanished": vanished,
    }


def _batches(items: Iterable[Item]) -> Iterator[Batch]:
    """Cut the items where one speaks about an account that was closed before it.

    Storing a batch table by table is then the same as storing its items one by one.
    """
    batch = Batch()
    for item in items:
        if isinstance(item, Checkpoint):
            continue
        key = _key(item if isinstance(item, Ref) else item.ref)
        if key in batch.done or key in batch.gone:
            yield batch
            batch = Batch()
        _add(batch, key, item)
    yield batch


def _add(batch: Batch, key: Key, item: Ref | Profile | Evidence | Unknown | Done | Gone) -> None:
    match item:
        case Ref():
            batch.add_found(item)
        case Profile():
            batch.profiles[key] = item
        case Evidence():
            batch.add_evidence(item)
        case Unknown():
            batch.add_unknown(item)
        case Done():
            batch.add_found(item.ref)
            batch.done[key] = item
        case Gone():
            batch.gone[key] = item


def _by_key(relevance: Mapping[Ref, float]) -> dict[Key, float]:
    return {_key(clean_ref(ref)): value for ref, value in relevance.items()}


def _key(ref: Ref) -> Key:
    return ref.site, ref.uid
