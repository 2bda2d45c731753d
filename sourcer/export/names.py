"""First and last name of a name in any script, for systems that want them apart. Nothing is invented."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

__all__ = ["split_name"]

# Words that open a family name, in the languages that write them small or apart.
_PARTICLES: Final = frozenset(
    ("af", "al", "av", "bin", "bint", "da", "dal", "das", "de", "degli", "dei", "del", "della", "den", "der", "des",
     "di", "do", "dos", "du", "el", "ibn", "la", "le", "op", "ten", "ter", "van", "vom", "von", "zu", "zum", "zur")
)  # fmt: skip
_SUFFIXES: Final = frozenset(("jr", "sr", "ii", "iii", "iv", "phd", "md", "msc", "bsc", "mba", "dr", "prof", "esq"))
_FAMILY_FIRST: Final = ("CJK", "HANGUL", "HIRAGANA")


def split_name(name: str) -> tuple[str, str]:
    """First and last name; together they hold every word of the name, and of a single word the last name is empty.

    ``Last, First`` is read as it is written. Names in Han, Hangul or Hiragana put the family name first. Elsewhere the
    last word is the family name, with the particles before it (``van``, ``de``, ``bin``) and what follows it (``PhD``,
    an emoji, pronouns in brackets).
    """
    words = name.split()
    if words and words[0].endswith(",") and len(words[0]) > 1 and _is_given(words[1:]):
        return " ".join(words[1:]), words[0][:-1]
    family = _family_word(words)
    if family <= 0:
        return " ".join(words), ""
    if all(_family_comes_first(word) for word in words):
        return " ".join(words[1:]), words[0]
    while family > 1 and words[family - 1].lower().strip(".") in _PARTICLES:
        family -= 1
    return " ".join(words[:family]), " ".join(words[family:])


def _is_given(words: list[str]) -> bool:
    """Whether words after a comma are a given name: one or two words, neither a title nor a company's list."""
    return 0 < len(words) <= 2 and all(_is_name(word) and "," not in word for word in words)  # noqa: PLR2004


def _family_word(words: list[str]) -> int:
    """The place of the last word that is a name; -1 where there is none."""
    return max((place for place, word in enumerate(words) if _is_name(word)), default=-1)


def _is_name(word: str) -> bool:
    bare = re.sub(r"[.,]", "", word).lower()
    return any(char.isalpha() for char in word) and bare not in _SUFFIXES and not word.startswith(("(", "[", "@", "#"))


def _family_comes_first(word: str) -> bool:
    return all(unicodedata.name(char, "").startswith(_FAMILY_FIRST) for char in word)
