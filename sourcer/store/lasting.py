"""Answers of sites that never change, kept for all crawls. They are about nobody, so no duty ever takes one away."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, delete, select

from sourcer.store import schema
from sourcer.store.sql import upsert

__all__ = ["drop_lasting", "put_lasting", "read_lasting"]


def read_lasting(connection: Connection, connector: str, digest: str) -> Mapping[str, Any] | None:
    """What a connector got when it first asked this; ``None`` where that is not known."""
    table = schema.lasting.c
    found = connection.scalar(select(table.record).where(table.connector == connector, table.digest == digest))
    return found if isinstance(found, dict) else None


def put_lasting(
    connection: Connection, connector: str, digest: str, record: Mapping[str, Any], kept_at: datetime
) -> None:
    """Keep what a connector got, in place of what it got before."""
    row = {"connector": connector, "digest": digest, "record": dict(record), "kept_at": kept_at}
    upsert(connection, schema.lasting, [row], key=("connector", "digest"))


def drop_lasting(connection: Connection, connector: str, digest: str) -> None:
    """Take it away, if it is there."""
    table = schema.lasting.c
    connection.execute(delete(schema.lasting).where(table.connector == connector, table.digest == digest))
