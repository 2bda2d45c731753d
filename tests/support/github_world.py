"""An invented GitHub for tests: it runs the queries against the slice of GitHub's schema, so its shapes are GitHub's.

Every answer is also held against the slice by :func:`support.graphql_schema.validate_answer`. Faults are
put in by hand.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

import httpx
from graphql import ExecutionResult, GraphQLError, execute_sync

from support.graphql_schema import checked, schema, validate_answer

__all__ = [
    "Asked",
    "FakeGitHub",
    "blob",
    "broken",
    "laid_out",
    "merged",
    "not_found",
    "repository",
    "review",
    "reviewed_by",
    "tree",
    "user",
]

RATE: Final = {"cost": 1, "limit": 5000, "remaining": 4999, "resetAt": "2026-11-23T12:00:00Z"}
HEADERS: Final = {"x-ratelimit-limit": "5000", "x-ratelimit-remaining": "4999", "x-ratelimit-reset": "1795003600"}
MOST_RESULTS: Final = 1_000

Node = dict[str, Any]
Fault = Callable[["Asked"], httpx.Response | None]


@dataclass(frozen=True)
class Asked:
    """One question as it arrived."""

    query: str
    variables: Mapping[str, Any]
    headers: Mapping[str, str]

    @property
    def ids(self) -> list[str]:
        """What it lists by id."""
        return [one for value in self.variables.values() if isinstance(value, list) for one in value]

    @property
    def kind(self) -> str:
        """The name of the operation."""
        found = re.search(r"query (\w+)", self.query)
        return found[1] if found else ""


@dataclass
class FakeGitHub:
    """Users and repositories, what was asked, and a fault that may take an answer's place."""

    users: list[Node] = field(default_factory=list)
    asked: list[Asked] = field(default_factory=list)
    fault: Fault = lambda _: None
    organisations: list[Node] = field(default_factory=list)

    def handle(self, request: httpx.Request) -> httpx.Response:
        """Answer one HTTP request."""
        body = json.loads(request.content)
        asked = Asked(body["query"], body["variables"], request.headers)
        self.asked.append(asked)
        return self.fault(asked) or self.answer(asked)

    def answer(self, asked: Asked) -> httpx.Response:
        """What GitHub answers when nothing goes wrong but what lies in the data."""
        root = {
            "rateLimit": RATE,
            "user": self._user,
            "node": self._node,
            "nodes": self._nodes,
            "search": self._search,
            "repository": self._repository,
            "organization": self._organization,
        }
        document, faults = checked(asked.query)
        if faults:
            result = ExecutionResult(None, list(faults))
        else:
            result = execute_sync(schema(), document, root, variable_values=dict(asked.variables))
        answer: Node = {"data": result.data}
        if result.errors:
            answer["errors"] = [_error(error) for error in result.errors]
        if result.data is not None:
            wrong = validate_answer(asked.query, asked.variables, result.data)
            assert not wrong, wrong
        return httpx.Response(200, json=answer, headers=HEADERS)

    def kinds(self) -> list[str]:
        """The names of the questions, in order."""
        return [asked.kind for asked in self.asked]

    @property
    def repositories(self) -> list[Node]:
        """Every repository there is, in the order in which it was made."""
        return [one for owner in (*self.users, *self.organisations) for one in owner["_repositories"]]

    def _user(self, _: Any, login: str) -> Node:
        found = next((one for one in self.users if one["login"] == login), None)
        if found is None:
            raise not_found(f"Could not resolve to a User with the login of '{login}'.")
        return found

    def _organization(self, _: Any, login: str) -> Node:
        found = next((one for one in self.organisations if one["login"] == login), None)
        if found is None:
            raise not_found(f"Could not resolve to an Organization with the login of '{login}'.")
        return found

    def _repository(self, _: Any, owner: str, name: str) -> Node:
        whole = f"{owner}/{name}"
        found = next((one for one in self.repositories if one["nameWithOwner"].lower() == whole.lower()), None)
        if found is None:
            raise not_found(f"Could not resolve to a Repository with the name of '{whole}'.")
        return found

    def _node(self, _: Any, id: str) -> Node:  # noqa: A002  # GitHub's name
        found = next((one for one in (*self.users, *self.organisations, *self.repositories) if one["id"] == id), None)
        if found is None:
            raise not_found(f"Could not resolve to a node with the global id of '{id}'")
        return found

    def _nodes(self, info: Any, ids: Sequence[str]) -> list[Any]:
        def resolve(one: str) -> Any:
            try:
                return self._node(info, one)
            except GraphQLError as error:
                return error

        return [resolve(one) for one in ids]

    def _search(self, _: Any, query: str, first: int, after: str | None = None, **asked: Any) -> Node:
        if asked["type"] == "USER":
            found = [one for one in (*self.users, *self.organisations) if _is_wanted(one, query)]
        else:
            found = [one for one in self.repositories if _matches(one, query)]
        page = _page(found[:MOST_RESULTS], first, after)
        return {"repositoryCount": len(found), "userCount": len(found), **page}


def _error(error: GraphQLError) -> Node:
    kind = (error.extensions or {}).get("type")
    return {"message": error.message, "path": error.path} | ({"type": kind} if kind else {})


def not_found(message: str) -> GraphQLError:
    """The error of something that does not exist."""
    return GraphQLError(message, extensions={"type": "NOT_FOUND"})


def broken(kind: str = "RESOURCE_LIMITS_EXCEEDED", more_than: int = 0) -> Callable[..., Any]:
    """A field that fails whenever a question asks about more than so many things."""

    def resolve(info: Any, **_: Any) -> None:
        lists = [value for value in _variables(info).values() if isinstance(value, list)]
        asked = len(info.operation.selection_set.selections) - 1 - len(lists) + sum(map(len, lists))
        if asked > more_than:
            raise GraphQLError("Resource limits for this query exceeded.", extensions={"type": kind})

    return resolve


def _variables(info: Any) -> Mapping[str, Any]:
    """What the question was given; graphql-core 3.3 keeps it one level deeper than 3.2."""
    values = info.variable_values
    return values if isinstance(values, Mapping) else values.coerced


def _page(items: Sequence[Any], first: int, after: str | None = None) -> Node:
    start = int(after.removeprefix("cursor:")) if after else 0
    end = start + first
    more = end < len(items)
    return {
        "totalCount": len(items),
        "pageInfo": {"hasNextPage": more, "endCursor": f"cursor:{end}" if more else None},
        "nodes": list(items[start:end]),
    }


def _matches(one: Node, query: str) -> bool:
    for word in query.split():
        name, _, value = word.partition(":")
        if name == "topic" and value not in one["_topics"]:
            return False
        if name == "stars" and not _is_between(one["stargazerCount"], value):
            return False
        if name == "created" and not _within(one["_created"], value):
            return False
        assert name in ("topic", "stars", "created"), query
    return not one["isFork"]


def _is_wanted(one: Node, query: str) -> bool:
    """Whether a search for people finds an account."""
    words = re.findall(r'([a-z]+):("[^"]*"|\S+)', query)
    assert " ".join(f"{name}:{value}" for name, value in words) == query, query
    for name, quoted in words:
        value = quoted.strip('"').lower()
        if name == "type" and one["__typename"].lower() != value:
            return False
        if name == "location" and value not in (one["location"] or "").lower():
            return False
        if name == "language" and value not in one["_languages"]:
            return False
        if name == "followers" and not _is_between(one["_followers"], value):
            return False
        if name == "created" and not _within(one["createdAt"][:10], value):
            return False
        assert name in ("type", "location", "language", "followers", "created"), query
    return True


def _is_between(number: int, span: str) -> bool:
    if span.startswith(">="):
        return number >= int(span.removeprefix(">="))
    first, _, last = span.partition("..")
    return int(first) <= number <= int(last)


def _within(day: str, span: str) -> bool:
    first, _, last = span.partition("..")
    return date.fromisoformat(first) <= date.fromisoformat(day) <= date.fromisoformat(last)


def user(
    number: int,
    login: str,
    repositories: Iterable[Node] = (),
    *,
    pulls: Sequence[Node | None] = (),
    reviews: Sequence[Node | None] = (),
    years: Sequence[int] = (2026, 2025),
    **more: Any,
) -> Node:
    """An invented person; the repositories become theirs.

    ``pulls`` are what others merged of theirs, newest first, each :func:`merged` with its ``repository``; ``reviews``
    are :func:`review`.
    """
    owned = list(repositories)
    members: list[Any] = more.pop("members", [])
    person: Node = {
        "__typename": "User",
        "id": f"U_{number}",
        "databaseId": number,
        "login": login,
        "url": f"https://github.com/{login}",
        "name": None,
        "bio": None,
        "company": None,
        "location": None,
        "websiteUrl": None,
        "twitterUsername": None,
        "isHireable": False,
        "createdAt": "2015-03-04T05:06:07Z",
        "updatedAt": "2026-11-01T00:00:00Z",
        "followers": lambda _info, **_: {"totalCount": 7},
        "socialAccounts": lambda _info, **_: {"nodes": []},
        "repositories": lambda _info, first, after=None, **_: _page(_newest_first(owned), first, after),
        "pullRequests": lambda _info, **asked: _pulls(pulls, by="CREATED_AT", **asked),
        "contributionsCollection": lambda _info, **asked: {
            "contributionYears": list(years),
            "pullRequestReviewContributions": lambda _info, first, **_: _page(_within_times(reviews, **asked), first),
        },
        "membersWithRole": lambda _info, first, after=None, **_: _page(members, first, after),
        "_repositories": owned,
        "_languages": (),
        "_followers": 7,
        **more,
    }
    for one in owned:
        one["owner"] = person
        one["nameWithOwner"] = f"{login}/{one['_name']}"
        one["url"] = f"https://github.com/{login}/{one['_name']}"
    return person


def _newest_first(owned: Iterable[Node]) -> list[Node]:
    return sorted(owned, key=lambda one: one["pushedAt"] or "", reverse=True)


def repository(
    number: int,
    name: str,
    *,
    topics: Sequence[str] = (),
    languages: Mapping[str, int] | None = None,
    created: str = "2024-05-06",
    files: Mapping[str, Any] | None = None,
    pulls: Sequence[Node | None] = (),
    pushers: Sequence[Node | None] = (),
    **more: Any,
) -> Node:
    """An invented repository; ``files`` maps paths to :func:`blob` and :func:`tree`, ``pulls`` are :func:`merged`.

    ``pushers`` wrote its latest commits, the last one first; ``None`` is somebody without an account.
    """
    sizes = languages or {}
    held = {"HEAD": _commit(pushers) if pushers else None, **(files or {})}
    main: str | None = max(sizes, key=lambda one: sizes[one], default=None)
    return {
        "__typename": "Repository",
        "id": f"R_{number}",
        "databaseId": number,
        "description": None,
        "isFork": False,
        "isArchived": False,
        "isMirror": False,
        "isTemplate": False,
        "stargazerCount": 0,
        "forkCount": 0,
        "isPrivate": False,
        "createdAt": f"{created}T00:00:00Z",
        "pushedAt": "2026-10-01T00:00:00Z",
        "primaryLanguage": {"name": main} if main else None,
        "repositoryTopics": lambda _info, **_: {"nodes": [None, *({"topic": {"name": one}} for one in topics)]},
        "languages": lambda _info, **_: {
            "totalSize": sum(sizes.values()),
            "edges": [{"size": size, "node": {"name": one}} for one, size in sizes.items()],
        },
        "latestRelease": None,
        "pullRequests": lambda _info, **asked: _pulls(pulls, **asked),
        "object": lambda _info, expression: held.get(expression.removeprefix("HEAD:")),
        "_name": name,
        "_topics": tuple(topics),
        "_created": created,
        **more,
    }


def _commit(pushers: Sequence[Node | None]) -> Node:
    commits = [{"author": {"user": one}} for one in pushers]
    return {"__typename": "Commit", "history": lambda _info, first, **_: _page([None, *commits], first)}


def merged(number: int, author: Node | None, merged_at: str = "2026-09-01T00:00:00Z", **more: Any) -> Node:
    """A pull request that was merged; without an author, theirs was deleted."""
    return {
        "id": f"PR_{number}",
        "title": f"Change {number}",
        "url": f"https://github.com/orchard/press/pull/{number}",
        "mergedAt": merged_at,
        "updatedAt": merged_at,
        "additions": 10,
        "deletions": 2,
        "changedFiles": 3,
        "author": author,
        "reviews": lambda _info, first, **_: _page(more.get("reviewed", []), first, None),
        **more,
    }


def review(number: int, pull: Node, taker: Node, submitted_at: str = "2026-09-01T00:00:00Z", **more: Any) -> Node:
    """A review of a pull request, :func:`merged`, in a repository."""
    url = f"{pull['url']}#pullrequestreview-{number}"
    said = {"id": f"PRR_{number}", "url": url, "state": "APPROVED", "submittedAt": submitted_at, **more}
    return {"pullRequestReview": said, "pullRequest": pull, "repository": taker}


def reviewed_by(number: int, author: Node | None, state: str = "APPROVED", **more: Any) -> Node:
    """A review as it stands at its pull request, ``merged(reviewed=[…])``; without an author, theirs was deleted."""
    return {
        "id": f"PRR_{number}",
        "url": f"https://github.com/orchard/press/pull/1#pullrequestreview-{number}",
        "state": state,
        "submittedAt": "2026-08-30T00:00:00Z",
        "author": author,
        **more,
    }


def _within_times(reviews: Sequence[Node | None], **window: str) -> list[Node | None]:
    """Those of a window; by itself GitHub looks back over a year."""
    first, last = window.get("from", "2025-11-19T00:00:00Z"), window.get("to", "9999")
    return [one for one in reviews if one is None or first <= one["pullRequestReview"]["submittedAt"] <= last]


def _pulls(
    pulls: Sequence[Node | None],
    *,
    states: Sequence[str],
    first: int,
    after: str | None = None,
    orderBy: Mapping[str, str] | None = None,  # noqa: N803  # GitHub's name
    by: str = "UPDATED_AT",
) -> Node:
    """A page, in the order in which they were given: the latest first."""
    assert states == ["MERGED"]
    assert orderBy in (None, {"field": by, "direction": "DESC"})
    times = [one["updatedAt"] for one in pulls if one is not None]
    assert times == sorted(times, reverse=True)
    return _page(pulls, first, after)


def blob(text: str | None, *, truncated: bool = False) -> Node:
    """A file; without text it is binary."""
    return {
        "__typename": "Blob",
        "byteSize": len(text or ""),
        "isTruncated": truncated,
        "isBinary": text is None,
        "text": text,
    }


def tree(*names: str, **files: Node) -> Node:
    """A folder: names that end in ``/`` are folders; ``files`` give contents by name."""
    entries: list[Node] = [
        {"name": name.rstrip("/"), "type": "tree" if name.endswith("/") else "blob", "size": 10, "object": None}
        for name in names
    ]
    entries += [{"name": name, "type": "blob", "size": 10, "object": file} for name, file in files.items()]
    return {"__typename": "Tree", "entries": entries}


def laid_out(files: Mapping[str, Node]) -> dict[str, Node]:
    """What a repository holds that consists of these files, by path: them, and their folders; the root is ``""``."""
    folders: dict[str, Node] = {"": tree()}
    for path, file in files.items():
        parts = path.split("/")
        for depth in range(1, len(parts)):
            above, here = "/".join(parts[: depth - 1]), "/".join(parts[:depth])
            if here not in folders:
                folders[here] = tree()
                line = {"name": parts[depth - 1], "type": "tree", "size": 0, "object": folders[here]}
                folders[above]["entries"].append(line)
        line = {"name": parts[-1], "type": "blob", "size": file["byteSize"], "object": file}
        folders["/".join(parts[:-1])]["entries"].append(line)
    return {**files, **folders}
