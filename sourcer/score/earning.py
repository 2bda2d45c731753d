"""What evidence earns: raw points for each skill that a piece shows, by the named factors of the rules."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from typing import Final

from sourcer.score.focus import Focus, focus_of, places_of
from sourcer.score.reading import COPIES, Reader, Reading
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

    ``plain`` are the raw points whatever the rest of the work is about; what has one ``heap`` counts together;
    ``match`` is what matched, if a word did.
    """

    evidence: StoredEvidence
    skill: str
    scheme: str
    strength: float
    plain: float
    raw: float
    factors: Factors
    heap: str = ""
    match: Match | None = None

    @property
    def rule(self) -> str:
        """The rule in words: ``answer.accepted · tag 0.9 · size 1.2 · age 0.82 · focus 0.97``."""
        factors = ((self.scheme, self.strength), *self.factors)
        return " · ".join((self.evidence.kind, *(f"{name} {value:.2g}" for name, value in factors)))


@dataclass(frozen=True, slots=True)
class _Read:
    """A piece of evidence with what it says; a ``copy`` is the work of others."""

    evidence: StoredEvidence
    reading: Reading
    discounts: tuple[Discount, ...]
    copy: bool


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
        musts: The ids of the skills that are the very subject.
    """

    def __init__(
        self,
        lexicon: Lexicon,
        rules: Rules,
        relevance: Mapping[str, float],
        as_of: date,
        musts: Collection[str] = (),
    ) -> None:
        self.end = datetime.combine(as_of, time(), UTC) + _DAY
        self._rules = rules
        self.reader = Reader(lexicon, rules, relevance, musts)
        self._recency = cache(rules.recency)
        self._discounts_of = cache(rules.discounts_of)

    def earnings(self, evidence: Iterable[StoredEvidence]) -> Earnings:
        """What one person's evidence earns, by piece and skill; nothing where it came later, or was voted down."""
        past = (piece for piece in evidence if self._is_past(piece))
        read = [self._read(piece) for piece in past]
        # The work of others says nothing of what somebody's own is about.
        places = places_of((item.reading.repository, "aside" if item.copy else item.reading.place) for item in read)
        focus = focus_of(self._rules.focus, places.values())
        signs = self._signs(read)
        found = [
            item
            for piece in read
            for item in self._of_piece(
                piece,
                focus,
                len(signs.get(piece.reading.repository, ())),
                apart=places.get(piece.reading.repository) != "ml",
            )
        ]
        return Earnings(tuple(self._burst(found)), focus, signs)

    def _is_past(self, evidence: StoredEvidence) -> bool:
        return evidence.happened_at is None or evidence.happened_at < self.end

    def _read(self, evidence: StoredEvidence) -> _Read:
        reading = self.reader.read(evidence.kind, evidence.title, evidence.terms)
        found = self._discounts_of(evidence.kind)
        discounts = [item for item in found if item.name in reading.discounts or item.measures(evidence.measure)]
        return _Read(evidence, reading, tuple(discounts), any(item.copy for item in discounts))

    def _signs(self, read: Sequence[_Read]) -> dict[str, frozenset[str]]:
        """The signs of work that runs, by repository."""
        signs: dict[str, set[str]] = {}
        measures = self._rules.production.measures
        for item in read:
            reading = item.reading
            if reading.repository:
                said = [sign for name, sign in measures.items() if item.evidence.measure.get(name)]
                if reading.signs or said:
                    signs.setdefault(reading.repository, set()).update(reading.signs, said)
        return {name: frozenset(found) for name, found in signs.items()}

    def _of_piece(self, piece: _Read, focus: Focus, signs: int, *, apart: bool) -> Iterator[Earning]:
        rules, evidence, reading = self._rules, piece.evidence, piece.reading
        factors = (*self._sized(reading.rule, evidence), self._aged(reading.rule, evidence))
        factors = (*factors, *((item.name, item.factor) for item in piece.discounts))
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
            yield Earning(
                evidence, item.skill, item.scheme, item.strength, plain, raw, named, self._heap(piece), item.match
            )

    def _sized(self, rule: KindRule, evidence: StoredEvidence) -> Factors:
        if rule.size is None:
            return ()
        value = evidence.measure.get(rule.size.measure)
        return (("size", self._rules.unknown_size if value is None else rule.size.factor(value)),)

    def _heap(self, piece: _Read) -> str:
        """What it counts together with: all copies, or its kind of one day; empty where it stands alone."""
        if piece.copy:
            return COPIES
        happened_at = piece.evidence.happened_at
        return f"{piece.evidence.kind} {happened_at.date()}" if happened_at and piece.reading.rule.bulk else ""

    def _aged(self, rule: KindRule, evidence: StoredEvidence) -> tuple[str, float]:
        if evidence.happened_at is None:
            return "undated", self._rules.unknown_date
        return "age", self._recency(years_between(evidence.happened_at, self.end), rule.half_life)

    def _burst(self, earnings: Sequence[Earning]) -> Iterator[Earning]:
        """For one skill, what came in bulk on one day counts as a few of the best of it, and all copies as the best."""
        heaps: dict[tuple[str, str], list[float]] = {}
        for item in earnings:
            if item.heap:
                heaps.setdefault((item.skill, item.heap), []).append(item.raw)
        shares = {key: self._rules.share_of(raw, copies=key[1] == COPIES) for key, raw in heaps.items()}
        for item in earnings:
            share = shares[item.skill, item.heap] if item.heap else 1.0
            if share < 1.0:
                yield replace(item, raw=item.raw * share, factors=(*item.factors, ("burst", share)))
            else:
                yield item
