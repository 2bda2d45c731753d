"""The pause switch: one row that every process on the database obeys."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from sqlalchemy import Connection, delete, select

from sourcer.store import schema
from sourcer.store.sql import insert_new

__all__ = ["pause", "pause_in_words", "resume"]

_PAUSE: Final = "pause"


def pause(connection: Connection, user: str, now: datetime) -> None:
    """Turn the switch on; who turned it on first is who is named."""
    insert_new(connection, schema.switch, [{"name": _PAUSE, "set_by": user, "set_at": now}], key=("name",))


def resume(connection: Connection) -> bool:
    """Turn the switch off; whether it was on."""
    return connection.execute(delete(schema.switch).where(schema.switch.c.name == _PAUSE)).rowcount > 0


def pause_in_words(connection: Connection) -> str:
    """Who paused everything, since when, and how it goes on; empty where nothing is paused."""
    row = connection.execute(select(schema.switch).where(schema.switch.c.name == _PAUSE)).first()
    if row is None:
        return ""
    when = f"{row.set_at:%Y-%m-%d %H:%M UTC}"
    return f"paused by {row.set_by} since {when}: `sourcer schedule --resume` lets it go on"
