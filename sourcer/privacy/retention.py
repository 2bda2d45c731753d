"""What was not seen for longer than ``[privacy] retention_days`` is deleted: people, and raw answers about them."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

from sqlalchemy import func, select

from sourcer.errors import RunError
from sourcer.fetch.archive import Archive
from sourcer.store import schema
from sourcer.store.changes import drop_changes
from sourcer.store.database import Database
from sourcer.store.purging import drop_people_without_accounts, purge_accounts, unseen_accounts
from sourcer.store.sql import chunks

__all__ = ["Purged", "purge", "purgeable"]

_AT_ONCE: Final = 200
"""Accounts that go in one transaction, so that a crawl that runs meanwhile hardly waits."""

_CHAIN_FOLDER: Final = re.compile(r"(?P<chain>[0-9]+)-[0-9]{8}T[0-9]{6}")


@dataclass(frozen=True, slots=True)
class Purged:
    """How much was deleted. Of ``purgeable``, ``people`` and ``evidence`` are not known yet."""

    accounts: int = 0
    people: int = 0
    evidence: int = 0
    archives: int = 0

    def in_words(self) -> str:
        """One line for the user."""
        return (
            f"{self.accounts} accounts of {self.people} people with {self.evidence} pieces of evidence, and "
            f"{self.archives} folders of raw answers"
        )


def purgeable(database: Database, before: datetime, archive_dir: Path | None) -> Purged:
    """How many accounts and folders :func:`purge` would delete."""
    with database.read() as connection:
        accounts = len(unseen_accounts(connection, before))
    return Purged(accounts=accounts, archives=len(list(_old_folders(database, before, archive_dir))))


def purge(database: Database, before: datetime, archive_dir: Path | None) -> Purged:
    """Delete for good what was last seen before a moment. It can be killed anywhere and run again.

    Args:
        database: Where people are stored.
        before: Whatever was last seen earlier goes.
        archive_dir: The archive of raw answers, where one is kept: chains whose last run began earlier go.

    Raises:
        RunError: A folder of the archive cannot be deleted.
    """
    with database.read() as connection:
        accounts = unseen_accounts(connection, before)
    gone = pieces = 0
    for chunk in chunks(accounts, _AT_ONCE):
        with database.write() as connection:
            deleted, evidence = purge_accounts(connection, chunk, before)
        gone, pieces = gone + deleted, pieces + evidence
    with database.write() as connection:
        people = drop_people_without_accounts(connection)
        drop_changes(connection, before)
    folders = list(_old_folders(database, before, archive_dir))
    for folder in folders:
        try:
            shutil.rmtree(folder)
        except OSError as fault:
            raise RunError(f"{folder}: cannot be deleted ({fault.strerror}); check who may write there") from fault
    return Purged(gone, people, pieces, len(folders))


def _old_folders(database: Database, before: datetime, archive_dir: Path | None) -> Iterator[Path]:
    """The folders of chains that began before a moment and have no run since."""
    if archive_dir is None or not archive_dir.is_dir():
        return
    run = schema.run.c
    with database.read() as connection:
        alive = set(
            connection.scalars(select(run.chain).group_by(run.chain).having(func.max(run.started_at) >= before))
        )
    for folder in sorted(archive_dir.iterdir()):
        named = _CHAIN_FOLDER.fullmatch(folder.name)
        if named is None or folder.is_symlink() or int(named["chain"]) in alive:
            continue
        began = Archive(archive_dir, folder.name).started_at
        if began is not None and began < before:
            yield folder
