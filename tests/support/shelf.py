"""A shelf for lasting answers in memory."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

__all__ = ["DictShelf"]


class DictShelf:
    """What :class:`sourcer.fetch.lasting.Shelf` asks for."""

    def __init__(self) -> None:
        self.records: dict[tuple[str, str], Mapping[str, Any]] = {}

    async def read(self, connector: str, digest: str) -> Mapping[str, Any] | None:
        return self.records.get((connector, digest))

    async def put(self, connector: str, digest: str, record: Mapping[str, Any]) -> None:
        self.records[connector, digest] = record

    async def drop(self, connector: str, digest: str) -> None:
        self.records.pop((connector, digest), None)
