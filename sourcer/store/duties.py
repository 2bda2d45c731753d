"""The daily duties of a database: which of their times was served, and what came of it."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, select

from sourcer.store import schema
from sourcer.store.past import Past
from sourcer.store.sql import upsert

__all__ = ["duty_past", "note_duty"]


def duty_past(connection: Connection, name: str, *, running: bool) -> Past:
    """What is known of a duty; ``running`` says whether somebody holds its lock."""
    served = connection.scalar(select(schema.duty.c.fire_time).where(schema.duty.c.name == name))
    return Past(served, running=running)


def note_duty(connection: Connection, name: str, fire_time: datetime, now: datetime, said: str) -> None:
    """Note that a duty is done for a time of its schedule."""
    row = {"name": name, "fire_time": fire_time, "done_at": now, "said": said}
    upsert(connection, schema.duty, [row], key=("name",))
