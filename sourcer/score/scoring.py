"""The score of one person through one brief, and the contributions it is the sum of."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from operator import mul
from typing import Final, TypeAlias

from sourcer.brief import Brief
from sourcer.domain import DIMENSIONS
from sourcer.score.earning import Earner, Earning, Earnings
from sourcer.score.quick import Summer, Sums
from sourcer.score.rules import Rules
from sourcer.skills import Lexicon
from sourcer.store.reads import PersonFacts, StoredEvidence

__all__ = ["PLACES", "WHOLE", "Contribution", "Dimensions", "Score", "Scorer"]

Dimensions: TypeAlias = Sequence[float]
"""What a person's evidence comes to in each of :data:`DIMENSIONS`, 0 to 100; empty for who is not ranked."""

PLACES: Final = 9
"""Decimals of scores: few enough to be the same on every machine."""

WHOLE: Final = 0.995
"""From here a factor reads as 1."""

_POINT_PLACES: Final = 12
"""Decimals of points: enough for their sum to be the score to within 1e-9."""


@dataclass(frozen=True, slots=True)
class Contribution:
    """The share of a score that one piece of evidence earns for one skill.

    ``musts`` is the factor of the whole score for the musts that are hardly seen.
    """

    points: float
    dimension: str
    earning: Earning
    asked: str
    musts: float = 1.0

    @property
    def evidence(self) -> StoredEvidence:
        """What it stands on."""
        return self.earning.evidence

    @property
    def skill(self) -> str:
        """The id of the skill it shows."""
        return self.earning.skill

    @property
    def rule(self) -> str:
        """The rule that gave the points, with its factors."""
        musts = (f"musts {self.musts:.2g}",) if self.musts < WHOLE else ()
        return " · ".join((self.earning.rule, *musts, *((self.asked,) if self.asked else ())))


@dataclass(slots=True)
class Score:
    """A person's score.

    Args:
        score: 0 to 100; the sum of the contributions' points.
        dimensions: 0 to 100 each, before the brief's weights.
        contributions: Those that earn points, in no particular order; :meth:`strongest` sorts.
        fullness: 0 to 1 for each skill with evidence: how much of what a skill can earn was earned.
        earned: All raw earnings, with the focus and the signs of work that runs.
        musts: The factor of the whole score for each must, as the brief writes it: less than 1 where it is hardly seen.
    """

    score: float
    dimensions: dict[str, float]
    contributions: list[Contribution]
    fullness: dict[str, float]
    earned: Earnings
    musts: Mapping[str, float]

    @property
    def earnings(self) -> tuple[Earning, ...]:
        """All raw earnings."""
        return self.earned.items

    def strongest(self) -> list[Contribution]:
        """Contributions by points, the most first; ties by evidence id and skill."""
        return sorted(self.contributions, key=lambda item: (-item.points, item.evidence.id, item.skill))

    def strongest_evidence(self, most: int) -> list[int]:
        """The ids of the pieces of evidence that earn most in all, the most first."""
        pieces: dict[int, list[float]] = {}
        for item in self.contributions:
            pieces.setdefault(item.evidence.id, []).append(item.points)
        return sorted(pieces, key=lambda piece: (-math.fsum(pieces[piece]), piece))[:most]


class Scorer:
    """Scores people through one brief as on one day.

    Args:
        brief: What is sought.
        lexicon: What terms mean.
        rules: What evidence is worth.
        as_of: The day.

    Raises:
        UsageError: The brief names a skill that the lexicon does not know.
    """

    def __init__(self, brief: Brief, lexicon: Lexicon, rules: Rules, as_of: date) -> None:
        self.brief = brief
        self.lexicon = lexicon
        self.rules = rules
        self.as_of = as_of
        self.musts = {entry: lexicon.alternatives(entry) for entry in brief.skills.must}
        self.excluded: Collection[str] = {
            skill for entry in brief.skills.exclude for skill in lexicon.alternatives(entry)
        }
        self._shares = brief.weights.shares()
        self._weights = [self._shares[name] for name in DIMENSIONS]
        self._dimension = {skill.id: skill.dimension for skill in lexicon.skills.values()}
        self._asked = self._asked_for()
        relevance = {skill.id: 1.0 if skill.id in self._asked else skill.relevance for skill in lexicon.skills.values()}
        factors = {"must": rules.must, "nice": rules.nice, "": rules.other}
        self._weight = {skill: factors[self._asked.get(skill, "")] * value for skill, value in relevance.items()}
        place = {name: place for place, name in enumerate(DIMENSIONS)}
        self._most = {
            skill: (place[dimension], self._weight[skill] * rules.skill_saturation)
            for skill, dimension in self._dimension.items()
        }
        musts = {skill for skill, asked in self._asked.items() if asked == "must"}
        self.earner = Earner(lexicon, rules, relevance, as_of, musts)
        self.summer = Summer(self.earner.reader, rules, as_of, self.excluded)

    def _asked_for(self) -> dict[str, str]:
        """The skills that the brief names, as ``must`` or ``nice``."""
        nice = {skill: "nice" for entry in self.brief.skills.nice for skill in self.lexicon.alternatives(entry)}
        return nice | {skill: "must" for skills in self.musts.values() for skill in skills}

    def score(self, facts: PersonFacts) -> Score:
        """Score a person. The order of the evidence does not matter, nor does anything a profile says."""
        earned = self.earner.earnings(facts.evidence)
        raw = _sums((item.skill, item.raw) for item in earned.items)
        skills, sums, dimensions = self._filled(raw)
        # Each saturated sum is shared in proportion to what it is the sum of.
        worth = {
            skill: self._shares[name] * dimensions[name] * value / sums[name] / raw[skill]
            for skill, value in skills.items()
            if raw[skill] > 0 and sums[name := self._dimension[skill]] > 0
        }
        seen = self._musts_seen(raw)
        musts = math.prod(seen.values())
        total = self.weighed([musts * dimensions[name] for name in DIMENSIONS])
        contributions = _shared_out(
            total,
            [
                Contribution(
                    points, self.lexicon.skills[item.skill].dimension, item, self._asked.get(item.skill, ""), musts
                )
                for item in earned.items
                if (points := round(musts * worth.get(item.skill, 0.0) * item.raw, _POINT_PLACES)) > 0
            ],
        )
        rounded = {name: round(value, PLACES) for name, value in dimensions.items()}
        limit = self.rules.skill_saturation
        plain = _sums((item.skill, item.plain) for item in earned.items)
        fullness = {skill: -math.expm1(-value / limit) for skill, value in plain.items()}
        return Score(total, rounded, contributions, fullness, earned, seen)

    def screened(self, sums: Sums) -> Dimensions:
        """What sums come to with the musts that are seen, before the brief weighs it."""
        if sums.excluded:
            return ()
        # As :meth:`_filled` has it, and nothing besides: this is asked of everybody.
        parts: list[list[float]] = [[] for _ in DIMENSIONS]
        limit, most, expm1 = self.rules.skill_saturation, self._most, math.expm1
        for skill, total in sums.raw.items():
            place, full = most[skill]
            parts[place].append(full * -expm1(-total / limit))
        musts, fullness = math.prod(self._musts_seen(sums.raw).values()), self.rules.dimension_fullness
        return [
            musts * (100.0 * fullness(name, math.fsum(values))) if values else 0.0
            for name, values in zip(DIMENSIONS, parts, strict=True)
        ]

    def _musts_seen(self, raw: Mapping[str, float]) -> dict[str, float]:
        """The factors of the score: less than 1 where a must is not seen, or hardly."""
        factor = self.rules.musts.factor
        return {
            entry: factor(math.fsum(raw.get(skill, 0.0) for skill in skills)) for entry, skills in self.musts.items()
        }

    def weighed(self, dimensions: Dimensions) -> float:
        """The score that :meth:`score` gives, from what :meth:`screened` gave; 0 for who is not ranked."""
        return round(math.fsum(map(mul, self._weights, dimensions)), PLACES)

    def _filled(self, raw: Mapping[str, float]) -> tuple[dict[str, float], dict[str, float], dict[str, float]]:
        """What raw points come to: saturated by skill, their sums by dimension, and how full each dimension is."""
        limit, weight, expm1 = self.rules.skill_saturation, self._weight, math.expm1
        skills = {skill: weight[skill] * limit * -expm1(-total / limit) for skill, total in raw.items()}
        sums = self._by_dimension(skills)
        dimensions = {name: 100.0 * self.rules.dimension_fullness(name, sums[name]) for name in DIMENSIONS}
        return skills, sums, dimensions

    @property
    def asked(self) -> Mapping[str, str]:
        """The skills that the brief names, by id, each with ``must`` or ``nice``."""
        return self._asked

    def missing(self, score: Score) -> list[str]:
        """The brief's musts that no evidence shows, as the brief writes them."""
        return [entry for entry, skills in self.musts.items() if score.fullness.keys().isdisjoint(skills)]

    def excludes(self, score: Score) -> bool:
        """Whether evidence, more than a word in a text, shows a skill that the brief excludes."""
        return any(True for _ in self.excluding(score))

    def excluding(self, score: Score) -> Iterator[Earning]:
        """The evidence, more than a word in a text, that shows skills that the brief excludes."""
        least = self.rules.exclude_strength
        return (item for item in score.earnings if item.skill in self.excluded and item.strength >= least)

    def neutral_dimension(self, dimension: str, fullness: Mapping[str, float]) -> float:
        """How full a dimension is, 0 to 1, whatever the brief asks for."""
        total = math.fsum(
            self.lexicon.skills[skill].relevance * self.rules.skill_saturation * value
            for skill, value in fullness.items()
            if self.lexicon.skills[skill].dimension == dimension
        )
        return self.rules.dimension_fullness(dimension, total)

    def _by_dimension(self, skills: Mapping[str, float]) -> dict[str, float]:
        parts: dict[str, list[float]] = {name: [] for name in DIMENSIONS}
        for skill, value in skills.items():
            parts[self._dimension[skill]].append(value)
        return {name: math.fsum(values) for name, values in parts.items()}


def _shared_out(total: float, items: list[Contribution]) -> list[Contribution]:
    """The strongest takes up what rounding left over, so that the points add up to the score."""
    if not items:
        return items
    rest = total - math.fsum(item.points for item in items)
    # Of those that earn the most alike, the first takes what is left and the last what is short: their order stays.
    most = max(item.points for item in items)
    best = sorted((item for item in items if item.points == most), key=lambda item: (item.evidence.id, item.skill))
    first = best[0] if rest > 0 else best[-1]
    fitted = replace(first, points=round(first.points + rest, _POINT_PLACES))
    return [fitted if item is first else item for item in items]


def _sums(earned: Iterable[tuple[str, float]]) -> dict[str, float]:
    """Raw points by skill; exact sums, so that no order shows."""
    parts: dict[str, list[float]] = {}
    for skill, raw in earned:
        parts.setdefault(skill, []).append(raw)
    return {skill: math.fsum(values) for skill, values in parts.items()}
