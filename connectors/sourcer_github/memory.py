"""What the cheap look remembers of an account: for the next cheap look, and so that the deep look needs no listing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Final

from pydantic import BaseModel, ConfigDict, ValidationError

from sourcer.connect import Evidence, Focus, Json, Visit
from sourcer_github.wire.people import ProbeNode, UserNode

__all__ = ["VERSION", "Memory", "Remembered", "Standing"]

VERSION: Final = 3
"""Of what a cheap look reads and remembers: raise it, and everybody is asked in full again."""

MOST_REMEMBERED: Final = 9
"""Repositories; more than one deep look reads, since another brief has another focus."""


class _State(BaseModel):
    model_config = ConfigDict(frozen=True)


class Remembered(_State):
    """A repository: its node id, its lasting key, its terms, its stars, when it was pushed to last.

    ``focus`` is what the brief of that look cared for it.
    """

    id: str
    key: str
    terms: tuple[str, ...] = ()
    stars: float = 0
    pushed_at: str | None = None
    focus: float = 0


class Standing(_State):
    """How an account stands: who has done anything since stands otherwise.

    A push brings its repository to the front of the listing, and with a merge the number of merged pull requests grows.
    """

    login: str
    updated_at: str | None
    repositories: int | None
    newest: tuple[str, str | None] | None
    merged: int | None

    @classmethod
    def of(cls, account: UserNode | ProbeNode) -> Standing:
        """From what GitHub says."""
        listed, merged = account.repositories, account.pull_requests
        first = listed.present[0] if listed is not None and listed.present else None
        return cls(
            login=account.login,
            updated_at=account.updated_at,
            repositories=listed.total_count if listed is not None else None,
            newest=(first.id, first.pushed_at) if first is not None else None,
            merged=merged.total_count if merged is not None else None,
        )


class Memory(_State):
    """An account: its node id, how many repositories of its own it has, and the most telling of them.

    Args:
        id: The account's node id.
        own: How many repositories are its own; ``None`` where the listing was not whole.
        repositories: The most telling ones.
        version: Of the look.
        whole: Whether asking again would not have told more.
        scope: What the look told all about.
        readme: Where the README on the profile leads, for a look that is not told; ``None`` where it is not known.
        standing: How the account stood.
        looked_on: The day on which the crawl of the look began.
        deep: The deep look's own part, which the cheap look neither reads nor writes.
    """

    id: str
    own: int | None = None
    repositories: tuple[Remembered, ...] = ()
    version: int = 1
    whole: bool = False
    scope: tuple[str, ...] = ()
    readme: tuple[str, ...] | None = None
    standing: Standing | None = None
    looked_on: date | None = None
    deep: Mapping[str, Json] | None = None

    @classmethod
    def of(cls, visit: Visit) -> Memory | None:
        """The memory in a visit's state, or ``None`` where there is none that can be read."""
        if visit.state is None:
            return None
        try:
            return cls.model_validate(visit.state)
        except ValidationError:
            return None

    @staticmethod
    def choose(
        own: Iterable[tuple[str, str | None, Evidence]], focus: Focus, most: int = MOST_REMEMBERED
    ) -> tuple[Remembered, ...]:
        """The repositories to remember: node id, last push and evidence of each are given."""
        remembered = (
            Remembered(
                id=node_id,
                key=seen.key,
                terms=seen.terms,
                stars=seen.measure.get("stars", 0),
                pushed_at=pushed_at,
                focus=focus(seen.terms),
            )
            for node_id, pushed_at, seen in own
        )
        return tuple(sorted(remembered, key=lambda one: _rank(one, focus))[:most])

    def telling(self, focus: Focus, most: int) -> tuple[Remembered, ...]:
        """The repositories that a brief cares for, best first: by focus, then stars, then age."""
        ranked = sorted(self.repositories, key=lambda one: _rank(one, focus))
        return tuple(one for one in ranked if focus(one.terms) > 0)[:most]

    def chosen_alike(self, focus: Focus) -> bool:
        """Whether a brief with this focus would remember the same repositories, as far as can be seen from them."""
        return self.own == len(self.repositories) or all(focus(one.terms) == one.focus for one in self.repositories)

    def as_state(self) -> Mapping[str, Json]:
        """As :class:`~sourcer.connect.Done` takes it."""
        return self.model_dump(mode="json", exclude={"deep"})


def _rank(one: Remembered, focus: Focus) -> tuple[float, float, int, str]:
    return -focus(one.terms), -one.stars, len(one.key), one.key
