"""Filters: which fields of an answer are shown, and whether texts are escaped.

Source: api.stackexchange.com/docs/filters and the type pages.
"""

from __future__ import annotations

import base64
import hashlib
import html
import re
from dataclasses import dataclass
from typing import Any, Final

from sourcer.demo.stackexchange.nodes import KIND
from sourcer.demo.stackexchange.refusal import Node, wrong

__all__ = ["Filter", "Filters"]

_ON_REQUEST: Final = {
    "user": {"about_me", "answer_count", "question_count", "view_count", "up_vote_count", "down_vote_count"},
    "shallow_user": {"account_id"},
    "answer": {
        "tags", "title", "link", "body", "up_vote_count", "down_vote_count", "comment_count", "awarded_bounty_amount",
    },
    "question": {"body", "up_vote_count", "down_vote_count", "comment_count"},
    "network_user": {"user_type"},
}  # fmt: skip
"""Fields that the default filter does not show."""

_WRAPPER: Final = ("items", "has_more", "quota_max", "quota_remaining", "backoff", "total", "page", "page_size", "type")
_SHOWN: Final = frozenset({".items", ".has_more", ".quota_max", ".quota_remaining", ".backoff"})
_RAW: Final = frozenset({"about_me", "website_url", "link", "profile_image", "body", "site_url", "filter"})
"""Texts that are the same in a safe filter."""

_ESCAPED: Final = re.compile("[\u00a0-\u00ff\U00010000-\U0010ffff]")
_BASES: Final = ("default", "withbody", "none", "total")


@dataclass(frozen=True, slots=True)
class Filter:
    """A filter. ``included`` and ``excluded`` are what it changes on its base."""

    base: str = "default"
    included: frozenset[str] = frozenset()
    excluded: frozenset[str] = frozenset()
    unsafe: bool = False

    def wrapper(self, body: Node) -> Node:
        """What is left of the wrapper object; errors are always shown."""
        return {name: value for name, value in body.items() if name.startswith("error_") or self._shows("", name)}

    def shown(self, node: Any) -> Any:
        """What is left of an object, and of all in it; without what is not there."""
        if isinstance(node, list):
            return [self.shown(one) for one in node]
        if not isinstance(node, dict):
            return node if self.unsafe or not isinstance(node, str) else escaped(node)
        kind = node[KIND]
        return {
            name: value if name in _RAW else self.shown(value)
            for name, value in node.items()
            if name != KIND and value is not None and self._shows(kind, name)
        }

    def _shows(self, kind: str, name: str) -> bool:
        field = f"{kind}.{name}"
        if field in self.included or field in self.excluded:
            return field in self.included
        if not kind:
            return field in ({".total"} if self.base == "total" else () if self.base == "none" else _SHOWN)
        if self.base == "withbody" and name == "body":
            return True
        return self.base != "none" and name not in _ON_REQUEST.get(kind, ())


def escaped(text: str) -> str:
    """A text as a safe filter shows it."""
    return _ESCAPED.sub(lambda found: f"&#{ord(found[0])};", html.escape(text).replace("&#x27;", "&#39;"))


class Filters:
    """All filters that were ever made: none changes, none expires."""

    def __init__(self) -> None:
        self._made: dict[str, Filter] = {name: Filter(base=name) for name in _BASES}

    def __len__(self) -> int:
        """How many were made beside those that are built in."""
        return len(self._made) - len(_BASES)

    def of(self, name: str) -> Filter:
        """The filter of a name.

        Raises:
            Refused: There is none.
        """
        if name not in self._made:
            raise wrong("filter")
        return self._made[name]

    def create(self, include: str, exclude: str, base: str, *, unsafe: bool) -> Node:
        """Make one; the same one has the same name whenever it is made.

        Raises:
            Refused: A field has no type before its dot, or the base is none.
        """
        onto = self.of(base or "default")
        more, less = _fields(include, "include"), _fields(exclude, "exclude")
        made = Filter(onto.base, onto.included - less | more, onto.excluded - more | less, unsafe)
        name = _name(made)
        self._made[name] = made
        kind = "unsafe" if unsafe else "safe"
        return {KIND: "filter", "filter": name, "filter_type": kind, "included_fields": sorted(made.included)}


def _fields(text: str, parameter: str) -> frozenset[str]:
    fields = frozenset(one for one in text.split(";") if one)
    for field in fields:
        kind, dot, name = field.partition(".")
        if not dot or not name or (not kind and name not in _WRAPPER):
            raise wrong(parameter)
    return fields


def _name(made: Filter) -> str:
    told = f"{made.base}|{sorted(made.included)}|{sorted(made.excluded)}|{made.unsafe}"
    return "!" + base64.urlsafe_b64encode(hashlib.sha256(told.encode()).digest()[:9]).decode()
