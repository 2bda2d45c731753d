"""Work that runs against work that explores: what tells an engineer's evidence from a notebook's."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from sourcer.domain import Json
from sourcer.score.earning import Earning
from sourcer.score.scoring import Score, Scorer

__all__ = ["Work", "work_of"]

_ENOUGH: Final = 3.0
"""Pieces that fill a kind of work to 63 of 100."""
_PLACES: Final = 6


@dataclass(frozen=True, slots=True)
class Work:
    """How much of somebody's evidence is work that runs, and how much explores; the one takes nothing from the other.

    Args:
        production: 0 to 1, by the signs that repositories prove and by changes that others merged.
        exploration: 0 to 1, by notebooks, competitions, data sets and papers.
        signs: In how many repositories each sign of work that runs is.
        merged: Changes on the subject that others merged.
        explored: Pieces of evidence that explore.
    """

    production: float
    exploration: float
    signs: Mapping[str, int]
    merged: int
    explored: int

    def as_json(self) -> Json:
        """The object in ``explain --json``."""
        return {
            "production": round(self.production, _PLACES),
            "exploration": round(self.exploration, _PLACES),
            "signs": dict(sorted(self.signs.items())),
            "merged": self.merged,
            "explored": self.explored,
        }

    def in_words(self) -> str:
        """One line for people; empty where nothing tells."""
        signs = sorted(self.signs.items(), key=lambda sign: (-sign[1], sign[0]))
        parts = [f"{name} in {count}" for name, count in signs]
        runs = f"Signs of work that runs, by repositories: {', '.join(parts)}." if parts else ""
        merged = f"Changes on the subject that others merged: {self.merged}." if self.merged else ""
        explored = f"Notebooks, competitions, data sets and papers: {self.explored}." if self.explored else ""
        return " ".join(part for part in (runs, merged, explored) if part)


def work_of(scorer: Scorer, score: Score) -> Work:
    """What kind of work a person's evidence shows, whatever the brief weighs."""
    rules = scorer.rules.production
    signs = Counter(sign for found in score.earned.signs.values() for sign in found)
    merged = {item.evidence.id for item in score.earnings if _is_merged(scorer, item)}
    explored = {item.evidence.id for item in score.earnings if rules.explores(item.evidence.kind, item.skill)}
    share = sum(min(len(found), rules.most) / rules.most for found in score.earned.signs.values())
    return Work(_filled(share + len(merged)), _filled(len(explored)), signs, len(merged), len(explored))


def _is_merged(scorer: Scorer, item: Earning) -> bool:
    relevance = scorer.lexicon.skills[item.skill].relevance
    return item.evidence.kind == "pr.merged" and relevance >= scorer.rules.focus.relevance


def _filled(amount: float) -> float:
    return -math.expm1(-amount / _ENOUGH)
