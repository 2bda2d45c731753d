"""Words in briefs and lexicons that stand for protected traits: told with the reason, never silently followed."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

from sourcer.brief import Brief
from sourcer.score.rules import read_data
from sourcer.score.subject import title_words
from sourcer.skills import Lexicon

__all__ = ["Concern", "concerns_in_words", "concerns_of_brief", "concerns_of_lexicon"]

_DATA: Final = "fairness.toml"


@dataclass(frozen=True, slots=True)
class Concern:
    """A word that stands for a protected trait.

    Args:
        where: The key that holds it.
        text: What is written there.
        trait: What it stands for.
        reason: Why that is a concern.
    """

    where: str
    text: str
    trait: str
    reason: str

    def __str__(self) -> str:
        """One line for a person."""
        return f"{self.where}: {self.text!r} may stand for {self.trait}: {self.reason}"


@dataclass(frozen=True, slots=True)
class _Proxy:
    trait: str
    reason: str
    pattern: re.Pattern[str]


def concerns_of_brief(brief: Brief) -> list[Concern]:
    """What a brief asks for that stands for a protected trait; its places only filter by country and are no concern."""
    return list(_concerns(_texts_of_brief(brief)))


def concerns_of_lexicon(lexicon: Lexicon) -> list[Concern]:
    """The names, terms and context words of a lexicon that stand for a protected trait."""
    return list(_concerns(_texts_of_lexicon(lexicon)))


def concerns_in_words(brief: Brief, lexicon: Lexicon, own: str) -> list[str]:
    """What to tell a user before a brief is followed, a line each.

    Args:
        brief: The brief.
        lexicon: What it is read with.
        own: The user's own lexicon file; where it is empty there is nothing of theirs in the lexicon.
    """
    of_brief = [f"{brief.name}: {concern}" for concern in concerns_of_brief(brief)]
    of_lexicon = [f"{own}: {concern}" for concern in concerns_of_lexicon(lexicon)] if own else []
    return [f"warning: {concern}" for concern in (*of_brief, *of_lexicon)]


@cache
def _proxies() -> tuple[_Proxy, ...]:
    return tuple(
        _Proxy(item["trait"], item["reason"], re.compile(rf"(?<!\S)(?:{'|'.join(item['patterns'])})(?!\S)"))
        for item in tomllib.loads(read_data(_DATA))["proxies"]
    )


def _concerns(texts: Iterable[tuple[str, str]]) -> Iterator[Concern]:
    """One concern a text, the first that fits."""
    for where, text in texts:
        words = title_words(text)
        found = next((proxy for proxy in _proxies() if proxy.pattern.search(words)), None)
        if found is not None:
            yield Concern(where, text, found.trait, found.reason)


def _texts_of_brief(brief: Brief) -> Iterator[tuple[str, str]]:
    yield "title", brief.title
    for key in ("must", "nice", "exclude"):
        for text in getattr(brief.skills, key):
            yield f"[skills] {key}", text
    for connector in brief.discover.connectors:
        yield from _texts_in(f"[discover] {connector}", brief.discover.of(connector))


def _texts_in(where: str, value: Any) -> Iterator[tuple[str, str]]:
    """Every text in nested tables and lists, with the keys that lead to it."""
    if isinstance(value, str):
        yield where, value
    elif isinstance(value, dict):
        for key, inner in value.items():
            yield f"{where}.{key}", key
            yield from _texts_in(f"{where}.{key}", inner)
    elif isinstance(value, list | tuple):
        for inner in value:
            yield from _texts_in(where, inner)


def _texts_of_lexicon(lexicon: Lexicon) -> Iterator[tuple[str, str]]:
    for skill in lexicon.skills.values():
        where = f"[skills.{skill.id}]"
        yield f"{where} name", skill.name
        for key, words in (("context", skill.context.near), ("unless", skill.context.unless)):
            for word in sorted(words):
                yield f"{where} {key}", word
        for key, texts in (("aliases", skill.aliases), *skill.terms.items()):
            for text in texts:
                yield f"{where} {key}", text
