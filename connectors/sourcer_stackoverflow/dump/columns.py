"""Columns of a dump's rows: numbers, times, tags. What cannot be read is ``None``, never a guess."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import Final

from sourcer.connect import parse_time

__all__ = ["FABRICATED_POSTS", "instant", "moment", "number", "parse_tags", "person_id"]

FABRICATED_POSTS: Final = frozenset({1_000_000_001, 1_000_000_010})
"""Post ids that do not exist: planted into the dumps of 2025-06-30 (meta.stackexchange.com/q/412018)."""

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_NUMBER: Final = re.compile(r"-?[0-9]{1,15}")


def number(text: str | None) -> int | None:
    """A whole number of at most 15 digits."""
    return int(text) if text is not None and _NUMBER.fullmatch(text) else None


def person_id(text: str | None) -> int | None:
    """A user id that can be a person's: -1 is the Community user, and 0 nobody."""
    uid = number(text)
    return uid if uid is not None and uid > 0 else None


def instant(text: str | None) -> int | None:
    """A dump's date (no zone, meant as UTC) as milliseconds since 1970."""
    time = parse_time(text)
    return None if time is None else (time - _EPOCH) // timedelta(milliseconds=1)


def moment(instant: int | None) -> datetime | None:
    """The time that :func:`instant` told."""
    return None if instant is None else _EPOCH + timedelta(milliseconds=instant)


def parse_tags(text: str | None) -> tuple[str, ...]:
    """Tags in the old form ``<python><c++>`` or in the one since 2024, ``|python|c++|``; each once, in order."""
    if not text:
        return ()
    parts = re.findall(r"<([^<>|]*)>", text) if "<" in text else text.split("|")
    return tuple(dict.fromkeys(tag for part in parts if (tag := part.strip().lower())))
