"""The sums behind a score, straight from stored rows: what ``Earner`` finds, without reasons and many times as fast."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache, lru_cache
from typing import Final, TypeAlias

from sourcer.score.focus import focus_of, places_of
from sourcer.score.reading import Reader, Reading, upload_day
from sourcer.score.rules import Rules
from sourcer.store.screening import Row

__all__ = ["Summer", "Sums"]

_REMEMBERED: Final = 50_000
_YEAR: Final = 365.25

_Weighed: TypeAlias = tuple[float | None, tuple[float, ...], tuple[str, ...]]
"""The factor of size, those of the discounts, and the signs that a measure says."""


@dataclass(frozen=True, slots=True)
class Sums:
    """Raw points by skill, and the strongest proof of each."""

    raw: Mapping[str, float]
    proof: Mapping[str, float]


class Summer:
    """Sums up what people's evidence earns.

    Args:
        reader: What evidence says.
        rules: What it is worth.
        as_of: The day.
    """

    def __init__(self, reader: Reader, rules: Rules, as_of: date) -> None:
        self._rules = rules
        self._last = as_of.isoformat()
        self._as_of = as_of
        self._discounts_of = cache(rules.discounts_of)
        self._plain_reading = reader.read
        self._read = lru_cache(_REMEMBERED)(self._read_text)
        self._weighed = lru_cache(_REMEMBERED)(self._weigh)
        self._recency = lru_cache(_REMEMBERED)(self._age_factor)

    def sums(self, rows: Iterable[Row]) -> Sums:
        """The raw points of one person's evidence, as the sums of :meth:`Earner.earnings` come to."""
        read = [
            (self._read(kind, title, terms), kind, measure, day)
            for kind, title, terms, measure, day in rows
            if day is None or day <= self._last
        ]
        places = places_of(found[0] for found in read)
        focus = focus_of(self._rules.focus, places.values())
        pieces = [
            (reading, self._weighed(kind, measure, reading.discounts), kind, day)
            for reading, kind, measure, day in read
        ]
        signs = _signs(pieces)
        apart, production = self._rules.focus.apart, self._rules.production
        raw: dict[str, list[float]] = {}
        proof: dict[str, float] = {}
        days: dict[tuple[str, str], list[float]] = {}
        for reading, (size, discounts, _), kind, day in pieces:
            worth = reading.worth
            if size is not None:
                worth *= size
            worth *= self._rules.unknown_date if day is None else self._recency(day, reading.rule.half_life)
            for factor in discounts:
                worth *= factor
            if reading.repository in signs:
                worth *= production.factor(len(signs[reading.repository]))
            if worth <= 0:
                continue
            off = places.get(reading.repository) != "ml"
            uploaded = upload_day(kind, day)
            for item in reading.shown:
                weight = focus.proven if item.strength >= focus.proof else focus.hint
                if off and item.apart:
                    weight *= apart
                earned = worth * item.strength * weight
                if uploaded:
                    days.setdefault((item.skill, uploaded), []).append(earned)
                else:
                    raw.setdefault(item.skill, []).append(earned)
                proof[item.skill] = max(proof.get(item.skill, 0.0), item.strength)
        self._share_days(days, raw)
        return Sums({skill: math.fsum(parts) for skill, parts in raw.items()}, proof)

    def _share_days(self, days: Mapping[tuple[str, str], list[float]], raw: dict[str, list[float]]) -> None:
        most = self._rules.burst
        for (skill, _), parts in days.items():
            share = (
                min(1.0, most * max(parts) / total) if len(parts) > most and (total := math.fsum(parts)) > 0 else 1.0
            )
            raw.setdefault(skill, []).extend(parts if share >= 1.0 else [part * share for part in parts])

    def _read_text(self, kind: str, title: str, terms: str) -> Reading:
        return self._plain_reading(kind, title, tuple(json.loads(terms)))

    def _weigh(self, kind: str, measure: str, discounts: tuple[str, ...]) -> _Weighed:
        rules, values = self._rules, json.loads(measure)
        size = rules.of(kind).size
        factor = None
        if size is not None:
            value = values.get(size.measure)
            factor = rules.unknown_size if value is None else size.factor(value)
        holds = (item for item in self._discounts_of(kind) if item.name in discounts or item.measures(values))
        said = tuple(sign for name, sign in rules.production.measures.items() if values.get(name))
        return factor, tuple(item.factor for item in holds), said

    def _age_factor(self, day: str, half_life: float) -> float:
        days = (self._as_of - date.fromisoformat(day)).days + 1
        return self._rules.recency(days / _YEAR, half_life)


def _signs(pieces: Iterable[tuple[Reading, _Weighed, str, str | None]]) -> dict[str, set[str]]:
    """The signs of work that runs, by repository."""
    signs: dict[str, set[str]] = {}
    for reading, (_, _, said), _, _ in pieces:
        if reading.repository and (reading.signs or said):
            signs.setdefault(reading.repository, set()).update(reading.signs, said)
    return signs
