"""Which accounts were fetched together, kept in the archive, so that a replay asks exactly what was asked.

A connector's requests depend on who is in a batch and on what it remembered of each. Both depend on what the database
held and on where a killed run was resumed; a replay may start from an empty database.
"""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sourcer.connect import Depth, Json, Ref, Visit, parse_time
from sourcer.fetch import Archive, Records

__all__ = ["Batch", "BatchLog"]


@dataclass(frozen=True, slots=True)
class Batch:
    """Visits that were fetched together.

    Args:
        visits: Who, with what the connector got to know of each.
        closed: Keys of the accounts whose items were stored.
        unknown: Keys of those that came to nothing, and why.
        records: The archived records that it was made from: of those that a request has, which one.
    """

    visits: tuple[Visit, ...]
    closed: frozenset[str]
    unknown: Mapping[str, str]
    records: Records = ()


class BatchLog:
    """One connector's batches in an archive.

    Args:
        archive: ``None`` keeps nothing.
        connector: Whose they are.
    """

    def __init__(self, archive: Archive | None, connector: str) -> None:
        self._archive = archive
        self._connector = connector

    async def keep(self, depth: Depth, batch: Batch) -> None:
        """Note a batch before its unit is stored: what is stored can always be replayed."""
        if self._archive is None or not (batch.closed or batch.unknown):
            return
        record = {
            "visits": [_visit_json(visit) for visit in batch.visits],
            "closed": sorted(batch.closed),
            "unknown": dict(batch.unknown),
            "records": batch.records,
        }
        await asyncio.to_thread(self._archive.write, self._connector, _digest(depth), record)

    def replayed(self, depth: Depth) -> Iterator[Batch]:
        """The batches in the order in which they were fetched."""
        for record in self._archive.records(self._connector, _digest(depth)) if self._archive else ():
            visits = tuple(_visit(found) for found in record["visits"])
            yield Batch(visits, frozenset(record["closed"]), record["unknown"], _records(record))

    async def keep_discovery(self, records: Records) -> None:
        """Note what a stored part of discovery was made from."""
        if self._archive is not None and records:
            await asyncio.to_thread(self._archive.write, self._connector, _digest("discover"), {"records": records})

    async def keep_spared(self) -> None:
        """Note that this chain discovered nobody: an earlier one of the same day had."""
        if self._archive is not None:
            await asyncio.to_thread(self._archive.write, self._connector, _digest("spared"), {"spared": True})

    def was_spared(self) -> bool:
        """Whether the chain took its accounts from an earlier one."""
        return (
            self._archive is not None
            and next(self._archive.records(self._connector, _digest("spared")), None) is not None
        )

    def discovery(self) -> Records:
        """What the stored parts of discovery were made from, in their order."""
        parts = self._archive.records(self._connector, _digest("discover")) if self._archive else ()
        return tuple(record for part in parts for record in _records(part))


def _records(record: Mapping[str, Any]) -> Records:
    return tuple((digest, number) for digest, number in record["records"])


def _digest(depth: str) -> str:
    return hashlib.sha256(f"batches {depth}".encode()).hexdigest()


def _visit_json(visit: Visit) -> dict[str, Json]:
    seen_at = visit.seen_at.isoformat() if visit.seen_at else None
    state = None if visit.state is None else dict(visit.state)
    known = {"site": visit.ref.site, "uid": visit.ref.uid, "login": visit.ref.login, "seen_at": seen_at, "state": state}
    return {**known, "told": {kind: list(keys) for kind, keys in visit.told.items()}} if visit.told else known


def _visit(found: Mapping[str, Any]) -> Visit:
    ref, told = Ref(found["site"], found["uid"], found["login"]), found.get("told", {})
    keys = {kind: tuple(keys) for kind, keys in told.items()}
    return Visit(ref, parse_time(found["seen_at"]), found["state"], keys)
