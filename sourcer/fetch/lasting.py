"""Answers that a site never changes: asked for once, and kept from one crawl to the next."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Protocol

from sourcer.errors import AnswerError
from sourcer.fetch.answer import Answer, Request
from sourcer.fetch.record import answer_record, identity, read_record
from sourcer.fetch.secrets import Secrets

__all__ = ["Lasting", "Shelf"]


class Shelf(Protocol):
    """Where records lie, by connector and by the hash of what was asked."""

    async def read(self, connector: str, digest: str) -> Mapping[str, Any] | None:
        """The record, or ``None``."""
        ...

    async def put(self, connector: str, digest: str, record: Mapping[str, Any]) -> None:
        """Keep a record in place of an older one."""
        ...

    async def drop(self, connector: str, digest: str) -> None:
        """Take the record away, if there is one."""
        ...


class Lasting:
    """One connector's lasting answers. Secrets are stripped as in the archive: who asks makes no difference.

    Args:
        connector: Whose.
        secrets: What is never written.
        shelf: ``None`` keeps nothing.
    """

    def __init__(self, connector: str, secrets: Secrets, shelf: Shelf | None) -> None:
        self._connector = connector
        self._secrets = secrets
        self._shelf = shelf

    async def recall(self, request: Request) -> Answer | None:
        """What was answered when this was first asked; ``None`` where that is not known."""
        if self._shelf is None:
            return None
        record = await self._shelf.read(self._connector, self._digest(request))
        try:
            return None if record is None else replace(read_record(record), replayed=False)
        except (AnswerError, KeyError, TypeError, ValueError):
            return None

    async def keep(self, request: Request, answer: Answer) -> None:
        """Keep an answer for good."""
        if self._shelf is not None:
            record = answer_record(request, answer, self._secrets)
            await self._shelf.put(self._connector, self._digest(request), record)

    async def forget(self, request: Request) -> None:
        """Keep it no longer: it turned out to be of no use."""
        if self._shelf is not None:
            await self._shelf.drop(self._connector, self._digest(request))

    def _digest(self, request: Request) -> str:
        return identity(request, self._secrets)
