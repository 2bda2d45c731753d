"""What goes wrong at the copy of Kaggle."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from email.utils import format_datetime
from enum import StrEnum
from typing import Any, Final

from sourcer.demo.loopback import HTML, Answer, json_answer

__all__ = ["HARMLESS", "Fault", "coded", "missing_page", "refused", "struck"]

_PAGE: Final = b'<!DOCTYPE html><html><head><title>Kaggle</title></head><body><div id="root"></div></body></html>'


class Fault(StrEnum):
    """One way in which a request comes to nothing."""

    BAD_GATEWAY = "bad_gateway"
    """502 with the page of a proxy."""
    HALF = "half"
    """200 whose body stops in the middle."""
    NOT_FOUND_OK = "not_found_ok"
    """200 whose code says 404: there is no such thing, although there is."""
    PAGE = "page"
    """200 with a page instead of an answer."""
    RESET = "reset"
    """The connection breaks before an answer."""
    TOO_MANY = "too_many"
    """429 that says for how many seconds."""
    TOO_MANY_DATE = "too_many_date"
    """429 that says until when."""
    TOO_MANY_OK = "too_many_ok"
    """200 whose code says 429, with seconds."""
    TOO_MANY_SILENT = "too_many_silent"
    """429 that does not say for how long."""
    UNAVAILABLE = "unavailable"
    """503 in JSON."""
    UNAVAILABLE_OK = "unavailable_ok"
    """200 whose error says 503."""


HARMLESS: Final = tuple(one for one in Fault if one is not Fault.NOT_FOUND_OK)
"""Those that pass when the request is made again. A thing that is said to be missing is not asked for again."""


def coded(status: int, code: int, message: str, headers: Mapping[str, str] | None = None) -> Answer:
    """An error in the shape of the site's own servers, which also stands within HTTP 200."""
    return json_answer(status, {"code": code, "message": message}, headers)


def refused(code: int, message: str, name: str, status: int | None = None) -> Answer:
    """An error in the shape of the API's gateway."""
    return json_answer(status or code, {"error": {"code": code, "message": message, "status": name}})


def missing_page() -> Answer:
    """404 for a path that leads nowhere: a page."""
    return Answer(404, _PAGE, {"content-type": HTML})


_Wait = tuple[int, float]
_STRUCK: Final[Mapping[Fault, Callable[[_Wait], Answer]]] = {
    Fault.BAD_GATEWAY: lambda _wait: Answer(502, b"<html>502 Bad Gateway</html>", {"content-type": HTML}),
    Fault.NOT_FOUND_OK: lambda _wait: coded(200, 404, "Not found"),
    Fault.PAGE: lambda _wait: Answer(200, _PAGE, {"content-type": HTML}),
    Fault.RESET: lambda _wait: Answer(200, drop=True),
    Fault.TOO_MANY: lambda wait: _too_many(429, {"retry-after": str(wait[0])}),
    Fault.TOO_MANY_DATE: lambda wait: _too_many(429, {"retry-after": _date(wait[1] + wait[0])}),
    Fault.TOO_MANY_OK: lambda wait: _too_many(200, {"retry-after": str(wait[0])}),
    Fault.TOO_MANY_SILENT: lambda _wait: _too_many(429, {}),
    Fault.UNAVAILABLE: lambda _wait: coded(503, 503, "Service unavailable"),
    Fault.UNAVAILABLE_OK: lambda _wait: refused(503, "Service unavailable", "UNAVAILABLE", 200),
}


def struck(fault: Fault | None, retry_after: int, now: float) -> Answer | None:
    """What a fault answers in place of the API; ``None`` where it does not. ``now`` in UTC epoch seconds."""
    answer: Any = _STRUCK.get(fault) if fault is not None else None
    return answer((retry_after, now)) if answer is not None else None


def _too_many(status: int, headers: Mapping[str, str]) -> Answer:
    answer = coded(status, 429, "Too many requests", headers)
    answer.limited = "primary"
    return answer


def _date(moment: float) -> str:
    """A moment as HTTP writes it: in whole seconds, so that nobody who keeps to it comes too early."""
    return format_datetime(datetime.fromtimestamp(int(moment) + 1, UTC), usegmt=True)
