"""The three searches of the REST API."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Final

from sourcer.demo.loopback import Asked
from sourcer.demo.model import World
from sourcer.demo.rest.owners import simple
from sourcer.demo.rest.reply import Refused, Reply, paged
from sourcer.demo.rest.works import issue, repository
from sourcer.demo.search import MOST_RESULTS, find_accounts, find_pull_requests, find_repositories

__all__ = ["search"]

_LONGEST: Final = 256
"""Characters beside qualifiers."""
_OPERATORS: Final = 5


def search(world: World, kind: str, asked: Asked, *, incomplete: bool = False) -> Reply:
    """``/search/repositories``, ``/search/users`` or ``/search/issues``.

    Args:
        world: What is searched.
        kind: The last part of the path.
        asked: Holds ``q``, ``sort``, ``order`` and the page.
        incomplete: Whether the search timed out: half of what it found, and a word that says so.

    Raises:
        Refused: 404, or 422: nothing to search for, too long a question, or a page beyond the thousandth result.
    """
    if kind not in _FINDERS:
        raise Refused(404, "Not Found")
    find, shape = _FINDERS[kind]
    found = find(world, _text(asked.query))
    total = len(found)
    if incomplete:
        found = found[: (total + 1) // 2]
    page, links = paged(asked, found, MOST_RESULTS)
    items = [shape(one, asked.base) for one in page]
    return Reply({"total_count": total, "incomplete_results": incomplete, "items": items}, headers=links)


def _text(query: dict[str, str]) -> str:
    text = query.get("q", "")
    plain = [word for word in text.split() if ":" not in word]
    operators = sum(word in ("AND", "OR", "NOT") for word in plain)
    if not text.strip():
        raise Refused(422, "Validation Failed", errors=[_fault("missing")])
    if len(" ".join(plain)) > _LONGEST or operators > _OPERATORS:
        raise Refused(422, "Validation Failed", errors=[_fault("invalid")])
    return f"{text} sort:{query['sort']}-{query.get('order', 'desc')}" if query.get("sort") else text


def _fault(code: str) -> dict[str, str]:
    return {"resource": "Search", "field": "q", "code": code}


def _repositories(world: World, text: str) -> Sequence[Any]:
    return [one for one in find_repositories(text, world.repositories) if one.is_readable]


_FINDERS: Final[dict[str, tuple[Callable[[World, str], Sequence[Any]], Callable[[Any, str], dict[str, Any]]]]] = {
    "issues": (lambda world, text: find_pull_requests(text, world.repositories), issue),
    "repositories": (_repositories, lambda one, base: repository(one, base) | {"score": 1.0}),
    "users": (
        lambda world, text: find_accounts(text, world.accounts),
        lambda one, base: simple(one, base) | {"score": 1.0},
    ),
}
