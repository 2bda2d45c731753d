"""What a deep look costs: known before it is taken, from the counts that the cheap look remembers."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from sourcer_stackoverflow.api.client import AT_ONCE

__all__ = ["MOST_EACH", "Needs", "deep_price", "packed", "room_for_questions"]

MOST_EACH: Final = 2.1
"""Requests of a deep look, of one person on the average. Answers go first; questions get what is left."""

FEW: Final = AT_ONCE
"""Posts that fit on one page: whoever has no more is asked about together with others."""


@dataclass(frozen=True, slots=True)
class Needs:
    """What one person's deep look depends on.

    Args:
        answers: How many they have; ``None`` is unknown.
        questions: Likewise.
        told: What they are known for is known already, so that their best tags need not be asked.
    """

    answers: int | None
    questions: int | None
    told: bool

    @property
    def has_few_answers(self) -> bool:
        """Whether all answers fit on a page."""
        return self.answers is not None and self.answers <= FEW


def packed(counts: Mapping[int, int]) -> list[tuple[int, ...]]:
    """People in groups whose posts fit on one page together, as few groups as is easily had.

    Whoever has more posts than that is in a group of their own; whoever has none is in no group.
    """
    groups: list[tuple[int, list[int]]] = []
    for uid in sorted(counts, key=lambda uid: (-counts[uid], uid)):
        count = min(counts[uid], AT_ONCE)
        if count <= 0:
            continue
        for place, (size, members) in enumerate(groups):
            if size + count <= AT_ONCE and len(members) < AT_ONCE:
                groups[place] = (size + count, [*members, uid])
                break
        else:
            groups.append((count, [uid]))
    return [tuple(sorted(members)) for _, members in groups]


def room_for_questions(people: int, spent: int) -> int:
    """How many requests are left for questions."""
    return max(0, math.floor(MOST_EACH * people + 1e-9) - spent)


def deep_price(people: Iterable[Needs]) -> int:
    """Requests of a deep look at these people, a hundred at a time."""
    everybody = list(people)
    return sum(_batch(everybody[start : start + AT_ONCE]) for start in range(0, len(everybody), AT_ONCE))


def _batch(people: list[Needs]) -> int:
    few = {place: one.answers or 0 for place, one in enumerate(people) if one.has_few_answers}
    answers = len(packed(few)) + sum(1 if one.told else 2 for one in people if not one.has_few_answers)
    asked = packed({place: one.questions or 0 for place, one in enumerate(people)})
    return answers + min(len(asked), room_for_questions(len(people), answers))
