"""Cutting a search that finds more than GitHub gives.

A search gives at most 1,000 results. One that finds more is cut into halves by the day of creation until each part
fits; a single day is cut on by numbers: the stars of a repository, the followers of a person. One value of one day is
taken as it is.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from math import isqrt
from typing import Final

from sourcer.connect import Json

__all__ = ["MOST_RESULTS", "Search", "Slice"]

MOST_RESULTS: Final = 1_000
"""Of one search, whatever its count says."""

FIRST_DAY: Final = date(2007, 10, 1)
"""No account and no repository is older."""

TOP: Final = 1_000_000
"""From this number on, nothing is cut any more: no repository has as many stars, no person as many followers."""

Days = tuple[date, date]
Numbers = tuple[int, int | None]
"""From one number to another, both taken in; ``None`` is: and more."""


@dataclass(frozen=True, slots=True)
class Slice:
    """A part of what a search finds, from a cursor on. Without days and numbers it is the whole."""

    days: Days | None = None
    numbers: Numbers | None = None
    cursor: str | None = None

    def at(self, cursor: str) -> Slice:
        """The same part from another cursor on."""
        return Slice(self.days, self.numbers, cursor)

    def as_json(self) -> list[str | int | None]:
        """How a checkpoint holds it."""
        first, last = (day.isoformat() for day in self.days) if self.days else (None, None)
        low, high = self.numbers or (None, None)
        return [first, last, low, high, self.cursor]

    @classmethod
    def from_json(cls, value: Json) -> Slice:
        """The part that a checkpoint holds."""
        first, last, low, high, cursor = value
        days = (date.fromisoformat(first), date.fromisoformat(last)) if first and last else None
        return cls(days, None if low is None else (low, high), cursor)


@dataclass(frozen=True, slots=True)
class Search:
    """A search, and how it can be cut.

    Args:
        words: What is looked for.
        number: The qualifier that cuts a single day: ``stars`` or ``followers``.
        least: The fewest of them.
    """

    words: str
    number: str
    least: int = 0

    def text(self, part: Slice) -> str:
        """The search for one part, as GitHub takes it."""
        words = [self.words]
        low, high = part.numbers or (self.least, None)
        if high is not None:
            words.append(f"{self.number}:{low}..{high}")
        elif low:
            words.append(f"{self.number}:>={low}")
        if part.days:
            words.append(f"created:{part.days[0].isoformat()}..{part.days[1].isoformat()}")
        return " ".join(words)

    def halves(self, part: Slice, today: date) -> tuple[Slice, ...]:
        """Two parts that together are this one, the older or smaller first; nothing where one value is left.

        Args:
            part: What finds too much.
            today: No part that is cut by days goes beyond it.
        """
        first, last = part.days or (FIRST_DAY, today)
        if first < last:
            middle = first + (last - first) // 2
            return Slice((first, middle), part.numbers), Slice((middle + timedelta(days=1), last), part.numbers)
        low, high = part.numbers or (self.least, None)
        top = TOP if high is None else high
        if low >= top:
            return ()
        # Halfway by factor, not by distance: most have few, and a handful have thousands.
        between = isqrt((low + 1) * (top + 1)) - 1
        return Slice((first, last), (low, between)), Slice((first, last), (between + 1, high))
