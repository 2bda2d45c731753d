"""What the ways of finding people read."""

from __future__ import annotations

from sourcer_github.wire.base import Actor, Connection, Named, TopicNode, Wire

__all__ = ["MergedCount", "MergedNode", "Owned", "PullRequestNode", "SearchNode"]


class Owned(Wire):
    """A result of a search for repositories, as far as it was asked for."""

    owner: Actor | None = None


class SearchNode(Connection[Owned]):
    """A page of a search. ``repository_count`` counts all that it finds."""

    repository_count: int


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


class MergedNode(Wire):
    """A repository, and a page of the pull requests that it merged."""

    name_with_owner: str
    stargazer_count: int = 0
    primary_language: Named | None = None
    repository_topics: Connection[TopicNode] | None = None
    pull_requests: Connection[PullRequestNode]


class MergedCount(Wire):
    """How many pull requests a repository has merged, in ``pull_requests.total_count``."""

    pull_requests: Connection[object]
