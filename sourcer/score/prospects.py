"""What would change a rank: the distance to the neighbours, what is missing, what was not looked at, and time."""

from __future__ import annotations

import bisect
from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from datetime import UTC, date, datetime, time
from typing import Any, Final

from sourcer.score.rules import load_rules
from sourcer.score.scoring import Score, Scorer
from sourcer.score.seeing import unknown_of
from sourcer.skills import Skill
from sourcer.store.reads import PersonFacts, StoredEvidence

__all__ = ["Prospect", "Standing", "prospects_of"]

_INVENTED: Final = -1
"""The id of evidence that nobody has: only to see what it would earn."""

_SHOWN_BY: Final = (
    ("pypi", "repo.dependency"),
    ("maven", "repo.dependency"),
    ("conda", "repo.dependency"),
    ("topic", "repo.owned"),
    ("file", "repo.file"),
)
"""How a repository shows a skill, the usual ways first."""

_NOT_THE_SAME: Final = (
    "How far the neighbours are is not known before the next crawl: brief, rules or lexicon changed since the last one."
)

_LEAST: Final = 0.05
"""Points below which a change is not worth a sentence."""


@dataclass(frozen=True, slots=True)
class Standing:
    """The others in the brief's last stored ranking.

    Args:
        scores: Theirs; nobody is among them whom a human put aside.
        as_of: The day the ranking was made for, in ISO form.
        is_same: Whether brief, rules and lexicon decided about it as they are now. Else its ranks say nothing.
    """

    scores: tuple[float, ...]
    as_of: str
    is_same: bool = True

    def rank_at(self, score: float) -> int:
        """The place that a score would have among them; 1 is the best."""
        ascending = sorted(self.scores)
        return 1 + len(ascending) - bisect.bisect_right(ascending, score)


@dataclass(frozen=True, slots=True)
class Prospect:
    """One thing that would change a score.

    Args:
        kind: ``missing``, ``unknown``, ``time`` or ``neighbour``.
        text: A sentence.
        points: How many points it would bring or take; ``None`` where nobody can know.
        rank: The place it would lead to; ``None`` where that is not known.
        as_of: The day of the ranking that ``rank`` counts in, in ISO form.
    """

    kind: str
    text: str
    points: float | None = None
    rank: int | None = None
    as_of: str | None = None

    def as_json(self) -> dict[str, Any]:
        """The object in ``explain --json``."""
        return asdict(self)


def prospects_of(scorer: Scorer, facts: PersonFacts, score: Score, standing: Standing | None) -> list[Prospect]:
    """What would change somebody's rank, the nearest first.

    Args:
        scorer: What gave the score.
        facts: What is known of the person.
        score: Their score.
        standing: The others' scores; ``None`` where no ranking is stored, or the person is in none.
    """
    found = list(_neighbours(scorer.as_of, score.score, standing))
    found += _missing(scorer, facts, score, standing if standing and standing.is_same else None)
    found += _not_seen(facts)
    return [*found, *_in_a_year(scorer, facts, score)]


def _neighbours(day: date, score: float, standing: Standing | None) -> Iterator[Prospect]:
    if standing is None or not standing.scores:
        return
    if not standing.is_same:
        yield Prospect("neighbour", _NOT_THE_SAME)
        return
    when = _when(day, standing)
    above = [other for other in standing.scores if other > score]
    below = [other for other in standing.scores if other <= score]
    rank = standing.rank_at(score)
    if above:
        gap = min(above) - score
        text = f"{_amount(gap)} more would reach rank {rank - 1}{when}."
        yield Prospect("neighbour", text, gap, rank - 1, standing.as_of)
    if below:
        lead = score - max(below)
        text = f"{_amount(lead)} less would fall behind the next{when}."
        yield Prospect("neighbour", text, -lead, rank + 1, standing.as_of)


def _when(day: date, standing: Standing) -> str:
    """Scores move from day to day: the day is said where it is another one."""
    return "" if standing.as_of == day.isoformat() else f" (of the ranking as of {standing.as_of})"


def _amount(points: float) -> str:
    return f"{points:.1f} points" if points >= _LEAST else "Less than 0.1 points"


def _missing(scorer: Scorer, facts: PersonFacts, score: Score, standing: Standing | None) -> Iterator[Prospect]:
    """What one repository of today that depends on a missing must would earn."""
    for entry in scorer.missing(score):
        skills = sorted(scorer.musts[entry])
        gains = [(_gain(scorer, facts, score, skill), skill) for skill in skills]
        gain, skill = max(gains, key=lambda found: (found[0], found[1]))
        if gain < _LEAST:
            continue
        rank = standing.rank_at(score.score + gain) if standing else None
        place = f", which leads to rank {rank}{_when(scorer.as_of, standing)}" if standing else ""
        name = scorer.lexicon.skills[skill].name
        text = f"A repository of today that shows {name} ({entry} is a must) would add about {gain:.1f} points{place}."
        yield Prospect("missing", text, round(gain, 9), rank, standing.as_of if standing else None)


def _gain(scorer: Scorer, facts: PersonFacts, score: Score, skill: str) -> float:
    """What a new repository with a dependency that shows a skill would add; 0 where no term can show it."""
    kind, term = _sample(scorer.lexicon.skills[skill])
    if not term:
        return 0.0
    noon = datetime.combine(scorer.as_of, time(12), UTC)
    piece = StoredEvidence(
        id=_INVENTED, site="", uid="", kind=kind, url="", title="", terms=(term,), measure={},
        licence="", happened_at=noon, seen_at=noon,
    )  # fmt: skip
    return scorer.score(replace(facts, evidence=[*facts.evidence, piece])).score - score.score


def _sample(skill: Skill) -> tuple[str, str]:
    """A kind of evidence and a term that shows the skill beyond doubt; empty where the lexicon has none."""
    for scheme, kind in _SHOWN_BY:
        for value in skill.terms.get(scheme, ()):
            if not value.endswith("?"):
                return kind, f"{scheme}:{value}"
    return "", ""


def _not_seen(facts: PersonFacts) -> Iterator[Prospect]:
    unknown = unknown_of(facts)
    if unknown:
        yield Prospect("unknown", f"Not known, and it could only add: {'; '.join(unknown)}.")
    if facts.looks and not any(look.depth in ("deep", "discover") for look in facts.looks):
        yield Prospect("unknown", "Files of repositories and single answers were not looked at: a deep look could add.")


def _in_a_year(scorer: Scorer, facts: PersonFacts, score: Score) -> Iterator[Prospect]:
    later = Scorer(scorer.brief, scorer.lexicon, load_rules(), _next_year(scorer.as_of))
    loss = score.score - later.score(facts).score
    if loss >= _LEAST:
        yield Prospect("time", f"Without new work {loss:.1f} points will have faded in a year.", -round(loss, 9))


def _next_year(day: date) -> date:
    try:
        return day.replace(year=day.year + 1)
    except ValueError:  # 29 February
        return day.replace(year=day.year + 1, day=28)
