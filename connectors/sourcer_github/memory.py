"""What the cheap look remembers of an account, so that the deep look needs no second listing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

from pydantic import BaseModel, ConfigDict, ValidationError

from sourcer.connect import Evidence, Focus, Json, Visit

__all__ = ["Memory", "Remembered"]

MOST_REMEMBERED: Final = 12
"""Repositories; more than one deep look reads, since another brief has another focus."""


class Remembered(BaseModel):
    """A repository: its node id, its lasting key, its terms and its stars."""

    model_config = ConfigDict(frozen=True)

    id: str
    key: str
    terms: tuple[str, ...] = ()
    stars: float = 0


class Memory(BaseModel):
    """An account: its node id, how many repositories of its own it has, and the most telling of them.

    ``own`` is ``None`` where the listing was not whole.
    """

    model_config = ConfigDict(frozen=True)

    id: str
    own: int | None = None
    repositories: tuple[Remembered, ...] = ()

    @classmethod
    def of(cls, visit: Visit) -> Memory | None:
        """The memory in a visit's state, or ``None`` where there is none that can be read."""
        if visit.state is None:
            return None
        try:
            return cls.model_validate(visit.state)
        except ValidationError:
            return None

    @classmethod
    def from_look(cls, node_id: str, own: Iterable[tuple[str, Evidence]], focus: Focus, *, whole: bool) -> Memory:
        """What to remember of a look.

        Args:
            node_id: The account's.
            own: Node id and evidence of each repository that is no fork.
            focus: What the brief cares for.
            whole: Whether ``own`` is all there is.
        """
        all_own = [
            Remembered(id=repository, key=seen.key, terms=seen.terms, stars=seen.measure.get("stars", 0))
            for repository, seen in own
        ]
        ranked = sorted(all_own, key=lambda one: _rank(one, focus))
        return cls(id=node_id, own=len(all_own) if whole else None, repositories=tuple(ranked[:MOST_REMEMBERED]))

    def telling(self, focus: Focus, most: int) -> tuple[Remembered, ...]:
        """The repositories that a brief cares for, best first: by focus, then stars, then age."""
        ranked = sorted(self.repositories, key=lambda one: _rank(one, focus))
        return tuple(one for one in ranked if focus(one.terms) > 0)[:most]

    def as_state(self) -> Mapping[str, Json]:
        """As :class:`~sourcer.connect.Done` takes it."""
        return self.model_dump(mode="json")


def _rank(one: Remembered, focus: Focus) -> tuple[float, float, int, str]:
    return -focus(one.terms), -one.stars, len(one.key), one.key
