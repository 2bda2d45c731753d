"""Connections: GitHub's way of giving a list page by page."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from graphql import GraphQLError

__all__ = ["MOST", "GitHubError", "connection", "not_found"]

MOST: Final = 100
"""Most items that ``first`` or ``last`` may ask for."""

_CURSOR: Final = "cursor:"


class GitHubError(GraphQLError):
    """An entry of ``errors`` as GitHub writes it: ``type`` stands beside ``message``, not in extensions."""

    def __init__(self, kind: str, message: str) -> None:
        super().__init__(message)
        self.kind = kind


def not_found(what: str, how: str, value: str) -> GitHubError:
    """Say that there is nothing: ``Could not resolve to a User with the login of 'x'.``."""
    return GitHubError("NOT_FOUND", f"Could not resolve to a {what} with the {how} of '{value}'.")


@dataclass(frozen=True, slots=True)
class _Slice:
    start: int
    stop: int


def connection(items: Sequence[Any], name: str, args: Mapping[str, Any], **more: Any) -> dict[str, Any]:
    """One page of ``items``.

    Args:
        items: The whole list; an item may be ``None``.
        name: Of the field, for error messages.
        args: ``first``, ``last``, ``after``, ``before`` as they were asked.
        more: Further fields of the connection; those of an edge under ``edge``, a function of the item.

    Raises:
        GitHubError: ``first`` and ``last`` are missing or out of bounds, or a cursor is none of ours.
    """
    part = _cut(len(items), name, args)
    edge = more.pop("edge", None)
    edges = [
        {"cursor": _cursor(place), "node": items[place]} | (edge(items[place]) if edge else {})
        for place in range(part.start, part.stop)
    ]
    info = {
        "startCursor": edges[0]["cursor"] if edges else None,
        "endCursor": edges[-1]["cursor"] if edges else None,
        "hasNextPage": part.stop < len(items),
        "hasPreviousPage": part.start > 0,
    }
    nodes = [one["node"] for one in edges]
    return {"totalCount": len(items), "edges": edges, "nodes": nodes, "pageInfo": info} | more


def _cut(total: int, name: str, args: Mapping[str, Any]) -> _Slice:
    first, last = args.get("first"), args.get("last")
    if first is None and last is None:
        raise GitHubError(
            "MISSING_PAGINATION_BOUNDARIES",
            f"You must provide a `first` or `last` value to properly paginate the `{name}` connection.",
        )
    for word, asked in (("first", first), ("last", last)):
        if asked is not None and asked > MOST:
            text = (
                f"Requesting {asked} records on the `{name}` connection exceeds the `{word}` limit of {MOST} records."
            )
            raise GitHubError("EXCESSIVE_PAGINATION", text)
        if asked is not None and asked < 1:
            raise GitHubError("INVALID_PAGINATION", f"`{word}` on the `{name}` connection must be at least 1.")
    start = _place(args["after"]) + 1 if args.get("after") else 0
    stop = min(total, _place(args["before"])) if args.get("before") else total
    start = min(start, stop)
    if first is not None:
        stop = min(stop, start + first)
    if last is not None:
        start = max(start, stop - last)
    return _Slice(start, stop)


def _cursor(place: int) -> str:
    return base64.b64encode(f"{_CURSOR}{place + 1}".encode()).decode()


def _place(cursor: str) -> int:
    try:
        text = base64.b64decode(cursor, validate=True).decode()
        return int(text.removeprefix(_CURSOR)) - 1
    except (binascii.Error, UnicodeDecodeError, ValueError):
        raise GitHubError("INVALID_CURSOR_ARGUMENTS", f"`{cursor}` does not appear to be a valid cursor.") from None
