"""What an export can tell of a person: the fields that columns name."""

from __future__ import annotations

import re
from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final, TypeAlias

from sqlalchemy import Connection

from sourcer.brief import Brief
from sourcer.domain import DIMENSIONS, ROLES
from sourcer.export.cells import Linked, Value
from sourcer.export.credit import credits_of, credits_of_bio
from sourcer.export.names import split_name
from sourcer.privacy import notice_due
from sourcer.score import Candidate, scorer_version
from sourcer.skills import Lexicon
from sourcer.store.decisions import Standing, read_standings
from sourcer.store.reads import PersonFacts, StoredEvidence, StoredProfile, read_people

__all__ = ["EVIDENCE_COLUMNS", "FIELDS", "GENERIC", "Fields", "Seen", "View", "fields_of", "seen_through"]

EVIDENCE_COLUMNS: Final = 5
GENERIC: Final = (
    "rank", "score", "person", "name", "country", "github_url", "stackoverflow_url", "kaggle_url", "other_urls",
    "website", "open_to_work", "top_skills", "why", "evidence_1", "evidence_2", "evidence_3", "evidence_4",
    "evidence_5", "missing", "unknown", "state", "tags", "notes", "flags", "first_seen", "last_seen", "stale_days",
    "notice_due", "run", "scorer_version", "attribution",
)  # fmt: skip

FIELDS: Final = (
    *GENERIC, "first_name", "last_name", "email", "company", "location", "bio", "main_url", "profile_urls", "urls",
    "evidence", "summary", "ats_tags", "coverage", "brief", "brief_title", "as_of",
    *(f"dimension_{name}" for name in DIMENSIONS), *(f"role_{name}" for name in ROLES),
)  # fmt: skip

Fields: TypeAlias = Mapping[str, Value]

_OWN_COLUMN: Final = ("github", "stackoverflow", "kaggle")
_EMAIL: Final = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")


@dataclass(frozen=True, slots=True)
class View:
    """Through what people are seen.

    Args:
        connection: Where people and evidence are read.
        brief: What is sought.
        lexicon: What terms mean.
        as_of: The day on which they are scored and their ages are counted.
        cross_brief: Whether people found for other briefs may show up.
        contacts: Whether contact details that people publish may leave.
    """

    connection: Connection
    brief: Brief
    lexicon: Lexicon
    as_of: date
    cross_brief: bool = False
    contacts: bool = False


@dataclass(frozen=True, slots=True)
class Seen:
    """One of the people who leave: as the ranking has them, what is stored, and what humans decided."""

    candidate: Candidate
    facts: PersonFacts
    standing: Standing | None


def seen_through(view: View, people: Sequence[Candidate]) -> Iterator[Seen]:
    """Everything that is known of people, in their order, read in chunks."""
    standings = read_standings(view.connection, view.brief.name)
    stored = read_people(view.connection, [person.person for person in people])
    for person, facts in zip(people, stored, strict=True):
        yield Seen(person, facts, standings.get(person.person))


def fields_of(view: View, seen: Seen, shown: Container[str] = ()) -> Fields:
    """Every field of a person.

    Args:
        view: Through what they are seen.
        seen: The person.
        shown: Fields that will be read: texts that stand in none need no attribution.
    """
    person, profiles = seen.candidate, seen.facts.profiles
    by_id = {piece.id: piece for piece in seen.facts.evidence}
    strongest = [by_id[found] for found in person.strongest_evidence[:EVIDENCE_COLUMNS]]
    fields = _of_candidate(view, person) | _of_profiles(view, profiles) | _times(profiles, view.as_of)
    fields |= {f"evidence_{place}": _evidence(piece) for place, piece in enumerate(strongest, 1)}
    credited = credits_of(seen.facts, strongest) + (credits_of_bio(seen.facts) if "bio" in shown else ())
    fields |= {
        "evidence": tuple(_evidence(piece).text for piece in strongest),
        "attribution": tuple(dict.fromkeys(credited)),
        "notes": _notes(seen.standing),
    }
    return fields | {"summary": _summary(view, fields)}


def _of_candidate(view: View, person: Candidate) -> dict[str, Value]:
    first, last = split_name(person.name)
    fields: dict[str, Value] = {
        "rank": person.rank,
        "score": person.score,
        "person": person.person,
        "name": person.name,
        "first_name": first,
        "last_name": last,
        "country": person.country,
        "top_skills": person.top_skills,
        "why": person.why,
        "missing": person.missing,
        "unknown": person.unknown,
        "state": person.state,
        "tags": person.tags,
        "ats_tags": (view.brief.title, *person.tags, *person.top_skills),
        "flags": person.flags,
        "coverage": person.coverage,
        "scorer_version": scorer_version(view.lexicon),
        "brief": view.brief.name,
        "brief_title": view.brief.title,
        "as_of": view.as_of.isoformat(),
    }
    fields |= {f"dimension_{name}": value for name, value in person.dimensions.items()}
    return fields | {f"role_{name}": value for name, value in person.roles.items()}


def _of_profiles(view: View, profiles: Sequence[StoredProfile]) -> dict[str, Value]:
    urls = tuple(profile.url for profile in profiles if profile.url)
    websites = _each(profile.website for profile in profiles)
    by_site: dict[str, Any] = {}
    for profile in profiles:
        column = f"{profile.site}_url" if profile.site in _OWN_COLUMN else "other_urls"
        by_site[column] = (*by_site.get(column, ()), profile.url)
    return by_site | {
        "main_url": Linked(urls[0], urls[0]) if urls else None,
        "profile_urls": urls,
        "urls": _each((*urls, *websites)),
        "website": tuple(sorted(websites)),
        "open_to_work": _open_to_work(profiles),
        # GitHub's way to name an organisation's account is an at sign.
        "company": next(iter(_each((profile.company or "").strip().lstrip("@") for profile in profiles)), None),
        "location": _each(profile.location for profile in profiles),
        "bio": _each(profile.bio for profile in profiles),
        "email": _email(profiles) if view.contacts else None,
    }


def _each(texts: Any) -> tuple[str, ...]:
    """The texts that say something, each once, in their order."""
    return tuple(dict.fromkeys(text for text in texts if text))


def _email(profiles: Sequence[StoredProfile]) -> str | None:
    """The first address that a profile's own texts publish."""
    texts = (text for profile in profiles for text in (profile.website, profile.bio, profile.company, profile.location))
    found = (_EMAIL.search(text) for text in texts if text)
    return next((match[0] for match in found if match), None)


def _open_to_work(profiles: Sequence[StoredProfile]) -> str | None:
    said = [profile.open_to_work for profile in profiles if profile.open_to_work is not None]
    return ("yes" if any(said) else "no") if said else None


def _times(profiles: Sequence[StoredProfile], as_of: date) -> dict[str, Value]:
    if not profiles:
        return {}
    first = min(profile.first_seen_at for profile in profiles).date()
    last = max(profile.seen_at for profile in profiles).date()
    return {
        "first_seen": first.isoformat(),
        "last_seen": last.isoformat(),
        "stale_days": max(0, (as_of - last).days),
        "notice_due": notice_due(first).isoformat(),
        "run": max(profile.run_id for profile in profiles),
    }


def _notes(standing: Standing | None) -> tuple[str, ...]:
    """What users noted, the oldest first, each with who and when."""
    return tuple(f"{note.value} ({note.by}, {note.at:%Y-%m-%d})" for note in (standing.notes if standing else ()))


def _summary(view: View, fields: Fields) -> str:
    """What stands in the one notes cell of an applicant-tracking system: score, reasons, proof, gaps, licence."""
    told: dict[str, Any] = {
        "Evidence": fields["evidence"],
        "Profiles": fields["profile_urls"],
        "No evidence for": fields["missing"],
        "Not known": fields["unknown"],
        "Flags": fields["flags"],
        "Notes": fields["notes"],
        "Attribution": fields["attribution"],
    }
    head = f"{fields['score']:.1f} of 100, number {fields['rank']} for {view.brief.title}, as on {view.as_of}"
    said = [f"{label}: {'; '.join(items)}" for label, items in told.items() if items]
    return " | ".join([head, str(fields["why"]), *said])


def _evidence(piece: StoredEvidence) -> Linked:
    """Title, the site's measures, the month, and the link."""
    numbers = ", ".join(f"{unit} {value:g}" for unit, value in sorted(_told(piece.measure).items()))
    when = _month(piece.happened_at)
    aside = "; ".join(part for part in (piece.kind, numbers, when) if part)
    return Linked(f"{piece.title or piece.kind} ({aside}) {piece.url}", piece.url)


def _told(measure: Mapping[str, Any]) -> dict[str, float]:
    return {unit: value for unit, value in measure.items() if value and unit != "bytes"}


def _month(moment: datetime | None) -> str:
    return f"{moment:%Y-%m}" if moment else ""
