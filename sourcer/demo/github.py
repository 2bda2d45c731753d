"""A copy of GitHub on the loopback interface that serves the invented world over HTTP."""

from __future__ import annotations

import hashlib
import json
import threading
import time
from collections import Counter
from collections.abc import Callable, Mapping
from typing import Any, ClassVar, Final

from sourcer.demo import refusals
from sourcer.demo.faults import Fault, Faults, null_out, strike_out
from sourcer.demo.graphql import GraphQL
from sourcer.demo.limits import Guard, Limits, Violation
from sourcer.demo.loopback import Answer, Asked, Loopback, Site, json_answer
from sourcer.demo.model import World
from sourcer.demo.quota import MINUTE, Quota
from sourcer.demo.resources import cap
from sourcer.demo.rest import Rest, route_of
from sourcer.demo.rest.reply import Reply
from sourcer.demo.tokens import APP, App, Caller, Tokens

__all__ = ["TOKEN", "GitHubServer"]

TOKEN: Final = "invented-token"  # noqa: S105  # opens nothing but the copy
"""What the copy takes for a token unless it is told another one."""

_GRAPHQL: Final = "graphql"
_VERSIONS: Final = ("2022-11-28", "2026-03-10")
_PAUSE: Final = 60.0
"""Seconds that a refusal asks for which does not say for how long."""
_ONLY_GRAPHQL: Final = frozenset(
    {Fault.NULLS, Fault.PARTIAL, Fault.RATE_LIMIT, Fault.RATE_LIMITED, Fault.SECONDARY_OK, Fault.WRONG}
)


class GitHubServer(Site):
    """Serves a world as GitHub on ``http://127.0.0.1:PORT`` while its context is open.

    Args:
        world: What it serves; it may change meanwhile (:mod:`sourcer.demo.changes`).
        token: The only one that it takes, beside those that it gives to an installation of ``app``.
        latency: Seconds before each answer.
        faults: What goes wrong, and when.
        limit: GraphQL points an hour.
        core: REST requests an hour.
        search: REST searches a minute.
        limits: The secondary limits; ``None`` refuses nothing.
        app: The app that may be installed.
        scopes: What the token may do beyond reading.
        clock: UTC epoch seconds, for all limits.

    Attributes:
        requests: How many have come so far, refused ones too; ``GET /rate_limit`` does not count.
        counts: The same by kind: ``graphql``, or the REST endpoint as GitHub's description writes it.
        statuses: The same by the status of the answer; 0 stands for a connection that was broken.
        violations: Every step over a limit.
    """

    name: ClassVar[str] = "github"
    title: ClassVar[str] = "GitHub"

    def __init__(
        self,
        world: World,
        *,
        token: str = TOKEN,
        latency: float = 0.0,
        faults: Faults | None = None,
        limit: int = 5_000,
        core: int = 5_000,
        search: int = 30,
        limits: Limits | None = None,
        app: App = APP,
        scopes: str | None = "",
        clock: Callable[[], float] = time.time,
    ) -> None:
        self.graphql = GraphQL(world)
        self.rest = Rest(self.graphql.directory)
        self.latency = latency
        self.faults = faults or Faults()
        self.limits = limits
        self.clock = clock
        self.token = token
        self.tokens = Tokens(token, app, scopes, clock)
        self.quotas = {
            _GRAPHQL: Quota(limit, clock),
            "core": Quota(core, clock),
            "search": Quota(search, clock, MINUTE),
            "anonymous core": Quota(60, clock),
            "anonymous search": Quota(10, clock, MINUTE),
        }
        self.guard = Guard(limits, clock)
        self.requests = 0
        self.counts: Counter[str] = Counter()
        self.statuses: Counter[int] = Counter()
        self._lock = threading.Lock()
        self._loopback = Loopback(self._respond, "demo-github")

    @property
    def quota(self) -> Quota:
        """The points of GraphQL."""
        return self.quotas[_GRAPHQL]

    @property
    def points(self) -> int:
        """What the queries so far have cost."""
        return self.quota.spent

    @property
    def peak(self) -> int:
        """Most requests that were in work at a time."""
        return self.guard.peak

    @property
    def violations(self) -> list[Violation]:
        """Every step over a limit so far."""
        return self.guard.violations

    @property
    def url(self) -> str:
        """The ``api_url`` of a configuration.

        Raises:
            RuntimeError: The server is not running.
        """
        return self._loopback.url

    def settings(self) -> Mapping[str, str]:
        """What a configuration says to use it."""
        return {"url": self.url, "token": self.token}

    def _respond(self, asked: Asked) -> Answer:
        if not asked.headers.get("user-agent"):
            return refusals.no_agent()
        if asked.path == "/rate_limit":
            return self._rate_limit(self.tokens.caller(asked.headers))
        kind = _GRAPHQL if asked.path == "/graphql" else route_of(asked.path)
        with self._lock:
            self.requests += 1
            self.counts[kind] += 1
            number = self.requests
        began = time.perf_counter()
        bucket = _bucket(kind, self.tokens.caller(asked.headers))
        refused = self.guard.enter(number, kind, bucket, changes=asked.method != "GET")
        try:
            if self.latency:
                time.sleep(self.latency)
            answer = self._refuse(bucket, refused) if refused is not None else self._answer(number, kind, asked)
        finally:
            self.guard.leave(kind, time.perf_counter() - began)
        with self._lock:
            self.statuses[0 if answer.drop else answer.status] += 1
        if answer.limited:
            self.guard.pause(self._pause_ends(answer), bucket if answer.limited == "primary" else "")
        return answer

    def _refuse(self, bucket: str, seconds: int) -> Answer:
        return refusals.secondary(403, {"retry-after": str(seconds)} | self.quotas[bucket].headers(_resource(bucket)))

    def _pause_ends(self, answer: Answer) -> float:
        """When a refusal allows the next request: after ``retry-after``, at the reset, or in a minute."""
        told = answer.headers
        if "retry-after" in told:
            return self.clock() + int(told["retry-after"])
        return float(told["x-ratelimit-reset"]) if told.get("x-ratelimit-remaining") == "0" else self.clock() + _PAUSE

    def _rate_limit(self, caller: Caller) -> Answer:
        if caller == "stranger":
            return refusals.bad_credentials()
        known = ("anonymous core", "anonymous search") if caller == "anonymous" else ("core", "search", _GRAPHQL)
        resources = {_resource(name): self.quotas[name].as_resource() for name in known}
        body = {"resources": resources, "rate": resources["core"]}
        return json_answer(200, body, self.quotas[known[0]].headers("core") | self.tokens.told(caller))

    def _answer(self, number: int, kind: str, asked: Asked) -> Answer:
        fault = self.faults.of(number)
        if fault is Fault.RESET:
            return Answer(200, drop=True)
        if kind == _GRAPHQL:
            return self._graphql(number, fault, asked)
        return self._rest(number, None if fault in _ONLY_GRAPHQL else fault, kind, asked)

    def _refusal(self, fault: Fault | None, told: Mapping[str, str]) -> Answer | None:
        return refusals.struck(fault, told, self.faults.retry_after, self.clock())

    def _graphql(self, number: int, fault: Fault | None, asked: Asked) -> Answer:
        caller = self.tokens.caller(asked.headers)
        if asked.method != "POST":
            return refusals.not_found()
        if caller not in ("token", "app"):
            return refusals.bad_credentials("/graphql")
        refusal = self._refusal(fault, self.quota.headers())
        if refusal is not None:
            return refusal
        try:
            body = json.loads(asked.body)
            text, variables = body["query"], body.get("variables") or {}
        except (ValueError, KeyError, TypeError):
            return json_answer(
                400, {"message": "Problems parsing JSON", "documentation_url": "https://docs.github.com"}
            )
        answer = self._execute(number, fault, str(text), variables)
        answer.headers |= self.tokens.told(caller)
        return answer

    def _execute(self, number: int, fault: Fault | None, text: str, variables: Mapping[str, Any]) -> Answer:
        question = self.graphql.read(text, variables)
        points = question.price.points
        if question.document is not None and not question.is_dry and not self.quota.take(points):
            self.guard.note("primary", number)
            return refusals.rate_limited(self.quota.headers())
        if fault in (Fault.TIMEOUT, Fault.WRONG):
            return refusals.something_wrong(502 if fault is Fault.TIMEOUT else 200, self.quota.headers())
        executed = self.graphql.execute(question, self.quota.as_field(points, question.price.nodes))
        most = self.limits.query_fields if self.limits is not None else None
        if most is not None and executed.fields > most:
            self.quota.take(points)
            return refusals.something_wrong(502, self.quota.headers())
        body = self._curtailed(fault, executed.body)
        answer = json_answer(200, body, {"x-github-media-type": "github.v4; format=json"} | self.quota.headers())
        answer.cut = fault is Fault.HALF
        return answer

    def _curtailed(self, fault: Fault | None, body: dict[str, Any]) -> dict[str, Any]:
        if self.limits is not None and self.limits.answer_nodes is not None:
            body = cap(body, self.limits.answer_nodes)
        if fault is Fault.PARTIAL:
            return strike_out(body)
        return null_out(body) if fault is Fault.NULLS else body

    def _rest(self, number: int, fault: Fault | None, kind: str, asked: Asked) -> Answer:
        caller = self.tokens.caller(asked.headers)
        bucket = _bucket(kind, caller)
        resource, quota = _resource(bucket), self.quotas[bucket]
        refusal = self._refusal(fault, quota.headers(resource)) or self._objection(caller, kind, asked)
        if refusal is not None:
            return refusal
        if not quota.is_left():
            self.guard.note("primary", number)
            return refusals.primary(403, quota.headers(resource))
        if fault is Fault.TIMEOUT:
            quota.take(1)
            return refusals.server_error(502, quota.headers(resource))
        reply = self.rest.answer(asked, incomplete=fault is Fault.INCOMPLETE)
        answer = _sent(asked, reply)
        if answer.status != 304:  # noqa: PLR2004  # Not Modified, which is free
            quota.take(1)
        version = asked.headers.get("x-github-api-version", _VERSIONS[0])
        answer.headers |= {"x-github-api-version-selected": f"{version}; format=json"}
        answer.headers |= quota.headers(resource) | self.tokens.told(caller)
        answer.cut = fault is Fault.HALF and bool(answer.body)
        return answer

    def _objection(self, caller: Caller, kind: str, asked: Asked) -> Answer | None:
        """What is answered before anything is looked at or charged, a token for an installation among it."""
        if asked.method == "POST" and kind.startswith("/app/"):
            return self.tokens.grant(asked.parts()[2], asked.headers)
        if caller == "stranger":
            return refusals.bad_credentials()
        if asked.headers.get("x-github-api-version", _VERSIONS[0]) not in _VERSIONS:
            return json_answer(400, {"message": "Unsupported version", "documentation_url": "https://docs.github.com"})
        return None


def _bucket(kind: str, caller: Caller) -> str:
    """What a request is counted with; GraphQL needs a token."""
    if kind == _GRAPHQL:
        return _GRAPHQL
    name = "search" if kind == "/search/{kind}" else "core"
    return f"anonymous {name}" if caller == "anonymous" else name


def _resource(bucket: str) -> str:
    """What GitHub calls it."""
    return bucket.removeprefix("anonymous ")


def _sent(asked: Asked, reply: Reply) -> Answer:
    """An answer with its ``etag``; what the client has already comes without body."""
    if reply.status == 204:  # noqa: PLR2004  # No Content
        return Answer(204, headers=dict(reply.headers))
    answer = json_answer(reply.status, reply.value, reply.headers)
    if reply.raw is not None:
        answer = Answer(reply.status, reply.raw, dict(reply.headers))
    if reply.status != 200:  # noqa: PLR2004  # OK
        return answer
    tag = hashlib.sha256(answer.body + str(reply.headers.get("link", "")).encode()).hexdigest()[:40]
    answer.headers |= {"etag": f'W/"{tag}"', "cache-control": "private, max-age=60, s-maxage=60"}
    known = {one.strip().removeprefix("W/") for one in asked.headers.get("if-none-match", "").split(",")}
    if f'"{tag}"' in known:
        answer.status, answer.body = 304, b""
    return answer
