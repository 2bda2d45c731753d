"""Which skills a set of raw terms shows: dictionary look-ups for typed terms, whole words for free text."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

__all__ = ["Entry", "Match", "Matcher", "words_of"]

_WORD: Final = re.compile(r"[^\W_]+[+#]*")
_JOINED: Final = frozenset("&'’-")
_SEPARATORS: Final = re.compile(r"[-_.\s]+")
_SCALA: Final = re.compile(r"_2\.\d+$")
_WINDOW: Final = 6
"""How many words before and after an ambiguous word may hold its context."""

_OTHER: Final = "*"
"""Stands in the lexicon for images and charts that it does not list."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One term of the lexicon and what it proves; an ambiguous one counts only with a word of ``context`` near."""

    skill: str
    scheme: str
    value: str
    strength: float
    context: frozenset[str] | None = None


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


def words_of(text: str) -> list[str]:
    """The words of a text, folded: ``C++`` and ``C#`` are words, ``-`` and ``_`` part them."""
    return _WORD.findall(_fold(text))


def _fold(text: str) -> str:
    return text.lower() if text.isascii() else unicodedata.normalize("NFKC", text).casefold()


class Matcher:
    """The lexicon's terms, ready to look up.

    Args:
        entries: Typed terms, and names for free text under the scheme ``text``.
        title_strength: What a name in an evidence's title proves.
    """

    def __init__(self, entries: Iterable[Entry], title_strength: float) -> None:
        self._title_strength = title_strength
        self._typed: dict[str, list[Entry]] = {}
        self._names: dict[str, list[tuple[tuple[str, ...], Entry]]] = {}
        for entry in entries:
            if entry.scheme == "text":
                words = tuple(words_of(entry.value))
                self._names.setdefault(words[0], []).append((words, entry))
            else:
                self._typed.setdefault(_keys(entry.scheme, entry.value)[0], []).append(entry)
        for names in self._names.values():
            names.sort(key=lambda name: (-len(name[0]), name[1].skill))  # the longest name wins
        # People share topics, tags and packages: most terms come many times.
        self._entries_of = lru_cache(maxsize=100_000)(self._look_up)

    def match(self, terms: Sequence[str], title: str = "") -> dict[str, Match]:
        """The strongest match of each skill, by skill id."""
        found: dict[str, Match] = {}
        for term in terms:
            scheme, _, value = term.partition(":")
            if scheme == "text":
                matches: Iterable[Match] = self._in_text(value, "text", terms, None)
            else:
                matches = self._of_term(term, terms, title)
            _keep(found, matches)
        if title:
            _keep(found, self._in_text(title, "title", terms, self._title_strength))
        return found

    def _look_up(self, term: str) -> tuple[Entry, ...]:
        scheme, _, value = term.partition(":")
        return next((tuple(self._typed[key]) for key in _keys(scheme, value) if key in self._typed), ())

    def _of_term(self, term: str, terms: Sequence[str], title: str) -> Iterator[Match]:
        for entry in self._entries_of(term):
            if entry.context is None or self._supported(entry, term, terms, title):
                value = term.partition(":")[2]
                yield Match(entry.skill, entry.strength, entry.scheme, value, (0, len(value)))

    @staticmethod
    def _supported(entry: Entry, term: str, terms: Sequence[str], title: str) -> bool:
        """Whether another term, or a word of the title other than the term's own, speaks for an ambiguous term."""
        context = entry.context or frozenset()
        own = set(words_of(term.partition(":")[2]))
        others = (words_of(other.partition(":")[2]) for other in terms if other != term)
        return any(not context.isdisjoint(words) for words in (*others, set(words_of(title)) - own))

    def _in_text(self, text: str, scheme: str, terms: Sequence[str], strength: float | None) -> Iterator[Match]:
        if self._names.keys().isdisjoint(words_of(text)):
            return
        words = [(_fold(found[0]), found.start(), found.end()) for found in _WORD.finditer(text)]
        position = 0
        while position < len(words):
            length, entry = self._name_at(text, words, position, terms)
            if entry is not None:
                span = (words[position][1], words[position + length - 1][2])
                yield Match(entry.skill, entry.strength if strength is None else strength, scheme, text, span)
            position += length

    def _name_at(
        self, text: str, words: Sequence[tuple[str, int, int]], position: int, terms: Sequence[str]
    ) -> tuple[int, Entry | None]:
        """The longest name that begins at a word, and how many words it has."""
        for name, entry in self._names.get(words[position][0], ()):
            end = position + len(name)
            if len(name) > 1 and name != tuple(word for word, _, _ in words[position:end]):
                continue
            if entry.context is None or _is_meant(entry.context, text, words, (position, end), terms):
                return len(name), entry
        return 1, None


def _is_meant(
    context: frozenset[str],
    text: str,
    words: Sequence[tuple[str, int, int]],
    where: tuple[int, int],
    terms: Sequence[str],
) -> bool:
    """Whether an ambiguous word stands alone ("R&D" and "go-to" do not) and near a word that speaks for it."""
    start, end = where
    if _is_joined(text, words[start][1] - 1, -1) or _is_joined(text, words[end - 1][2], 1):
        return False
    near = [word for word, _, _ in (*words[max(0, start - _WINDOW) : start], *words[end : end + _WINDOW])]
    if not context.isdisjoint(near):
        return True
    values = (scheme_value.partition(":") for scheme_value in terms)
    return any(scheme != "text" and not context.isdisjoint(words_of(value)) for scheme, _, value in values)


def _is_joined(text: str, at: int, step: int) -> bool:
    beyond = at + step
    return 0 <= at < len(text) and text[at] in _JOINED and 0 <= beyond < len(text) and text[beyond].isalnum()


def _keep(found: dict[str, Match], matches: Iterable[Match]) -> None:
    for match in matches:
        best = found.get(match.skill)
        if best is None or (match.strength, match.text) > (best.strength, best.text):
            found[match.skill] = match


def _keys(scheme: str, value: str) -> list[str]:
    """The spellings under which a term may stand in the lexicon, the most exact first."""
    values = [value]
    match scheme:
        case "pypi" | "conda" | "topic" | "tag":
            values = [_fold(value), _SEPARATORS.sub("-", _fold(value))]
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
            values = [*_shorter(_fold(value), "/"), *_other(value)]
        case "chart":
            values = [_fold(value), *_other(value)]
        case "resource":
            values = _resource_keys(_fold(value))
        case "terraform":
            values = _shorter(_fold(value), "_")
        case _:
            values = [_fold(value)]
    return [f"{scheme}:{spelling}" for spelling in values]


def _shorter(value: str, separator: str) -> list[str]:
    """``a.b.c`` and what it lies in: ``a.b``, ``a``."""
    parts = value.split(separator)
    return [separator.join(parts[:length]) for length in range(len(parts), 0, -1)]


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
    """A path, its file name, the name's ending, and the folders it lies in, each with a "/" after it.

    Folders stand alone or with those around them.
    """
    parts = path.strip("/").split("/")
    if path.endswith("/"):
        parts.append("")
    folders = parts[:-1]
    inner = ["/".join(folders[start : start + 2]) + "/" for start in range(len(folders) - 1)]
    ending = f"*.{parts[-1].rpartition('.')[2].lower()}" if "." in parts[-1] else ""
    keys = [path, parts[-1], ending, *inner, *(f"{folder}/" for folder in folders)]
    return [key for key in keys if key]
