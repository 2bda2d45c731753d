"""What the invented world is made of: the sites' own things, and the planted truth beside them."""

from __future__ import annotations

import base64
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Final, Literal, TypeAlias

from sourcer.demo.kaggle.model import Kaggle, Kaggler

__all__ = [
    "SITE_GITHUB",
    "STACKOVERFLOW",
    "TODAY",
    "Account",
    "Badge",
    "Community",
    "Kind",
    "Member",
    "Person",
    "Post",
    "Proof",
    "PullRequest",
    "Release",
    "Repository",
    "Review",
    "World",
    "dice",
    "node_id",
]

TODAY: Final = datetime(2026, 11, 1, tzinfo=UTC)
"""The day on which the world stands still: every date in it is earlier."""

SITE_GITHUB: Final = "https://github.com"
STACKOVERFLOW: Final = "stackoverflow"
"""The Stack Exchange site whose community is the largest, by the name that the API has for it."""

Kind: TypeAlias = Literal["User", "Organization", "Bot"]

# Stack Exchange changed the licence of what people write on these days; what was written before keeps the old one.
_LICENCES: Final = (
    (datetime(2018, 5, 2, tzinfo=UTC), "CC BY-SA 4.0"),
    (datetime(2011, 4, 8, tzinfo=UTC), "CC BY-SA 3.0"),
    (datetime.min.replace(tzinfo=UTC), "CC BY-SA 2.5"),
)
_PREFIX: Final[dict[Kind, str]] = {"User": "U", "Organization": "O", "Bot": "BOT"}


def dice(*name: object) -> Random:
    """A source of chance that depends on its name alone: the same in every process and on every machine."""
    return Random(":".join(str(part) for part in name))  # noqa: S311  # a repeatable world is the point, not secrecy


def node_id(prefix: str, number: int) -> str:
    """An opaque global id in the form that GitHub gives out (``U_kgDO…``)."""
    packed = b"\x92\x00\xce" + number.to_bytes(4, "big")
    return f"{prefix}_{base64.urlsafe_b64encode(packed).rstrip(b'=').decode()}"


@dataclass(frozen=True, slots=True)
class Release:
    """A published version of a repository."""

    database_id: int
    tag: str
    published_at: datetime
    prerelease: bool = False


@dataclass(slots=True, eq=False)
class Review:
    """What somebody said about a pull request. ``state``: ``APPROVED``, ``CHANGES_REQUESTED``, ``COMMENTED`` …."""

    database_id: int
    pull_request: PullRequest = field(repr=False)
    author: Account | None = field(repr=False)
    state: str
    submitted_at: datetime
    body: str = ""

    @property
    def id(self) -> str:
        """The opaque global id."""
        return node_id("PRR", self.database_id)

    @property
    def url(self) -> str:
        """The address of its place on the page of the pull request."""
        return f"{self.pull_request.url}#pullrequestreview-{self.database_id}"


@dataclass(slots=True, eq=False)
class PullRequest:
    """A change that somebody asked a repository to take. One that it did not take (yet) has no ``merged_at``.

    ``author`` is ``None`` where nobody is left to name.
    """

    database_id: int
    repository: Repository = field(repr=False)
    number: int
    title: str
    author: Account | None = field(repr=False)
    created_at: datetime
    updated_at: datetime
    merged_at: datetime | None = None
    closed_at: datetime | None = None
    """When it was turned down; a merged one is closed by its merge."""
    additions: int = 0
    deletions: int = 0
    changed_files: int = 1
    reviews: list[Review] = field(default_factory=list, repr=False)

    @property
    def id(self) -> str:
        """The opaque global id."""
        return node_id("PR", self.database_id)

    @property
    def state(self) -> str:
        """``OPEN``, ``CLOSED`` or ``MERGED``."""
        if self.merged_at is not None:
            return "MERGED"
        return "OPEN" if self.closed_at is None else "CLOSED"

    @property
    def url(self) -> str:
        """The address of its page."""
        return f"{SITE_GITHUB}/{self.repository.name_with_owner}/pull/{self.number}"


@dataclass(slots=True, eq=False)
class Repository:
    """A public repository with the state of its default branch.

    ``files`` maps paths to texts; none is an empty repository. ``languages`` are bytes.
    """

    database_id: int
    owner: Account = field(repr=False)
    name: str
    description: str | None
    topics: tuple[str, ...]
    languages: dict[str, int]
    created_at: datetime
    pushed_at: datetime | None
    stars: int = 0
    forks: int = 0
    license: str | None = None
    homepage: str | None = None
    release: Release | None = None
    files: dict[str, str] = field(default_factory=dict, repr=False)
    pull_requests: list[PullRequest] = field(default_factory=list, repr=False)
    parent: Repository | None = field(default=None, repr=False)
    is_archived: bool = False
    is_template: bool = False
    mirror_url: str | None = None
    is_withheld: bool = False
    """Found by search but no longer readable: search answers ``null`` in its place."""
    edited_at: datetime | None = None
    """When what is told about it changed last, where that was later than the last push."""

    @property
    def id(self) -> str:
        """The opaque global id."""
        return node_id("R", self.database_id)

    @property
    def is_readable(self) -> bool:
        """Whether anybody can look at it."""
        return not (self.is_withheld or self.owner.is_gone)

    @property
    def updated_at(self) -> datetime:
        """The later of the last push and the last edit."""
        return max(one for one in (self.created_at, self.pushed_at, self.edited_at) if one is not None)

    @property
    def name_with_owner(self) -> str:
        """``owner/name``."""
        return f"{self.owner.login}/{self.name}"


@dataclass(slots=True, eq=False)
class Account:
    """A GitHub account.

    ``is_deleted`` ones can no longer be looked up, though a search may still name them; ``is_suspended`` ones are to be
    seen nowhere, but may come back.
    """

    database_id: int
    login: str
    kind: Kind
    created_at: datetime
    name: str | None = None
    bio: str | None = None
    company: str | None = None
    location: str | None = None
    website: str | None = None
    email: str = ""
    is_hireable: bool = False
    followers: int = 0
    following: int = 0
    socials: tuple[tuple[str, str, str], ...] = ()
    """Provider, display name, URL."""
    is_deleted: bool = False
    is_suspended: bool = False
    edited_at: datetime | None = None
    """When the profile changed last; nothing else moves it."""
    repositories: list[Repository] = field(default_factory=list, repr=False)
    pull_requests: list[PullRequest] = field(default_factory=list, repr=False)
    reviews: list[Review] = field(default_factory=list, repr=False)
    members: list[Account] = field(default_factory=list, repr=False)
    """Of an organisation: who shows that they belong to it."""
    organizations: list[Account] = field(default_factory=list, repr=False)
    """Of a user: the organisations that they show."""

    @property
    def id(self) -> str:
        """The opaque global id."""
        return node_id(_PREFIX[self.kind], self.database_id)

    @property
    def is_gone(self) -> bool:
        """Whether a look-up finds nobody."""
        return self.is_deleted or self.is_suspended

    @property
    def updated_at(self) -> datetime:
        """When the profile changed last."""
        return self.edited_at or max(self.created_at, TODAY - timedelta(days=self.database_id % 190, hours=7))

    @property
    def url(self) -> str:
        """The address of the profile page."""
        if self.kind == "Bot":
            return f"{SITE_GITHUB}/apps/{self.login}"
        return f"{SITE_GITHUB}/{self.login}"


@dataclass(slots=True, eq=False)
class Member:
    """An account on a Stack Exchange site. ``about`` is HTML, as the site stores it.

    Ids are those of its site: another site gives the same ones to others. ``network_id`` is that of the whole network.
    """

    id: int
    name: str | None
    created_at: datetime
    reputation: int = 1
    location: str | None = None
    website: str | None = None
    about: str | None = None
    network_id: int | None = None
    host: str = "stackoverflow.com"
    views: int = 0
    up_votes: int = 0
    down_votes: int = 0

    @property
    def url(self) -> str:
        """The address of the profile page."""
        return f"https://{self.host}/users/{self.id}"


@dataclass(slots=True, eq=False)
class Post:
    """A question or an answer. ``tags`` and ``title`` are a question's.

    ``owner`` is ``None`` once its account was deleted.
    """

    id: int
    created_at: datetime
    owner: Member | None
    body: str
    score: int = 0
    title: str = ""
    tags: tuple[str, ...] = ()
    parent_id: int | None = None
    accepted_id: int | None = None
    views: int = 0
    answers: int = 0
    community_at: datetime | None = None
    closed_at: datetime | None = None
    bounty: int = 0
    """Reputation that somebody gave for an answer."""

    @property
    def licence(self) -> str:
        """Under which licence it stands: by its date."""
        return next(name for since, name in _LICENCES if self.created_at >= since)

    @property
    def is_question(self) -> bool:
        """Whether it is a question; anything else here is an answer."""
        return self.parent_id is None


@dataclass(frozen=True, slots=True)
class Badge:
    """A badge of a member. ``grade``: 1 gold, 2 silver, 3 bronze. Tag badges carry the tag's name."""

    id: int
    member: Member = field(repr=False)
    name: str
    at: datetime
    grade: int
    is_tag: bool


@dataclass(slots=True, eq=False)
class Community:
    """A Stack Exchange site with everybody and everything on it.

    Args:
        name: What the API calls it.
        title: What people call it.
        host: Where it lives.
    """

    name: str
    title: str
    host: str
    members: list[Member] = field(default_factory=list)
    posts: list[Post] = field(default_factory=list)
    badges: list[Badge] = field(default_factory=list)


@dataclass(slots=True, eq=False)
class Person:
    """An invented human with the planted truth about them, which no answer of a server and no dump ever holds.

    Args:
        name: As they write it.
        role: One of ``sourcer.domain.ROLES``.
        trade: The finer kind, a name in ``trades.toml`` (``frontend``, ``mobile`` …).
        level: 1 junior, 2 experienced, 3 senior: how much work there is, and how good.
        country: Where they live, an ISO 3166 code.
        proof: Which of the profiles on GitHub and Stack Overflow names the other: ``both``, ``github``,
            ``stackoverflow`` or ``none``.
        traps: Names of the traps that they stand for.
        elsewhere: Their accounts on further Stack Exchange sites, by the site's name.
    """

    name: str
    role: str
    trade: str
    level: int
    country: str
    github: Account | None = None
    stackoverflow: Member | None = None
    kaggle: Kaggler | None = None
    proof: Literal["both", "github", "stackoverflow", "none"] = "none"
    traps: tuple[str, ...] = ()
    elsewhere: dict[str, Member] = field(default_factory=dict)

    def member_on(self, site: str) -> Member | None:
        """Their account on a Stack Exchange site, by the API's name for it."""
        return self.stackoverflow if site == STACKOVERFLOW else self.elsewhere.get(site)


def _communities() -> dict[str, Community]:
    return {STACKOVERFLOW: Community(STACKOVERFLOW, "Stack Overflow", "stackoverflow.com")}


@dataclass(frozen=True, slots=True)
class Proof:
    """A true statement of one account about another one of the same human: site and id of both, and where it stands."""

    by: tuple[str, str]
    of: tuple[str, str]
    where: str


@dataclass(slots=True, eq=False)
class World:
    """Everything at once. ``traps`` maps a trap's name to the accounts, repositories and posts that stand for it.

    They are written ``github:login`` (``github:#id`` for a deleted account), ``github:owner/name``,
    ``stackoverflow:#id``, ``stackoverflow:post/id`` and ``kaggle:#id``. ``former`` leads from the names that
    repositories had, in lower case, to the repositories. Whoever changes a world that is being served raises
    ``revision``.
    """

    seed: int
    today: datetime = TODAY
    people: list[Person] = field(default_factory=list)
    accounts: list[Account] = field(default_factory=list)
    repositories: list[Repository] = field(default_factory=list)
    kaggle: Kaggle = field(default_factory=Kaggle)
    communities: dict[str, Community] = field(default_factory=_communities)
    merges: list[tuple[int, int, datetime]] = field(default_factory=list)
    """Accounts of the Stack Exchange network that became one: the old id, the new one, when."""
    proofs: list[Proof] = field(default_factory=list)
    traps: dict[str, list[str]] = field(default_factory=dict)
    former: dict[str, Repository] = field(default_factory=dict)
    revision: int = 0

    @property
    def members(self) -> list[Member]:
        """Those of Stack Overflow."""
        return self.communities[STACKOVERFLOW].members

    @property
    def posts(self) -> list[Post]:
        """Those on Stack Overflow."""
        return self.communities[STACKOVERFLOW].posts

    @property
    def badges(self) -> list[Badge]:
        """Those of Stack Overflow."""
        return self.communities[STACKOVERFLOW].badges

    def person_of(self, key: str) -> Person | None:
        """Whose account ``github:login``, ``kaggle:#id`` or ``SITE:#id`` is; ``None`` for nobody's."""
        for person in self.people:
            if person.github is not None and key == f"github:{person.github.login}" and not person.github.is_deleted:
                return person
            if person.stackoverflow is not None and key == f"stackoverflow:#{person.stackoverflow.id}":
                return person
            if person.kaggle is not None and key == f"kaggle:#{person.kaggle.id}":
                return person
            if any(key == f"{site}:#{member.id}" for site, member in person.elsewhere.items()):
                return person
        return None
