"""Whether two names can be one person's. A name is never proof; two different ones are a reason to doubt."""

from __future__ import annotations

import re
import unicodedata

__all__ = ["contradict"]

_WORDS = re.compile(r"[^\W\d_]{2,}")


def contradict(one: str | None, other: str | None) -> bool:
    """Whether both are full names in one script without a word in common.

    A nickname, a name in another script and a missing one say nothing.
    """
    first, second = _words(one), _words(other)
    if len(first) < 2 or len(second) < 2 or _scripts(first) != _scripts(second):  # noqa: PLR2004  # given and family
        return False
    return not any(_alike(a, b) for a in first for b in second)


def _words(name: str | None) -> list[str]:
    bare = "".join(c for c in unicodedata.normalize("NFKD", name or "") if not unicodedata.combining(c))
    return [word.casefold() for word in _WORDS.findall(bare)]


def _scripts(words: list[str]) -> set[str]:
    return {unicodedata.name(char, "?").split()[0] for word in words for char in word}


def _alike(a: str, b: str) -> bool:
    """The same word, or one of them cut short (Alex, Alexander)."""
    return a == b or (min(len(a), len(b)) > 2 and (a.startswith(b) or b.startswith(a)))  # noqa: PLR2004  # not Li, Jo
