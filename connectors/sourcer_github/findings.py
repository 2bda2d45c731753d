"""What an operator should know before a crawl: who asks, what is granted, what it would cost, and what surprises."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache, cached_property
from typing import Any, Final

from sourcer.connect import Answer, AnswerError, Json
from sourcer_github.accounts import LIGHT_AT_ONCE, PEOPLE_AT_ONCE
from sourcer_github.assumptions import contradicted
from sourcer_github.auth import REST_HEADERS
from sourcer_github.behind import MOST_REPOSITORIES
from sourcer_github.client import Client, unknown_to
from sourcer_github.contents import TREES_AT_ONCE
from sourcer_github.named import LOGINS_AT_ONCE
from sourcer_github.owned import TOPICS_AT_ONCE
from sourcer_github.points import SAMPLE_ID, points, with_everything
from sourcer_github.policy import CORE
from sourcer_github.queries.common import id_lists
from sourcer_github.queries.files import LANGUAGES_AT_ONCE, deep
from sourcer_github.queries.finding import (
    AUTHORS,
    BEHIND,
    COUNTS,
    MEMBERS,
    MERGED,
    counts,
    logins,
    organizations,
    searches,
)
from sourcer_github.queries.people import listings, people, reviews, revisit, topics
from sourcer_github.queries.probe import NOBODY, PROBE, SORTED, priced
from sourcer_github.revisit import PROBES_AT_ONCE
from sourcer_github.searching import SEARCHES_AT_ONCE

__all__ = ["findings"]

SCOPES: Final = "x-oauth-scopes"
EXPIRY: Final = "github-authentication-token-expiration"
NEEDED: Final = {"metadata": "read"}
"""What an App must be allowed to; the data of public repositories takes no more."""

FILES_EACH: Final = 12
"""Of a repository, in the dearest question of a deep look."""


@dataclass(frozen=True)
class _Question:
    """A question at its usual size."""

    name: str
    query: str
    variables: Mapping[str, Json]

    @cached_property
    def points(self) -> int:
        """What the documented formula says."""
        return points(self.query, self.variables)

    @cached_property
    def dry(self) -> str:
        """The same, to be priced and not run."""
        return priced(self.query)


def _question(name: str, query: str, given: Mapping[str, Json] | None = None) -> _Question:
    return _Question(name, query, with_everything(query, given or {}))


def _ids(number: int) -> list[str]:
    return [SAMPLE_ID] * number


@cache
def _all_questions() -> tuple[_Question, ...]:
    return tuple(_questions())


def _questions() -> Iterator[_Question]:
    start = {f"a{i}": None for i in range(SEARCHES_AT_ONCE)}
    for kind in ("repositories", "people"):
        yield _question(f"100 {kind} of {SEARCHES_AT_ONCE} searches", searches(kind, SEARCHES_AT_ONCE), start)
    yield _question("100 merged pull requests", MERGED, {"after": None})
    yield _question("100 members", MEMBERS, {"after": None})
    yield _question(
        f"who is behind {MOST_REPOSITORIES} repositories", BEHIND, {"ids": _ids(MOST_REPOSITORIES), "each": 10}
    )
    authors = {"ids": _ids(MOST_REPOSITORIES), "each": 10, "since": "2026-01-01T00:00:00Z"}
    yield _question(f"who wrote the latest commits of {MOST_REPOSITORIES} repositories", AUTHORS, authors)
    yield _question(f"{LOGINS_AT_ONCE} logins", logins(LOGINS_AT_ONCE))
    yield _question(f"{LOGINS_AT_ONCE} organisations", organizations(LOGINS_AT_ONCE))
    yield _question("40 counts", counts(tuple(COUNTS) * 10))
    yield _question(f"{PEOPLE_AT_ONCE} people", people([True] * PEOPLE_AT_ONCE))
    yield _question(
        f"{LIGHT_AT_ONCE} people without contributions", people([True] * LIGHT_AT_ONCE, contributions=False)
    )
    half = TOPICS_AT_ONCE // 2
    lists = id_lists(_ids(half)) | id_lists(_ids(half), "p")
    yield _question(f"{TOPICS_AT_ONCE} repositories' topics, and READMEs of half of them", topics(half, half), lists)
    yield _question("29 further listings", listings(29))
    yield _question("10 years of reviews", reviews(10))
    yield _question(f"{PROBES_AT_ONCE} people seen before", revisit(PROBES_AT_ONCE), id_lists(_ids(PROBES_AT_ONCE)))
    files = [FILES_EACH] * TREES_AT_ONCE
    yield _question(
        f"files of {TREES_AT_ONCE} repositories, trees and languages",
        deep(trees=True, files=files, languages=True),
        {"trees": _ids(TREES_AT_ONCE), "languages": _ids(LANGUAGES_AT_ONCE)},
    )


async def findings(client: Client) -> tuple[str, ...]:
    """Sentences, the most important first. Without credentials nothing but the limits is asked for.

    Raises:
        SiteError: GitHub refuses, or a quota is used up.
    """
    return tuple([sentence async for sentence in _findings(client)])


async def _findings(client: Client) -> AsyncIterator[str]:
    kind = client.auth.kind
    if kind == "none":
        yield f"no token: REST only, 60 requests an hour, some ten people; set {_token(client)} for GraphQL"
    else:
        yield f"asked with {client.auth.source}"
    try:
        limits = await _limits(client)
    except AnswerError as fault:
        yield f"the limits could not be asked for: {fault}"
    else:
        for sentence in (*_granted(limits), *_rights(client, limits)):
            yield sentence
        for one in contradicted(limits, "rest", kind):
            yield f"otherwise than expected: it is not so that GitHub {one.words}"
    if kind == "none":
        return
    async for sentence in _asked_over_graphql(client):
        yield sentence


def _token(client: Client) -> str:
    return client.config.token.env or "a token"


async def _limits(client: Client) -> Answer:
    headers = {**REST_HEADERS, **await client.auth.headers()}
    return await client.fetcher.get(f"{client.config.api_url}/rate_limit", headers=headers, bucket=CORE)


def _granted(limits: Answer) -> Iterator[str]:
    """What is left of each quota."""
    if limits.status != 200:  # noqa: PLR2004  # HTTP OK
        yield f"GitHub tells no limits (HTTP {limits.status}): an Enterprise server may have none"
        return
    body: Any = limits.json()
    resources = body.get("resources") if isinstance(body, dict) else None
    names = {"graphql": "GraphQL points an hour", "core": "REST requests an hour", "search": "REST searches a minute"}
    for name, words in names.items():
        told = resources.get(name) if isinstance(resources, dict) else None
        if isinstance(told, dict) and isinstance(told.get("limit"), int) and isinstance(told.get("remaining"), int):
            yield f"{told['limit']:,} {words}, {told['remaining']:,} of them left{_until(told.get('reset'))}"


def _until(reset: Any) -> str:
    try:
        return f" until {datetime.fromtimestamp(reset, UTC):%H:%M} UTC"
    except (TypeError, ValueError, OverflowError, OSError):
        return ""


def _rights(client: Client, limits: Answer) -> Iterator[str]:
    """Whether whoever asks could do more than read what is public."""
    kind, scopes = client.auth.kind, limits.headers.get(SCOPES)
    if kind == "app":
        more = {name: right for name, right in client.auth.permissions.items() if NEEDED.get(name) != right}
        listed = ", ".join(f"{name}: {right}" for name, right in sorted(more.items()))
        yield f"the App may do more than it needs ({listed}): metadata: read is enough" if more else _LEAST
    elif kind == "token" and scopes is None:
        yield "a fine-grained token, whose rights GitHub does not list: public repositories, read-only, is enough"
    elif kind == "token":
        yield f"the token may do more than it needs ({scopes}): make one without scopes" if scopes else _LEAST
    ends = limits.headers.get(EXPIRY)
    if ends:
        yield f"the token ends on {ends}"


_LEAST: Final = "it may do no more than it needs"


async def _asked_over_graphql(client: Client) -> AsyncIterator[str]:
    try:
        probe = await client.send(PROBE, {"nobody": NOBODY, "sorted": SORTED})
        for one in contradicted(probe, "graphql", client.auth.kind):
            yield f"otherwise than expected: it is not so that GitHub {one.words}"
        async for sentence in _prices(client):
            yield sentence
    except AnswerError as fault:
        yield f"what questions cost could not be asked for: {fault}"


async def _prices(client: Client) -> AsyncIterator[str]:
    """What each kind of question costs by GitHub's own word, where that is not the documented price."""
    dear, silent, asked = [], [], 0
    not_known: dict[str, None] = {}
    for one in _all_questions():
        answer = await client.send(one.dry, one.variables)
        told, expected = _cost(answer), one.points
        asked += 1
        if missing := unknown_to(answer.json() if answer.is_json else None):
            not_known[missing] = None
        elif told is None:
            silent.append(one.name)
        elif told != expected:
            dear.append(f"{one.name}: {told:g} instead of {expected}")
    if not_known:
        yield f"this GitHub is too old to be crawled: {'; '.join(not_known)}"
        return
    agreed = asked - len(dear) - len(silent)
    yield f"{agreed} of {asked} kinds of questions cost what the documented formula says"
    for sentence in dear:
        yield f"otherwise than expected: points for {sentence}"
    if silent:
        yield f"GitHub did not price {', '.join(silent)}"


def _cost(answer: Answer) -> float | None:
    body: Any = answer.json() if answer.is_json else None
    data = body.get("data") if isinstance(body, dict) else None
    rate = data.get("rateLimit") if isinstance(data, dict) else None
    cost = rate.get("cost") if isinstance(rate, dict) else None
    return cost if isinstance(cost, int | float) and not isinstance(cost, bool) else None
