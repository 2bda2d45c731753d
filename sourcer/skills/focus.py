"""Focus: how strongly raw terms point to what a brief asks for, so that a connector knows where a deep look pays."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from sourcer.brief import Brief
from sourcer.skills.lexicon import Lexicon

__all__ = ["TermFocus", "focus"]


class TermFocus:
    """A :data:`sourcer.domain.Focus`: callable on raw terms, gives relevance between 0 and 1.

    Args:
        lexicon: What finds the skills.
        importance: What each skill's full proof is worth, 0 to 1, by skill id.
    """

    def __init__(self, lexicon: Lexicon, importance: Mapping[str, float]) -> None:
        self._lexicon = lexicon
        self._importance = importance

    def __call__(self, terms: Iterable[str]) -> float:
        """1 less the product of what each skill leaves open: many weak hints come to a strong one."""
        missed = 1.0
        for skill, match in sorted(self._lexicon.skills_of(tuple(terms)).items()):
            missed *= 1.0 - self._importance[skill] * match.strength
        return 1.0 - missed


def focus(lexicon: Lexicon, brief: Brief) -> TermFocus:
    """The focus of a brief: a skill counts by its relevance and its dimension's weight; a named one in full.

    A dimension of weight 0 gives nothing. ``language:python`` alone stays near 0.1.

    Raises:
        UsageError: The brief names a skill that the lexicon does not know.
    """
    shares = brief.weights.shares()
    top = max(shares.values())
    named = {skill for entry in (*brief.skills.must, *brief.skills.nice) for skill in lexicon.alternatives(entry)}
    return TermFocus(
        lexicon,
        {
            skill.id: (1.0 if skill.id in named else skill.relevance) * shares[skill.dimension] / top
            for skill in lexicon.skills.values()
        },
    )
