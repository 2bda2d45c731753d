"""How each field of GitHub's schema is answered from the invented world.

A field without an entry here is read from the attribute of the same name (``createdAt`` from ``created_at``).
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final, TypeAlias

from sourcer.demo.model import SITE_GITHUB, TODAY, Account, PullRequest, Release, Repository, node_id
from sourcer.demo.paging import connection

__all__ = ["FIELDS", "type_of"]

Args: TypeAlias = Mapping[str, Any]
Answer: TypeAlias = Callable[[Any, Args], Any]

_BLOB_MODE: Final = 0o100644
_TREE_MODE: Final = 0o40000
_LONG_AGO: Final = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class _Blob:
    repository: Repository
    path: str

    @property
    def data(self) -> bytes:
        return self.repository.files[self.path].encode()


@dataclass(frozen=True, slots=True)
class _Tree:
    repository: Repository
    path: str


@dataclass(frozen=True, slots=True)
class _Entry:
    path: str
    object: _Blob | _Tree

    @property
    def name(self) -> str:
        return self.path.rpartition("/")[2]


def type_of(source: Any) -> str:
    """The name of the GraphQL type that an object of the world has."""
    if isinstance(source, Account):
        return source.kind
    return {Repository: "Repository", Release: "Release", _Blob: "Blob", _Tree: "Tree"}[type(source)]


def _text_id(prefix: str, text: str) -> str:
    return f"{prefix}_{base64.urlsafe_b64encode(text.encode()).rstrip(b'=').decode()}"


def _updated(account: Account) -> datetime:
    return max(account.created_at, TODAY - timedelta(days=account.database_id % 190, hours=7))


def _repositories(account: Account, args: Args) -> dict[str, Any]:
    found = account.repositories
    if args.get("isFork") is not None:
        found = [one for one in found if (one.parent is not None) is args["isFork"]]
    if args.get("isArchived") is not None:
        found = [one for one in found if one.is_archived is args["isArchived"]]
    affiliations = args.get("ownerAffiliations")
    hidden = args.get("privacy") == "PRIVATE" or args.get("visibility") in ("PRIVATE", "INTERNAL")
    if hidden or (affiliations is not None and "OWNER" not in affiliations):
        found = []
    order = args.get("orderBy") or {"field": "NAME", "direction": "ASC"}
    by_id = sorted((one for one in found if not one.is_withheld), key=lambda one: one.database_id)
    key = _REPOSITORY_ORDER[order["field"]]
    return connection(sorted(by_id, key=key, reverse=order["direction"] == "DESC"), "repositories", args)


_REPOSITORY_ORDER: Final[dict[str, Callable[[Repository], Any]]] = {
    "CREATED_AT": lambda one: one.created_at,
    "NAME": lambda one: one.name.lower(),
    "PUSHED_AT": lambda one: one.pushed_at or _LONG_AGO,
    "STARGAZERS": lambda one: one.stars,
    "UPDATED_AT": lambda one: one.pushed_at or one.created_at,
}


def _repository_of(account: Account, args: Args) -> Repository | None:
    named = (one for one in account.repositories if one.name.lower() == args["name"].lower())
    return next((one for one in named if not one.is_withheld), None)


def _pull_requests(repository: Repository, args: Args) -> dict[str, Any]:
    """Branches and labels do not exist here: whoever asks for one finds nothing."""
    found = repository.pull_requests
    if args.get("states") is not None:
        found = [one for one in found if _state(one, {}) in args["states"]]
    if any(args.get(name) is not None for name in ("baseRefName", "headRefName", "labels")):
        found = []
    order = args.get("orderBy") or {"field": "CREATED_AT", "direction": "ASC"}
    by_id = sorted(found, key=lambda one: one.database_id)
    key = _PULL_REQUEST_ORDER[order["field"]]
    return connection(sorted(by_id, key=key, reverse=order["direction"] == "DESC"), "pullRequests", args)


_PULL_REQUEST_ORDER: Final[dict[str, Callable[[PullRequest], Any]]] = {
    "COMMENTS": lambda _one: 0,
    "CREATED_AT": lambda one: one.created_at,
    "UPDATED_AT": lambda one: one.updated_at,
}


def _state(pull: PullRequest, _args: Args) -> str:
    return "OPEN" if pull.merged_at is None else "MERGED"


def _author(pull: PullRequest, _args: Args) -> Account | None:
    """Nobody, once the account was deleted."""
    return None if pull.author is None or pull.author.is_deleted else pull.author


def _socials(account: Account, args: Args) -> dict[str, Any]:
    items = [{"provider": kind, "displayName": name, "url": url} for kind, name, url in account.socials]
    return connection(items, "socialAccounts", args)


def _counted(number: Callable[[Account], int], name: str) -> Answer:
    """A list of which the world only knows the length."""
    return lambda account, args: connection([], name, args) | {"totalCount": number(account)}


def _language(name: str) -> dict[str, Any]:
    return {"id": _text_id("LANG", name), "name": name, "color": None}


def _languages(repository: Repository, args: Args) -> dict[str, Any]:
    sizes = sorted(repository.languages.items(), key=lambda item: (item[1], item[0]))
    if (args.get("orderBy") or {}).get("direction") == "DESC":
        sizes.reverse()
    items = [_language(name) for name, _ in sizes]
    return connection(
        items,
        "languages",
        args,
        edge=lambda one: {"size": repository.languages[one["name"]]},
        totalSize=sum(repository.languages.values()),
    )


def _primary_language(repository: Repository, _args: Args) -> dict[str, Any] | None:
    name = max(repository.languages, key=lambda one: repository.languages[one], default=None)
    return _language(name) if name is not None else None


def _topics(repository: Repository, args: Args) -> dict[str, Any]:
    items = [
        {
            "id": _text_id("RT", f"{repository.database_id}:{name}"),
            "topic": {"id": _text_id("T", name), "name": name},
            "url": f"{SITE_GITHUB}/topics/{name}",
            "resourcePath": f"/topics/{name}",
        }
        for name in repository.topics
    ]
    return connection(items, "repositoryTopics", args)


def _licence(repository: Repository, _args: Args) -> dict[str, Any] | None:
    name = repository.license
    if name is None:
        return None
    known = name != "NOASSERTION"
    key = name.lower() if known else "other"
    url = f"http://choosealicense.com/licenses/{key}/" if known else None
    return {
        "id": _text_id("L", key),
        "key": key,
        "name": f"{name} licence" if known else "Other",
        "spdxId": name,
        "url": url,
    }


def _release(repository: Repository, _args: Args) -> dict[str, Any] | None:
    """The newest published version; GitHub does not call a pre-release the latest."""
    release = repository.release
    if release is None or release.prerelease:
        return None
    path = f"/{repository.name_with_owner}/releases/tag/{release.tag}"
    return {
        "id": node_id("RE", release.database_id),
        "databaseId": release.database_id,
        "tagName": release.tag,
        "name": release.tag,
        "createdAt": release.published_at,
        "publishedAt": release.published_at,
        "isDraft": False,
        "isLatest": True,
        "isPrerelease": False,
        "url": SITE_GITHUB + path,
        "resourcePath": path,
    }


def _default_branch(repository: Repository, _args: Args) -> dict[str, Any] | None:
    if not repository.files:
        return None
    return {"id": _text_id("REF", str(repository.database_id)), "name": "main", "prefix": "refs/heads/"}


def _object(repository: Repository, args: Args) -> _Blob | _Tree | None:
    """``HEAD:path`` or ``main:path``: a file, a folder, or nothing."""
    revision, colon, path = (args.get("expression") or "").partition(":")
    path = path.strip("/")
    if not colon or revision not in ("HEAD", "main", "refs/heads/main") or not repository.files:
        return None
    if path in repository.files:
        return _Blob(repository, path)
    folder = f"{path}/" if path else ""
    return _Tree(repository, path) if any(one.startswith(folder) for one in repository.files) else None


def _entries(tree: _Tree, _args: Args) -> list[_Entry]:
    start = f"{tree.path}/" if tree.path else ""
    inside = {path.removeprefix(start) for path in tree.repository.files if path.startswith(start)}
    files = {path for path in inside if "/" not in path}
    names = sorted(files | {path.partition("/")[0] for path in inside})
    return [_Entry(start + name, (_Blob if name in files else _Tree)(tree.repository, start + name)) for name in names]


def _oid(one: _Blob | _Tree) -> str:
    """The name that git would give: a hash of the content (of a folder: of the paths in it)."""
    data = one.data if isinstance(one, _Blob) else "\n".join(entry.path for entry in _entries(one, {})).encode()
    head = f"{'blob' if isinstance(one, _Blob) else 'tree'} {len(data)}\0".encode()
    return hashlib.sha1(head + data, usedforsecurity=False).hexdigest()


def _size(entry: _Entry, _args: Args) -> int:
    return len(entry.object.data) if isinstance(entry.object, _Blob) else 0


def _suffix(entry: _Entry, _args: Args) -> str:
    return f".{entry.name.rpartition('.')[2]}" if "." in entry.name else ""


def _constant(value: Any) -> Answer:
    return lambda _source, _args: value


_OWNER: Final[dict[str, Answer]] = {
    "avatarUrl": lambda one, _args: f"https://avatars.githubusercontent.com/u/{one.database_id}?v=4",
    "resourcePath": lambda one, _args: one.url.removeprefix(SITE_GITHUB),
    "repositories": _repositories,
    "repository": _repository_of,
    "twitterUsername": _constant(None),
    "updatedAt": lambda one, _args: _updated(one),
    "websiteUrl": lambda one, _args: one.website,
}

_OBJECT: Final[dict[str, Answer]] = {
    "abbreviatedOid": lambda one, _args: _oid(one)[:7],
    "id": lambda one, _args: _text_id(
        "B" if isinstance(one, _Blob) else "TR", f"{one.repository.database_id}:{one.path}"
    ),
    "oid": lambda one, _args: _oid(one),
}

FIELDS: Final[dict[str, dict[str, Answer]]] = {
    "User": _OWNER
    | {
        "followers": _counted(lambda one: one.followers, "followers"),
        "following": _counted(lambda one: one.following, "following"),
        "isEmployee": _constant(value=False),
        "isSiteAdmin": _constant(value=False),
        "organizations": _counted(lambda _one: 0, "organizations"),
        "pronouns": _constant(None),
        "socialAccounts": _socials,
        "status": _constant(None),
        "userViewType": _constant("PUBLIC"),
    },
    "Organization": _OWNER | {"description": lambda one, _args: one.bio, "isVerified": _constant(value=False)},
    "Bot": _OWNER,
    "Repository": {
        "archivedAt": lambda one, _args: one.pushed_at if one.is_archived else None,
        "defaultBranchRef": _default_branch,
        "diskUsage": lambda one, _args: sum(one.languages.values()) // 1000,
        "forkCount": lambda one, _args: one.forks,
        "homepageUrl": lambda one, _args: one.homepage,
        "isDisabled": _constant(value=False),
        "isEmpty": lambda one, _args: not one.files,
        "isFork": lambda one, _args: one.parent is not None,
        "isInOrganization": lambda one, _args: one.owner.kind == "Organization",
        "isLocked": _constant(value=False),
        "isMirror": lambda one, _args: one.mirror_url is not None,
        "isPrivate": _constant(value=False),
        "languages": _languages,
        "latestRelease": _release,
        "licenseInfo": _licence,
        "object": _object,
        "primaryLanguage": _primary_language,
        "pullRequests": _pull_requests,
        "repositoryTopics": _topics,
        "resourcePath": lambda one, _args: f"/{one.name_with_owner}",
        "stargazerCount": lambda one, _args: one.stars,
        "updatedAt": lambda one, _args: one.pushed_at or one.created_at,
        "url": lambda one, _args: f"{SITE_GITHUB}/{one.name_with_owner}",
        "visibility": _constant("PUBLIC"),
    },
    "PullRequest": {
        "author": _author,
        "closed": lambda one, _args: one.merged_at is not None,
        "closedAt": lambda one, _args: one.merged_at,
        "isDraft": _constant(value=False),
        "merged": lambda one, _args: one.merged_at is not None,
        "permalink": lambda one, _args: one.url,
        "resourcePath": lambda one, _args: one.url.removeprefix(SITE_GITHUB),
        "state": _state,
    },
    "Blob": _OBJECT
    | {
        "byteSize": lambda one, _args: len(one.data),
        "isBinary": _constant(value=False),
        "isTruncated": _constant(value=False),
        "text": lambda one, _args: one.repository.files[one.path],
    },
    "Tree": _OBJECT | {"entries": _entries},
    "TreeEntry": {
        "extension": _suffix,
        "isGenerated": _constant(value=False),
        "mode": lambda one, _args: _BLOB_MODE if isinstance(one.object, _Blob) else _TREE_MODE,
        "oid": lambda one, _args: _oid(one.object),
        "size": _size,
        "type": lambda one, _args: "blob" if isinstance(one.object, _Blob) else "tree",
    },
}
"""By type and field: from the object and the arguments to the value."""
