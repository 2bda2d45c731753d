"""Keeps what one connector was handed, and hands it out again in a replay."""

from __future__ import annotations

import asyncio
from datetime import datetime
from http import HTTPStatus

from sourcer.errors import AnswerError, NotArchived, RunError
from sourcer.fetch.answer import Answer, Request
from sourcer.fetch.archive import Archive
from sourcer.fetch.record import CONDITIONAL, answer_record, fault_record, identity, read_record
from sourcer.fetch.secrets import Secrets

__all__ = ["Recorder"]


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

    async def keep_answer(self, request: Request, answer: Answer) -> None:
        """Archive an answer. A token that it grants is a secret from now on.

        Raises:
            RunError: The archive cannot be written.
        """
        if request.expect == "json" and answer.is_json:
            self._secrets.learn_from_answer(answer.json())
        if self._archive is not None:
            record = answer_record(request, answer, self._secrets)
            await asyncio.to_thread(self._archive.write, self._connector, self._identity(request), record)

    async def keep_fault(self, request: Request, fault: AnswerError, now: datetime) -> None:
        """Archive that a request came to nothing.

        Raises:
            RunError: The archive cannot be written.
        """
        if self._archive is not None:
            record = fault_record(request, fault, now, self._secrets)
            await asyncio.to_thread(self._archive.write, self._connector, self._identity(request), record)

    async def recall(self, request: Request) -> Answer:
        """What was handed out when this was asked.

        Raises:
            AnswerError: It came to nothing then; the same error.
            NotArchived: The archive does not hold it.
            RunError: The archive cannot be read.
        """
        record = None
        if self._archive is not None:
            record = await asyncio.to_thread(self._archive.read, self._connector, self._identity(request))
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
