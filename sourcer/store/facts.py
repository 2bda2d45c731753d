"""What is stored about one person, as the scorer and the exports read it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

__all__ = ["PersonFacts", "StoredEvidence", "StoredLook", "StoredProfile", "StoredUnknown"]


@dataclass(frozen=True, slots=True)
class StoredProfile:
    """An account that is not gone; the words are those of :class:`sourcer.domain.Profile`."""

    site: str
    uid: str
    login: str
    url: str
    name: str | None
    location: str | None
    country: str | None
    bio: str | None
    company: str | None
    website: str | None
    open_to_work: bool | None
    measure: Mapping[str, float]
    account_created_at: datetime | None
    first_seen_at: datetime
    seen_at: datetime
    connector: str
    run_id: int


@dataclass(frozen=True, slots=True)
class StoredEvidence:
    """A piece of evidence that has not vanished; the words are those of :class:`sourcer.domain.Evidence`."""

    id: int
    site: str
    uid: str
    kind: str
    url: str
    title: str
    terms: tuple[str, ...]
    measure: Mapping[str, float]
    licence: str
    happened_at: datetime | None
    seen_at: datetime


@dataclass(frozen=True, slots=True)
class StoredUnknown:
    """What a site did not answer about an account."""

    site: str
    uid: str
    what: str
    reason: str


@dataclass(frozen=True, slots=True)
class StoredLook:
    """What the newest look of a depth at an account covered."""

    site: str
    uid: str
    depth: str
    scope: tuple[str, ...]


@dataclass(slots=True)
class PersonFacts:
    """One person: profiles by site and uid, evidence by id, what is unknown, and what was looked at."""

    person: int
    profiles: list[StoredProfile] = field(default_factory=list)
    evidence: list[StoredEvidence] = field(default_factory=list)
    unknowns: list[StoredUnknown] = field(default_factory=list)
    looks: list[StoredLook] = field(default_factory=list)
