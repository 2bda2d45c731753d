"""What this connector takes GitHub to be like without its documentation saying so, each with how an answer tells.

The answers are those of :data:`sourcer_github.queries.probe.PROBE` and of ``GET /rate_limit``, which cost 1 point.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal

from sourcer.connect import Answer
from sourcer_github.auth import REST_HEADERS, Kind
from sourcer_github.client import NOT_FOUND

__all__ = ["ASSUMPTIONS", "Assumption", "contradicted"]

GHOST: Final = 10137
MOST_TOPICS: Final = 20
MOST_ACCOUNTS: Final = 4
RESOURCES: Final = ("core", "search", "graphql")
VERSION: Final = "x-github-api-version-selected"


@dataclass(frozen=True, slots=True)
class Assumption:
    """Something that is relied on.

    Args:
        words: What, as a sentence that goes on "GitHub …".
        about: Which answer tells.
        holds: Whether it does by that answer; ``None`` where the answer does not tell.
    """

    words: str
    about: Literal["graphql", "rest"]
    holds: Callable[[Answer, Kind], bool | None]


def contradicted(answer: Answer, about: Literal["graphql", "rest"], kind: Kind) -> Iterator[Assumption]:
    """The assumptions that an answer contradicts."""
    for one in ASSUMPTIONS:
        if one.about == about and one.holds(answer, kind) is False:
            yield one


def _at(answer: Answer, *path: str | int) -> Any:
    value: Any = answer.json() if answer.is_json else None
    for step in path:
        if isinstance(value, Mapping):
            value = value.get(str(step))
        elif isinstance(value, list) and isinstance(step, int) and step < len(value):
            value = value[step]
        else:
            return None
    return value


def _nodes(answer: Answer) -> list[Mapping[str, Any]]:
    found = _at(answer, "data", "sorted", "nodes")
    return [one for one in found if isinstance(one, Mapping)] if isinstance(found, list) else []


def _counts_to_graphql(answer: Answer, _: Kind) -> bool | None:
    named = answer.headers.get("x-ratelimit-resource")
    return None if named is None else named.lower() == "graphql"


def _announces_no_end(answer: Answer, _: Kind) -> bool | None:
    return not {"deprecation", "sunset"} & set(answer.headers)


def _warns_of_nothing(answer: Answer, _: Kind) -> bool | None:
    return not _at(answer, "extensions", "warnings")


def _sorts(answer: Answer, _: Kind) -> bool | None:
    stars = [one["stargazerCount"] for one in _nodes(answer) if isinstance(one.get("stargazerCount"), int)]
    return None if len(set(stars)) < 2 else stars == sorted(stars, reverse=True)  # noqa: PLR2004  # nothing to sort


def _topics_are_few_and_lower(answer: Answer, _: Kind) -> bool | None:
    listed = [one["repositoryTopics"] for one in _nodes(answer) if isinstance(one.get("repositoryTopics"), Mapping)]
    names = [node["topic"]["name"] for one in listed for node in one.get("nodes") or () if node]
    counts = [one.get("totalCount") for one in listed]
    if not names:
        return None
    return all(name == name.lower() for name in names) and all(count <= MOST_TOPICS for count in counts if count)


def _accounts_are_few(answer: Answer, _: Kind) -> bool | None:
    owners = [one["owner"] for one in _nodes(answer) if isinstance(one.get("owner"), Mapping)]
    counts = [owner["socialAccounts"]["totalCount"] for owner in owners if owner.get("socialAccounts")]
    return all(count <= MOST_ACCOUNTS for count in counts) if counts else None


def _ghost_is_known(answer: Answer, _: Kind) -> bool | None:
    number = _at(answer, "data", "ghost", "databaseId")
    return None if number is None else number == GHOST


def _nobody_is_an_error(answer: Answer, _: Kind) -> bool | None:
    if _at(answer, "data", "sorted") is None:
        return None
    errors = _at(answer, "errors")
    found = [one for one in errors if isinstance(one, Mapping)] if isinstance(errors, list) else []
    return any(one.get("type") == NOT_FOUND and one.get("path") == ["nobody"] for one in found)


def _limits(answer: Answer, resource: str) -> float | None:
    limit = _at(answer, "resources", resource, "limit")
    return limit if isinstance(limit, int | float) and not isinstance(limit, bool) else None


def _tells_limits(answer: Answer, kind: Kind) -> bool | None:
    if answer.status != 200:  # noqa: PLR2004  # HTTP OK
        return None
    used = RESOURCES[:2] if kind == "none" else RESOURCES
    parts = [_at(answer, "resources", name, part) for name in used for part in ("limit", "remaining", "reset")]
    return all(isinstance(part, int) for part in parts)


def _grants_as_documented(answer: Answer, kind: Kind) -> bool | None:
    core = _limits(answer, "core")
    if core is None:
        return None
    return core == 60 if kind == "none" else core >= 5_000  # noqa: PLR2004  # as documented


def _grants_searches(answer: Answer, kind: Kind) -> bool | None:
    search = _limits(answer, "search")
    if search is None:
        return None
    return search == 10 if kind == "none" else search >= 30  # noqa: PLR2004  # as documented


def _speaks_this_version(answer: Answer, _: Kind) -> bool | None:
    selected = answer.headers.get(VERSION)
    return None if selected is None else selected.startswith(REST_HEADERS["X-GitHub-Api-Version"])


ASSUMPTIONS: Final = (
    Assumption("counts GraphQL to the resource graphql alone", "graphql", _counts_to_graphql),
    Assumption(
        "says of what does not exist NOT_FOUND at its path, and answers the rest", "graphql", _nobody_is_an_error
    ),
    Assumption("sorts a search by what stands in its text (sort:stars-desc)", "graphql", _sorts),
    Assumption("allows a repository 20 topics, in lower case", "graphql", _topics_are_few_and_lower),
    Assumption("shows at most 4 accounts elsewhere on a profile", "graphql", _accounts_are_few),
    Assumption("puts the account ghost, number 10137, in the place of deleted ones", "graphql", _ghost_is_known),
    Assumption("warns of nothing in its GraphQL answers", "graphql", _warns_of_nothing),
    Assumption("announces no end of GraphQL (Deprecation, Sunset)", "graphql", _announces_no_end),
    Assumption("tells limit, remaining and reset of each resource at /rate_limit", "rest", _tells_limits),
    Assumption("grants 5,000 REST requests an hour, 60 without a token", "rest", _grants_as_documented),
    Assumption("grants 30 REST searches a minute, 10 without a token", "rest", _grants_searches),
    Assumption("speaks version 2022-11-28 of its REST API", "rest", _speaks_this_version),
    Assumption("announces no end of REST (Deprecation, Sunset)", "rest", _announces_no_end),
)
"""What can be seen from the two answers."""
