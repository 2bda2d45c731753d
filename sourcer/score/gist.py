"""The gist of evidence: what it shows by its words and measures, whenever it happened and whatever is sought.

It is all that a ranking needs of a piece, and far less to read than the piece. As text, each piece is four lines: what
it shows, as a JSON text that pieces share; the factor of its size; the day it happened; the repository it is about.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Final, Literal, NamedTuple, TypeAlias

from sourcer.score.rules import Rules, read_data
from sourcer.score.subject import repository_of, subject_of, terms_without_owner, title_words
from sourcer.skills import Lexicon, Match
from sourcer.skills.matcher import words_of
from sourcer.store.screening import Row

__all__ = ["OWNED", "Gist", "Gister", "Language", "Shared", "columns_of", "gist_digest", "shared_of"]

Language: TypeAlias = Literal["on", "web", "other", "none"]
"""What the main language of a repository of one's own says of it; ``none`` also for other evidence."""

OWNED: Final = "repo.owned"
_FORM: Final = "4"
"""Raised by hand when the code that reads evidence, or the form of its text, changes."""

_PERSONAL: Final = "profile."
"""Kinds that hold what somebody says about themself."""

_REMEMBERED: Final = 20_000


@dataclass(frozen=True, slots=True)
class Gist:
    """What a piece of evidence shows by its words alone.

    Args:
        kind: Of the evidence.
        matches: Skills by id, each with what matched best.
        discounts: The names of those that hold for its words and terms.
        language: What its main language says.
        repository: Which one it is about; empty for other evidence.
    """

    kind: str
    matches: Mapping[str, Match]
    discounts: tuple[str, ...]
    language: Language
    repository: str


class Shared(NamedTuple):
    """What many pieces of evidence show alike: a gist without the repository, and with what measures say.

    ``discounts`` are the factors of those that hold, and of a list's length; ``said`` the signs of work that runs that
    measures tell; a ``copy`` is the work of others.
    """

    kind: str
    matches: Mapping[str, Match]
    language: Language
    discounts: tuple[float, ...]
    said: tuple[str, ...]
    copy: bool


class Gister:
    """Gets the gist of evidence; remembers what it read last, since people share topics, tags and packages."""

    def __init__(self, lexicon: Lexicon, rules: Rules) -> None:
        self._lexicon = lexicon
        self._rules = rules
        self._discounts_of = cache(rules.discounts_of)
        self.gist = lru_cache(_REMEMBERED)(self._gist)

    def _gist(self, kind: str, title: str, terms: tuple[str, ...]) -> Gist:
        subject = subject_of(kind, title)
        terms = terms_without_owner(title, subject, terms) if kind == OWNED else terms
        words, text = title_words(subject), _text_words(terms)
        return Gist(
            kind=kind,
            matches=self._lexicon.skills_of(terms, subject, personal=kind.startswith(_PERSONAL)),
            discounts=tuple(item.name for item in self._discounts_of(kind) if item.reads(terms, words, text)),
            language=self._language(terms) if kind == OWNED else "none",
            repository=repository_of(kind, title),
        )

    def _language(self, terms: tuple[str, ...]) -> Language:
        focus = self._rules.focus
        languages = {term.removeprefix("language:") for term in terms if term.startswith("language:")}
        if not focus.languages.isdisjoint(languages):
            return "on"
        if not languages:
            return "none"
        return "web" if not focus.web.isdisjoint(languages) else "other"

    def text(self, rows: Iterable[Row]) -> str:
        """The gist of an account's evidence as text, for :func:`columns_of` to read."""
        return "\n".join(line for row in rows for line in self._lines(row))

    def _lines(self, row: Row) -> tuple[str, str, str, str]:
        kind, title, terms, measure, day = row
        words = tuple(json.loads(terms))
        gist, values = self.gist(kind, title, words), json.loads(measure)
        size = self._rules.of(kind).size
        factor = ""
        if size is not None:
            value = values.get(size.measure)
            factor = repr(self._rules.unknown_size if value is None else size.factor(value))
        discounts = self._discounts_of(kind)
        found = tuple((skill, match.scheme, match.strength) for skill, match in sorted(gist.matches.items()))
        holds = [item for item in discounts if item.name in gist.discounts or item.measures(values)]
        factors = (*(item.factor for item in holds), *self._rules.of(kind).shared(len(words)))
        said = tuple(sign for name, sign in self._rules.production.measures.items() if values.get(name))
        shared = _text_of((kind, found, gist.language, factors, said, any(item.copy for item in holds)))
        # Only told from others, never shown: what would end the line need not come back as it was.
        repository = gist.repository.replace("\\", "\\\\").replace("\n", "\\n")
        return shared, factor, day or "", repository


def _text_words(terms: Iterable[str]) -> str:
    """The words of free text, a line for each."""
    return "\n".join(" ".join(words_of(term.removeprefix("text:"))) for term in terms if term.startswith("text:"))


@lru_cache(maxsize=_REMEMBERED)
def _text_of(shared: tuple[object, ...]) -> str:
    return json.dumps(shared, separators=(",", ":"))


def columns_of(text: str) -> Iterable[tuple[str, str, str, str]]:
    """What each piece shows, the factor of its size, the day and the repository; each empty where there is none."""
    lines = text.split("\n") if text else ()
    return zip(lines[0::4], lines[1::4], lines[2::4], lines[3::4], strict=True)


def shared_of(text: str) -> Shared:
    """Read the first column: what a piece shows."""
    kind, found, language, discounts, said, copy = json.loads(text)
    matches = {skill: Match(skill, strength, scheme, "", (0, 0)) for skill, scheme, strength in found}
    return Shared(kind, matches, language, tuple(discounts), tuple(said), copy)


def gist_digest(lexicon: Lexicon) -> str:
    """Of all that says what evidence shows: a gist that was got by anything else is worth nothing."""
    return hashlib.sha256("\0".join((_FORM, lexicon.digest, read_data("rules.toml"))).encode()).hexdigest()
