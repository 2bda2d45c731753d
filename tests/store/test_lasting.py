from __future__ import annotations

from datetime import UTC, datetime

from sourcer.store.database import Database
from sourcer.store.lasting import drop_lasting, put_lasting, read_lasting

NOW = datetime(2026, 3, 1, tzinfo=UTC)


def test_a_record_is_kept_until_another_takes_its_place_or_it_is_dropped(database: Database) -> None:
    with database.write() as connection:
        put_lasting(connection, "forge", "a1", {"body": "\0 é \ud800", "status": 200}, NOW)
        put_lasting(connection, "forge", "a2", {"body": "second"}, NOW)
        put_lasting(connection, "other", "a1", {"body": "third"}, NOW)
        put_lasting(connection, "forge", "a2", {"body": "newer"}, NOW)
    with database.write() as connection:
        drop_lasting(connection, "other", "a1")
        drop_lasting(connection, "other", "never there")
    with database.read() as connection:
        assert read_lasting(connection, "forge", "a1") == {"body": "\0 é \ud800", "status": 200}
        assert read_lasting(connection, "forge", "a2") == {"body": "newer"}
        assert read_lasting(connection, "other", "a1") is None
