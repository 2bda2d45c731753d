"""Names of people and places in what people say about themselves: "I'm Ray", "Julia Smith", "John R. Doe" are no tools.

No name is listed. What tells is how it stands there: after an introduction or "lives in", beside another capitalised
word that is no word of the trade, or as an initial.
"""

from __future__ import annotations

import re
from typing import Final

from sourcer.skills.words import fold

__all__ = ["CUES", "HERE", "is_abbreviated", "is_introduced", "is_part_of_name"]

CUES: Final = frozenset({
    "m", "am", "im", "is", "s", "name", "me", "hi", "hello", "hey", "in", "on", "near", "at",
    "dr", "mr", "mrs", "ms", "mx", "prof",
})  # fmt: skip
"""The folded words with which what :func:`is_introduced` looks for ends; without one nobody need ask."""

HERE: Final = "here"

_AROUND: Final = 40
"""How many characters before and after a word are looked at."""

_TITLE: Final = r"(?:Dr|Mr|Mrs|Ms|Mx|Prof)\.? "
_INTRODUCTION: Final = re.compile(
    rf"(?:\b(?:I['’]?m|I am|name is|name['’]s|name:|call me|this is) |\b(?:hi|hello|hey)[,!]? )(?:{_TITLE})?$",
    re.IGNORECASE,
)
_LIVING: Final = re.compile(
    r"\b(?:live[sd]?|living|based|born|raised|grew up|located|home) (?:in|on|near|at) $", re.IGNORECASE
)
_SAID: Final = re.compile(r" ?$| ?[.,;:!?)(|·•–—]| [-~] | (?:and|but) (?:I|my|we)\b")
_JOINED_ON: Final = re.compile(r" (?:and|from|but|aka) ([^\W\d_]+)")
_BREAKS: Final = frozenset(".|·•;:–—-(/!?")
"""What may stand before a name; after a comma or a word, an initial would be part of a list or a sentence."""
_GOING_ON: Final = frozenset({
    "and", "or", "in", "with", "using", "use", "uses", "like", "love", "know", "knows", "write", "of", "to", "for",
    "on", "as", "is", "plus", "from",
})  # fmt: skip
"""After these, a letter with a full stop ends a sentence and is no initial."""
_BEFORE: Final = re.compile(r"(?:^|(?<=[\s(\"']))([^\W\d_](?:[\w'’-]*\w)?)(\.?) $")
_AFTER: Final = re.compile(r"(\.?) ([^\W\d_](?:[\w'’-]*\w)?)")
_LETTER_BEFORE: Final = re.compile(r"\w\.$|(?:^|\W)\w\. $")
_LETTER_BEHIND: Final = re.compile(r"\.\w")
_HONORIFIC: Final = re.compile(rf"\b{_TITLE}$")


def is_introduced(text: str, first: int, after: int, known: frozenset[str]) -> bool:
    """Whether a word is said to be a name: in "I'm Ray.", "lives in Java", not in "I'm Python and Java developer".

    Args:
        text: What somebody says about themself.
        first: Where the word begins.
        after: Where it ends.
        known: The folded words that belong to no name.
    """
    behind = text[after : after + _AROUND]
    if behind.startswith(f" {HERE}"):
        return True
    before = text[max(0, first - _AROUND) : first]
    if not _INTRODUCTION.search(before):
        return bool(_LIVING.search(before))
    joined = _JOINED_ON.match(behind)
    return bool(_SAID.match(behind)) or (joined is not None and fold(joined[1]) not in known)


def is_part_of_name(text: str, first: int, after: int, known: frozenset[str]) -> bool:
    """Whether a word stands beside another that only a name can be: "Julia Smith", "Dr. Ray", "John R. Doe"."""
    word = text[first:after]
    is_initial = len(word) == 1
    if not word[:1].isupper() or (word.isupper() and not is_initial):  # "Example AI Lab" is nobody
        return False
    before = text[max(0, first - _AROUND) : first]
    left, right = _BEFORE.search(before), _AFTER.match(text[after : after + _AROUND])
    follows_name = left is not None and _is_name(left[1], left[2], known)
    leads_name = right is not None and (is_initial or not right[1]) and _is_name(right[2], "", known)
    if is_initial:  # "R. Kumar" and "John R. Doe" are names, "Python and R. Kaggle" and "Learned C" are none
        begins = not before.strip() or before.rstrip()[-1] in _BREAKS
        ends = right is not None and bool(right[1]) and left is not None and fold(left[1]) not in _GOING_ON
        return leads_name and (follows_name or begins or ends)
    return follows_name or leads_name or _HONORIFIC.search(before) is not None


def is_abbreviated(text: str, first: int, after: int) -> bool:
    """Whether a letter is one of several with full stops, as in "D.C." and "C.E.O."."""
    before, behind = text[max(0, first - 4) : first], text[after : after + 2]
    return bool(_LETTER_BEFORE.search(before) or _LETTER_BEHIND.match(behind))


def _is_name(word: str, stop: str, known: frozenset[str]) -> bool:
    """Whether a neighbour looks like a part of a name; a full stop before a word is one only after an initial."""
    if len(word) == 1:
        return bool(stop) and word.isupper()
    return not stop and word.istitle() and known.isdisjoint(fold(word).replace("’", "'").split("-"))
