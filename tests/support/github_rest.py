"""The invented GitHub of :mod:`support.github_world` as its REST API shows it.

Every answer is held against the slice of GitHub's own description that lies in ``tests/schemas``. It limits like the
real one, tells what has changed by ETag, and says where a list goes on. Faults are put in by hand.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, Final
from urllib.parse import parse_qsl, unquote, urlencode

import httpx
from openapi_schema_validator import OAS30Validator

from support.github_world import FakeGitHub, Node

__all__ = ["REST_URL", "FakeRest", "sample", "wrong_with"]

REST_URL: Final = "https://api.github.com"
PLACE: Final = "#/components/schemas/"
SLICE: Final = Path(__file__).resolve().parents[1] / "schemas" / "github-rest.json"
MOST_RESULTS: Final = 1_000

Fault = Callable[[httpx.Request], httpx.Response | None]


@cache
def _slice() -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads(SLICE.read_text(encoding="utf-8"))
    return loaded


@cache
def _validator(component: str) -> OAS30Validator:
    return OAS30Validator({**_slice(), "$ref": f"{PLACE}{component}"})


def wrong_with(component: str, value: Any) -> list[str]:
    """What is wrong with a value, by GitHub's description of such a component."""
    return [f"{error.json_path}: {error.message}"[:200] for error in _validator(component).iter_errors(value)]


def sample(component: str, **given: Any) -> dict[str, Any]:
    """A component: what is ``given``, and something of the right kind for whatever else it must have."""
    filled = _sample({"$ref": f"{PLACE}{component}"})
    whole: dict[str, Any] = {**filled, **given}
    wrong = wrong_with(component, whole)
    assert not wrong, (component, wrong)
    return whole


def _sample(schema: Mapping[str, Any]) -> Any:
    if "$ref" in schema:
        return _sample(_slice()["components"]["schemas"][schema["$ref"].removeprefix(PLACE)])
    if schema.get("nullable"):
        return None
    choices = [schema[word][0] for word in ("anyOf", "oneOf", "allOf") if word in schema]
    if choices:
        return _sample(choices[0])
    if "enum" in schema:
        return schema["enum"][0]
    text = "2026-01-01T00:00:00Z" if schema.get("format") == "date-time" else "https://api.github.com/x"
    properties = schema.get("properties", {})
    filled = {name: _sample(properties.get(name, {})) for name in schema.get("required", ())}
    samples = {"object": filled, "string": text, "integer": 0, "boolean": False, "array": []}
    return samples.get(schema.get("type", ""), 0)


@dataclass
class FakeRest:
    """What was asked, and what is left of the hour and the minute."""

    world: FakeGitHub
    asked: list[httpx.Request] = field(default_factory=list)
    fault: Fault = lambda _: None
    left: dict[str, int] = field(default_factory=lambda: {"core": 60, "search": 10})
    incomplete: int = 0
    headers: dict[str, str] = field(default_factory=dict)

    def handle(self, request: httpx.Request) -> httpx.Response:
        """Answer one HTTP request."""
        assert request.method == "GET"
        assert "authorization" not in request.headers
        assert request.headers["x-github-api-version"] == "2022-11-28"
        self.asked.append(request)
        return self.fault(request) or self.answer(request)

    @property
    def paths(self) -> list[str]:
        """What was asked for, without parameters, in order."""
        return [unquote(request.url.path) for request in self.asked]

    def answer(self, request: httpx.Request) -> httpx.Response:
        """What GitHub answers when nothing goes wrong."""
        path, query = unquote(request.url.path), dict(parse_qsl(str(request.url.query, "ascii")))
        resource = "search" if path.startswith("/search/") else "core"
        found = self._route(path, query)
        limits = self._limits(resource, counts=path != "/rate_limit")
        if isinstance(found, httpx.Response):
            found.headers.update(limits)
            return found
        body, link = found
        raw = request.headers["accept"].startswith("application/vnd.github.raw")
        content = body if isinstance(body, bytes) and raw else json.dumps(body).encode()
        etag = f'W/"{hashlib.sha256(content).hexdigest()}"'
        headers = {**limits, "etag": etag, **({"link": link} if link else {}), **self.headers}
        if request.headers.get("if-none-match") == etag:
            return httpx.Response(304, headers=headers)
        return httpx.Response(200, content=content, headers={**headers, "content-type": "application/json"})

    def _limits(self, resource: str, *, counts: bool) -> dict[str, str]:
        self.left[resource] -= counts
        limit = {"core": 60, "search": 10}[resource]
        return {
            "x-ratelimit-limit": str(limit),
            "x-ratelimit-remaining": str(max(0, self.left[resource])),
            "x-ratelimit-reset": "1795003600",
            "x-ratelimit-resource": resource,
        }

    def _route(self, path: str, query: Mapping[str, str]) -> httpx.Response | tuple[Any, str]:
        for pattern, answer in self._routes():
            found = re.fullmatch(pattern, path)
            if found:
                return answer(query, **{name: value for name, value in found.groupdict().items() if value is not None})
        return _not_found()

    def _routes(self) -> Iterable[tuple[str, Callable[..., httpx.Response | tuple[Any, str]]]]:
        name = r"(?P<name>[^/]+/[^/]+)"
        return (
            (r"/rate_limit", self._rate_limit),
            (r"/user/(?P<number>\d+)", self._account),
            (r"/users/(?P<login>[^/]+)", self._account),
            (r"/users/(?P<login>[^/]+)/repos", self._owned),
            (r"/users/(?P<login>[^/]+)/social_accounts", self._social),
            (r"/(?:orgs/(?P<login>[^/]+)|organizations/(?P<number>\d+))/public_members", self._members),
            (r"/search/repositories", self._search_repositories),
            (r"/search/users", self._search_users),
            (r"/repositories/(?P<number>\d+)", self._repository),
            (rf"/repos/{name}", self._repository),
            (rf"/repos/{name}/git/trees/HEAD", self._tree),
            (rf"/repos/{name}/contents/(?P<path>.+)", self._contents),
            (rf"/(?:repos/{name}|repositories/(?P<number>\d+))/pulls", self._pulls),
        )

    def _rate_limit(self, _: Mapping[str, str]) -> tuple[Any, str]:
        def told(name: str, limit: int) -> dict[str, int]:
            return {"limit": limit, "remaining": self.left.get(name, 0), "reset": 1795003600, "used": 0}

        resources = {"core": told("core", 60), "search": told("search", 10), "graphql": told("graphql", 0)}
        return sample("rate-limit-overview", resources=resources, rate=resources["core"]), ""

    def _account(self, _: Mapping[str, str], **whose: str) -> httpx.Response | tuple[Any, str]:
        person = self._whose(**whose)
        return _not_found() if person is None else (_user(person), "")

    def _whose(self, number: str = "", login: str = "") -> Node | None:
        everybody = (*self.world.users, *self.world.organisations)
        return next((one for one in everybody if str(one["databaseId"]) == number or one["login"] == login), None)

    def _owned(self, query: Mapping[str, str], login: str) -> httpx.Response | tuple[Any, str]:
        assert (query["type"], query["sort"]) == ("owner", "pushed")
        person = self._whose(login=login)
        if person is None:
            return _not_found()
        owned = sorted(person["_repositories"], key=lambda one: one["pushedAt"] or "", reverse=True)
        page, link = _page(f"/user/{person['databaseId']}/repos", query, [one for one in owned if not one["isPrivate"]])
        return [_repository("minimal-repository", one) for one in page], link

    def _social(self, query: Mapping[str, str], login: str) -> httpx.Response | tuple[Any, str]:
        person = self._whose(login=login)
        if person is None:
            return _not_found()
        nodes = person["socialAccounts"](None, first=100)["nodes"]
        listed = [sample("social-account", provider=one["provider"].lower(), url=one["url"]) for one in nodes]
        return _page(f"/users/{login}/social_accounts", query, listed)

    def _members(self, query: Mapping[str, str], **whose: str) -> httpx.Response | tuple[Any, str]:
        group = self._whose(**whose)
        if group is None:
            return _not_found()
        nodes = group["membersWithRole"](None, first=10_000)["nodes"]
        page, link = _page(f"/organizations/{group['databaseId']}/public_members", query, nodes)
        return [_owner(one) for one in page], link

    def _search_repositories(self, query: Mapping[str, str]) -> tuple[Any, str]:
        found = self.world._search(None, query["q"], MOST_RESULTS, type="REPOSITORY")
        page, link = _page("/search/repositories", query, found["nodes"])
        return self._found(
            [_repository("repo-search-result-item", one) for one in page], found["repositoryCount"]
        ), link

    def _search_users(self, query: Mapping[str, str]) -> tuple[Any, str]:
        found = self.world._search(None, query["q"], MOST_RESULTS, type="USER")
        page, link = _page("/search/users", query, found["nodes"])
        listed = [sample("user-search-result-item", **_about(one)) for one in page]
        return self._found(listed, found["userCount"]), link

    def _found(self, items: Sequence[Any], total: int) -> dict[str, Any]:
        incomplete, self.incomplete = self.incomplete > 0, max(0, self.incomplete - 1)
        return {"total_count": total, "incomplete_results": incomplete, "items": items}

    def _repository(self, _: Mapping[str, str], **which: str) -> httpx.Response | tuple[Any, str]:
        one = self._which(**which)
        return _not_found() if one is None else (_repository("full-repository", one), "")

    def _which(self, number: str = "", name: str = "") -> Node | None:
        return next(
            (
                one
                for one in self.world.repositories
                if str(one["databaseId"]) == number or one["nameWithOwner"].lower() == name.lower()
            ),
            None,
        )

    def _tree(self, query: Mapping[str, str], name: str) -> httpx.Response | tuple[Any, str]:
        assert query == {"recursive": "1"}
        one = self._which(name=name)
        root = None if one is None else one["object"](None, "HEAD:")
        if root is None:
            message = {"message": "Git Repository is empty.", "status": "409"}
            return _not_found() if one is None else httpx.Response(409, json=sample("basic-error", **message))
        lines = list(_lines(root))
        return sample("git-tree", sha="0" * 40, tree=lines, truncated=False), ""

    def _contents(self, _: Mapping[str, str], name: str, path: str) -> httpx.Response | tuple[Any, str]:
        one = self._which(name=name)
        file = None if one is None else one["object"](None, f"HEAD:{path}")
        if file is None:
            return _not_found()
        return (b"\0\1" if file["text"] is None else file["text"].encode()), ""

    def _pulls(self, query: Mapping[str, str], **which: str) -> httpx.Response | tuple[Any, str]:
        assert (query["state"], query["sort"], query["direction"]) == ("closed", "updated", "desc")
        one = self._which(**which)
        if one is None:
            return _not_found()
        nodes = one["pullRequests"](None, states=["MERGED"], first=10_000)["nodes"]
        page, link = _page(f"/repositories/{one['databaseId']}/pulls", query, nodes)
        return [_pull(pull) for pull in page], link


def _not_found() -> httpx.Response:
    return httpx.Response(404, json=sample("basic-error", message="Not Found", status="404"))


def _page(path: str, query: Mapping[str, str], items: Sequence[Any]) -> tuple[list[Any], str]:
    size, number = int(query.get("per_page", 30)), int(query.get("page", 1))
    assert size <= 100
    end = size * number
    if end >= len(items):
        return list(items[end - size : end]), ""
    there = f"{REST_URL}{path}?{urlencode({**query, 'page': number + 1})}"
    last = f"{REST_URL}{path}?{urlencode({**query, 'page': -(-len(items) // size)})}"
    return list(items[end - size : end]), f'<{there}>; rel="next", <{last}>; rel="last"'


def _about(one: Node) -> dict[str, Any]:
    return {"id": one["databaseId"], "node_id": one["id"], "login": one["login"], "type": one["__typename"]}


def _owner(one: Node) -> dict[str, Any]:
    return sample("simple-user", **_about(one), html_url=one["url"])


def _user(one: Node) -> dict[str, Any]:
    return sample(
        "public-user",
        **_about(one),
        html_url=one["url"],
        name=one["name"],
        bio=one["bio"],
        company=one["company"],
        location=one["location"],
        blog=one["websiteUrl"] or "",
        twitter_username=one["twitterUsername"],
        hireable=one["isHireable"] or None,
        created_at=one["createdAt"],
        updated_at=one["updatedAt"],
        followers=one["followers"](None)["totalCount"],
        public_repos=len(one["_repositories"]),
        email=None,
    )


def _repository(component: str, one: Node) -> dict[str, Any]:
    main = one["primaryLanguage"]
    times = {"created_at": one["createdAt"], "pushed_at": one["pushedAt"]}
    if component != "minimal-repository" and one["pushedAt"] is None:
        times["pushed_at"] = one["createdAt"]
    return sample(
        component,
        id=one["databaseId"],
        node_id=one["id"],
        full_name=one["nameWithOwner"],
        name=one["_name"],
        html_url=one["url"],
        owner=_owner(one["owner"]),
        description=one["description"],
        fork=one["isFork"],
        archived=one["isArchived"],
        is_template=one["isTemplate"],
        mirror_url="https://example.org/origin.git" if one["isMirror"] else None,
        stargazers_count=one["stargazerCount"],
        forks_count=one["forkCount"],
        language=None if main is None else main["name"],
        topics=list(one["_topics"]),
        **times,
    )


def _pull(one: Node) -> dict[str, Any]:
    author = one["author"]
    return sample(
        "pull-request-simple",
        node_id=one["id"],
        title=one["title"],
        html_url=one["url"],
        merged_at=one["mergedAt"],
        updated_at=one["updatedAt"],
        user=None if author is None else _owner(author),
    )


def _lines(folder: Node, above: str = "") -> Iterable[dict[str, Any]]:
    for entry in folder["entries"]:
        path = f"{above}{entry['name']}"
        size = {"size": entry["size"]} if entry["type"] == "blob" else {}
        yield {"path": path, "type": entry["type"], "mode": "100644", "sha": "0" * 40, **size}
        if entry["type"] == "tree" and entry.get("object"):
            yield from _lines(entry["object"], f"{path}/")
