"""What a reader of a shortlist must know beside the people: the brief, the pay, the method, how far was looked."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from sourcer.brief import Brief, Compensation
from sourcer.domain import DIMENSIONS
from sourcer.export.fields import View
from sourcer.score import Candidate, scorer_version

__all__ = ["LIMITS", "METHOD", "Section", "about", "compensation_rows"]

METHOD: Final = (
    "A score is the sum of points for single pieces of public evidence: repositories, merged changes, answers.",
    "Each piece has a date and a link, and can be looked at.",
    "Points come from what the evidence shows of the skills and dimensions in the brief.",
    "Recent work counts more than old work, proof more than words, and many pieces of one kind less and less.",
    "Names, photos, age, gender, nationality, places, followers and reputation earn no points.",
    "The same stored evidence, brief and day always give the same list.",
)
LIMITS: Final = (
    "Only public work is seen. Much good work is done in private: a short record says nothing about a person.",
    "The score orders evidence for this brief. It is no grade of a human being; a human decides whom to contact.",
    "What a site did not answer is unknown, and nothing is subtracted for it: see coverage.",
    "Accounts are taken for one person only where they name each other; the same person may be listed twice.",
    "People must be told that their data is held, within a month after it was first seen (GDPR article 14).",
    "Texts from Stack Exchange are under CC BY-SA: keep the attribution when you pass them on.",
)


@dataclass(frozen=True, slots=True)
class Section:
    """A titled table of labels and what they say."""

    title: str
    rows: tuple[tuple[str, str], ...]


def about(view: View, people: Sequence[Candidate]) -> list[Section]:
    """Brief, compensation, coverage, method and limits; a section that has nothing to say is not there."""
    sections = [
        Section("Brief", tuple(_brief_rows(view))),
        Section("Compensation", tuple(compensation_rows(view.brief.compensation))),
        Section("Coverage", tuple(_coverage_rows(people))),
        Section("Method", tuple(("", line) for line in METHOD)),
        Section("Limits", tuple(("", line) for line in LIMITS)),
    ]
    return [section for section in sections if section.rows]


def _brief_rows(view: View) -> Iterator[tuple[str, str]]:
    brief = view.brief
    yield "Role", brief.title
    yield "Must", "; ".join(brief.skills.must) or "nothing in particular"
    yield "Nice to have", "; ".join(brief.skills.nice) or "nothing in particular"
    if brief.skills.exclude:
        yield "Left out", f"people with evidence for {'; '.join(brief.skills.exclude)}"
    yield "Where", _where(brief)
    yield "What counts", ", ".join(f"{name} {getattr(brief.weights, name):g}" for name in DIMENSIONS)
    yield "As on", view.as_of.isoformat()
    yield "Scorer", scorer_version(view.lexicon)


def _where(brief: Brief) -> str:
    places = [*brief.where.countries, *brief.where.regions]
    if not places:
        return "anywhere"
    remote = "; people who say they work remotely too" if brief.where.remote_ok else ""
    unknown = "stay in" if brief.where.unknown_ok else "are left out"
    return f"{', '.join(places)}{remote}; people whose country is not known {unknown}"


def compensation_rows(pay: Compensation | None) -> Iterator[tuple[str, str]]:
    """The pay that the brief names, as labels and amounts."""
    if pay is None:
        return
    low, high = pay.range
    yield "Range a year", f"{_amount(low)} to {_amount(high)} {pay.currency}"
    yield "Middle of the range", f"{_amount((low + high) / 2)} {pay.currency}"
    for found in pay.benchmarks:
        origin = "; ".join(found.origin)
        yield f"{found.source}, {found.statistic}", f"{_amount(found.amount)} {pay.currency} (as of {origin})"
    yield "Use", "for orientation: pay is never part of a score"


def _amount(value: float) -> str:
    return f"{value:,.0f}".replace(",", "\u202f")


def _coverage_rows(people: Sequence[Candidate]) -> Iterator[tuple[str, str]]:
    if not people:
        return
    sites = Counter(site for person in people for site in {account.site for account in person.profiles})
    yield "People", str(len(people))
    yield "With an account on", ", ".join(f"{site} {count}" for site, count in sorted(sites.items()))
    mean = math.fsum(person.coverage for person in people) / len(people)
    yield "Questions answered", f"{mean:.0%} of what the sites were asked about these people, on average"
    unknown = sum(bool(person.unknown) for person in people)
    yield "With something unknown", f"{unknown} of {len(people)}"
    missing = sum(bool(person.missing) for person in people)
    yield "Without evidence for a must", f"{missing} of {len(people)}"
    days = sorted(person.last_seen.date() for person in people)
    yield "Last seen", f"between {days[0]} and {days[-1]}"
