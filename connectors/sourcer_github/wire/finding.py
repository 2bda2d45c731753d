"""What the ways of finding people read."""

from __future__ import annotations

from typing import Generic, TypeVar

from sourcer_github.wire.base import Actor, Connection, Named, TopicNode, Wire

__all__ = [
    "AuthorsNode",
    "Counted",
    "Found",
    "FoundPeople",
    "FoundRepositories",
    "MembersNode",
    "MergedNode",
    "OwnedRepository",
    "PullRequestNode",
    "RepositoryFacts",
    "RestAccount",
    "ReviewNode",
]

_Node = TypeVar("_Node")


class RepositoryFacts(Wire):
    """What work for a repository is told by: its name, stars, main language and topics."""

    name_with_owner: str
    stargazer_count: int = 0
    primary_language: Named | None = None
    repository_topics: Connection[TopicNode] | None = None


class OwnedRepository(Wire):
    """A result of a search for repositories: whose it is."""

    id: str = ""
    name_with_owner: str = ""
    owner: Actor | None = None


class Found(Connection[_Node], Generic[_Node]):
    """A page of a search. ``total`` counts all that it finds."""

    total: int


class FoundRepositories(Found[OwnedRepository]):
    """A page of a search for repositories."""


class FoundPeople(Found[Actor]):
    """A page of a search for people."""


class ReviewNode(Wire):
    """A review of a pull request. ``author`` is null where the account was deleted."""

    id: str
    url: str
    state: str = ""
    submitted_at: str | None = None
    author: Actor | None = None


class PullRequestNode(Wire):
    """A merged pull request. ``author`` is null where the account was deleted."""

    id: str
    title: str
    url: str
    merged_at: str | None = None
    updated_at: str | None = None
    additions: int
    deletions: int
    changed_files: int
    author: Actor | None = None
    reviews: Connection[ReviewNode] | None = None


class MergedNode(RepositoryFacts):
    """A repository, and some of the pull requests that it merged."""

    pull_requests: Connection[PullRequestNode]


class GitAuthor(Wire):
    """Who wrote a commit: ``user`` is null where the address in it belongs to no account."""

    user: Actor | None = None


class CommitNode(Wire):
    """A commit."""

    author: GitAuthor | None = None


class LatestCommit(Wire):
    """What stands at the head of a repository; without a history it is no commit."""

    history: Connection[CommitNode] | None = None


class AuthorsNode(Wire):
    """A repository and its latest commits; ``object`` is null where it is empty."""

    object: LatestCommit | None = None

    @property
    def actors(self) -> list[Actor]:
        """Who wrote them, each once, the latest first."""
        commits = self.object.history.present if self.object is not None and self.object.history is not None else ()
        users = [one.author.user for one in commits if one.author is not None and one.author.user is not None]
        return list({user.login: user for user in users}.values())


class MembersNode(Wire):
    """An organisation, and a page of its members."""

    members_with_role: Connection[Actor]


class Counted(Wire):
    """How many there are of something: of what a search finds, or of a list."""

    total: int | None = None
    listed: Connection[object] | None = None

    @property
    def number(self) -> int | None:
        """The number, ``None`` where GitHub did not say."""
        return self.listed.total_count if self.listed is not None else self.total


class RestAccount(Wire):
    """An account as REST shows it, whose names are in snake case. ``type`` is ``User``, ``Organization`` or ``Bot``."""

    id: int
    login: str
    type: str = ""
