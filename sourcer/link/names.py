"""Whether two names can be one person's. A name is never proof; names that do not agree are a reason to doubt."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

__all__ = ["agree", "is_full"]

_WORDS = re.compile(r"[^\W\d_]{2,}")


def is_full(name: str | None) -> bool:
    """Whether a name has a given and a family part, or looks like it: a nickname and a missing name say nothing."""
    return len(_words(name)) > 1


def agree(one: Iterable[str | None], other: Iterable[str | None]) -> bool:
    """Whether two accounts go by a word in common, in the names and logins that they show."""
    first, second = ([word for name in names for word in _words(name)] for names in (one, other))
    return any(_alike(a, b) for a in first for b in second)


def _words(name: str | None) -> list[str]:
    bare = "".join(c for c in unicodedata.normalize("NFKD", name or "") if not unicodedata.combining(c))
    return [word.casefold() for word in _WORDS.findall(bare)]


def _alike(a: str, b: str) -> bool:
    """The same word, or one of them cut short (Alex, Alexander)."""
    return a == b or (min(len(a), len(b)) > 2 and (a.startswith(b) or b.startswith(a)))  # noqa: PLR2004  # not Li, Jo
