"""Reads how long a site wants to be left alone: ``Retry-After``, and seconds in words."""

from __future__ import annotations

import math
import re
from datetime import UTC
from email.utils import parsedate_to_datetime
from typing import Final

from sourcer.fetch.answer import Answer
from sourcer.fetch.places import read_place

__all__ = ["retry_after", "seconds_in_words"]

# "0" means "now", and asking at once again is what a site means by going on while limited.
_LEAST: Final = 1.0
_LONGEST_TEXT: Final = 1000
_MOST_DIGITS: Final = 9


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


def seconds_in_words(answer: Answer, told: tuple[str, str] | None) -> float | None:
    """How many seconds the text of a refusal says: ``more requests available in 3600 seconds``.

    Args:
        answer: The refusal.
        told: The place of the text and the pattern whose first group holds the number.
    """
    for text in read_place(answer, told[0]) if told else ():
        found = re.search(told[1], str(text)[:_LONGEST_TEXT]) if told else None
        if found and found[1].isdecimal():
            return max(_LEAST, float(found[1][:_MOST_DIGITS]))
    return None


def _seconds_to(date: str, now: float) -> float:
    try:
        moment = parsedate_to_datetime(date)
    except ValueError:
        return math.nan
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return max(0.0, moment.timestamp() - now)
