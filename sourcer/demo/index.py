"""Where everything of a world is, by its names and numbers, also after the world has changed."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Final, TypeAlias

from sourcer.demo.model import Account, PullRequest, Repository, Review, World

__all__ = ["GHOST", "Directory", "Index", "Node"]

Node: TypeAlias = Account | Repository | PullRequest | Review


GHOST: Final = Account(10137, "ghost", "User", datetime(2008, 5, 13, tzinfo=UTC), name="Deleted user")
"""GitHub's own account that stands for all deleted ones; no search finds it here."""


@dataclass(slots=True)
class Index:
    """What a world can show at one time: nobody who is gone, nothing that may not be read. Names are in lower case."""

    accounts: dict[str, Account] = field(default_factory=dict)
    accounts_by_number: dict[int, Account] = field(default_factory=dict)
    repositories: dict[str, Repository] = field(default_factory=dict)
    repositories_by_number: dict[int, Repository] = field(default_factory=dict)
    nodes: dict[str, Node] = field(default_factory=dict)
    former: dict[str, Repository] = field(default_factory=dict)
    """By a name that a repository had and that no other one has taken."""

    def repository(self, name: str) -> Repository | None:
        """The repository ``owner/name``, also by a former name."""
        return self.repositories.get(name.lower()) or self.former.get(name.lower())


def _look(world: World) -> Index:
    index = Index()
    for account in (GHOST, *world.accounts):
        if not account.is_gone:
            index.accounts[account.login.lower()] = account
            index.accounts_by_number[account.database_id] = account
            index.nodes[account.id] = account
    for repository in world.repositories:
        if repository.is_readable:
            index.repositories[repository.name_with_owner.lower()] = repository
            index.repositories_by_number[repository.database_id] = repository
            index.nodes[repository.id] = repository
            for pull in repository.pull_requests:
                index.nodes[pull.id] = pull
                index.nodes |= {one.id: one for one in pull.reviews}
    readable = index.repositories_by_number
    index.former = {name: one for name, one in world.former.items() if one.database_id in readable}
    return index


class Directory:
    """Looks a world up again whenever its ``revision`` has risen."""

    def __init__(self, world: World) -> None:
        self.world = world
        self._seen = world.revision
        self._index = _look(world)

    @property
    def now(self) -> Index:
        """What is there now."""
        if self._seen != self.world.revision:
            self._seen, self._index = self.world.revision, _look(self.world)
        return self._index
