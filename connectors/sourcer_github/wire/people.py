"""People, what they own, and what others took from them."""

from __future__ import annotations

from sourcer_github.wire.base import Actor, Connection, Named, TopicNode, Wire
from sourcer_github.wire.finding import PullRequestNode, RepositoryFacts, ReviewNode

__all__ = [
    "Contributions",
    "LanguageEdge",
    "Languages",
    "OwnPullRequest",
    "ProbeNode",
    "Release",
    "RepositoryNode",
    "ReviewContribution",
    "Reviewed",
    "SocialAccount",
    "Taker",
    "TopicsNode",
    "UserNode",
]


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


class Release(Wire):
    """The newest release."""

    published_at: str | None = None


class RepositoryNode(RepositoryFacts):
    """A repository as it stands in a listing, without its topics. ``pushed_at`` is null for an empty one."""

    id: str
    database_id: int | None = None
    description: str | None = None
    url: str
    is_fork: bool = False
    is_archived: bool = False
    is_mirror: bool = False
    is_template: bool = False
    fork_count: int = 0
    created_at: str | None = None
    pushed_at: str | None = None
    latest_release: Release | None = None

    @property
    def key(self) -> str:
        """What identifies it for good: names change."""
        return self.id if self.database_id is None else str(self.database_id)


class TopicsNode(Wire):
    """The topics of a repository."""

    id: str
    repository_topics: Connection[TopicNode] | None = None


class Taker(RepositoryFacts):
    """A repository that took a pull request or a review from somebody; its topics are asked for apart."""

    id: str
    is_fork: bool = False
    is_private: bool = False


class OwnPullRequest(PullRequestNode):
    """A merged pull request in the list of its author."""

    repository: Taker


class Reviewed(Wire):
    """The pull request that a review is about. ``author`` is null where the account was deleted."""

    title: str
    author: Actor | None = None


class ReviewContribution(Wire):
    """A review, what it is about, and where."""

    pull_request_review: ReviewNode
    pull_request: Reviewed
    repository: Taker


class Contributions(Wire):
    """What a person did within a year, and the years in which they did anything."""

    contribution_years: tuple[int, ...] | None = None
    pull_request_review_contributions: Connection[ReviewContribution] | None = None


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
    updated_at: str | None = None
    followers: Connection[object] | None = None
    social_accounts: Connection[SocialAccount] | None = None
    repositories: Connection[RepositoryNode] | None = None
    pull_requests: Connection[OwnPullRequest] | None = None
    contributions_collection: Contributions | None = None


class Pushed(Wire):
    """When a repository was pushed to last."""

    id: str
    pushed_at: str | None = None


class ProbeNode(Wire):
    """How an account stands: enough to see whether anything has moved since."""

    id: str
    database_id: int | None = None
    login: str
    updated_at: str | None = None
    repositories: Connection[Pushed] | None = None
    pull_requests: Connection[object] | None = None
