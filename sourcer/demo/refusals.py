"""GitHub's own words for no."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Any, Final, TypeAlias

from sourcer.demo.faults import Fault
from sourcer.demo.loopback import HTML, Answer, json_answer

__all__ = [
    "bad_credentials",
    "no_agent",
    "not_found",
    "primary",
    "rate_limited",
    "secondary",
    "server_error",
    "something_wrong",
    "struck",
]

_DOCS: Final = "https://docs.github.com"
_LIMITS: Final = f"{_DOCS}/rest/using-the-rest-api/rate-limits-for-the-rest-api"

_PROXY_PAGES: Final = {
    502: b"<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n<body>502 Bad Gateway</body>\r\n</html>\r\n",
    504: b"<html>\r\n<head><title>504 Gateway Time-out</title></head>\r\n<body>504</body>\r\n</html>\r\n",
}
_TIMEOUT: Final = (
    "Something went wrong while executing your query. This may be the result of a timeout, or it could be a GitHub bug."
    " Please include `0ABC:1DEF:2A3B4C:5D6E7F` when reporting this issue."
)


def _error(status: int, message: str, page: str, headers: Mapping[str, str] | None = None) -> Answer:
    body = {"message": message, "documentation_url": page, "status": str(status)}
    return json_answer(status, body, headers)


def no_agent() -> Answer:
    """403: the client has no name."""
    text = b"\r\nRequest forbidden by administrative rules. Please make sure your request has a User-Agent."
    return Answer(403, text, {"content-type": HTML})


def bad_credentials(page: str = "/rest") -> Answer:
    """401."""
    return _error(401, "Bad credentials", _DOCS + page)


def not_found() -> Answer:
    """404."""
    return _error(404, "Not Found", f"{_DOCS}/rest")


def server_error(status: int = 500, headers: Mapping[str, str] | None = None) -> Answer:
    """500, 503: in JSON."""
    return json_answer(status, {"message": "Server Error"}, headers)


def something_wrong(status: int, headers: Mapping[str, str]) -> Answer:
    """200 or 502: GitHub's words about a query that came to nothing."""
    return json_answer(status, {"data": None, "errors": [{"message": _TIMEOUT}]}, headers)


def primary(status: int, headers: Mapping[str, str]) -> Answer:
    """403 or 429: nothing is left; ``headers`` tell until when."""
    answer = _error(status, "API rate limit exceeded for user ID 2000000000.", _LIMITS, headers)
    answer.limited = "primary"
    return answer


def secondary(status: int, headers: Mapping[str, str]) -> Answer:
    """200, 403 or 429: too much at a time."""
    text = "You have exceeded a secondary rate limit. Please wait a few minutes before you try again."
    answer = json_answer(status, {"message": text, "documentation_url": _LIMITS}, headers)
    answer.limited = "secondary"
    return answer


def rate_limited(headers: Mapping[str, str], kind: str = "RATE_LIMITED") -> Answer:
    """200 with nothing but an error; its type is spelled in two ways."""
    text = "API rate limit already exceeded for user ID 2000000000."
    error: dict[str, Any] = {"type": kind, "code": "graphql_rate_limit", "message": text}
    answer = json_answer(200, {"errors": [error]}, headers)
    answer.limited = "primary"
    return answer


_Headers: TypeAlias = dict[str, str]


def _proxy(status: int) -> Callable[[_Headers, _Headers, _Headers], Answer]:
    return lambda _told, _wait, _empty: Answer(status, _PROXY_PAGES[status], {"content-type": HTML})


_STRUCK: Final[Mapping[Fault, Callable[[_Headers, _Headers, _Headers], Answer]]] = {
    Fault.BAD_GATEWAY: _proxy(502),
    Fault.GATEWAY_TIMEOUT: _proxy(504),
    Fault.PRIMARY: lambda _told, _wait, empty: primary(403, empty),
    Fault.PRIMARY_TOO_MANY: lambda _told, _wait, empty: primary(429, empty),
    Fault.RATE_LIMIT: lambda told, _wait, _empty: rate_limited(told, "RATE_LIMIT"),
    Fault.RATE_LIMITED: lambda _told, wait, _empty: rate_limited(wait),
    Fault.SECONDARY: lambda _told, wait, _empty: secondary(403, wait),
    Fault.SECONDARY_OK: lambda _told, wait, _empty: secondary(200, wait),
    Fault.SECONDARY_SILENT: lambda told, _wait, _empty: secondary(403, told),
    Fault.SERVER_ERROR: lambda told, _wait, _empty: server_error(500, told),
    Fault.TOO_MANY: lambda _told, wait, _empty: secondary(429, wait),
    Fault.TOO_MANY_SILENT: lambda told, _wait, _empty: secondary(429, told),
    Fault.UNAVAILABLE: lambda told, _wait, _empty: server_error(503, told),
}


def struck(fault: Fault | None, told: Mapping[str, str], retry_after: int, now: float) -> Answer | None:
    """The answer to a request that a fault strikes before it is read; ``None`` for all others.

    Args:
        fault: What strikes.
        told: What the quota says.
        retry_after: Seconds to wait.
        now: UTC epoch seconds.
    """
    if fault is None or fault not in _STRUCK:
        return None
    wait = {"retry-after": str(retry_after)} | dict(told)
    reset = str(math.ceil(now + retry_after))
    empty = dict(told) | {"x-ratelimit-remaining": "0", "x-ratelimit-reset": reset}
    return _STRUCK[fault](dict(told), wait, empty)
