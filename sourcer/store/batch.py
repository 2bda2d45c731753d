"""The items of a unit of work, each kind by its key, and where they come from."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal, TypeAlias

from sqlalchemy import Select, select

from sourcer.domain import Depth, Done, Evidence, Gone, Profile, Ref, Unknown
from sourcer.store import schema
from sourcer.store.clean import clean_key
from sourcer.store.sql import Key

__all__ = ["Batch", "EvidenceKey", "Origin", "Phase"]

Phase: TypeAlias = Literal["discover", "cheap", "deep"]

EvidenceKey: TypeAlias = tuple[str, str, str, str]
"""Site, uid, kind, key."""


@dataclass(frozen=True, slots=True)
class Origin:
    """Where rows come from: the run and its chain, the brief, the connector, the time, and what was asked."""

    chain: int
    run_id: int
    brief: str
    connector: str
    connector_version: str
    seen_at: datetime
    phase: Phase

    @property
    def depth(self) -> Depth:
        """The look that this phase is, or spares: an account that discovery closes needs no cheap look."""
        return "deep" if self.phase == "deep" else "cheap"

    def columns(self) -> dict[str, Any]:
        """The columns that say so in every row about a person."""
        return {"connector": self.connector, "run_id": self.run_id, "seen_at": self.seen_at}

    def runs(self) -> Select[tuple[int]]:
        """The runs of this crawl: what one of them saw was seen now, though the process was killed in between."""
        return select(schema.run.c.id).where(schema.run.c.chain == self.chain)


@dataclass(slots=True)
class Batch:
    """Items with clean refs, the last of each key; of an account that is closed here nothing comes later.

    ``found`` are the logins of the accounts that were named or closed, in that order: what discovery queues.
    """

    found: dict[Key, str] = field(default_factory=dict)
    profiles: dict[Key, Profile] = field(default_factory=dict)
    evidence: dict[EvidenceKey, Evidence] = field(default_factory=dict)
    unknowns: dict[tuple[str, str, str], Unknown] = field(default_factory=dict)
    done: dict[Key, Done] = field(default_factory=dict)
    gone: dict[Key, Gone] = field(default_factory=dict)

    def add_found(self, ref: Ref) -> None:
        """Keep an account by the login it was first named with."""
        self.found.setdefault((ref.site, ref.uid), ref.login)

    def add_evidence(self, item: Evidence) -> None:
        """Keep a piece by its own key, or by its URL where it has none."""
        key = (item.ref.site, item.ref.uid, clean_key(item.kind, 100), clean_key(item.key or item.url))
        self.evidence[key] = item

    def add_unknown(self, item: Unknown) -> None:
        """Keep what a site did not answer, by what it is."""
        self.unknowns[(item.ref.site, item.ref.uid, clean_key(item.what, 100))] = item

    def closed(self) -> list[Key]:
        """The accounts that need no further visit."""
        return [*self.done, *self.gone]

    def rewritten(self) -> set[Key]:
        """The accounts whose evidence may be another one afterwards."""
        looked_at = {key for key, item in self.done.items() if not item.unchanged}
        return {key[:2] for key in self.evidence} | looked_at | self.gone.keys()

    def accounts(self) -> Iterator[Key]:
        """Every account that is written about, some more than once."""
        yield from self.found
        yield from self.profiles
        for site, uid, _, _ in self.evidence:
            yield site, uid
        for site, uid, _ in self.unknowns:
            yield site, uid
        yield from self.done
        yield from self.gone
