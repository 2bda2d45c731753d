"""Universities and institutes that a person names: shown beside the score, never part of it."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Final

from sourcer.score.rules import read_data
from sourcer.store.reads import PersonFacts

__all__ = ["affiliations_of", "institutions_in"]

_WORD: Final = r"[A-ZÀ-ÖØ-ÞŁŚŻĐČŠŽ][\w'’&-]*"
_MOST: Final = 3
"""More than this is a list of something else."""

_SENTENCE: Final = re.compile(r"(?<=[a-zà-ÿа-я]{2})[.!?]\s|[|•·;]")
"""Where one ends; the dot of "M.Sc." ends none."""


@dataclass(frozen=True, slots=True)
class _Reader:
    """``affiliation.toml``, ready to read a text."""

    names: re.Pattern[str]
    other: tuple[str, ...]
    doubtful: frozenset[str]
    study: re.Pattern[str]
    away: int

    def is_meant(self, match: re.Match[str]) -> bool:
        """Whether a match is no licence, coin, place or team."""
        text, name = match.string, match.group()
        if text[match.start() : match.end() + len(" business review")].casefold().startswith(self.other):
            return False
        if name not in self.doubtful or text == name:
            return True
        before = _SENTENCE.split(text[max(0, match.start() - self.away) : match.start()])[-1]
        after = _SENTENCE.split(text[match.end() : match.end() + self.away])[0]
        return before.casefold().endswith(("@ ", " at ")) or any(map(self.study.search, (before, after)))


@cache
def _reader() -> _Reader:
    data = tomllib.loads(read_data("affiliation.toml"))
    place = rf"{_WORD}(?:[ ]{_WORD}){{0,2}}"
    name = rf"{_WORD}(?:[ ](?:and|[&]|{_WORD})){{0,3}}"
    forms = (pattern.replace("PLACE", place).replace("NAME", name) for pattern in data["patterns"]["names"])
    apart, within = "|".join(forms), "|".join(data["patterns"]["within"])
    doubtful = data["doubtful"]
    return _Reader(
        re.compile(rf"(?<![\w@/.])(?:{apart})(?![\w-])|{within}"),
        tuple(data["not"]["words"]),
        frozenset(doubtful["names"]),
        re.compile(rf"\b(?:{'|'.join(doubtful['words'])})\b", re.IGNORECASE),
        doubtful["away"],
    )


def institutions_in(text: str) -> Iterator[str]:
    """The universities and institutes that a text names, as it writes them."""
    reader = _reader()
    for match in reader.names.finditer(" ".join(text.split())):
        if reader.is_meant(match):
            yield match.group().rstrip(".,'’ -")


def affiliations_of(facts: PersonFacts) -> list[str]:
    """What a person's profiles name as university or institute, each once; the order is that of the profiles."""
    profiles = sorted(facts.profiles, key=lambda profile: (profile.site, profile.uid))
    texts = [text for profile in profiles for text in (profile.company, profile.bio) if text]
    names = dict.fromkeys(name for text in texts for name in institutions_in(text))
    return [name for name in names if not any(name != other and name in other for other in names)][:_MOST]
