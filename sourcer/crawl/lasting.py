"""Where a crawl keeps the answers that a site never changes: in the database, for the next one."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any

from sourcer.crawl.writer import Writer
from sourcer.errors import DatabaseError
from sourcer.store.lasting import drop_lasting, put_lasting, read_lasting

__all__ = ["StoredShelf"]


class StoredShelf:
    """The shelf of a database, as :class:`~sourcer.fetch.lasting.Shelf` has it.

    What cannot be read or kept is asked for again: nothing is lost by that, and whoever must write will say so.
    """

    def __init__(self, writer: Writer) -> None:
        self._writer = writer

    async def read(self, connector: str, digest: str) -> Mapping[str, Any] | None:
        """The record, or ``None``."""
        with suppress(DatabaseError):
            return await self._writer.read(read_lasting, connector, digest)
        return None

    async def put(self, connector: str, digest: str, record: Mapping[str, Any]) -> None:
        """Keep a record in place of an older one."""
        with suppress(DatabaseError):
            await self._writer.write(put_lasting, connector, digest, record, datetime.now(UTC))

    async def drop(self, connector: str, digest: str) -> None:
        """Take the record away, if there is one."""
        with suppress(DatabaseError):
            await self._writer.write(drop_lasting, connector, digest)
