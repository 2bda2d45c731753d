"""Meta Kaggle's dates: American, without a zone, meant as UTC."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Final

from sourcer.connect import parse_time

__all__ = ["us_time"]

_US: Final = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})(?: (\d{1,2}):(\d{2})(?::(\d{2}))?)?", re.ASCII)


def us_time(text: str | None) -> datetime | None:
    """Read ``MM/DD/YYYY`` or ``MM/DD/YYYY HH:MM:SS``; ISO 8601 too. ``None`` for what is empty or no time."""
    if not text:
        return None
    match = _US.fullmatch(text.strip())
    if match is None:
        return parse_time(text)
    month, day, year, hour, minute, second = (int(part or 0) for part in match.groups())
    try:
        return datetime(year, month, day, hour, minute, second, tzinfo=UTC)
    except ValueError:
        return None
