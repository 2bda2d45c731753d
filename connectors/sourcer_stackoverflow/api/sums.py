"""What people's answers add up to over several pages, where a least score is asked for."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Self

from sourcer.connect import Checkpoint, Json
from sourcer_stackoverflow.api.steps import Step

__all__ = ["Sums"]


class Sums:
    """Scores by list of tags and by person. An answer in two lists counts in each, and once in each."""

    def __init__(self, sums: Iterable[tuple[str, dict[str, int]]] = ()) -> None:
        self._sums = {name: dict(people) for name, people in sums}

    @classmethod
    def resumed(cls, after: Checkpoint) -> Self:
        """What was known when a checkpoint was taken."""
        return cls(after.state.get("sums", {}).items())

    def add(self, step: Step, uid: int, score: int) -> int:
        """Add what a page shows of somebody; gives the sum so far."""
        people = self._sums.setdefault(f"{step.site} {step.place}", {})
        people[str(uid)] = people.get(str(uid), 0) + score
        return people[str(uid)]

    def as_json(self) -> dict[str, Json]:
        """As a checkpoint holds it."""
        return {name: dict(people) for name, people in self._sums.items()}
