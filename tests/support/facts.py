"""Builders of stored facts about invented people."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

from sourcer.brief import Brief
from sourcer.store.reads import PersonFacts, StoredEvidence, StoredLook, StoredProfile, StoredUnknown

__all__ = ["SEEN", "a_brief", "a_look", "a_person", "a_profile", "an_unknown", "evidence"]

SEEN = datetime(2026, 6, 1, 12, tzinfo=UTC)


def a_brief(
    *,
    must: Sequence[str] = (),
    nice: Sequence[str] = (),
    exclude: Sequence[str] = (),
    weights: Mapping[str, float] | None = None,
    where: Mapping[str, object] | None = None,
) -> Brief:
    """A brief named ``ml``."""
    skills = {"must": tuple(must), "nice": tuple(nice), "exclude": tuple(exclude)}
    data = {"title": "ML", "skills": skills, "weights": dict(weights or {}), "where": dict(where or {})}
    return Brief.model_validate(data).named("ml")


def a_profile(
    site: str = "github",
    uid: str = "1",
    *,
    login: str = "ada",
    name: str | None = "Ada Example",
    location: str | None = None,
    country: str | None = None,
    bio: str | None = None,
    open_to_work: bool | None = None,
    measure: Mapping[str, float] | None = None,
) -> StoredProfile:
    """An account, first and last seen at :data:`SEEN`."""
    return StoredProfile(
        site=site,
        uid=uid,
        login=login,
        url=f"https://{site}.example.org/{login or uid}",
        name=name,
        location=location,
        country=country,
        bio=bio,
        company=None,
        website=None,
        open_to_work=open_to_work,
        measure=measure or {},
        account_created_at=None,
        first_seen_at=SEEN,
        seen_at=SEEN,
        connector=site,
        run_id=1,
    )


def evidence(
    number: int,
    kind: str = "repo.owned",
    terms: Sequence[str] = ("topic:mlflow",),
    *,
    title: str = "",
    measure: Mapping[str, float] | None = None,
    happened_at: datetime | None = datetime(2026, 5, 1, tzinfo=UTC),
    site: str = "github",
    uid: str = "1",
    url: str = "",
    licence: str = "",
) -> StoredEvidence:
    """A piece of evidence, a month old unless told."""
    return StoredEvidence(
        id=number,
        site=site,
        uid=uid,
        kind=kind,
        url=url or f"https://{site}.example.org/e/{number}",
        title=title,
        terms=tuple(terms),
        measure=measure or {},
        licence=licence,
        happened_at=happened_at,
        seen_at=SEEN,
    )


def an_unknown(what: str, reason: str = "no answer", site: str = "github", uid: str = "1") -> StoredUnknown:
    """Something a site did not answer."""
    return StoredUnknown(site, uid, what, reason)


def a_look(*scope: str, depth: str = "cheap", site: str = "github", uid: str = "1") -> StoredLook:
    """A look with its scope."""
    return StoredLook(site, uid, depth, scope)


def a_person(
    *pieces: StoredEvidence,
    number: int = 7,
    profiles: Sequence[StoredProfile] = (),
    unknowns: Sequence[StoredUnknown] = (),
    looks: Sequence[StoredLook] = (),
) -> PersonFacts:
    """A person with one account unless told."""
    return PersonFacts(number, list(profiles) or [a_profile()], list(pieces), list(unknowns), list(looks))
