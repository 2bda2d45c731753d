"""The sums behind a score, straight from gists: what ``Earner`` finds, without reasons and many times as fast."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache, lru_cache, partial
from math import fsum
from typing import Final, NamedTuple, TypeAlias

from sourcer.score.focus import STRONGEST, focus_at
from sourcer.score.gist import columns_of, shared_of
from sourcer.score.reading import COPIES, Reader
from sourcer.score.rules import Rules

__all__ = ["Summer", "Sums"]

_REMEMBERED: Final = 50_000
_YEAR: Final = 365.25
_ASIDE, _OTHER, _WEB, _ON, _ML = range(len(STRONGEST))


@dataclass(frozen=True, slots=True)
class Sums:
    """Raw points by skill, and whether anything shows a skill that the brief excludes."""

    raw: Mapping[str, float]
    excluded: bool


class _Sizes(dict[str, float]):
    """The factors of sizes as gists write them; ``""`` is none."""

    def __init__(self) -> None:
        super().__init__({"": 1.0})

    def __missing__(self, size: str) -> float:
        factor = float(size)
        if len(self) < _REMEMBERED:
            self[size] = factor
        return factor


class _Ages(dict[str, float]):
    """The factors of days for one half-life, in years; ``""`` is no day."""

    def __init__(self, rules: Rules, as_of: date, half_life: float) -> None:
        super().__init__({"": rules.unknown_date})
        self._factor = partial(rules.recency, half_life=half_life)
        self._as_of = as_of

    def __missing__(self, day: str) -> float:
        days = (self._as_of - date.fromisoformat(day)).days + 1
        factor = self[day] = self._factor(days / _YEAR)
        return factor


class _Known(NamedTuple):
    """What is the same for all pieces of evidence that show the same."""

    worth: float
    ages: _Ages
    discounts: tuple[float, ...]
    place: int
    signs: frozenset[str]
    bulk: str
    copy: bool
    excluded: bool
    shown: tuple[tuple[int, tuple[tuple[str, float], ...]], ...]
    """Where in :data:`_Weights` a weight stands, and the skills that it weighs with their strengths."""


_Piece: TypeAlias = tuple[_Known, str, str, str]
"""With the factor of its size, the day and the repository, as the gist has them."""

_Heap: TypeAlias = str | tuple[str, str]
"""What counts together: all copies, or what came of one kind on one day."""

_Weights: TypeAlias = tuple[float, float, float, float]
"""The factors of focus: of a hint and of a proof, and of both where they are software in general."""


class Summer:
    """Sums up what people's evidence earns.

    Args:
        reader: What evidence says.
        rules: What it is worth.
        as_of: The day.
        excluded: The ids of skills that nobody who is sought has.
    """

    def __init__(self, reader: Reader, rules: Rules, as_of: date, excluded: Collection[str]) -> None:
        self._rules = rules
        self._last = as_of.isoformat()
        self._reader = reader
        self._excluded = excluded
        self._sizes = _Sizes()
        self._known = lru_cache(_REMEMBERED)(self._know)
        self._ages = cache(partial(_Ages, rules, as_of))
        # What many shapes share is held once: the processor finds it in its cache.
        self._pair = cache(lambda pair: pair)
        self._weights = lru_cache(_REMEMBERED)(self._weights_of)

    def sums(self, gists: Iterable[str]) -> Sums:
        """The raw points of one person's accounts, as the sums of :meth:`Earner.earnings` come to."""
        pieces: list[_Piece] = []
        places: dict[str, int] = {}
        signs: dict[str, set[str]] = {}
        last, know = self._last, self._known
        for gist in gists:
            for shared, size, day, repository in columns_of(gist):
                if day > last:
                    continue
                known = know(shared)
                pieces.append((known, size, day, repository))
                if repository:
                    if known.place > places.get(repository, -1):
                        places[repository] = known.place
                    if known.signs:
                        signs.setdefault(repository, set()).update(known.signs)
        return self._earned(pieces, places, signs)

    def _earned(self, pieces: list[_Piece], places: Mapping[str, int], signs: Mapping[str, set[str]]) -> Sums:
        stand = list(places.values())
        weights = self._weights(stand.count(_ML) + stand.count(_ON), stand.count(_WEB), stand.count(_OTHER))
        on_subject = (weights[0], weights[1], weights[0], weights[1])
        bursts = self._bursts(pieces)
        raw: defaultdict[str, list[float]] = defaultdict(list)
        days: defaultdict[tuple[str, _Heap], list[float]] = defaultdict(list)
        excluded = False
        sizes, runs = self._sizes, self._rules.production.factor
        for (base, ages, discounts, _, _, bulk, copy, excludes, shown), size, day, repository in pieces:
            # In the order in which the whole score multiplies.
            worth = base * sizes[size] * ages[day]
            for factor in discounts:
                worth *= factor
            if repository in signs:
                worth *= runs(len(signs[repository]))
            if worth <= 0:
                continue
            excluded = excluded or excludes
            factors = on_subject if places.get(repository) == _ML else weights
            heap: _Heap = COPIES if copy else (bulk, day) if bulk and (bulk, day) in bursts else ""
            for weight, skills in shown:
                weighed = worth * factors[weight]
                for skill, strength in skills:
                    (days[skill, heap] if heap else raw[skill]).append(weighed * strength)
        self._share_days(days, raw)
        return Sums({skill: fsum(parts) if len(parts) > 1 else parts[0] for skill, parts in raw.items()}, excluded)

    def _bursts(self, pieces: list[_Piece]) -> Collection[tuple[str, str]]:
        """Kinds and days of more pieces than count in full: on all other days each counts for itself."""
        came = [(known.bulk, day) for known, _, day, _ in pieces if known.bulk and day]
        if len(came) - len(set(came)) < self._rules.burst:
            return ()
        return {heap for heap, count in Counter(came).items() if count > self._rules.burst}

    def _weights_of(self, on: int, web: int, other: int) -> _Weights:
        focus, apart = focus_at(self._rules.focus, on, web, other), self._rules.focus.apart
        return focus.hint, focus.proven, focus.hint * apart, focus.proven * apart

    def _share_days(self, days: Mapping[tuple[str, _Heap], list[float]], raw: defaultdict[str, list[float]]) -> None:
        for (skill, day), parts in days.items():
            share = self._rules.share_of(parts, copies=day == COPIES)
            raw[skill].extend(parts if share >= 1.0 else [part * share for part in parts])

    def _know(self, text: str) -> _Known:
        shared = shared_of(text)
        reading = self._reader.understand(shared.kind, shared.matches, shared.language)
        proof = self._rules.focus.proof
        weights: dict[int, list[tuple[str, float]]] = {}
        for item in reading.shown:
            weights.setdefault((item.strength >= proof) + 2 * item.apart, []).append(
                self._pair((item.skill, item.strength))
            )
        return _Known(
            worth=reading.worth,
            ages=self._ages(reading.rule.half_life),
            discounts=shared.discounts,
            place=_ASIDE if shared.copy else STRONGEST.index(reading.place),
            signs=frozenset((*reading.signs, *shared.said)),
            bulk=shared.kind if reading.rule.bulk and not shared.copy else "",
            copy=shared.copy,
            excluded=any(
                item.skill in self._excluded and item.strength >= self._rules.exclude_strength for item in reading.shown
            ),
            shown=self._pair(tuple(self._pair((weight, tuple(skills))) for weight, skills in weights.items())),
        )
