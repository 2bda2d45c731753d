"""A cron line read as cron reads it: five fields, names, ranges, steps, lists, macros.

APScheduler's ``from_crontab`` counts weekdays from Monday = 0 and ignores the rule about two restricted day fields
(crontab(5): a day matches when either does), so that the line is read here and only the running is left to APScheduler.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Final

from sourcer.config import nearest
from sourcer.errors import UsageError

__all__ = ["MACROS", "SEARCH_DAYS", "CronLine", "parse_cron"]

MACROS: Final[Mapping[str, str]] = {
    "@hourly": "0 * * * *",
    "@daily": "0 0 * * *",
    "@midnight": "0 0 * * *",
    "@weekly": "0 0 * * 0",
    "@monthly": "0 0 1 * *",
    "@yearly": "0 0 1 1 *",
    "@annually": "0 0 1 1 *",
}
"""What may stand in place of the five fields."""

SEARCH_DAYS: Final = 41 * 366
"""How far a matching day can lie away: 29 February on a given weekday may take 40 years around 2100."""

_MONTHS: Final = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_WEEKDAYS: Final = ("sun", "mon", "tue", "wed", "thu", "fri", "sat")


@dataclass(frozen=True, slots=True)
class CronLine:
    """What a cron line says, as sets of numbers; Sunday is weekday 0.

    ``either_day``: both day fields are restricted, so that a day matches when one of them does. ``elapsed``: the minute
    or the hour is a wildcard, so that the line means "every so often", not "at this time of day": it matters when
    clocks change.
    """

    minutes: tuple[int, ...]
    hours: tuple[int, ...]
    days: frozenset[int]
    months: frozenset[int]
    weekdays: frozenset[int]
    either_day: bool
    elapsed: bool

    def matches(self, day: date) -> bool:
        """Whether the line fires on a day."""
        if day.month not in self.months:
            return False
        in_month, in_week = day.day in self.days, day.isoweekday() % 7 in self.weekdays
        return (in_month or in_week) if self.either_day else (in_month and in_week)


@dataclass(frozen=True, slots=True)
class _Field:
    name: str
    first: int
    last: int
    names: Mapping[str, int] = field(default_factory=dict)
    wraps: bool = False

    def parse(self, text: str) -> frozenset[int]:
        """The numbers that a whole field names."""
        return frozenset(number for part in text.split(",") for number in self._part(part, text))

    def _part(self, part: str, text: str) -> Iterator[int]:
        span, slash, step_text = part.partition("/")
        step = self._step(step_text, text) if slash else 1
        low_text, dash, high_text = span.partition("-")
        if span == "*":
            low, high = self.first, self.last - (1 if self.wraps else 0)
        else:
            low = self._number(low_text, text)
            high = self._number(high_text, text) if dash else low
            if slash and not dash:
                raise self._error(text, f"a step needs a range: {low_text}-{self.last}/{step_text}")
        if high < low:
            if not self.wraps:
                raise self._error(text, f"{span} runs backwards: write {low_text}-{self.last},{self.first}-{high_text}")
            high += 7
        yield from (number % 7 if self.wraps else number for number in range(low, high + 1, step))

    def _number(self, word: str, text: str) -> int:
        if word.isascii() and word.isdigit():
            if self.first <= int(word) <= self.last:
                return int(word)
            raise self._error(text, f"{word} is not between {self.first} and {self.last}")
        if word.lower() in self.names:
            return self.names[word.lower()]
        known = nearest(word, list(self.names)) if word else ""
        raise self._error(text, f"{word or 'nothing'!r} is not a number between {self.first} and {self.last}{known}")

    def _step(self, word: str, text: str) -> int:
        if word.isascii() and word.isdigit() and int(word) > 0:
            return int(word)
        raise self._error(text, f"the step {word!r} is not a whole number above 0")

    def _error(self, text: str, what: str) -> UsageError:
        return UsageError(f"[schedule] cron: {self.name} {text!r}: {what}")


_FIELDS: Final = (
    _Field("minute", 0, 59),
    _Field("hour", 0, 23),
    _Field("day of month", 1, 31),
    _Field("month", 1, 12, {name: number for number, name in enumerate(_MONTHS, start=1)}),
    _Field("weekday", 0, 7, {name: number for number, name in enumerate(_WEEKDAYS)}, wraps=True),
)


def parse_cron(text: str) -> CronLine:
    """Read a cron line; weekdays are 0 (Sunday) to 7 (Sunday again), 1 is Monday.

    Raises:
        UsageError: A field cannot be read, or no day will ever match; the message names field and value.
    """
    parts = _expand(text).split()
    if len(parts) != len(_FIELDS):
        names = ", ".join(each.name for each in _FIELDS)
        raise UsageError(f"[schedule] cron: {text!r} has {len(parts)} fields, not five: {names}")
    minutes, hours, days, months, weekdays = (each.parse(part) for each, part in zip(_FIELDS, parts, strict=True))
    starred = [part.startswith("*") for part in parts]
    line = CronLine(
        minutes=tuple(sorted(minutes)),
        hours=tuple(sorted(hours)),
        days=days,
        months=months,
        weekdays=weekdays,
        either_day=not starred[2] and not starred[4],
        elapsed=starred[0] or starred[1],
    )
    _must_fire(line, text)
    return line


def _expand(text: str) -> str:
    stripped = text.strip()
    if not stripped.startswith("@"):
        return stripped
    if stripped.lower() in MACROS:
        return MACROS[stripped.lower()]
    raise UsageError(f"[schedule] cron: {stripped!r} is not known{nearest(stripped, list(MACROS))}")


def _must_fire(line: CronLine, text: str) -> None:
    start = date(2000, 1, 1)
    if not any(line.matches(start + timedelta(days=ahead)) for ahead in range(SEARCH_DAYS)):
        raise UsageError(f"[schedule] cron: {text!r} never comes: no such day in these months")
