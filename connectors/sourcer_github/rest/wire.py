"""The shapes of REST answers, and the same in GraphQL's: what comes after does not depend on the way.

E-mail addresses are not read, and no field is needed that a newer version of the API leaves out.
"""

from __future__ import annotations

from typing import Final, TypeVar

from pydantic import BaseModel, ConfigDict

from sourcer_github.wire.base import Actor, Connection, Named, read
from sourcer_github.wire.files import Entry, Folder, Root, RootEntry, TreeNode
from sourcer_github.wire.people import RepositoryNode, SocialAccount, UserNode

__all__ = [
    "GitTree",
    "Owner",
    "Pull",
    "Repository",
    "Results",
    "User",
    "actor_of",
    "read_all",
    "repository_node",
    "tree_node",
    "user_node",
]

WORKFLOWS: Final = ".github/workflows"
"""The one folder that is read deeper than two levels."""

_Shape = TypeVar("_Shape", bound=BaseModel)


class _Rest(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")


class Owner(_Rest):
    """An account as it stands beside something. ``type`` is ``User``, ``Organization`` or ``Bot``."""

    id: int
    login: str
    type: str = ""


class User(Owner):
    """An account. ``blog`` is empty where there is none."""

    node_id: str
    html_url: str
    name: str | None = None
    company: str | None = None
    blog: str | None = None
    location: str | None = None
    hireable: bool | None = None
    bio: str | None = None
    twitter_username: str | None = None
    public_repos: int | None = None
    followers: int | None = None
    created_at: str | None = None
    updated_at: str | None = None


class Repository(_Rest):
    """A repository of a listing. ``pushed_at`` is null for an empty one."""

    id: int
    node_id: str
    full_name: str
    html_url: str
    owner: Owner | None = None
    private: bool = False
    description: str | None = None
    fork: bool = False
    archived: bool = False
    is_template: bool = False
    mirror_url: str | None = None
    stargazers_count: int = 0
    forks_count: int = 0
    created_at: str | None = None
    pushed_at: str | None = None
    language: str | None = None
    topics: tuple[str, ...] = ()


class Pull(_Rest):
    """A pull request of a listing, merged or not. ``user`` is null where the account was deleted."""

    node_id: str
    title: str
    html_url: str
    merged_at: str | None = None
    updated_at: str | None = None
    user: Owner | None = None


class Results(_Rest):
    """A page of a search. ``incomplete_results`` says that GitHub ran out of time and gives what it had."""

    total_count: int
    incomplete_results: bool = False
    items: list[object] = []


class _Line(_Rest):
    path: str
    type: str = ""
    size: int | None = None


class GitTree(_Rest):
    """Everything that a repository holds. ``truncated`` says that there is more."""

    tree: tuple[_Line, ...] = ()
    truncated: bool = False


def read_all(model: type[_Shape], value: object) -> list[_Shape]:
    """The elements of a list that have the shape of ``model``."""
    found = [read(model, one) for one in value] if isinstance(value, list) else []
    return [one for one in found if one is not None]


def actor_of(owner: Owner | None) -> Actor | None:
    """Who it is, as GraphQL says it."""
    return None if owner is None else Actor(kind=owner.type, login=owner.login, database_id=owner.id)


def user_node(user: User, repositories: Connection[RepositoryNode], social: list[SocialAccount]) -> UserNode:
    """A person, as GraphQL says it. What others took from them is not told here."""
    return UserNode(
        id=user.node_id,
        database_id=user.id,
        login=user.login,
        url=user.html_url,
        name=user.name,
        bio=user.bio,
        company=user.company,
        location=user.location,
        website_url=user.blog,
        twitter_username=user.twitter_username,
        is_hireable=bool(user.hireable),
        created_at=user.created_at,
        updated_at=user.updated_at,
        followers=None if user.followers is None else Connection(total_count=user.followers),
        social_accounts=Connection(nodes=tuple(social)),
        repositories=repositories,
    )


def repository_node(one: Repository) -> RepositoryNode:
    """A repository of a listing, as GraphQL says it. Its topics stand apart; whether it has a release is not told."""
    return RepositoryNode(
        id=one.node_id,
        database_id=one.id,
        name_with_owner=one.full_name,
        description=one.description,
        url=one.html_url,
        is_fork=one.fork,
        is_archived=one.archived,
        is_mirror=one.mirror_url is not None,
        is_template=one.is_template,
        stargazer_count=one.stargazers_count,
        fork_count=one.forks_count,
        created_at=one.created_at,
        pushed_at=one.pushed_at,
        primary_language=None if one.language is None else Named(name=one.language),
    )


def tree_node(one: Repository, listed: GitTree | None) -> TreeNode:
    """The two upper levels of a repository and its workflows, as GraphQL says them; without a list it is empty."""
    return TreeNode(
        id=one.node_id,
        name_with_owner=one.full_name,
        url=one.html_url,
        pushed_at=one.pushed_at,
        is_archived=one.archived,
        is_mirror=one.mirror_url is not None,
        is_template=one.is_template,
        root=_root(listed.tree) if listed is not None else None,
        workflows=_folder(listed.tree, WORKFLOWS) if listed is not None else None,
    )


def _root(lines: tuple[_Line, ...]) -> Root:
    inside: dict[str, list[Entry]] = {}
    for line in lines:
        folder, _, name = line.path.rpartition("/")
        if folder and "/" not in folder:
            inside.setdefault(folder, []).append(_entry(line, name))
    return Root(
        entries=tuple(
            RootEntry(
                name=line.path,
                type=line.type,
                size=line.size or 0,
                object=Folder(entries=tuple(inside.get(line.path, ()))) if line.type == "tree" else None,
            )
            for line in lines
            if "/" not in line.path
        )
    )


def _folder(lines: tuple[_Line, ...], folder: str) -> Folder | None:
    entries = tuple(
        _entry(line, name) for line in lines for parent, _, name in [line.path.rpartition("/")] if parent == folder
    )
    return Folder(entries=entries) if entries else None


def _entry(line: _Line, name: str) -> Entry:
    return Entry(name=name, type=line.type, size=line.size or 0)
