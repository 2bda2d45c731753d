"""The lexicon: which raw terms show which skill, read from data."""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any, Final

from sourcer.config import Config, nearest, read_toml
from sourcer.domain import DIMENSIONS
from sourcer.errors import UsageError
from sourcer.skills.matcher import Context, Entry, Match, Matcher, words_of
from sourcer.skills.own import merge_own, refuse_unknown

__all__ = ["SCHEMES", "Lexicon", "Skill", "lexicon_of", "load_lexicon"]

SCHEMES: Final = (
    "pypi", "conda", "maven", "import", "topic", "tag", "language", "file", "action", "image", "resource", "terraform",
    "chart",
)  # fmt: skip
"""The schemes of typed terms that a skill may list."""

_LISTS: Final = (*SCHEMES, "aliases", "context", "unless")
_KEYS: Final = ("name", "dimension", "relevance", *_LISTS)


@dataclass(frozen=True, slots=True)
class Skill:
    """One skill.

    Args:
        id: What contributions and briefs call it.
        name: What a person calls it.
        dimension: One of :data:`sourcer.domain.DIMENSIONS`.
        relevance: 0 to 1: how specific it is to building and running machine learning.
        aliases: Further names in free text and in briefs; a trailing ``?`` marks an ambiguous one.
        terms: Raw terms by scheme, ambiguous ones with ``?``.
        context: What tells whether an ambiguous term means the skill.
    """

    id: str
    name: str
    dimension: str
    relevance: float
    aliases: tuple[str, ...]
    terms: Mapping[str, tuple[str, ...]]
    context: Context


class Lexicon:
    """All skills, by id, and how to find them in raw terms.

    Args:
        skills: The skills.
        strength: What a term of each scheme proves, 0 to 1.
        mistaken: ``names`` that look like a skill's and are something else, and ``ordinary`` words that are no part
            of a person's name.
        digest: Hex digest of the data, for the scorer's version.
        where: What the skills were read from, for messages.

    Raises:
        UsageError: Two skills answer to one name.
    """

    def __init__(
        self,
        skills: Iterable[Skill],
        strength: Mapping[str, float],
        mistaken: Mapping[str, Sequence[str]],
        digest: str,
        where: str,
    ) -> None:
        self.skills: Mapping[str, Skill] = {skill.id: skill for skill in skills}
        self.strength = strength
        self.digest = digest
        entries = list(_entries(self.skills.values(), strength))
        entries += [Entry("", "text", name, 0.0) for name in mistaken["names"] if words_of(name)]
        self._matcher = Matcher(entries, strength["title"], mistaken["ordinary"])
        self._ids = _by_name(self.skills.values(), where)

    def skills_of(self, terms: Sequence[str], title: str = "", *, personal: bool = True) -> Mapping[str, Match]:
        """The strongest match of each skill that a piece of evidence shows, by skill id.

        Args:
            terms: Raw terms.
            title: The evidence's.
            personal: Whether the texts among the terms are what somebody says about themself, with names in them.
        """
        return self._matcher.match(terms, title, personal=personal)

    def find(self, name: str) -> str:
        """The id of a skill by its id, name or alias; case, ``-`` and ``_`` do not matter.

        Raises:
            UsageError: There is none; the message names the nearest.
        """
        found = self._ids.get(_spelling(name))
        if found is None:
            raise UsageError(f"{name!r} is not a skill of the lexicon{_did_you_mean(name, self._ids)}")
        return found

    def alternatives(self, entry: str) -> tuple[str, ...]:
        """The ids that an entry of a brief names: ``pytorch | tensorflow`` means any of the two.

        Raises:
            UsageError: One of them is not known.
        """
        return tuple(dict.fromkeys(self.find(name) for name in entry.split("|")))


def lexicon_of(config: Config) -> Lexicon:
    """The lexicon that a configuration asks for: the built-in one, or with the user's own file laid over it.

    Raises:
        UsageError: The user's file cannot be read or used; the message says where.
    """
    return load_lexicon(config.path(config.lexicon) if config.lexicon else None)


def load_lexicon(extra: Path | None = None) -> Lexicon:
    """The built-in lexicon, extended by a user's own file of the same shape.

    See :func:`sourcer.skills.own.merge_own` for how the two come together.

    Raises:
        UsageError: The user's file cannot be read or used; the message says where.
    """
    if extra is None:
        return _built_in()
    data = tomllib.loads(_built_in_text())
    merge_own(data, read_toml(extra), str(extra))
    return _build(data, _digest(_built_in_text(), extra.read_text(encoding="utf-8")), str(extra))


@cache
def _built_in() -> Lexicon:
    text = _built_in_text()
    return _build(tomllib.loads(text), _digest(text), "lexicon.toml")


@cache
def _built_in_text() -> str:
    return (resources.files("sourcer.skills") / "lexicon.toml").read_text(encoding="utf-8")


def _digest(*texts: str) -> str:
    return hashlib.sha256("\0".join(texts).encode()).hexdigest()


def _build(data: Mapping[str, Any], digest: str, where: str) -> Lexicon:
    for scheme, value in data["strength"].items():
        _fraction(value, f"{where}: [strength] {scheme}")
    contexts = {name: _texts(words, f"{where}: [contexts] {name}") for name, words in data["contexts"].items()}
    skills = [_skill(skill_id, table, contexts, where) for skill_id, table in data["skills"].items()]
    mistaken = {name: _texts(words, f"{where}: [mistaken] {name}") for name, words in data["mistaken"].items()}
    return Lexicon(skills, data["strength"], mistaken, digest, where)


def _skill(skill_id: str, table: Mapping[str, Any], contexts: Mapping[str, tuple[str, ...]], where: str) -> Skill:
    where = f"{where}: [skills.{skill_id}]"
    refuse_unknown(table, _KEYS, where)
    for key in ("name", "dimension"):
        if not isinstance(table.get(key), str) or not table[key].strip():
            raise UsageError(f"{where}: {key} is missing")
    if table["dimension"] not in DIMENSIONS:
        raise UsageError(f"{where}: dimension {table['dimension']!r}{nearest(table['dimension'], DIMENSIONS)}")
    lists = {key: _texts(table[key], f"{where} {key}") for key in _LISTS if key in table}
    return Skill(
        id=skill_id,
        name=table["name"],
        dimension=table["dimension"],
        relevance=_fraction(table.get("relevance", 1.0), f"{where} relevance"),
        aliases=lists.get("aliases", ()),
        terms={scheme: lists[scheme] for scheme in SCHEMES if scheme in lists},
        context=Context(*(frozenset(_words(lists.get(key, ()), contexts, where)) for key in ("context", "unless"))),
    )


def _words(words: Iterable[str], contexts: Mapping[str, tuple[str, ...]], where: str) -> Iterator[str]:
    for word in words:
        if not word.startswith("$"):
            yield word.lower()
        elif word[1:] in contexts:
            yield from contexts[word[1:]]
        else:
            raise UsageError(f"{where}: {word!r} is no set of words{nearest(word[1:], list(contexts))}")


def _entries(skills: Iterable[Skill], strength: Mapping[str, float]) -> Iterator[Entry]:
    for skill in skills:
        names = [alias for alias in skill.aliases if words_of(alias)]
        if skill.name.lower() not in {alias.removesuffix("?").lower() for alias in names}:
            names.append(skill.name)
        for scheme, values in (*skill.terms.items(), ("text", names)):
            for value in values:
                context = skill.context if value.endswith("?") else None
                yield Entry(skill.id, scheme, value.removesuffix("?"), strength[scheme], context)


def _by_name(skills: Iterable[Skill], where: str) -> dict[str, str]:
    ids: dict[str, str] = {}
    for skill in skills:
        for name in (skill.id, skill.name, *(alias.removesuffix("?") for alias in skill.aliases)):
            known = ids.setdefault(_spelling(name), skill.id)
            if known != skill.id:
                raise UsageError(f"{where}: {name!r} is a name of both {known} and {skill.id}; take it from one")
    return ids


def _spelling(name: str) -> str:
    return " ".join(words_of(name))


def _did_you_mean(name: str, ids: Mapping[str, str]) -> str:
    """The nearest known spelling; the whole lexicon would be no help."""
    hint = nearest(_spelling(name), list(ids))
    return hint if "did you mean" in hint else "; docs/lexicon.md lists them"


def _texts(value: object, where: str) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(text, str) and text.strip("? ") for text in value):
        raise UsageError(f"{where}: must be a list of texts")
    return tuple(value)


def _fraction(value: object, where: str) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= 1:
        raise UsageError(f"{where}: must be a number from 0 to 1")
    return float(value)
