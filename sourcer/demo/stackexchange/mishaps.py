"""What goes wrong at the Stack Exchange API, as it is documented and has been seen."""

from __future__ import annotations

import codecs
import gzip
from enum import StrEnum
from typing import Final

from sourcer.demo.loopback import HTML, Answer
from sourcer.demo.stackexchange.refusal import Refused

__all__ = ["EVERY", "QUICK", "Mishap", "banned", "spoiled", "struck"]


class Mishap(StrEnum):
    """One way in which a request comes to nothing, or to something odd."""

    BACKOFF = "backoff"
    """A good answer that asks for a pause of its method."""
    BAD_GATEWAY = "bad_gateway"
    """502 with the page of a proxy."""
    BANNED = "banned"
    """429 with a page, which does not say for how long."""
    BYTE_ORDER_MARK = "byte_order_mark"
    """A good answer that begins with U+FEFF."""
    FORBIDDEN = "forbidden"
    """403 with a page: another form of a ban."""
    GARBAGE = "garbage"
    """200 with JSON that stops in the middle of the text, not of the transfer."""
    HALF = "half"
    """200 whose body stops in the middle."""
    INTERNAL = "internal"
    """400 with ``internal_error``."""
    MAINTENANCE = "maintenance"
    """200 with the page that stands in for the site during maintenance."""
    RESET = "reset"
    """The connection breaks before an answer."""
    THROTTLED = "throttled"
    """400 with ``throttle_violation``, whose message says how long to wait."""
    UNAVAILABLE = "unavailable"
    """400 with ``temporarily_unavailable``: the method rests."""


EVERY: Final = tuple(Mishap)
"""All of them; some make a client wait for a minute."""

QUICK: Final = tuple(one for one in Mishap if one not in (Mishap.BANNED, Mishap.FORBIDDEN, Mishap.UNAVAILABLE))
"""Those that say how long to wait, or ask for no pause."""

_OFFLINE: Final = b"<!DOCTYPE html><html><head><title>Offline for Maintenance</title></head><body></body></html>\n"
_PROXY: Final = b"<html><head><title>502 Bad Gateway</title></head><body><h1>502 Bad Gateway</h1></body></html>\n"
_TOO_MANY: Final = b"<!DOCTYPE html><html><head><title>Too Many Requests</title></head><body></body></html>\n"
_ACCESS_DENIED: Final = b"<!DOCTYPE html><html><head><title>Access Denied</title></head><body></body></html>\n"
_PAGES: Final = {
    Mishap.BAD_GATEWAY: (502, _PROXY),
    Mishap.BANNED: (429, _TOO_MANY),
    Mishap.FORBIDDEN: (403, _ACCESS_DENIED),
    Mishap.MAINTENANCE: (200, _OFFLINE),
}
_ERRORS: Final = {
    Mishap.INTERNAL: (500, "an error occurred"),
    Mishap.THROTTLED: (502, "too many requests from this IP, more requests available in {} seconds"),
    Mishap.UNAVAILABLE: (503, "some part of the site is down for maintenance"),
}


def _page(status: int, body: bytes) -> Answer:
    return Answer(status, body, {"content-type": HTML})


def banned() -> Answer:
    """What those get whom the API no longer hears."""
    return _page(*_PAGES[Mishap.BANNED])


def struck(mishap: Mishap | None, retry_after: int) -> Answer | None:
    """The answer that takes the place of a good one, where there is such a one."""
    if mishap is Mishap.RESET:
        return Answer(200, drop=True)
    if mishap in _PAGES:
        return _page(*_PAGES[mishap])
    if mishap in _ERRORS:
        error, message = _ERRORS[mishap]
        return Refused(error, message.format(retry_after)).as_answer()
    return None


def spoiled(mishap: Mishap | None, answer: Answer) -> Answer:
    """A good answer with what went wrong in it."""
    match mishap:
        case Mishap.BYTE_ORDER_MARK:
            answer.body = gzip.compress(codecs.BOM_UTF8 + gzip.decompress(answer.body), 1, mtime=0)
        case Mishap.GARBAGE:
            text = gzip.decompress(answer.body)
            answer.body = gzip.compress(text[: len(text) // 2], 1, mtime=0)
        case Mishap.HALF:
            answer.cut = True
        case _:
            pass
    return answer
