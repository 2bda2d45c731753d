"""A candidate as the row of an export: the generic columns of DESIGN section 7."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any, Final

from sqlalchemy import Connection

from sourcer.brief import Brief
from sourcer.score import Candidate, explain, rank, scorer_version
from sourcer.skills import Lexicon
from sourcer.store.reads import StoredEvidence, StoredProfile, read_person

__all__ = ["EVIDENCE_COLUMNS", "HEADER", "export_rows"]

EVIDENCE_COLUMNS: Final = 5
NOTICE_DAYS: Final = 30
"""GDPR article 14(3)(a): people are told within a month after their data was obtained."""

HEADER: Final = (
    "rank", "score", "person", "name", "country", "github_url", "stackoverflow_url", "kaggle_url", "other_urls",
    "website", "open_to_work", "top_skills", "why", "evidence_1", "evidence_2", "evidence_3", "evidence_4",
    "evidence_5", "missing", "unknown", "state", "tags", "notes", "flags", "first_seen", "last_seen", "stale_days",
    "notice_due", "run", "scorer_version", "attribution",
)  # fmt: skip

_OWN_COLUMN: Final = ("github", "stackoverflow", "kaggle")


def export_rows(
    connection: Connection, brief: Brief, lexicon: Lexicon, *, as_of: date, cross_brief: bool, top: int | None
) -> tuple[Iterator[tuple[str, ...]], int]:
    """The rows of an export, best first, and how many people were left out because they say no to recruiters.

    Args:
        connection: Where people and evidence are read.
        brief: Through which they are seen.
        lexicon: What terms mean.
        as_of: The day on which they are scored and their ages are counted.
        cross_brief: Whether people found for other briefs may show up.
        top: Only the first so many.
    """
    people, wanted = _wanted(connection, brief, lexicon, as_of=as_of, cross_brief=cross_brief, top=top)

    def rows() -> Iterator[tuple[str, ...]]:
        for person in wanted:
            yield _row(connection, brief, lexicon, person, as_of=as_of, cross_brief=cross_brief)

    return rows(), len(people) - len(wanted)


def _wanted(
    connection: Connection, brief: Brief, lexicon: Lexicon, *, as_of: date, cross_brief: bool, top: int | None
) -> tuple[list[Candidate], list[Candidate]]:
    """The first people of the ranking, and of these the ``top`` who may be exported."""
    reach = top
    while True:
        people = rank(connection, brief, lexicon, as_of=as_of, cross_brief=cross_brief, top=reach)
        wanted = [person for person in people if "opted_out" not in person.flags]
        if top is None or reach is None or len(wanted) >= top or len(people) < reach:
            break
        reach += top
    if top is not None and len(wanted) > top:
        wanted = wanted[:top]
        people = people[: people.index(wanted[-1]) + 1]
    return people, wanted


def _row(
    connection: Connection, brief: Brief, lexicon: Lexicon, person: Candidate, *, as_of: date, cross_brief: bool
) -> tuple[str, ...]:
    facts = read_person(connection, person.person)
    profiles = facts.profiles if facts else []
    explained = explain(connection, person.person, brief, lexicon, as_of=as_of, cross_brief=cross_brief)
    by_id = {piece.id: piece for piece in facts.evidence} if facts else {}
    shown = [by_id[found] for found in explained.strongest_evidence(EVIDENCE_COLUMNS) if found in by_id]
    names = {(profile.site, profile.uid): profile.name or profile.login for profile in profiles}
    found = person.as_json()
    cells = {
        "rank": str(person.rank),
        "score": f"{person.score:.4f}",
        "person": str(person.person),
        "name": person.name,
        "country": person.country or "",
        "website": "; ".join(sorted({profile.website for profile in profiles if profile.website})),
        "open_to_work": _open_to_work(profiles),
        "top_skills": ", ".join(found["top_skills"]),
        "why": person.why,
        "missing": ", ".join(found["missing"]),
        "unknown": "; ".join(found["unknown"]),
        "state": found["state"],
        "tags": ", ".join(found["tags"]),
        "notes": "",
        "flags": ", ".join(person.flags),
        "scorer_version": scorer_version(lexicon),
        "attribution": "; ".join(_attribution(piece, names) for piece in shown if piece.licence),
    }
    cells |= _profile_urls(profiles) | _times(profiles, as_of)
    cells |= {f"evidence_{place}": _evidence_cell(piece) for place, piece in enumerate(shown, 1)}
    return tuple(cells.get(name, "") for name in HEADER)


def _open_to_work(profiles: Sequence[StoredProfile]) -> str:
    said = [profile.open_to_work for profile in profiles if profile.open_to_work is not None]
    return ("yes" if any(said) else "no") if said else ""


def _profile_urls(profiles: Sequence[StoredProfile]) -> dict[str, str]:
    urls: dict[str, list[str]] = {}
    for profile in sorted(profiles, key=lambda found: (found.site, found.uid)):
        column = f"{profile.site}_url" if profile.site in _OWN_COLUMN else "other_urls"
        urls.setdefault(column, []).append(profile.url)
    return {column: "; ".join(found) for column, found in urls.items()}


def _times(profiles: Sequence[StoredProfile], as_of: date) -> dict[str, str]:
    if not profiles:
        return {}
    first = min(profile.first_seen_at for profile in profiles).date()
    last = max(profile.seen_at for profile in profiles).date()
    return {
        "first_seen": first.isoformat(),
        "last_seen": last.isoformat(),
        "stale_days": str(max(0, (as_of - last).days)),
        "notice_due": (first + timedelta(days=NOTICE_DAYS)).isoformat(),
        "run": str(max(profile.run_id for profile in profiles)),
    }


def _evidence_cell(piece: StoredEvidence) -> str:
    """Title, the site's measures, the month, and the link."""
    numbers = ", ".join(f"{unit} {value:g}" for unit, value in sorted(_told(piece.measure).items()))
    when = _month(piece.happened_at)
    aside = "; ".join(part for part in (piece.kind, numbers, when) if part)
    return f"{piece.title or piece.kind} ({aside}) {piece.url}"


def _told(measure: Mapping[str, Any]) -> dict[str, float]:
    return {unit: value for unit, value in measure.items() if value and unit != "bytes"}


def _month(moment: datetime | None) -> str:
    return f"{moment:%Y-%m}" if moment else ""


def _attribution(piece: StoredEvidence, names: Mapping[tuple[str, str], str]) -> str:
    author = names.get((piece.site, piece.uid)) or f"{piece.site}:#{piece.uid}"
    return f'"{piece.title}" by {author}, {piece.licence}, {piece.url}'
