"""Files, folders and commits of repositories as GraphQL gives them."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, TypeAlias

from sourcer.demo.fields.common import Args, Table, attribute, constant, living, text_id
from sourcer.demo.model import SITE_GITHUB, Account, Repository
from sourcer.demo.paging import connection

__all__ = ["BRANCH", "TREES", "Blob", "Commit", "Entry", "GitThing", "Tree", "commits", "entries", "git_object", "oid"]

BRANCH: Final = "main"
"""The default branch of every repository."""

_BLOB_MODE: Final = 0o100644
_TREE_MODE: Final = 0o40000
_MOST_TEXT: Final = 512 * 1024
"""Bytes after which ``text`` is cut off."""


@dataclass(frozen=True, slots=True)
class Blob:
    """A file on the default branch."""

    repository: Repository
    path: str

    @property
    def data(self) -> bytes:
        """What is in it."""
        return self.repository.files[self.path].encode()

    @property
    def is_binary(self) -> bool:
        """As git sees it: a zero byte makes it so."""
        return "\0" in self.repository.files[self.path]


@dataclass(frozen=True, slots=True)
class Tree:
    """A folder on the default branch; ``path`` is empty for the topmost."""

    repository: Repository
    path: str


@dataclass(frozen=True, slots=True)
class Commit:
    """A step of the default branch's history."""

    repository: Repository
    at: datetime
    message: str
    author: Account | None


GitThing: TypeAlias = Blob | Tree | Commit


@dataclass(frozen=True, slots=True)
class Entry:
    """What a folder holds."""

    path: str
    object: Blob | Tree

    @property
    def name(self) -> str:
        """The last part of the path."""
        return self.path.rpartition("/")[2]

    @property
    def repository(self) -> Repository:
        """Where it lies."""
        return self.object.repository


def commits(repository: Repository) -> list[Commit]:
    """What led to the default branch, the latest first: merged pull requests between a beginning and the last push."""
    if not repository.files or repository.pushed_at is None:
        return []
    keeper = repository.owner if repository.owner.kind == "User" else next(iter(repository.owner.members), None)
    merged = [
        Commit(repository, pull.merged_at, pull.title, pull.author)
        for pull in repository.pull_requests
        if pull.merged_at is not None
    ]
    first = Commit(repository, repository.created_at, "Begin", keeper)
    last = Commit(repository, repository.pushed_at, "Tidy up", keeper)
    return [last, *sorted(merged, key=lambda one: one.at, reverse=True), first]


def git_object(repository: Repository, args: Args) -> GitThing | None:
    """``HEAD:path`` or ``main:path``: a file, a folder, or nothing; without a path the latest commit."""
    revision, colon, path = (args.get("expression") or "").partition(":")
    path = path.strip("/")
    if revision not in ("HEAD", BRANCH, f"refs/heads/{BRANCH}") or not repository.files:
        return None
    if not colon:
        return next(iter(commits(repository)), None)
    if path in repository.files:
        return Blob(repository, path)
    folder = f"{path}/" if path else ""
    return Tree(repository, path) if any(one.startswith(folder) for one in repository.files) else None


def entries(tree: Tree) -> Iterator[Entry]:
    """What lies in a folder, by name."""
    start = f"{tree.path}/" if tree.path else ""
    inside = {path.removeprefix(start) for path in tree.repository.files if path.startswith(start)}
    names = {path.partition("/")[0] for path in inside}
    for name in sorted(names):
        yield Entry(start + name, (Blob if name in inside else Tree)(tree.repository, start + name))


def oid(one: GitThing) -> str:
    """The name that git would give: a hash of the content (of a folder: of the names and contents in it)."""
    match one:
        case Blob():
            kind, data = "blob", one.data
        case Tree():
            kind, data = "tree", "\n".join(f"{entry.path} {oid(entry.object)}" for entry in entries(one)).encode()
        case Commit():
            kind, data = "commit", f"{one.repository.database_id} {one.at.isoformat()} {one.message}".encode()
    return hashlib.sha1(f"{kind} {len(data)}\0".encode() + data, usedforsecurity=False).hexdigest()


def _text(blob: Blob, _args: Args) -> str | None:
    if blob.is_binary:
        return None
    return blob.data[:_MOST_TEXT].decode(errors="ignore")


def _key(one: GitThing) -> str:
    prefix = {Blob: "B", Tree: "TR", Commit: "C"}[type(one)]
    place = one.path if isinstance(one, Blob | Tree) else oid(one)
    return text_id(prefix, f"{one.repository.database_id}:{place}")


def _page(one: GitThing, _args: Args) -> str:
    return f"/{one.repository.name_with_owner}/commit/{oid(one)}"


def _actor(commit: Commit, _args: Args) -> dict[str, Any]:
    user = living(commit.author)
    return {
        "avatarUrl": "https://avatars.githubusercontent.com/u/0?v=4",
        "date": f"{commit.at:%Y-%m-%dT%H:%M:%SZ}",
        "name": commit.author.name if commit.author is not None else None,
        "user": user if user is not None and user.kind == "User" else None,
    }


def _history(commit: Commit, args: Args) -> dict[str, Any]:
    found = [one for one in commits(commit.repository) if one.at <= commit.at]
    wanted = (args.get("author") or {}).get("id")
    if wanted is not None:
        found = [one for one in found if one.author is not None and one.author.id == wanted]
    return connection(found, "history", args)


_OBJECT: Final[Table] = {
    "abbreviatedOid": lambda one, _args: oid(one)[:7],
    "commitResourcePath": _page,
    "commitUrl": lambda one, args: SITE_GITHUB + _page(one, args),
    "id": attribute(_key),
    "oid": attribute(oid),
}

TREES: Final[dict[str, Table]] = {
    "Blob": _OBJECT
    | {
        "byteSize": lambda one, _args: len(one.data),
        "isTruncated": lambda one, _args: len(one.data) > _MOST_TEXT,
        "text": _text,
    },
    "Commit": _OBJECT
    | {
        "author": _actor,
        "authoredDate": attribute(lambda one: one.at),
        "committedDate": attribute(lambda one: one.at),
        "history": _history,
        "messageHeadline": attribute(lambda one: one.message),
        "resourcePath": _page,
        "tree": attribute(lambda one: Tree(one.repository, "")),
        "url": lambda one, args: SITE_GITHUB + _page(one, args),
    },
    "Tree": _OBJECT | {"entries": lambda one, _args: list(entries(one))},
    "TreeEntry": {
        "extension": lambda one, _args: f".{one.name.rpartition('.')[2]}" if "." in one.name else "",
        "isGenerated": constant(value=False),
        "language": constant(None),
        "lineCount": lambda one, _args: one.object.data.count(b"\n") if isinstance(one.object, Blob) else None,
        "mode": lambda one, _args: _BLOB_MODE if isinstance(one.object, Blob) else _TREE_MODE,
        "nameRaw": lambda one, _args: base64.b64encode(one.name.encode()).decode(),
        "oid": lambda one, _args: oid(one.object),
        "pathRaw": lambda one, _args: base64.b64encode(one.path.encode()).decode(),
        "size": lambda one, _args: len(one.object.data) if isinstance(one.object, Blob) else 0,
        "type": lambda one, _args: "blob" if isinstance(one.object, Blob) else "tree",
    },
}
"""By type and field: from the object and the arguments to the value."""
