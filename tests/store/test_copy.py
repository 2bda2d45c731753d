from __future__ import annotations

import sqlite3
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import delete, insert, select, update

from sourcer.domain import Done, LinkClaim
from sourcer.errors import DatabaseError
from sourcer.store import copy, schema
from sourcer.store.candidates import CandidateRow, ContributionRow, replace_candidates
from sourcer.store.copy import Copied, copy_database
from sourcer.store.database import Database
from sourcer.store.ids import person_id
from sourcer.store.runs import Run
from support.databases import PostgresScratch, dump_rows
from support.store_items import account, begin, commit, piece, profile

WAYS = [("sqlite", "postgresql"), ("postgresql", "sqlite"), ("sqlite", "sqlite"), ("postgresql", "postgresql")]


def fill(database: Database) -> Run:
    """People with everything that is hard to carry: scripts, JSON, numbers, merged people, a gap in the counted ids."""
    ada, ben, cleo = (account(number) for number in (1, 2, 3))
    lost = begin(database)
    with database.write() as connection:
        connection.execute(delete(schema.run).where(schema.run.c.id == lost.id))
    run = begin(database, connectors=("github",))
    said: dict[str, Any] = {
        "name": 'प्रिया 👩🏽‍🔬 \\ "q" \ud83d\ude00',
        "bio": "two\r\nlines\tand a tab",
        "open_to_work": True,
        "measure": {"reputation": 0.1 + 0.2, "big": 2**53, "tiny": 5e-324},
        "links": (LinkClaim("https://example.org/ü", "website"),),
    }
    commit(
        database,
        run,
        *(profile(ada, **said), piece(ada, "a"), piece(ada, "b", happened_at=None)),
        *(profile(ben), piece(ben, "c", terms=()), profile(cleo), Done(cleo, ("*",), {"deep": [1, None, "\0\ud800"]})),
    )
    low, high = sorted((person_id("github", "1"), person_id("github", "2")))
    parts = [ContributionRow(1, "mlflow", "lifecycle", "owned · must", 1 / 3)]
    with database.write() as connection:
        # The one who points has the smaller id: rows in the order of their ids would point to nobody yet.
        connection.execute(update(schema.person).where(schema.person.c.id == low).values(merged_into=high))
        replace_candidates(connection, "ml", date(2026, 4, 1), "v1", [CandidateRow(high, 1, 33.3, parts)])
    return run


def database_of(kind: str, request: pytest.FixtureRequest, tmp_path: Path, *, name: str) -> str:
    if kind == "sqlite":
        return f"sqlite:///{tmp_path / name}.db"
    scratch: PostgresScratch = request.getfixturevalue("postgres")
    url = scratch.borrow_empty()
    request.addfinalizer(lambda: scratch.give_back_empty(url))
    return url


@pytest.mark.parametrize(("here", "there"), WAYS)
def test_nothing_is_lost_on_the_way(
    here: str, there: str, request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(copy, "_AT_ONCE", 2)
    told: list[Copied] = []
    with (
        Database(database_of(here, request, tmp_path, name="here")) as source,
        Database(database_of(there, request, tmp_path, name="there")) as target,
    ):
        source.upgrade()
        run = fill(source)
        copy_database(source, target, told.append)
        assert dump_rows(source) == dump_rows(target)
        assert {table.table: table.rows for table in told}.items() >= {"evidence": 3, "profile": 3, "run": 1}.items()
        assert len({table.digest for table in told if table.rows}) == len([table for table in told if table.rows])
        # Ids go on where they were, also after rows that are gone.
        assert begin(target).id == run.id + 1
        with pytest.raises(DatabaseError, match="is not empty"):
            copy_database(source, target)


def test_a_number_that_is_gone_is_not_given_again(tmp_path: Path, sqlite_template: Path) -> None:
    (tmp_path / "here.db").write_bytes(sqlite_template.read_bytes())
    with Database(f"sqlite:///{tmp_path / 'here.db'}") as source, Database(f"sqlite:///{tmp_path / 'x.db'}") as target:
        last = begin(source)
        with source.write() as connection:
            connection.execute(delete(schema.run))
        copy_database(source, target)
        assert begin(target).id == last.id + 1


def test_a_fault_leaves_the_target_as_empty_as_before(
    tmp_path: Path, sqlite_template: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "here.db").write_bytes(sqlite_template.read_bytes())
    with Database(f"sqlite:///{tmp_path / 'here.db'}") as source, Database(f"sqlite:///{tmp_path / 'x.db'}") as target:
        fill(source)
        with monkeypatch.context() as patch:
            patch.setattr(copy, "_tell", lambda _connection, table: Copied(table.name, 0, ""))
            with pytest.raises(DatabaseError, match="nothing was copied"):
                copy_database(source, target)
        with target.read() as connection:
            assert connection.execute(select(schema.run)).all() == []
        copy_database(source, target)


def test_rows_that_do_not_arrive_as_they_were_are_noticed(tmp_path: Path, sqlite_template: Path) -> None:
    """The comparison reads what lies in the target: a trigger there that changes a row is found out."""
    for name in ("here", "there"):
        (tmp_path / f"{name}.db").write_bytes(sqlite_template.read_bytes())
    with sqlite3.connect(tmp_path / "there.db") as raw:
        raw.execute("CREATE TRIGGER t AFTER INSERT ON profile BEGIN UPDATE profile SET name = 'x' WHERE uid = '2'; END")
    raw.close()
    with (
        Database(f"sqlite:///{tmp_path / 'here.db'}") as source,
        Database(f"sqlite:///{tmp_path / 'there.db'}") as target,
    ):
        fill(source)
        with pytest.raises(DatabaseError, match="profile: 3 rows left and 3 arrived, or not as they were"):
            copy_database(source, target)


def test_a_source_that_is_not_there_is_named(tmp_path: Path) -> None:
    with (
        Database(f"sqlite:///{tmp_path / 'none.db'}") as source,
        Database(f"sqlite:///{tmp_path / 'x.db'}") as target,
        pytest.raises(DatabaseError, match="no database at"),
    ):
        copy_database(source, target)
    assert list(tmp_path.iterdir()) == []


def test_json_that_says_nothing_is_null_on_both(database: Database) -> None:
    row: dict[str, Any] = {"site": "x", "uid": "1", "depth": "cheap", "scope": [], "state": None, "connector": "x"}
    run = begin(database)
    with database.write() as connection:
        connection.execute(insert(schema.look), [row | {"run_id": run.id, "seen_at": run.started_at}])
        assert connection.scalar(select(schema.look.c.state)) is None
