"""Keeps what one connector was handed, and hands it out again in a replay."""

from __future__ import annotations

import asyncio
from collections import deque
from datetime import datetime
from http import HTTPStatus
from typing import Any, TypeAlias

from sourcer.errors import AnswerError, NotArchived, RunError
from sourcer.fetch.answer import Answer, Request
from sourcer.fetch.archive import Archive
from sourcer.fetch.record import CONDITIONAL, answer_record, fault_record, identity, read_record
from sourcer.fetch.secrets import Secrets

__all__ = ["Recorder", "Records"]

Records: TypeAlias = tuple[tuple[str, int], ...]
"""Archived records: whose request (its hash), and which of those that the request has."""


class Recorder:
    """One connector's part of an archive.

    Args:
        connector: Its folder in the archive.
        secrets: What is stripped before anything is written.
        archive: ``None`` keeps nothing.
        replay: Nothing is written and the archive must hold the run.
        started_at: When the chain began, unless the archive already says so.

    Raises:
        RunError: The archive cannot be used, or a replay has nothing to play.
    """

    def __init__(
        self, connector: str, secrets: Secrets, archive: Archive | None, *, replay: bool, started_at: datetime
    ) -> None:
        self.started_at = _replayed_start(archive) if replay else started_at
        if archive is not None and not replay:
            self.started_at = archive.begin(started_at)
        self._connector = connector
        self._secrets = secrets
        self._archive = archive
        self._kept: list[tuple[str, int]] = []
        self._wanted: dict[str, deque[int]] = {}

    def take(self) -> Records:
        """The records that were kept since this was last asked, in their order."""
        kept, self._kept = tuple(self._kept), []
        return kept

    def want(self, records: Records) -> None:
        """Recall these records from now on, each once; a request that has none here gets its next one."""
        self._wanted = {}
        for digest, number in records:
            self._wanted.setdefault(digest, deque()).append(number)

    async def keep_answer(self, request: Request, answer: Answer) -> None:
        """Archive an answer. A token that it grants is a secret from now on.

        Raises:
            RunError: The archive cannot be written.
        """
        if request.expect == "json" and answer.is_json:
            self._secrets.learn_from_answer(answer.json())
        if self._archive is not None:
            await self._keep(self._archive, request, answer_record(request, answer, self._secrets))

    async def keep_fault(self, request: Request, fault: AnswerError, now: datetime) -> None:
        """Archive that a request came to nothing.

        Raises:
            RunError: The archive cannot be written.
        """
        if self._archive is not None:
            await self._keep(self._archive, request, fault_record(request, fault, now, self._secrets))

    async def _keep(self, archive: Archive, request: Request, record: dict[str, Any]) -> None:
        digest = self._identity(request)
        number = await asyncio.to_thread(archive.write, self._connector, digest, record)
        self._kept.append((digest, number))

    async def recall(self, request: Request) -> Answer:
        """What was handed out when this was asked.

        Raises:
            AnswerError: It came to nothing then; the same error.
            NotArchived: The archive does not hold it.
            RunError: The archive cannot be read.
        """
        record = None
        if self._archive is not None:
            record = await asyncio.to_thread(self._read, self._archive, self._identity(request))
        try:
            answer = read_record(record) if record is not None else None
        except (KeyError, TypeError, ValueError):
            answer = None
        if answer is None or _is_unasked_304(request, answer):
            raise NotArchived(
                f"{self._connector}: {request.method} {self._secrets.url(request.url)}: the archive does not hold it",
                kind="not_archived",
            )
        return answer

    def _read(self, archive: Archive, digest: str) -> dict[str, Any] | None:
        wanted = self._wanted.get(digest)
        if wanted:
            return archive.read_number(self._connector, digest, wanted.popleft())
        return archive.read(self._connector, digest)

    def _identity(self, request: Request) -> str:
        return identity(request, self._secrets)


def _replayed_start(archive: Archive | None) -> datetime:
    if archive is None:
        raise RunError("a replay needs the archive of the run; [fetch] archive_dir says where it lies")
    started_at = archive.started_at
    if started_at is None:
        raise RunError(f"{archive.root}: holds nothing of run {archive.chain}, so it cannot be replayed")
    return started_at


def _is_unasked_304(request: Request, answer: Answer) -> bool:
    # "Unchanged" answers only somebody who has seen the page before: a replay into an empty database has not.
    asked = any(name in request.headers for name in CONDITIONAL)
    return answer.status == HTTPStatus.NOT_MODIFIED and not asked
