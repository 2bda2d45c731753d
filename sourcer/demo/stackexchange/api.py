"""What the copy answers to a request, before anything goes wrong on the way.

Source: api.stackexchange.com/docs, the pages of the methods.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final
from urllib.parse import parse_qsl

from sourcer.demo.loopback import Asked
from sourcer.demo.model import World
from sourcer.demo.stackexchange import posts, tags, users
from sourcer.demo.stackexchange.filters import Filters
from sourcer.demo.stackexchange.nodes import KIND
from sourcer.demo.stackexchange.query import Query
from sourcer.demo.stackexchange.refusal import ERRORS, Node, Refused, no_method
from sourcer.demo.stackexchange.site import Site

__all__ = ["VERSION", "Api", "method_of"]

VERSION: Final = "2.3"

_METHODS: Final[Mapping[str, Callable[[Query], list[Node]]]] = {
    "answers": posts.answers,
    "answers/{ids}": posts.some_answers,
    "badges/tags": tags.badges_on_tags,
    "badges/{ids}/recipients": tags.recipients,
    "questions": posts.questions,
    "questions/{ids}": posts.some_questions,
    "questions/{ids}/answers": posts.answers_to,
    "search/advanced": posts.search,
    "sites": users.sites,
    "tags": tags.tags,
    "tags/{tags}/info": tags.info,
    "tags/{tags}/related": tags.related,
    "tags/{tags}/synonyms": tags.synonyms,
    "tags/{tags}/top-answerers/{period}": tags.top_answerers,
    "tags/{tags}/top-askers/{period}": tags.top_askers,
    "users": users.users,
    "users/{ids}": users.some_users,
    "users/{ids}/answers": posts.answers_by,
    "users/{ids}/associated": users.associated,
    "users/{ids}/badges": tags.badges_of,
    "users/{ids}/merges": users.merges,
    "users/{ids}/questions": posts.questions_by,
    "users/{ids}/tags/{tags}/top-answers": posts.top_answers,
    "users/{ids}/top-answer-tags": posts.top_tags,
}
_CREATE: Final = "filters/create"
_ERRORS: Final = ("errors", "errors/{error}")


@dataclass(frozen=True, slots=True)
class _Said:
    """Items with what is to be shown of them, and the wrapper's other fields."""

    items: list[Node]
    has_more: bool = False
    total: int = 0


def method_of(asked: Asked) -> str:
    """The method that a request calls, as the documentation writes it; empty where there is none."""
    return _route(asked)[0]


def _route(asked: Asked) -> tuple[str, dict[str, str]]:
    version, *parts = asked.parts()
    known = (*_METHODS, _CREATE, *_ERRORS) if version == VERSION else ()
    for method in known:
        named = _matched(method.split("/"), parts)
        if named is not None:
            return method, named
    return "", {}


def _matched(pattern: list[str], parts: list[str]) -> dict[str, str] | None:
    if len(pattern) != len(parts):
        return None
    named = {}
    for wanted, part in zip(pattern, parts, strict=True):
        if wanted.startswith("{"):
            named[wanted.strip("{}")] = part
        elif wanted != part:
            return None
    return named


class Api:
    """Answers for a world; what changes in that shows once its ``revision`` is raised."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.filters = Filters()
        self._sites: dict[str, Site] = {}
        self._revision = -1

    def sites(self) -> Mapping[str, Site]:
        """Every site by name."""
        if self._revision != self.world.revision:
            self._sites = {name: Site(one) for name, one in self.world.communities.items()}
            self._revision = self.world.revision
        return self._sites

    def answer(self, asked: Asked, *, has_key: bool, told: Mapping[str, int]) -> Node:
        """The wrapper object that goes back.

        Args:
            asked: The request.
            has_key: Whether it came with a key that the copy knows.
            told: What the wrapper says about the quota, and about a pause.

        Raises:
            Refused: The API answers with an error.
        """
        method, named = _route(asked)
        params = dict(asked.query)
        if asked.method == "POST":
            params |= dict(parse_qsl(asked.body.decode()))
        chosen = self.filters.of(params.get("filter") or "default")
        query = Query(self.sites(), named, params, self.world, has_key)
        said = self._said(method, query)
        size = params.get("pagesize", "30")
        body = {"items": said.items, "has_more": said.has_more, "total": said.total, "type": method, **told}
        body |= {"page": int(params.get("page", "1")), "page_size": int(size)}
        shown = chosen.wrapper(body)
        return shown | ({"items": chosen.shown(said.items)} if "items" in shown else {})

    def _said(self, method: str, query: Query) -> _Said:
        if method == _CREATE:
            return _Said([self._create(query.params)])
        if method in _ERRORS:
            return _Said(_errors(query.named.get("error")))
        if method not in _METHODS:
            raise no_method()
        items = _METHODS[method](query)
        page, has_more = query.page(items, endless=method == "sites")
        return _Said(page, has_more, len(items))

    def _create(self, params: Mapping[str, str]) -> Node:
        parts = (params.get(name, "") for name in ("include", "exclude", "base"))
        return self.filters.create(*parts, unsafe=params.get("unsafe", "false") == "true")


def _errors(number: str | None) -> list[Node]:
    """``/errors`` lists them, ``/errors/{id}`` answers with one."""
    if number is None:
        return [
            {KIND: "error", "error_id": error, "error_name": name, "description": text}
            for error, (name, text) in ERRORS.items()
        ]
    if not number.isdecimal() or int(number) not in ERRORS:
        raise no_method()
    raise Refused(int(number), "simulated")
