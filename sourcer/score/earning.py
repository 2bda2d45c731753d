"""What evidence earns: raw points for each skill that a piece shows, by the named factors of the rules."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from typing import Final

from sourcer.score.focus import Focus, focus_of, places_of
from sourcer.score.reading import COPIES, Reader, Reading, upload_day
from sourcer.score.rules import Discount, KindRule, Rules
from sourcer.skills import Lexicon, Match
from sourcer.store.reads import StoredEvidence

__all__ = ["Earner", "Earning", "Earnings", "years_between"]

_YEAR: Final = 365.25
_DAY: Final = timedelta(days=1)

Factors = tuple[tuple[str, float], ...]


@dataclass(frozen=True, slots=True)
class Earning:
    """Raw points for one skill from one piece of evidence, and the factors they are the product of.

    ``plain`` are the raw points whatever the rest of the work is about; a ``copy`` is the work of others;
    ``match`` is what matched, if a word did.
    """

    evidence: StoredEvidence
    skill: str
    scheme: str
    strength: float
    plain: float
    raw: float
    factors: Factors
    copy: bool = False
    match: Match | None = None

    @property
    def rule(self) -> str:
        """The rule in words: ``answer.accepted · tag 0.9 · size 1.2 · age 0.82 · focus 0.97``."""
        factors = ((self.scheme, self.strength), *self.factors)
        return " · ".join((self.evidence.kind, *(f"{name} {value:.2g}" for name, value in factors)))


@dataclass(frozen=True, slots=True)
class Earnings:
    """All that one person's evidence earns, the focus that it was weighed by, and the signs of work that runs."""

    items: tuple[Earning, ...]
    focus: Focus
    signs: Mapping[str, frozenset[str]]


def years_between(happened_at: datetime, end: datetime) -> float:
    """The age at ``end``, in years; whole days are counted."""
    return (end.date() - happened_at.date()).days / _YEAR


class Earner:
    """Turns evidence into earnings, as on one day.

    Args:
        lexicon: What terms mean.
        rules: What evidence is worth.
        relevance: How specific each skill is to what is sought, by skill id.
        as_of: The day: ages are counted from its end in UTC, and what happened later is left out.
    """

    def __init__(self, lexicon: Lexicon, rules: Rules, relevance: Mapping[str, float], as_of: date) -> None:
        self.end = datetime.combine(as_of, time(), UTC) + _DAY
        self._rules = rules
        self.reader = Reader(lexicon, rules, relevance)
        self._recency = cache(rules.recency)
        self._discounts_of = cache(rules.discounts_of)

    def earnings(self, evidence: Iterable[StoredEvidence]) -> Earnings:
        """What one person's evidence earns, by piece and skill; nothing where it came later, or was voted down."""
        past = (piece for piece in evidence if self._is_past(piece))
        read = [(piece, self.reader.read(piece.kind, piece.title, piece.terms)) for piece in past]
        places = places_of(reading for _, reading in read)
        focus = focus_of(self._rules.focus, places.values())
        signs = self._signs(read)
        found = [
            item
            for piece, reading in read
            for item in self._of_piece(
                piece,
                reading,
                focus,
                len(signs.get(reading.repository, ())),
                apart=places.get(reading.repository) != "ml",
            )
        ]
        return Earnings(tuple(self._burst(found)), focus, signs)

    def _is_past(self, evidence: StoredEvidence) -> bool:
        return evidence.happened_at is None or evidence.happened_at < self.end

    def _signs(self, read: Sequence[tuple[StoredEvidence, Reading]]) -> dict[str, frozenset[str]]:
        """The signs of work that runs, by repository."""
        signs: dict[str, set[str]] = {}
        measures = self._rules.production.measures
        for piece, reading in read:
            if reading.repository:
                said = [sign for name, sign in measures.items() if piece.measure.get(name)]
                if reading.signs or said:
                    signs.setdefault(reading.repository, set()).update(reading.signs, said)
        return {name: frozenset(found) for name, found in signs.items()}

    def _of_piece(
        self, evidence: StoredEvidence, reading: Reading, focus: Focus, signs: int, *, apart: bool
    ) -> Iterator[Earning]:
        rules = self._rules
        factors = (*self._sized(reading.rule, evidence), self._aged(reading.rule, evidence))
        discounts = self._discounted(reading, evidence)
        copy = any(item.copy for item in discounts)
        factors = (*factors, *((item.name, item.factor) for item in discounts))
        factors = (*factors, *(("long list", factor) for factor in reading.rule.shared(len(evidence.terms))))
        if signs:
            factors = (*factors, ("runs", rules.production.factor(signs)))
        worth = reading.worth
        for _, factor in factors:
            worth *= factor
        for item in reading.shown if worth > 0 else ():
            weight, named = focus.factor(item.strength), factors
            if apart and item.apart:
                weight, named = weight * rules.focus.apart, (*factors, ("off the subject", rules.focus.apart))
            named = (*named, (focus.name, focus.factor(item.strength)))
            plain, raw = worth * item.strength, worth * weight * item.strength
            yield Earning(evidence, item.skill, item.scheme, item.strength, plain, raw, named, copy, item.match)

    def _sized(self, rule: KindRule, evidence: StoredEvidence) -> Factors:
        if rule.size is None:
            return ()
        value = evidence.measure.get(rule.size.measure)
        return (("size", self._rules.unknown_size if value is None else rule.size.factor(value)),)

    def _discounted(self, reading: Reading, evidence: StoredEvidence) -> tuple[Discount, ...]:
        found = self._discounts_of(evidence.kind)
        return tuple(item for item in found if item.name in reading.discounts or item.measures(evidence.measure))

    def _aged(self, rule: KindRule, evidence: StoredEvidence) -> tuple[str, float]:
        if evidence.happened_at is None:
            return "undated", self._rules.unknown_date
        return "age", self._recency(years_between(evidence.happened_at, self.end), rule.half_life)

    def _burst(self, earnings: Sequence[Earning]) -> Iterator[Earning]:
        """For one skill, repositories of one day count as a few of the best of them, and all copies as the best one."""
        heaps: dict[tuple[str, date | str], list[float]] = {}
        for item in earnings:
            if heap := _heap(item):
                heaps.setdefault((item.skill, heap), []).append(item.raw)
        shares = {key: self._rules.share_of(raw, copies=key[1] == COPIES) for key, raw in heaps.items()}
        for item in earnings:
            heap = _heap(item)
            share = shares[item.skill, heap] if heap else 1.0
            if share < 1.0:
                yield replace(item, raw=item.raw * share, factors=(*item.factors, ("burst", share)))
            else:
                yield item


def _heap(item: Earning) -> date | str | None:
    """What it counts together with: all copies, or the repositories of one day."""
    happened_at = item.evidence.happened_at
    return COPIES if item.copy else upload_day(item.evidence.kind, happened_at.date() if happened_at else None)
