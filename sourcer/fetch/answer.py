"""What a site said to one request, and what a request is."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final, Literal, TypeAlias

from sourcer.errors import AnswerError

__all__ = ["Answer", "Expect", "Request", "parse_json"]

Expect: TypeAlias = Literal["json", "text", "bytes"]
"""What the body of a good answer must be, to be believed."""

_UNREAD: Final = object()
_NOT_JSON: Final = object()
_SHOWN: Final = 60


def parse_json(body: bytes) -> Any:
    """Read a JSON body; a byte order mark is tolerated.

    Raises:
        ValueError: It is not JSON, or nested deeper than can be read.
    """
    try:
        return json.loads(body)
    except RecursionError:
        raise ValueError("nested too deeply") from None


@dataclass(frozen=True, slots=True)
class Request:
    """One request as a connector asked it: credentials and all, so it is never written or shown as it is.

    Args:
        method: ``GET`` or ``POST``.
        url: Absolute, its parameters included.
        headers: Names in lower case.
        json: The body of a POST.
        expect: What the body of a good answer must be.
        accept: Statuses that the caller takes as they are, where they would be asked again.
        lane: What a pause that a good answer asks for holds up; empty is the whole bucket.
        lasting: The site never changes the answer.
    """

    method: str
    url: str
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    json: Any = field(default=None, repr=False)
    expect: Expect = "json"
    accept: frozenset[int] = frozenset()
    lane: str = ""
    lasting: bool = False


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer as a connector gets it.

    Args:
        url: Where it came from after redirects, secrets stripped.
        status: The HTTP status.
        headers: Names in lower case, secrets stripped.
        body: Decoded from its content encoding; a known secret that the site echoed is stripped.
        fetched_at: When it came, UTC; in a replay the time of the recorded run.
        replayed: It comes from the archive.
    """

    url: str
    status: int
    headers: Mapping[str, str]
    body: bytes = field(repr=False)
    fetched_at: datetime
    replayed: bool = False
    _parsed: list[Any] = field(default_factory=lambda: [_UNREAD], init=False, repr=False, compare=False)

    def json(self) -> Any:
        """The body as JSON, parsed once.

        Raises:
            AnswerError: It is not JSON (kind ``bad_body``).
        """
        if not self.is_json:
            raise AnswerError(
                f"{self.url}: HTTP {self.status}, not JSON: {self.excerpt()!r}", kind="bad_body", status=self.status
            )
        return self._parsed[0]

    @property
    def is_json(self) -> bool:
        """Whether the body can be read as JSON."""
        if self._parsed[0] is _UNREAD:
            try:
                self._parsed[0] = parse_json(self.body)
            except ValueError:
                self._parsed[0] = _NOT_JSON
        return self._parsed[0] is not _NOT_JSON

    @property
    def text(self) -> str:
        """The body as text: UTF-8, what cannot be read replaced."""
        return self.body.decode("utf-8-sig", errors="replace")

    def excerpt(self, length: int = _SHOWN) -> str:
        """The beginning of the body on one line, for messages."""
        return " ".join(self.body[: length * 4].decode("utf-8", errors="replace").split())[:length]
