"""What sentences about evidence share: which skills they name, and text that stays on one line."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Sequence
from typing import Final

from sourcer.score.scoring import Contribution, Score, Scorer

__all__ = ["by_points", "one_line", "shorten", "subjects_of", "top_skills"]

_BESIDES: Final = frozenset({"kind", "platform"})
"""Schemes of what no word shows: communication of an answer or review, MLOps of work on a managed platform."""

_SKILLS: Final = 6


def top_skills(scorer: Scorer, score: Score) -> list[str]:
    """The names of the skills that earned most, the most first."""
    return [scorer.lexicon.skills[skill].name for skill in by_points(score.contributions)[:_SKILLS]]


def subjects_of(items: Sequence[Contribution]) -> Sequence[Contribution]:
    """Those that speak of a subject; what a piece shows besides, only where it shows nothing else."""
    return [item for item in items if item.earning.scheme not in _BESIDES] or items


def by_points(items: Iterable[Contribution]) -> list[str]:
    """The skills of these contributions, those that earn most first."""
    points: dict[str, list[float]] = {}
    for item in items:
        points.setdefault(item.skill, []).append(item.points)
    # Exact sums: the order of the items must not decide between equals.
    return sorted(points, key=lambda skill: (-math.fsum(points[skill]), skill))


def one_line(text: str) -> str:
    """Without control characters or runs of white space, whatever a title holds."""
    return " ".join(_printable(re.split(r"\s+", text.strip())))


def shorten(text: str, width: int) -> str:
    """No longer than so many characters, cut behind a word."""
    if len(text) <= width:
        return text
    return f"{text[: width - 1].rpartition(' ')[0] or text[: width - 1]}…"


def _printable(words: Iterable[str]) -> Iterable[str]:
    return ("".join(char for char in word if char.isprintable()) for word in words)
