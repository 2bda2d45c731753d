"""People and what they own."""

from __future__ import annotations

from sourcer_github.wire.base import Connection, Named, TopicNode, Wire

__all__ = ["DetailNode", "LanguageEdge", "Languages", "Release", "RepositoryNode", "SocialAccount", "UserNode"]


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
