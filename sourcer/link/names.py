"""Whether two names can be one person's. A name is never proof; names that do not agree are a reason to doubt.

Names in different scripts say nothing about each other: how one would be spelled in the other is a guess.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from typing import Final, TypeAlias

__all__ = ["Called", "agree", "clash", "clash_in_text", "is_full"]

Called: TypeAlias = tuple[str | None, str | None]
"""The name and the login that an account shows."""

_WORDS: Final = re.compile(r"[^\W\d_]+")
_ASIDE: Final = re.compile(r"[,(\[|@/•]| [-–—] ")  # what comes after it is aside from the name
_TITLES: Final = frozenset({"dr", "prof", "phd", "ph", "md", "mba", "msc", "jr", "sr", "ii", "iii", "mr", "mrs", "ms"})
_FAMILY_FIRST: Final = frozenset({"CJK", "HANGUL", "HIRAGANA", "KATAKANA"})
_PLAIN: Final = str.maketrans({"ø": "o", "ł": "l", "đ": "d", "æ": "ae", "œ": "oe", "ı": "i"})
_UMLAUT: Final = re.compile(r"(?<=[aou])e")
"""Müller writes himself Mueller, too, and others write Muller."""


def is_full(name: str | None) -> bool:
    """Whether a name has a given and a family part, or looks like it: a nickname and a missing name say nothing."""
    return len(_long_words(name)) > 1


def agree(one: Iterable[str | None], other: Iterable[str | None]) -> bool:
    """Whether two accounts go by a word in common, in the names and logins that they show."""
    first, second = ([word for name in names for word in _long_words(name)] for names in (one, other))
    return any(_alike(a, b) for a in first for b in second)


def clash(one: Called, other: Called, *, by_login: bool = False) -> bool:
    """Whether full names have nothing in common, logins counted.

    Args:
        one: What an account goes by.
        other: What the account goes by that it names as its own.
        by_login: It was named by its login alone, perhaps years ago, and logins change hands: where names are in
            different scripts something has to speak for it.
    """
    if _is_foreign(one[0], other[0]):
        return by_login and not agree(one, other)
    return is_full(one[0]) and is_full(other[0]) and not agree(one, other)


def clash_in_text(one: Called, other: Called) -> bool:
    """Whether names speak against it that a text names its author's own account, and not somebody else's.

    Two full names have to share the family part, or all words of the shorter one: a given name many have. A login that
    spells the other's whole name will do, too, for what is shown as a name may be a motto. Where one is
    a nickname, or they are in different scripts and say nothing, a word in common is enough, in a login, too: something
    has to speak for it, since in a text others are named as often. A missing name says nothing.
    """
    if not (one[0] and other[0]):
        return False
    shared = _scripts(one[0]) & _scripts(other[0])
    first, second = (_parts(name, shared) for name in (one[0], other[0]))
    if min(len(words) for words, _ in (first, second)) < 2:  # noqa: PLR2004  # a given and a family part
        return not agree(one, other)
    same_family = first[1] is not None and first[1] == second[1]
    same = same_family or _holds(first[0], second[0]) or _holds(second[0], first[0])
    return not (same or _spells(one[1], *second) or _spells(other[1], *first))


def _bare(name: str | None) -> str:
    """Without accents and case."""
    text = unicodedata.normalize("NFKD", (name or "").casefold())
    bare = "".join(c for c in text if not unicodedata.combining(c))
    return _UMLAUT.sub("", bare.translate(_PLAIN))


def _long_words(name: str | None) -> list[str]:
    return [word for word in _WORDS.findall(_bare(name)) if len(word) > 1]


def _script(word: str) -> str:
    """``LATIN``, ``CYRILLIC``, ``CJK``: how Unicode begins the name of a letter."""
    return unicodedata.name(word[0], "").partition(" ")[0]


def _scripts(name: str | None) -> set[str]:
    return {_script(word) for word in _WORDS.findall(_bare(name))}


def _is_foreign(one: str | None, other: str | None) -> bool:
    """Whether both names have letters, and no script in common."""
    first, second = _scripts(one), _scripts(other)
    return bool(first and second and not first & second)


def _parts(name: str | None, scripts: set[str]) -> tuple[list[str], str | None]:
    """All words in some scripts, initials and no titles, and which of them is the family's."""
    asides = [
        [word for word in _WORDS.findall(aside) if _script(word) in scripts and word not in _TITLES]
        for aside in _ASIDE.split(_bare(name))
    ]
    # What comes after a comma or in brackets is a given name or no name.
    called = next((words for words in asides if words), [])
    return [word for words in asides for word in words], _family(called)


def _family(words: Sequence[str]) -> str | None:
    if not words:
        return None
    if _script(words[0]) in _FAMILY_FIRST:
        return words[0] if len(words) > 1 else None
    return words[-1] if len(words[-1]) > 1 else None


def _holds(many: Sequence[str], few: Sequence[str]) -> bool:
    """Whether each word of the shorter name stands in the longer one, cut short or as an initial, too."""
    left = list(many)
    for word in few if len(few) <= len(many) else ():
        found = [other for other in left if _alike(word, other) or _is_initial(word, other)]
        if not found:
            return False
        left.remove(word if word in found else found[0])
    return len(few) <= len(many)


def _spells(login: str | None, words: Sequence[str], family: str | None) -> bool:
    """Whether a login is a whole name: ``j-beispiel`` is Jo Beispiel's, ``jo`` and ``jobeispiel`` say too little."""
    parts = _WORDS.findall(_bare(login))
    return family in parts and _holds(parts, words)


def _is_initial(a: str, b: str) -> bool:
    return min(len(a), len(b)) == 1 and a[0] == b[0] and _script(a) not in _FAMILY_FIRST


def _alike(a: str, b: str) -> bool:
    """The same word, or one of them cut short (Alex, Alexander)."""
    return a == b or (min(len(a), len(b)) > 2 and (a.startswith(b) or b.startswith(a)))  # noqa: PLR2004  # not Li, Jo
