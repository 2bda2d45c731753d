"""Looking at invented people of GitHub, and sorting what comes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sourcer.connect import Depth, Done, Evidence, Focus, Gone, Item, Profile, Ref, Unknown, Visit
from sourcer.connect.items import check_item
from sourcer_github import GitHub

__all__ = ["Looks", "ends", "of_kind", "profiles", "unknowns", "visit"]


class Looks:
    """Fetches and checks that each item could be stored and each account was closed once."""

    def __init__(self, github: GitHub, focus: Focus) -> None:
        self.github = github
        self.focus = focus

    async def __call__(self, visits: Sequence[Visit], depth: Depth = "cheap") -> list[Item]:
        items = [item async for item in self.github.fetch(visits, depth, self.focus)]
        assert [check_item(item, self.github.sites()) for item in items] == [None] * len(items)
        closed = [item.ref.key for item in items if isinstance(item, Done | Gone)]
        assert sorted(closed) == sorted(visit.ref.key for visit in visits)
        return items


def visit(number: int, login: str, state: Any = None) -> Visit:
    """The visit to an invented person."""
    return Visit(Ref("github", str(number), login), state=state)


def of_kind(items: Sequence[Item], kind: str) -> list[Evidence]:
    """The evidence of one kind."""
    return [item for item in items if isinstance(item, Evidence) and item.kind == kind]


def profiles(items: Sequence[Item]) -> list[Profile]:
    """The profiles."""
    return [item for item in items if isinstance(item, Profile)]


def unknowns(items: Sequence[Item]) -> dict[str, str]:
    """What is unknown, and why."""
    return {item.what: item.reason for item in items if isinstance(item, Unknown)}


def ends(items: Sequence[Item]) -> dict[str, Done]:
    """How accounts were closed, by number."""
    return {item.ref.uid: item for item in items if isinstance(item, Done)}
