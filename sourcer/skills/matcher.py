"""Which skills a set of raw terms shows: dictionary look-ups for typed terms, whole words for free text."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, NamedTuple

from sourcer.skills.persons import CUES, HERE, is_abbreviated, is_introduced, is_part_of_name
from sourcer.skills.words import WORD, fold, words_of

__all__ = ["Context", "Entry", "Match", "Matcher", "words_of"]

_JOINED: Final = frozenset("&'’-")
_LISTED: Final = frozenset(",/|·•;+#")
_BEGINNING: Final = "^"
_SHORT: Final = 2
_APART: Final = re.compile(r"[.!?;|·•/]\s|\s[-–—|·•/]\s|\n")
"""Parts sentences and entries of a list."""
_SEPARATORS: Final = re.compile(r"[-_.\s]+")
_SCALA: Final = re.compile(r"_2\.\d+$")
_WINDOW: Final = 6
"""How many words before and after an ambiguous word may hold its context."""

_TEXT: Final = "text:"

_NO_WORD: Final = ("", 0, 0)

_INDEXED: Final = 2
"""How many words of a name were compared when it was looked up."""

_OTHER: Final = "*"
"""Stands in the lexicon for images and charts that it does not list, and for how a package or file goes on."""

_PARTING: Final = re.compile(r"(?<=[^._-])[._-]")
_PAGES: Final = frozenset({"*.md", "*.rst", "*.adoc", "*.html"})
"""How the names of files end that only tell of others."""


@dataclass(frozen=True, slots=True)
class Context:
    """What tells what an ambiguous word means.

    Args:
        near: Words of which one must be near.
        unless: Words of which none may be near.
    """

    near: frozenset[str]
    unless: frozenset[str] = frozenset()

    def tells(self, *groups: Iterable[str], said: bool = False) -> bool:
        """Whether words near an ambiguous one, group by group, speak for it and none against it.

        Args:
            groups: The words.
            said: Whether something spoke for it already.
        """
        near, unless = self.near, self.unless
        return (said or any(not near.isdisjoint(words) for words in groups)) and all(
            unless.isdisjoint(words) for words in groups
        )

    def without(self, words: Iterable[str]) -> Context:
        """The context of a term that has these words itself."""
        return Context(self.near.difference(words), self.unless.difference(words))


@dataclass(frozen=True, slots=True)
class Entry:
    """One term of the lexicon and what it proves; one with a context is ambiguous, one without a skill shows none."""

    skill: str
    scheme: str
    value: str
    strength: float
    context: Context | None = None


@dataclass(frozen=True, slots=True)
class Match:
    """A skill that a term shows.

    Args:
        skill: Its id.
        strength: How strongly this proves it, 0 to 1.
        scheme: ``pypi``, ``tag``, …; ``text`` for free text and ``title`` for the evidence's title.
        text: The whole term's value, or the free text.
        span: Where in ``text`` the match lies, as in ``text[span[0]:span[1]]``.
    """

    skill: str
    strength: float
    scheme: str
    text: str
    span: tuple[int, int]

    @property
    def matched(self) -> str:
        """The very words that matched."""
        return self.text[self.span[0] : self.span[1]]


class _Typed(NamedTuple):
    """What typed terms show: for sure, alone, and by what a text or title beside them says; and all their words.

    Of what is unsure, another term may have spoken for it already.
    """

    found: dict[str, Match]
    alone: dict[str, Match]
    unsure: tuple[tuple[Match, Context, bool], ...]
    words: frozenset[str]


class _Place(NamedTuple):
    """A word in a text where a name may begin; ``personal`` where somebody writes about themself."""

    text: str
    scheme: str
    personal: bool
    words: Sequence[tuple[str, int, int]]
    start: int

    def goes_on(self, name: tuple[str, ...]) -> bool:
        """Whether a name of several words, of which the first two stand here, stands here whole."""
        words, start = self.words, self.start
        return start + len(name) <= len(words) and all(
            words[start + place][0] == word for place, word in enumerate(name)
        )

    def near(self, length: int) -> list[str]:
        """The words around a name of so many words; ``^`` where it begins what somebody says about themself."""
        end = self.start + length
        around = (*self.words[max(0, self.start - _WINDOW) : self.start], *self.words[end : end + _WINDOW])
        begins = [_BEGINNING] if self.personal and self.start == 0 else []
        return begins + [word for word, _, _ in around]

    def stands_alone(self, length: int, name: str) -> bool:
        """Whether an ambiguous name is a word of its own: in "R&D", "go-to" and "to go out" it is none.

        Titles of code join their words by "-" and capitalise as they like.
        """
        if self.scheme != "text":
            return True
        _, first, after = self.words[self.start]
        last = self.words[self.start + length - 1][2]
        if self._joined(first - 1, -1) or self._joined(last, 1):
            return False
        if length == 1 and after - first == 1 and is_abbreviated(self.text, first, after):
            return False
        is_short = after - first <= _SHORT and (length == 1 or last - first <= 2 * _SHORT)
        return not is_short or self.text[first:last] == name or (length == 1 and self._is_listed(first, after))

    def is_of_person(self, known: frozenset[str], *, is_sure: bool) -> bool:
        """Whether a name of one word is that of a person or place; a sure one only where it is said to be."""
        words, start = self.words, self.start
        _, first, after = words[start]
        before = words[start - 1] if start else _NO_WORD
        behind = words[start + 1] if start + 1 < len(words) else _NO_WORD
        # Few words stand so that the text itself needs a look.
        if (before[0] in CUES or behind[0] == HERE) and is_introduced(self.text, first, after, known):
            return True
        if is_sure or not self.text[first].isupper():
            return False
        beside = [
            word for word in (before, behind) if word[2] and word[0] not in known and self.text[word[1]].isupper()
        ]
        return bool(beside) and is_part_of_name(self.text, first, after, known)

    def is_apart(self, length: int) -> bool:
        """Whether the end of a sentence or of a list's entry parts the words of a name."""
        _, first, _ = self.words[self.start]
        return _APART.search(self.text, first, self.words[self.start + length - 1][1]) is not None

    def _joined(self, at: int, step: int) -> bool:
        text, beyond = self.text, at + step
        return 0 <= at < len(text) and text[at] in _JOINED and 0 <= beyond < len(text) and text[beyond].isalnum()

    def _is_listed(self, first: int, after: int) -> bool:
        before, behind = self.text[:first].rstrip()[-1:], self.text[after:].lstrip()[:1]
        return bool({before, behind} & _LISTED)


class Matcher:
    """The lexicon's terms, ready to look up.

    Args:
        entries: Typed terms, and names for free text under the scheme ``text``.
        title_strength: What a name in an evidence's title proves.
        ordinary: Capitalised words that are no part of a person's name, beside those of the entries.
    """

    def __init__(self, entries: Iterable[Entry], title_strength: float, ordinary: Iterable[str] = ()) -> None:
        self._title_strength = title_strength
        self._typed: dict[str, list[Entry]] = {}
        # By the one word that they have, or by their first two.
        self._names: dict[str | tuple[str, ...], list[tuple[tuple[str, ...], Entry]]] = {}
        known = set(ordinary)
        for entry in entries:
            if entry.scheme == "text":
                words = words_of(entry.value)
                if entry.skill:
                    known.update(words, entry.context.near if entry.context else ())
                self._names.setdefault(words[:2] if len(words) > 1 else words[0], []).append((words, entry))
            else:
                self._typed.setdefault(_keys(entry.scheme, entry.value)[0], []).append(entry)
        self._known = frozenset(known)
        self._first = frozenset(name[0] for names in self._names.values() for name, _ in names)
        for names in self._names.values():
            names.sort(key=lambda name: (-len(name[0]), name[1].skill))  # the longest name wins
        # People share topics, tags and packages, and often all terms of a piece: most are found by one look-up.
        self._entries_of = lru_cache(maxsize=100_000)(self._look_up)
        self._of_typed = lru_cache(maxsize=20_000)(self._match_typed)

    def match(self, terms: Sequence[str], title: str = "", *, personal: bool = True) -> Mapping[str, Match]:
        """The strongest match of each skill, by skill id.

        Args:
            terms: Raw terms.
            title: The evidence's.
            personal: Whether the texts among the terms are what somebody says about themself: they hold names.
        """
        texts = [term[len(_TEXT) :] for term in terms if term.startswith(_TEXT)]
        typed = self._of_typed(tuple(term for term in terms if not term.startswith(_TEXT)) if texts else tuple(terms))
        named: list[tuple[str, str, float | None]] = [(text, "text", None) for text in texts if self._holds_name(text)]
        if title and self._holds_name(title):
            named.append((title, "title", self._title_strength))
        if not named and not (typed.unsure and (texts or title)):
            return typed.alone
        found = dict(typed.found)
        if typed.unsure:
            beside = [words_of(text) for text in (*texts, title)]
            for match, context, said in typed.unsure:
                if context.tells(*beside, said=said):
                    _keep(found, match)
        for text, scheme, strength in named:
            for match in self._in_text(text, scheme, typed.words, strength, personal=personal and scheme == "text"):
                _keep(found, match)
        return found

    def _look_up(self, term: str) -> tuple[tuple[Match, Context | None], ...]:
        """What a typed term shows, each with the context that it needs."""
        scheme, _, value = term.partition(":")
        entries: Sequence[Entry] = next((self._typed[key] for key in _keys(scheme, value) if key in self._typed), ())
        span, own = (0, len(value)), words_of(value)
        return tuple(
            (Match(item.skill, item.strength, scheme, value, span), item.context and item.context.without(own))
            for item in entries
        )

    def _match_typed(self, terms: tuple[str, ...]) -> _Typed:
        found: dict[str, Match] = {}
        unsure = []
        words = {term: frozenset(words_of(term.partition(":")[2])) for term in terms}
        for term in terms:
            for match, context in self._entries_of(term):
                if context is None:
                    _keep(found, match)
                    continue
                others = [held for other, held in words.items() if other != term]
                if all(context.unless.isdisjoint(held) for held in others):
                    unsure.append((match, context, context.tells(*others)))
        alone = dict(found)
        for match, _, said in unsure:
            if said:
                _keep(alone, match)
        return _Typed(found, alone, tuple(unsure), frozenset().union(*words.values()))

    def _holds_name(self, text: str) -> bool:
        """Whether a word of a text begins any name: most do not, and need no closer look."""
        return not self._first.isdisjoint(words_of(text))

    def _in_text(
        self, text: str, scheme: str, beside: frozenset[str], strength: float | None, *, personal: bool
    ) -> Iterator[Match]:
        # Plain text keeps its length when folded, so it is folded once; spans always lie in the text as it stands.
        fold_word = str if text.isascii() else fold
        folded = text.lower() if text.isascii() else text
        words = [(fold_word(found[0]), *found.span()) for found in WORD.finditer(folded)]
        position = 0
        while position < len(words):
            # Most words begin no name, and few of the others go on as one.
            after = words[position + 1][0] if position + 1 < len(words) else ""
            longer, single = self._names.get((words[position][0], after), ()), self._names.get(words[position][0], ())
            if not longer and not single:
                position += 1
                continue
            length, entry = self._name_at(_Place(text, scheme, personal, words, position), (*longer, *single), beside)
            if entry is not None and entry.skill:
                span = (words[position][1], words[position + length - 1][2])
                yield Match(entry.skill, entry.strength if strength is None else strength, scheme, text, span)
            position += length

    def _name_at(
        self, place: _Place, names: Iterable[tuple[tuple[str, ...], Entry]], beside: frozenset[str]
    ) -> tuple[int, Entry | None]:
        """The longest of the names, the longest first, that begins at a word, and how many words it has."""
        for name, entry in names:
            length = len(name)
            if length > _INDEXED and not place.goes_on(name):
                continue
            if length > 1 and not entry.skill and place.is_apart(length):
                continue
            if entry.context is not None and not (
                place.stands_alone(length, entry.value) and entry.context.tells(place.near(length), beside)
            ):
                continue
            if length > 1 or not place.personal or not place.is_of_person(self._known, is_sure=entry.context is None):
                return length, entry
        return 1, None


def _keep(found: dict[str, Match], match: Match) -> None:
    best = found.get(match.skill)
    if best is None or (match.strength, match.text) > (best.strength, best.text):
        found[match.skill] = match


def _keys(scheme: str, value: str) -> list[str]:
    """The spellings under which a term may stand in the lexicon, the most exact first."""
    values = [value]
    match scheme:
        case "pypi" | "conda" | "topic" | "tag":
            spelled = _SEPARATORS.sub("-", fold(value))
            values = [fold(value), spelled, *_beginnings(spelled)]
        case "import":
            values = _shorter(value.lower(), ".")
        case "maven":
            full = _SCALA.sub("", value.lower())
            values = [full, *_shorter(full.partition(":")[0], ".")]
        case "action":
            values = _shorter(value.lower().partition("@")[0], "/")
        case "file":
            values = _file_keys(value)
        case "image":
            values = [*_shorter(fold(value), "/"), *_other(value)]
        case "chart":
            values = [fold(value), *_other(value)]
        case "resource":
            values = _resource_keys(fold(value))
        case "terraform":
            values = _shorter(fold(value), "_")
        case _:
            values = [fold(value)]
    return [f"{scheme}:{spelling}" for spelling in values]


def _shorter(value: str, separator: str) -> list[str]:
    """``a.b.c`` and what it lies in: ``a.b``, ``a``."""
    parts = value.split(separator)
    return [separator.join(parts[:length]) for length in range(len(parts), 0, -1)]


def _beginnings(value: str) -> list[str]:
    """``a-b-*`` and ``a-*`` for ``a-b-c``: what stands before a sign that parts it, the longest first."""
    return [f"{value[: sign.end()]}{_OTHER}" for sign in reversed(list(_PARTING.finditer(value)))]


def _other(value: str) -> list[str]:
    return [_OTHER] if value.strip() else []


def _resource_keys(value: str) -> list[str]:
    """``group/kind``, the group, and the domains that it lies in; ``aws::service::kind`` and what it lies in."""
    group, slash, _ = value.partition("/")
    if not slash:
        return _shorter(value, "::")
    labels = group.split(".")
    return [value, group, *(".".join(labels[start:]) for start in range(1, len(labels) - 1))]


def _file_keys(path: str) -> list[str]:
    """A path, its file name, how the name begins and ends, and the folders it lies in, each with a "/" after it.

    Folders stand alone or with those around them. Capitals do not matter.
    """
    path = path.lower()
    parts = path.strip("/").split("/")
    if path.endswith("/"):
        parts.append("")
    folders = parts[:-1]
    inner = ["/".join(folders[start : start + 2]) + "/" for start in range(len(folders) - 1)]
    ending = f"*.{parts[-1].rpartition('.')[2]}" if "." in parts[-1] else ""
    beginnings = [] if ending in _PAGES else _beginnings(parts[-1])
    keys = [path, parts[-1], *beginnings, ending, *inner, *(f"{folder}/" for folder in folders)]
    return [key for key in keys if key]
