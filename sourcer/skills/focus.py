"""Focus: how strongly raw terms point to what a brief asks for, so that a deep look goes where it pays.

A connector asks about one repository, question or notebook of a person whom it looks at. The engine asks about whole
people, to choose whom to look at: there the share of somebody's work counts beside its strength, since popularity and
sheer numbers say little, and what only runs software says nothing by itself (docs/decisions.md).
"""

from __future__ import annotations

import heapq
import math
import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from statistics import median
from typing import Final

from sourcer.brief import Brief
from sourcer.skills.lexicon import Lexicon, Skill

__all__ = ["TermFocus", "focus"]

SPECIFIC: Final = 0.6
"""Relevance of a skill that speaks for machine learning or data work by itself; containers and languages have less."""

HANDS: Final = ("coding", "data")
"""Dimensions whose general skills hint at a trade: what somebody writes in, not what it runs on."""

MOST_TELLING: Final = 5
"""Pieces of a kind that show how strong somebody's work is: about as many as a deep look opens."""

_HUMP: Final = re.compile(r"(?<=[a-z])(?=[A-Z])")


class TermFocus:
    """A :data:`sourcer.domain.Focus`: callable on raw terms, gives relevance between 0 and 1.

    Args:
        lexicon: What finds the skills.
        importance: What each skill's full proof is worth, 0 to 1, by skill id.
        telling: The same where it is about a whole person; ``importance`` where left out.
        specific: Ids of the skills that speak for what the brief asks by themselves; all where left out.
    """

    def __init__(
        self,
        lexicon: Lexicon,
        importance: Mapping[str, float],
        *,
        telling: Mapping[str, float] | None = None,
        specific: Collection[str] | None = None,
    ) -> None:
        self._lexicon = lexicon
        self._importance = importance
        self._telling = importance if telling is None else telling
        self._specific = frozenset(lexicon.skills if specific is None else specific)

    def __call__(self, terms: Iterable[str]) -> float:
        """1 less the product of what each skill leaves open: many weak hints come to a strong one."""
        return _together(self._importance[skill] * strength for skill, strength in self._strengths(tuple(terms)))

    def of_person(self, work: Iterable[tuple[str, Iterable[str]]]) -> float:
        """How much a deep look at somebody would pay, 0 to 1.

        Args:
            work: Kind and terms of each piece of evidence that is known of the person.
        """
        kinds: dict[str, list[float]] = {}
        for kind, terms in work:
            kinds.setdefault(kind, []).append(self._of_piece(terms, personal=kind.startswith("profile.")))
        return _together(_strength_and_share(pieces) for pieces in kinds.values())

    def _of_piece(self, terms: Iterable[str], *, personal: bool) -> float:
        shown = self._strengths(tuple(_parted(term) for term in terms), personal=personal)
        if not any(skill in self._specific for skill, _ in shown):
            shown = [(skill, strength) for skill, strength in shown if self._lexicon.skills[skill].dimension in HANDS]
        return _together(self._telling[skill] * strength for skill, strength in shown)

    def _strengths(self, terms: Sequence[str], *, personal: bool = False) -> list[tuple[str, float]]:
        found = self._lexicon.skills_of(terms, personal=personal)
        return [(skill, match.strength) for skill, match in sorted(found.items())]


def focus(lexicon: Lexicon, brief: Brief) -> TermFocus:
    """The focus of a brief: a skill counts by its relevance and its dimension's weight; a named one in full.

    A dimension of weight 0 gives nothing. ``language:python`` alone stays near 0.1. Of a whole person, a general skill
    that a brief names beside specific ones counts by its relevance only, since everybody has containers, and a
    dimension of more than the middle weight by no more than that, so that relevance compares between briefs.

    Raises:
        UsageError: The brief names a skill that the lexicon does not know.
    """
    shares = brief.weights.shares()
    named = {skill for entry in (*brief.skills.must, *brief.skills.nice) for skill in lexicon.alternatives(entry)}
    specific = {skill.id for skill in lexicon.skills.values() if skill.relevance >= SPECIFIC}
    asked = named & specific or named
    top, middle = max(shares.values()), median(shares.values())

    def worth(skill: Skill, full: Collection[str], most: float) -> float:
        return (1.0 if skill.id in full else skill.relevance) * min(1.0, shares[skill.dimension] / most)

    return TermFocus(
        lexicon,
        {skill.id: worth(skill, named, top) for skill in lexicon.skills.values()},
        telling={skill.id: worth(skill, asked, middle or top) for skill in lexicon.skills.values()},
        specific=specific | asked,
    )


def _together(parts: Iterable[float]) -> float:
    missed = 1.0
    for part in parts:
        missed *= 1.0 - part
    return 1.0 - missed


def _strength_and_share(pieces: Sequence[float]) -> float:
    """The geometric mean of the strength of the strongest pieces and the share of all; a single one proves neither."""
    strongest = heapq.nlargest(MOST_TELLING, pieces)
    strength = sum(strongest) / (1 + min(len(pieces), MOST_TELLING - 1))
    share = sum(pieces) / (1 + len(pieces))
    return math.sqrt(strength * share)


def _parted(term: str) -> str:
    """Names of repositories are often written in humps."""
    return _HUMP.sub(" ", term) if term.startswith("text:") else term
