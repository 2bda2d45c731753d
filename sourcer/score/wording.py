"""Scores in words: the one line beside a rank, and what sentences about evidence share."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Sequence
from typing import Final

from sourcer.score.rules import KindRule
from sourcer.score.scoring import Contribution, Score, Scorer
from sourcer.store.reads import StoredEvidence

__all__ = ["by_points", "one_line", "subjects_of", "top_skills", "why"]

_BESIDES: Final = "kind"
"""The scheme of communication that an answer or review shows besides its subject."""

_REASONS: Final = 3
_SKILLS: Final = 6
_SKILLS_EACH: Final = 3


def why(scorer: Scorer, score: Score) -> str:
    """One line: the kinds of evidence that earn most, each with its strongest skills, numbers and dates."""
    kinds: dict[str, list[Contribution]] = {}
    for item in subjects_of(score.strongest()):
        kinds.setdefault(item.evidence.kind, []).append(item)
    ordered = sorted(kinds.items(), key=lambda group: (-math.fsum(item.points for item in group[1]), group[0]))
    return one_line("; ".join(_reason(scorer, kind, items) for kind, items in ordered[:_REASONS]))


def top_skills(scorer: Scorer, score: Score) -> list[str]:
    """The names of the skills that earned most, the most first."""
    return [scorer.lexicon.skills[skill].name for skill in by_points(score.contributions)[:_SKILLS]]


def subjects_of(items: Sequence[Contribution]) -> Sequence[Contribution]:
    """Those that speak of a subject; what an answer shows besides, only where it shows nothing else."""
    return [item for item in items if item.earning.scheme != _BESIDES] or items


def by_points(items: Iterable[Contribution]) -> list[str]:
    """The skills of these contributions, those that earn most first."""
    points: dict[str, list[float]] = {}
    for item in items:
        points.setdefault(item.skill, []).append(item.points)
    # Exact sums: the order of the items must not decide between equals.
    return sorted(points, key=lambda skill: (-math.fsum(points[skill]), skill))


def _reason(scorer: Scorer, kind: str, items: Sequence[Contribution]) -> str:
    """``7 accepted answers on PyTorch, Keras (score up to 40, latest 2018-05)``."""
    skills = by_points(items)[:_SKILLS_EACH]
    evidence = list({item.evidence.id: item.evidence for item in items if item.skill in skills}.values())
    rule = scorer.rules.of(kind)
    names = ", ".join(scorer.lexicon.skills[skill].name for skill in skills)
    count = "" if len(evidence) == 1 else f"{len(evidence)} "
    return f"{count}{_phrase(rule, kind, len(evidence))} {names} ({_aside(rule, evidence)})"


def _phrase(rule: KindRule, kind: str, count: int) -> str:
    words = rule.one if count == 1 else rule.many
    # Kinds that other connectors bring have no words of their own: their name says more than "evidence".
    return words if "evidence" not in words else words.replace(" for", f" ({kind}) for")


def _aside(rule: KindRule, evidence: Sequence[StoredEvidence]) -> str:
    parts = []
    if rule.size is not None and not rule.size.values:
        values = [item.measure[rule.size.measure] for item in evidence if item.measure.get(rule.size.measure)]
        if values:
            parts.append(f"{rule.size.measure} {'up to ' if len(evidence) > 1 else ''}{max(values):g}")
    dates = [item.happened_at for item in evidence if item.happened_at is not None]
    if dates:
        parts.append(f"{'latest ' if len(evidence) > 1 else ''}{max(dates):%Y-%m}")
    return ", ".join(parts) or "no date known"


def one_line(text: str) -> str:
    """Without control characters or runs of white space, whatever a title holds."""
    return " ".join(_printable(re.split(r"\s+", text.strip())))


def _printable(words: Iterable[str]) -> Iterable[str]:
    return ("".join(char for char in word if char.isprintable()) for word in words)
