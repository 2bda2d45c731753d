"""Asking the REST API: one request, what it told, and where the list goes on."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Final

from sourcer.connect import Answer, AnswerError, Denied, Json
from sourcer_github.auth import REST_HEADERS
from sourcer_github.client import Client, Fault
from sourcer_github.policy import CORE

__all__ = ["PER_PAGE", "Rest", "Told"]

PER_PAGE: Final = 100
"""The most that GitHub gives at once."""

RAW: Final = "application/vnd.github.raw+json"
"""Asks for a file itself, not for a description of it."""

GONE: Final = (HTTPStatus.NOT_FOUND, HTTPStatus.GONE)

_NEXT: Final = re.compile(r"""<([^<>\s]+)>\s*;[^<]*\brel="?next\b""")


@dataclass(frozen=True, slots=True)
class Told:
    """What a request told.

    Args:
        url: What was asked.
        status: The HTTP status.
        value: The body of a good answer, ``None`` of any other.
        etag: What asks for it again only if it has changed: as it came, quotes and ``W/`` included; empty is none.
        next: Where the list goes on; empty at its end.
    """

    url: str
    status: int
    value: Json = None
    etag: str = ""
    next: str = ""

    @property
    def is_good(self) -> bool:
        """Whether there is a body to be read."""
        return self.status == HTTPStatus.OK

    @property
    def is_gone(self) -> bool:
        """Whether GitHub says that there is no such thing."""
        return self.status in GONE

    @property
    def fault(self) -> Fault:
        """Why there is nothing to be read."""
        return Fault(f"HTTP {self.status}")


class Rest:
    """The REST API for one configuration."""

    def __init__(self, client: Client) -> None:
        self.client = client
        self._base = client.config.api_url

    def url(self, path: str) -> str:
        """The address of a path below the API's own."""
        return f"{self._base}{path}"

    async def get(
        self, url: str, params: Mapping[str, Json] | None = None, *, bucket: str = CORE, etag: str = ""
    ) -> Told:
        """Ask for something as JSON; with ``etag`` only if it has changed.

        Raises:
            AnswerError: It came to nothing.
            Denied: GitHub refuses the credentials.
        """
        headers = {**REST_HEADERS, **({"If-None-Match": etag} if etag else {})}
        answer = await self._ask(url, params, headers, bucket)
        value = answer.json() if answer.status == HTTPStatus.OK else None
        return Told(url, answer.status, value, answer.headers.get("etag", ""), self._next(answer))

    async def text(self, url: str) -> tuple[int, bytes]:
        """Ask for a file: the status and what the file holds.

        Raises:
            AnswerError: It came to nothing.
            Denied: GitHub refuses the credentials.
        """
        headers = {**REST_HEADERS, "Accept": RAW}
        answer = await self._ask(url, None, headers, CORE, raw=True)
        return answer.status, answer.body

    async def _ask(
        self,
        url: str,
        params: Mapping[str, Json] | None,
        headers: Mapping[str, str],
        bucket: str,
        *,
        raw: bool = False,
    ) -> Answer:
        client = self.client
        everything = {**headers, **await client.auth.headers()}
        return await client.fetcher.get(
            url, params=params, headers=everything, bucket=bucket, expect="bytes" if raw else "json"
        )

    def _next(self, answer: Answer) -> str:
        found = _NEXT.search(answer.headers.get("link", ""))
        # A list goes on at the same place: whoever says otherwise is no GitHub.
        return found[1] if found and found[1].startswith(f"{self._base}/") else ""

    async def check(self) -> None:
        """See that there is a GitHub; costs nothing of the quota.

        Raises:
            Denied: The address is no GitHub.
            AnswerError: There is no usable answer.
        """
        told = await self.get(self.url("/rate_limit"))
        # A GitHub Enterprise without limits knows no such page, but says so as GitHub does.
        if told.status not in (HTTPStatus.OK, HTTPStatus.NOT_FOUND):
            if told.status in (301, 302, 307, 308):
                raise Denied(f"{told.url} answered {told.status}: is [connectors.github] api_url right?")
            raise AnswerError(f"{told.url} answered {told.status}", kind=f"http_{told.status}", status=told.status)
