"""The hand-over report: one page about a shortlist, complete in itself, for people who never see the program."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import IO, Any, Final

from jinja2 import Environment, StrictUndefined, Template

from sourcer.domain import DIMENSIONS
from sourcer.export.about import about
from sourcer.export.cells import printable, web_link
from sourcer.export.charts import COLOURS, Bar, Mark, evidence_over_time, points_by_dimension
from sourcer.export.credit import credits_of
from sourcer.export.exporting import Exported
from sourcer.export.fields import Seen, View, fields_of, seen_through
from sourcer.export.people import choose
from sourcer.score import Candidate, Explanation, explain_people, scorer_version
from sourcer.score.scoring import Contribution
from sourcer.store.decisions import Standing

__all__ = ["SHOWN", "report_html", "write_report"]

SHOWN: Final = 20
"""People of the ranking where there is no shortlist."""

_EVIDENCE: Final = 8
_CHARTED: Final = 20
_LINK_CHARS: Final = 60


def write_report(view: View, stream: IO[bytes], *, top: int | None, controller: str, contact: str) -> Exported:
    """Write the page about the shortlist; where nobody is on it, about the first people of the ranking.

    Args:
        view: Through what people are seen.
        stream: Stays open.
        top: Only the first so many; ``None`` is everybody on the shortlist, or :data:`SHOWN` of the ranking.
        controller: Who holds the data, and
        contact: whom people can ask about it.
    """
    chosen, kind, notes = choose(view, top=top, shortlisted=True), "Shortlist", []
    if not chosen.listed:
        chosen, kind = choose(view, top=top or SHOWN), "First people of the ranking"
        notes = ["nobody is on the shortlist: these are the first people of the ranking"]
    page = report_html(view, chosen.people, kind=kind, controller=controller, contact=contact)
    stream.write(page.encode("utf-8", "replace"))
    return Exported(len(chosen.people), chosen.left_out, notes)


@dataclass(frozen=True, slots=True)
class _Chart:
    caption: str
    description: str
    svg: str


def report_html(
    view: View,
    people: Sequence[Candidate],
    *,
    kind: str,
    controller: str = "",
    contact: str = "",
) -> str:
    """The page; the same people, brief and day give the same text.

    Args:
        view: Through what people are seen.
        people: In their order.
        kind: What the list is: ``Shortlist``, or ``First people of the ranking``.
        controller: Who holds the data, and
        contact: whom people can ask about it.
    """
    numbers = [person.person for person in people]
    found = explain_people(view.connection, numbers, view.brief, view.lexicon, as_of=view.as_of)
    explained = {explanation.person: explanation for explanation in found}
    sections = about(view, people)
    first = [section for section in sections if section.title in ("Brief", "Compensation")]
    return _template().render(
        title=printable(view.brief.title),
        kind=kind,
        as_of=view.as_of.isoformat(),
        controller=controller,
        contact=contact,
        before=first,
        after=[section for section in sections if section not in first],
        people=[_person(view, seen, explained[seen.candidate.person]) for seen in seen_through(view, people)],
        charts=_charts(people[:_CHARTED], explained),
        scorer=scorer_version(view.lexicon),
    )


@cache
def _template() -> Template:
    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    return environment.from_string(resources.files(__package__).joinpath("report.html.j2").read_text(encoding="utf-8"))


def _person(view: View, seen: Seen, explained: Explanation) -> dict[str, Any]:
    """What the page says of one person."""
    person, fields = seen.candidate, fields_of(view, seen)
    told = {found for sentence in explained.sentences[:_EVIDENCE] for found in sentence.evidence}
    told.update(person.strongest_evidence)
    quoted = credits_of(seen.facts, (piece for piece in seen.facts.evidence if piece.id in told))
    points = _by_dimension(explained)
    full = max(*points.values(), 1.0)
    sentences = explained.sentences
    rest = sum(sentence.points for sentence in sentences[_EVIDENCE:])
    more = f"and {len(sentences) - _EVIDENCE} more, {rest:.1f} points together" if len(sentences) > _EVIDENCE else ""
    return {
        "person": person.person,
        "rank": person.rank,
        "name": printable(person.name),
        "score": f"{person.score:.1f}",
        "state": person.state,
        "why": person.why,
        "skills": person.top_skills,
        "tags": person.tags,
        "flags": [flag.replace("_", " ") for flag in person.flags],
        "profiles": [{"url": web_link(one.url), "label": _account(one.site, one.login)} for one in person.profiles],
        "aside": _aside(person, fields["stale_days"], fields["notice_due"]),
        "bars": [
            {"name": name, "points": f"{value:.1f}", "width": round(100 * value / full), "colour": COLOURS[name]}
            for name, value in points.items()
        ],
        "evidence": [
            {
                "points": f"{sentence.points:.1f}",
                "text": printable(sentence.text),
                "url": web_link(sentence.url),
                "shown": _short(sentence.url),
                "seen": sentence.seen,
            }
            for sentence in sentences[:_EVIDENCE]
        ],
        "more": more,
        "missing": person.missing,
        "unknown": [printable(entry) for entry in person.unknown],
        "notes": _notes(seen.standing),
        "attribution": [printable(entry) for entry in quoted],
    }


def _account(site: str, login: str) -> str:
    return f"{site}: {printable(login)}" if login else site


def _aside(person: Candidate, stale_days: object, notice_due: object) -> str:
    seen = f"last seen {stale_days} days before" if stale_days else "seen that day"
    said = [
        person.country,
        person.role_in_words if person.likeliest_role else None,
        *person.affiliations,
        seen,
        f"to be told by {notice_due}",
    ]
    return printable(" · ".join(part for part in said if part))


def _notes(standing: Standing | None) -> list[str]:
    if standing is None:
        return []
    notes = [f"{printable(note.value or '')} ({note.by}, {note.at:%Y-%m-%d})" for note in standing.notes]
    decided = standing.decided
    if decided is not None and decided.reason:
        notes.append(f"{standing.state}: {printable(decided.reason)} ({decided.by}, {decided.at:%Y-%m-%d})")
    return notes


def _short(url: str) -> str:
    """An address as one reads it."""
    text = printable(url).partition("://")[2].removeprefix("www.")
    return text if len(text) <= _LINK_CHARS else f"{text[:_LINK_CHARS]}…"


def _by_dimension(explained: Explanation) -> dict[str, float]:
    """The points of each dimension; they add up to the score."""
    parts: dict[str, list[float]] = {name: [] for name in DIMENSIONS}
    for item in explained.contributions:
        parts[item.dimension].append(item.points)
    return {name: math.fsum(values) for name, values in parts.items()}


def _charts(people: Sequence[Candidate], explained: Mapping[int, Explanation]) -> list[_Chart]:
    if not people:
        return []
    labels = {person.person: f"{person.rank}. {person.name}" for person in people}
    points = {person.person: _by_dimension(explained[person.person]) for person in people}
    bars = [Bar(labels[person], values) for person, values in points.items()]
    charts = [
        _Chart(
            "Where the points come from: each bar is a person's score, its colours the dimensions of the brief.",
            "Stacked bars: "
            + "; ".join(f"{printable(bar.label)} {math.fsum(bar.points.values()):.1f} points" for bar in bars),
            points_by_dimension(bars),
        )
    ]
    marks = [mark for person in people for mark in _marks(labels[person.person], explained[person.person])]
    if marks:
        first, last = min(mark.day for mark in marks), max(mark.day for mark in marks)
        charts.append(
            _Chart(
                "When it happened: each circle is a piece of evidence, the larger the more it earns.",
                f"Circles by time: {len(marks)} dated pieces of evidence between {first:%Y-%m} and {last:%Y-%m}.",
                evidence_over_time(marks, list(labels.values())),
            )
        )
    return charts


def _marks(label: str, explained: Explanation) -> list[Mark]:
    """A mark for each dated piece of evidence, in the colour of what it shows most."""
    pieces: dict[int, list[Contribution]] = {}
    for item in explained.contributions:
        if item.evidence.happened_at is not None:
            pieces.setdefault(item.evidence.id, []).append(item)
    return [
        Mark(
            label,
            happened.date(),
            max(items, key=lambda item: item.points).dimension,
            math.fsum(item.points for item in items),
        )
        for items in pieces.values()
        if (happened := items[0].evidence.happened_at) is not None
    ]
