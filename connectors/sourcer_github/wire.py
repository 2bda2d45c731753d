"""The shapes of GitHub's answers that the connector reads. Lists may hold nulls; they are skipped."""

from __future__ import annotations

from typing import Any, Generic, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from pydantic.alias_generators import to_camel

__all__ = [
    "Actor",
    "Blob",
    "Connection",
    "DetailNode",
    "Entry",
    "FilesNode",
    "MergedCount",
    "MergedNode",
    "PageInfo",
    "PullRequestNode",
    "RepositoryNode",
    "SearchNode",
    "SocialAccount",
    "UserNode",
    "read",
]

_Node = TypeVar("_Node")
_Model = TypeVar("_Model", bound=BaseModel)


def read(model: type[_Model], value: Any) -> _Model | None:
    """A value in the shape of ``model``, or ``None`` where it has another."""
    try:
        return model.model_validate(value)
    except ValidationError:
        return None


class Wire(BaseModel):
    """The base: camelCase outside, unknown keys ignored, since GitHub adds some every month."""

    model_config = ConfigDict(frozen=True, extra="ignore", alias_generator=to_camel, populate_by_name=True)


class PageInfo(Wire):
    """Where a connection goes on."""

    has_next_page: bool = False
    end_cursor: str | None = None


class Connection(Wire, Generic[_Node]):
    """A page of a list. ``total_count`` counts the whole list; ``None`` where it was not asked."""

    total_count: int | None = None
    page_info: PageInfo = PageInfo()
    nodes: tuple[_Node | None, ...] | None = None

    @property
    def present(self) -> tuple[_Node, ...]:
        """The nodes that are there."""
        return tuple(node for node in self.nodes or () if node is not None)


class Named(Wire):
    """A topic or a language."""

    name: str


class TopicNode(Wire):
    """A topic of a repository."""

    topic: Named


class LanguageEdge(Wire):
    """A language of a repository and its bytes."""

    size: int
    node: Named


class Languages(Wire):
    """The languages of a repository, largest first."""

    total_size: int = 0
    edges: tuple[LanguageEdge | None, ...] | None = None


class SocialAccount(Wire):
    """An account elsewhere. Of Kaggle or Stack Overflow the provider is GENERIC: the host tells."""

    provider: str
    url: str


class RepositoryNode(Wire):
    """A repository as it stands in a listing. ``pushed_at`` is null for an empty one."""

    id: str
    database_id: int | None = None
    name_with_owner: str
    description: str | None = None
    url: str
    is_fork: bool = False
    is_archived: bool = False
    is_mirror: bool = False
    is_template: bool = False
    stargazer_count: int = 0
    fork_count: int = 0
    pushed_at: str | None = None
    primary_language: Named | None = None

    @property
    def key(self) -> str:
        """What identifies it for good: names change."""
        return self.id if self.database_id is None else str(self.database_id)


class Actor(Wire):
    """Who owns or wrote something: ``kind`` is ``User``, ``Organization``, ``Bot`` … Only a user has an id here."""

    kind: str = Field("", alias="__typename")
    login: str = ""
    database_id: int | None = None


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


class Release(Wire):
    """The newest release."""

    published_at: str | None = None


class DetailNode(Wire):
    """What a listing does not tell of a repository."""

    id: str
    repository_topics: Connection[TopicNode] | None = None
    languages: Languages | None = None
    latest_release: Release | None = None


class UserNode(Wire):
    """A person. Partial answers lack connections."""

    id: str
    database_id: int | None = None
    login: str
    url: str
    name: str | None = None
    bio: str | None = None
    company: str | None = None
    location: str | None = None
    website_url: str | None = None
    twitter_username: str | None = None
    is_hireable: bool = False
    created_at: str | None = None
    followers: Connection[object] | None = None
    social_accounts: Connection[SocialAccount] | None = None
    repositories: Connection[RepositoryNode] | None = None


class Blob(Wire):
    """A file, or a folder where a file was asked for: ``kind`` tells. ``text`` is null where it is binary."""

    kind: str = Field("", alias="__typename")
    byte_size: int = 0
    is_truncated: bool = False
    is_binary: bool | None = None
    text: str | None = None


class Entry(Wire):
    """A line of a tree: ``type`` is ``blob``, ``tree`` or ``commit`` (a submodule)."""

    name: str
    type: str
    size: int = 0
    object: Blob | None = None


class Tree(Wire):
    """A folder; empty where the path holds a file."""

    entries: tuple[Entry, ...] | None = None


class FilesNode(Wire):
    """The files of a repository that were asked for; each is null where it does not exist."""

    id: str
    name_with_owner: str
    url: str
    pushed_at: str | None = None
    root: Tree | None = None
    workflows: Tree | None = None
    requirements: Blob | None = None
    pyproject: Blob | None = None
    environment: Blob | None = None
