"""Words of texts, folded, so that capitals and ways to write a letter do not matter."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import Final

__all__ = ["WORD", "fold", "words_of"]

WORD: Final = re.compile(r"[^\W_]+[+#]*")
"""``C++`` and ``C#`` are words."""


@lru_cache(maxsize=5_000)
def words_of(text: str) -> tuple[str, ...]:
    """The words of a text, folded: ``C++`` and ``C#`` are words, ``-`` and ``_`` part them."""
    return tuple(WORD.findall(fold(text)))


def fold(text: str) -> str:
    """A text in small letters, in one form."""
    return text.lower() if text.isascii() else unicodedata.normalize("NFKC", text).casefold()
