"""What left the house: entries that are only ever added; the database itself refuses to change them."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, insert, select

from sourcer.domain import Json, iso_time
from sourcer.store import schema

__all__ = ["AuditEntry", "add_entry", "read_entries"]


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """Somebody took data out.

    Args:
        at: When.
        user: Who.
        action: ``export`` or ``report``.
        brief: Through which brief.
        subject: The file's name.
        rows: How many people it holds.
        sha256: Of the file: says whether a file that turns up is this one.
        detail: What else there is to know, such as format and columns; no personal data.
        id: Later entries have larger ones; 0 before it is added.
    """

    at: datetime
    user: str
    action: str
    brief: str
    subject: str
    rows: int
    sha256: str
    detail: dict[str, Json] = field(default_factory=dict)
    id: int = 0

    def as_json(self) -> dict[str, Any]:
        """The entry as an object."""
        names = ("id", "user", "action", "brief", "subject", "rows", "sha256", "detail")
        return {"at": iso_time(self.at)} | {name: getattr(self, name) for name in names}


def add_entry(connection: Connection, entry: AuditEntry) -> None:
    """Add an entry, in a write transaction."""
    row = {
        "happened_at": entry.at,
        "user_name": entry.user,
        "action": entry.action,
        "brief": entry.brief,
        "subject": entry.subject,
        "rows": entry.rows,
        "sha256": entry.sha256,
        "detail": entry.detail,
    }
    connection.execute(insert(schema.audit), [row])


def read_entries(connection: Connection) -> list[AuditEntry]:
    """All entries, the oldest first."""
    table = schema.audit.c
    return [
        AuditEntry(
            row.happened_at, row.user_name, row.action, row.brief, row.subject, row.rows, row.sha256, row.detail, row.id
        )
        for row in connection.execute(select(schema.audit).order_by(table.id))
    ]
