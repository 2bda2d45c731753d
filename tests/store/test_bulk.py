from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from sqlalchemy import select

from sourcer.store import bulk, schema
from sourcer.store.bulk import insert_new, upsert
from sourcer.store.database import Database
from support.store_items import account, begin, commit, piece

MOMENT = datetime(2026, 3, 1, 12, 30, 15, 123456, tzinfo=timezone(timedelta(hours=2)))


def lease(name: str, **said: object) -> dict[str, object]:
    return {"name": name, "owner": "me", "host": "h", "pid": 1, "heartbeat_at": MOMENT} | said


def test_rows_come_back_as_they_were(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bulk, "_AT_ONCE", 2)
    owners = ["quote \" ' \\ /", "प्रिया 👩🏽‍🔬", "two\r\nlines\t", "\\u0041 %s :name ?", "{}", "\x01", ""]
    rows = [lease(str(place), owner=owner) for place, owner in enumerate(owners)]
    with database.write() as connection:
        upsert(connection, schema.lease, rows, key=("name",))
    with database.read() as connection:
        found = connection.execute(select(schema.lease).order_by(schema.lease.c.name)).mappings().all()
    assert [row["owner"] for row in found] == owners
    assert {row["heartbeat_at"] for row in found} == {MOMENT.astimezone(UTC)}


def test_what_is_kept_stays_and_the_rest_is_written_over(database: Database) -> None:
    with database.write() as connection:
        upsert(connection, schema.lease, [lease("a", owner="one", pid=1)], key=("name",))
        upsert(connection, schema.lease, [lease("a", owner="two", pid=2)], key=("name",), keep=("owner",))
        insert_new(connection, schema.lease, [lease("a", pid=3), lease("b", pid=4)], key=("name",))
        rows = connection.execute(select(schema.lease.c.name, schema.lease.c.owner, schema.lease.c.pid)).all()
    assert sorted(map(tuple, rows)) == [("a", "one", 2), ("b", "me", 4)]


def test_a_time_without_a_zone_is_refused(database: Database) -> None:
    naive = lease("a", heartbeat_at=datetime(2026, 1, 1))  # noqa: DTZ001
    with pytest.raises(ValueError, match="without a zone"), database.write() as connection:
        upsert(connection, schema.lease, [naive], key=("name",))


def test_two_keys_with_one_hash_get_ids_of_their_own(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sourcer.store.writes.evidence_id", lambda *_key: 7)
    ada = account(1)
    run = begin(database)
    table = schema.evidence.c
    seen = []
    for items in ([piece(ada, "b")], [piece(ada, "a"), piece(ada, "c")], [piece(ada, key) for key in "abc"]):
        commit(database, run, *items)
        with database.read() as connection:
            seen.append({row.key: row.id for row in connection.execute(select(table.key, table.id))})
    assert seen == [{"b": 7}, {"b": 7, "a": 8, "c": 9}, {"b": 7, "a": 8, "c": 9}]
