"""Universities and institutes that a person names: shown beside the score, never part of it."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from functools import cache
from typing import Final

from sourcer.score.rules import read_data
from sourcer.store.reads import PersonFacts

__all__ = ["affiliations_of", "institutions_in"]

_WORD: Final = r"[A-ZÀ-ÖØ-ÞŁŚŻĐČŠŽ][\w'’&-]*"
_MOST: Final = 3
"""More than this is a list of something else."""


@cache
def _patterns() -> tuple[re.Pattern[str], tuple[str, ...]]:
    data = tomllib.loads(read_data("affiliation.toml"))
    place = rf"{_WORD}(?:[ ]{_WORD}){{0,2}}"
    name = rf"{_WORD}(?:[ ](?:and|[&]|{_WORD})){{0,3}}"
    forms = (pattern.replace("PLACE", place).replace("NAME", name) for pattern in data["patterns"]["names"])
    return re.compile(rf"(?<![\w@/.])(?:{'|'.join(forms)})(?![\w-])"), tuple(data["not"]["words"])


def institutions_in(text: str) -> Iterator[str]:
    """The universities and institutes that a text names, as it writes them."""
    pattern, other = _patterns()
    for match in pattern.finditer(" ".join(text.split())):
        name = match.group().rstrip(".,'’ -")
        around = match.string[match.start() : match.end() + len(" license")].casefold()
        if not around.startswith(other):
            yield name


def affiliations_of(facts: PersonFacts) -> list[str]:
    """What a person's profiles name as university or institute, each once; the order is that of the profiles."""
    profiles = sorted(facts.profiles, key=lambda profile: (profile.site, profile.uid))
    texts = [text for profile in profiles for text in (profile.company, profile.bio) if text]
    names = dict.fromkeys(name for text in texts for name in institutions_in(text))
    return [name for name in names if not any(name != other and name in other for other in names)][:_MOST]
