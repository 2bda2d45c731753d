"""What one piece of evidence earns: raw points for each skill that it shows, by the named factors of the rules."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from typing import Final

from sourcer.score.rules import KindRule, Rules
from sourcer.score.subject import subject_of, title_words
from sourcer.skills import Lexicon, Match
from sourcer.store.reads import StoredEvidence

__all__ = ["Earner", "Earning", "years_between"]

_YEAR: Final = timedelta(days=365.25)
_DAY: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Earning:
    """Raw points for one skill from one piece of evidence, and the factors they are the product of."""

    evidence: StoredEvidence
    skill: str
    scheme: str
    strength: float
    raw: float
    factors: tuple[tuple[str, float], ...]

    @property
    def rule(self) -> str:
        """The rule in words: ``answer.accepted · tag 0.9 · size 1.2 · age 0.82``."""
        factors = ((self.scheme, self.strength), *self.factors)
        return " · ".join((self.evidence.kind, *(f"{name} {value:.2g}" for name, value in factors)))


def years_between(happened_at: datetime, end: datetime) -> float:
    """The age at ``end``, in years."""
    return (end - happened_at) / _YEAR


class Earner:
    """Turns evidence into earnings, as on one day.

    Args:
        lexicon: What terms mean.
        rules: What evidence is worth.
        relevance: How specific each skill is to what is sought, by skill id; decides what shows communication.
        as_of: The day: ages are counted from its end in UTC, and what happened later is left out.
    """

    def __init__(self, lexicon: Lexicon, rules: Rules, relevance: Mapping[str, float], as_of: date) -> None:
        self.end = datetime.combine(as_of, time(), UTC) + _DAY
        self._lexicon = lexicon
        self._rules = rules
        self._relevance = relevance
        self._discounts_of = cache(rules.discounts_of)

    def earnings(self, evidence: StoredEvidence) -> list[Earning]:
        """What a piece of evidence earns, by skill; empty where it shows none, came later, or was voted down."""
        if evidence.happened_at is not None and evidence.happened_at >= self.end:
            return []
        subject = subject_of(evidence.kind, evidence.title)
        matches = self._lexicon.skills_of(evidence.terms, subject)
        if not matches:
            return []
        rule = self._rules.of(evidence.kind)
        factors = self._factors(evidence, rule, subject)
        base = rule.base * len(matches) ** -rule.spread
        for _, factor in factors:
            base *= factor
        if base <= 0:
            return []
        shown = [(skill, match.scheme, match.strength) for skill, match in sorted(matches.items())]
        shown += self._communication(rule, matches)
        return [
            Earning(evidence, skill, scheme, strength, base * strength, factors) for skill, scheme, strength in shown
        ]

    def _factors(self, evidence: StoredEvidence, rule: KindRule, subject: str) -> tuple[tuple[str, float], ...]:
        """The factors that hold for the whole piece, by name."""
        rules, measure = self._rules, evidence.measure
        factors: list[tuple[str, float]] = []
        if rule.size is not None:
            value = measure.get(rule.size.measure)
            factors.append(("size", rules.unknown_size if value is None else rule.size.factor(value)))
        if evidence.happened_at is None:
            factors.append(("undated", rules.unknown_date))
        else:
            age = years_between(evidence.happened_at, self.end)
            factors.append(("age", rules.recency(age, rule.half_life)))
        discounts = self._discounts_of(evidence.kind)
        words = title_words(subject)
        factors += [(item.name, item.factor) for item in discounts if item.applies(evidence.terms, measure, words)]
        return tuple(factors)

    def _communication(self, rule: KindRule, matches: Mapping[str, Match]) -> list[tuple[str, str, float]]:
        """An answer or a review shows communication too, as far as its subject is what is sought."""
        if not rule.shows or rule.shows in matches:
            return []
        subject = max(match.strength * self._relevance[skill] for skill, match in matches.items())
        return [(rule.shows, "kind", subject)] if subject >= self._rules.communication_relevance else []
