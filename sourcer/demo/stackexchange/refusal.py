"""The errors of the API, and how it sends whatever it says."""

from __future__ import annotations

import gzip
import json
from typing import Any, Final

from sourcer.demo.loopback import JSON, Answer

__all__ = ["ERRORS", "Node", "Refused", "no_method", "packed", "wrong"]

Node = dict[str, Any]

ERRORS: Final = {
    400: ("bad_parameter", "An invalid parameter was passed"),
    401: ("access_token_required", "A method that requires an access token was called without one"),
    402: ("invalid_access_token", "An invalid access token was passed"),
    403: ("access_denied", "A method was called that the application may not call"),
    404: ("no_method", "An attempt was made to call a method that does not exist"),
    405: ("key_required", "A method was called in a manner that requires an application key"),
    406: ("access_token_compromised", "An access token is no longer believed to be secure"),
    407: ("write_failed", "A write operation was rejected"),
    409: ("duplicate_request", "A request was repeated"),
    500: ("internal_error", "An unexpected error occurred"),
    502: ("throttle_violation", "Too many requests were made"),
    503: ("temporarily_unavailable", "Some part of the site is down for maintenance"),
}
"""Name and description by ``error_id``."""

_BAD_REQUEST: Final = 400


class Refused(Exception):
    """The API answers with an error: always status 400, ``error_id`` tells which."""

    def __init__(self, error: int, message: str) -> None:
        super().__init__(message)
        self.error = error
        self.body: Node = {"error_id": error, "error_message": message, "error_name": ERRORS[error][0]}

    def as_answer(self) -> Answer:
        """As it is sent."""
        return packed(self.body, _BAD_REQUEST)


def wrong(parameter: str) -> Refused:
    """The error that names a parameter."""
    return Refused(400, parameter)


def no_method() -> Refused:
    """The error for a path that leads nowhere, ids that are no numbers among them."""
    return Refused(404, "no method found with this name")


def packed(body: Node | bytes, status: int = 200) -> Answer:
    """An answer as the API sends it: compressed whether or not the client asked for that."""
    data = body if isinstance(body, bytes) else json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()
    headers = {"content-type": JSON, "content-encoding": "gzip", "cache-control": "private"}
    return Answer(status, gzip.compress(data, 1, mtime=0), headers)
