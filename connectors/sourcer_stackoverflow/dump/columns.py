"""Columns of a dump's rows: numbers, times, tags. What cannot be read is ``None``, never a guess."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Final

from sourcer.connect import parse_time

__all__ = ["FABRICATED_POSTS", "moment", "number", "parse_tags", "person_id"]

FABRICATED_POSTS: Final = frozenset({1_000_000_001, 1_000_000_010})
"""Post ids that do not exist: planted into the dumps of 2025-06-30 (meta.stackexchange.com/q/412018)."""

_MOST_DIGITS: Final = 15
_NUMBER: Final = re.compile(r"-?[0-9]{1,15}")


def number(text: str | None) -> int | None:
    """A whole number of at most 15 digits."""
    if text is None:
        return None
    # Nearly all numbers: a pattern would take the time of everything else that is done with a row.
    if text.isdigit() and text.isascii() and len(text) <= _MOST_DIGITS:
        return int(text)
    return int(text) if _NUMBER.fullmatch(text) else None


def person_id(text: str | None) -> int | None:
    """A user id that can be a person's: -1 is the Community user, and 0 nobody."""
    uid = number(text)
    return uid if uid is not None and uid > 0 else None


def moment(text: str | None) -> datetime | None:
    """A dump's date (no zone, meant as UTC) in whole seconds, as the API tells times."""
    time = parse_time(text)
    return None if time is None else time.replace(microsecond=0)


def parse_tags(text: str | None) -> tuple[str, ...]:
    """Tags in the old form ``<python><c++>`` or in the one since 2024, ``|python|c++|``; each once, in order."""
    if not text:
        return ()
    parts = re.findall(r"<([^<>|]*)>", text) if "<" in text else text.split("|")
    return tuple(dict.fromkeys(tag for part in parts if (tag := part.strip().lower())))
