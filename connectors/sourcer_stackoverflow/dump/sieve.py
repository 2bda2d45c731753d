"""Tells most of those who were not chosen from those who were, in two megabytes, whatever their number."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

__all__ = ["Sieve"]

_BITS: Final = 1 << 24


class Sieve:
    """Ids, by their last 24 bits: ``in`` is always true for one that was put in, and for few others."""

    def __init__(self, ids: Iterable[int]) -> None:
        self._bits = bytearray(_BITS // 8)
        for one in ids:
            place = one % _BITS
            self._bits[place >> 3] |= 1 << (place & 7)

    def __contains__(self, one: int) -> bool:
        """Whether an id may have been put in."""
        place = one % _BITS
        return bool(self._bits[place >> 3] & 1 << (place & 7))
