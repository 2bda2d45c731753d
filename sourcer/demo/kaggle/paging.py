"""Pages of lists, as the API gives them."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final, TypeVar

__all__ = ["BadRequest", "page_of"]

_Thing = TypeVar("_Thing")
_DEFAULT: Final = 20
_MOST: Final = 100


class BadRequest(Exception):
    """A question that the API does not understand; the message says why."""


def page_of(
    body: Mapping[str, Any], found: Sequence[_Thing], name: str, write: Callable[[_Thing], Mapping[str, Any]]
) -> dict[str, Any]:
    """One page of a list, and the token of the next one.

    ``pageSize`` beyond what the API gives at once is cut, as is said nowhere.

    Raises:
        BadRequest: The token is none of ours, or a number is none.
    """
    size = min(_MOST, _number(body, "pageSize") or _DEFAULT)
    token = body.get("pageToken") or ""
    start = _start_of(token) if token else size * max(0, (_number(body, "page") or 1) - 1) + _number(body, "skip")
    page = [dict(write(one)) for one in found[start : start + size]]
    answer: dict[str, Any] = {name: page} if page else {}
    if start + size < len(found):
        answer["nextPageToken"] = base64.urlsafe_b64encode(json.dumps({"at": start + size}).encode()).decode()
    return answer


def _start_of(token: Any) -> int:
    try:
        start = json.loads(base64.urlsafe_b64decode(str(token).encode()))["at"]
    except (ValueError, KeyError, TypeError, binascii.Error):
        raise BadRequest("Invalid page token") from None
    return int(start)


def _number(body: Mapping[str, Any], name: str) -> int:
    value = body.get(name, 0)
    if value is None:
        return 0
    if isinstance(value, bool) or not isinstance(value, int | str) or not str(value).isdecimal():
        raise BadRequest(f"Invalid value for {name}")
    return int(value)
