from __future__ import annotations

import pytest
from sqlalchemy import delete, update
from sqlalchemy.exc import DBAPIError

from sourcer.errors import SourcerError
from sourcer.store import schema
from sourcer.store.audit import AuditEntry, add_entry, read_entries
from sourcer.store.database import Database
from support.store_items import NOON

ENTRY = AuditEntry(NOON, "kim", "export", "ml", "people.csv", 3, "ab" * 32, {"format": "csv"})


def test_entries_are_only_ever_added(database: Database) -> None:
    for _ in range(2):
        with database.write() as connection:
            add_entry(connection, ENTRY)
    for change in (update(schema.audit).values(user_name="nobody"), delete(schema.audit)):
        with pytest.raises((DBAPIError, SourcerError)), database.write() as connection:
            connection.execute(change)
    with database.read() as connection:
        entries = read_entries(connection)
    assert [(entry.user, entry.rows, entry.at) for entry in entries] == [("kim", 3, NOON)] * 2
    assert entries[0].as_json()["at"] == "2026-03-01T12:00:00Z"
