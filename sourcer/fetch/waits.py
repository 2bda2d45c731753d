"""Reads ``Retry-After``."""

from __future__ import annotations

import math
from datetime import UTC
from email.utils import parsedate_to_datetime
from typing import Final

from sourcer.fetch.answer import Answer

__all__ = ["retry_after"]

# "0" means "now", and asking at once again is what a site means by going on while limited.
_LEAST: Final = 1.0


def retry_after(answer: Answer, now: float) -> float | None:
    """How many seconds from ``now`` (epoch seconds) the site wants to be left alone: from seconds or an HTTP date.

    ``None`` where the header is missing or nonsense.
    """
    text = answer.headers.get("retry-after", "").strip()
    if not text:
        return None
    try:
        seconds = float(text)
    except ValueError:
        seconds = _seconds_to(text, now)
    if not math.isfinite(seconds) or seconds < 0:
        return None
    return max(_LEAST, seconds)


def _seconds_to(date: str, now: float) -> float:
    try:
        moment = parsedate_to_datetime(date)
    except ValueError:
        return math.nan
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return max(0.0, moment.timestamp() - now)
