from __future__ import annotations

import os
import re
import sqlite3
import stat
import sys
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError

from sourcer.errors import DatabaseError, UsageError
from sourcer.store import schema
from sourcer.store.database import Database
from sourcer.store.upgrade import HEAD
from support.databases import PostgresScratch
from support.store_items import NOON

SECRET = "hush-hush"


def complaint(url: str) -> str:
    """What one is told when the database cannot be used: one line, without the password."""
    with pytest.raises((DatabaseError, UsageError)) as told, Database(url) as database:
        database.ensure()
    message = str(told.value)
    assert "\n" not in message
    assert SECRET not in message
    return message


def set_revision(url: str, revision: str) -> None:
    with Database(url) as database, database.write() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = :to"), {"to": revision})


def test_a_missing_database_is_named_and_not_made(missing_url: str) -> None:
    told = complaint(missing_url)
    assert told.startswith(f"no database at {Database(missing_url).shown_url}: ")
    assert told.endswith("run `sourcer init` or `sourcer db upgrade`")
    with Database(missing_url) as database:
        status = database.status()
        assert (status.state, status.revision, status.head) == ("missing", None, HEAD)
    if missing_url.startswith("sqlite"):
        assert not Path(missing_url.removeprefix("sqlite:///")).exists()


def test_upgrade_makes_a_database_and_may_be_repeated(missing_url: str) -> None:
    with Database(missing_url) as database:
        database.upgrade()
        database.upgrade()
        database.ensure()
        assert (database.status().state, database.status().revision) == ("current", HEAD)


def test_ensure_makes_a_missing_database_when_asked(missing_url: str) -> None:
    with Database(missing_url) as database:
        database.ensure(create=True)
        assert database.status().state == "current"


def test_a_database_of_a_newer_program_is_refused(missing_url: str) -> None:
    with Database(missing_url) as database:
        database.upgrade()
        set_revision(missing_url, "9999")
        for refused in (database.ensure, partial(database.ensure, create=True), database.upgrade):
            with pytest.raises(DatabaseError) as told:
                refused()
            assert str(told.value) == (
                f"the database {database.shown_url} was made by a newer Sourcer "
                f"(revision 9999, this one knows up to {HEAD}): upgrade the program"
            )
        assert database.status().state == "newer"


def test_a_database_that_is_behind_is_not_upgraded_unasked(missing_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with Database(missing_url) as database:
        database.upgrade()
        monkeypatch.setattr("sourcer.store.upgrade.HEAD", "9999")
        assert database.status().state == "behind"
        for create in (False, True):
            with pytest.raises(DatabaseError, match=f"at revision {HEAD} .* run `sourcer db upgrade`"):
                database.ensure(create=create)


@pytest.mark.parametrize(
    ("url", "said"),
    [
        (f"nonsense {SECRET}", "is not a database URL"),
        ("", "is not a database URL"),
        (f"mysql://user:{SECRET}@host/db", "mysql is not a database that Sourcer can use"),
        (f"postgresql+psycopg2://user:{SECRET}@host/db", r"postgresql\+psycopg2 is not"),
        (f"postgresql+psycopg://user:{SECRET}@host:port/db", "is not a database URL"),
        ("sqlite://", "must name a file"),
        ("sqlite:///:memory:", "must name a file"),
        (f"postgresql://user:{SECRET}@127.0.0.1:1/db", r"psycopg://user:\*\*\*@127.0.0.1:1/db cannot be used"),
        (f"postgresql://127.0.0.1:1/db?user=u&password={SECRET}", r"=\*\*\*&user=u cannot be used .*server runs"),
        ("sqlite:////no/such/folder/x.db", "no database at"),
    ],
)  # fmt: skip
def test_what_cannot_be_used_is_told_in_one_line(url: str, said: str) -> None:
    assert re.search(said, complaint(url))


@pytest.mark.parametrize("url", ["nonsense", "mysql://host/db", "sqlite:///:memory:"])
def test_a_wrong_address_is_wrong_usage(url: str) -> None:
    with pytest.raises(UsageError, match=r"^SOURCER_DATABASE_URL \(where it is not set: \[database\] url\)"):
        Database(url)


def test_a_server_that_lets_nobody_write_is_told_in_one_line(postgres: PostgresScratch) -> None:
    refused = pytest.raises(DatabaseError, match=r"refuses it \(.*read-only transaction\): use a role that may")
    url = postgres.borrow()
    with Database(f"{url}?options=-cdefault_transaction_read_only%3Don") as database, refused:
        forget_looks(database)


def forget_looks(database: Database) -> None:
    with database.write() as connection:
        connection.execute(text("DELETE FROM reader"))


def test_a_server_without_the_database_is_told(postgres: PostgresScratch) -> None:
    url = postgres.borrow_empty()
    assert "does not exist" in complaint(f"{url}_not_there")
    postgres.give_back_empty(url)


def test_a_missing_driver_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "psycopg", None)
    assert "pip install" in complaint("postgresql://user@127.0.0.1:1/db")


def test_a_file_that_is_no_database_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "notes.txt"
    path.write_text("not a database\n" * 100)
    assert "is not an SQLite database" in complaint(f"sqlite:///{path}")
    with Database(f"sqlite:///{path}") as database, pytest.raises(DatabaseError, match="is not an SQLite database"):
        database.upgrade()
    assert path.read_text().startswith("not a database")
    assert "cannot be opened" in complaint(f"sqlite:///{tmp_path}")


def test_a_database_of_another_program_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "other.db"
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE bookmarks (url TEXT)")
    assert "another program" in complaint(f"sqlite:///{path}")
    with Database(f"sqlite:///{path}") as database, pytest.raises(DatabaseError, match="another program"):
        database.upgrade()


@contextmanager
def as_nobody() -> Iterator[None]:
    """Without the rights of the superuser, who may write everything."""
    if os.geteuid() != 0:
        yield
        return
    os.seteuid(65534)
    try:
        yield
    finally:
        os.seteuid(0)


@pytest.fixture
def guarded(sqlite_template: Path) -> Iterator[Path]:
    """A database in a folder that one may look into and not write."""
    with tempfile.TemporaryDirectory() as name:
        path = Path(name) / "sourcer.db"
        path.write_bytes(sqlite_template.read_bytes())
        path.chmod(0o444)
        path.parent.chmod(0o555)
        yield path
        path.parent.chmod(0o755)


def test_a_file_that_may_not_be_written_is_told(guarded: Path) -> None:
    with as_nobody(), Database(f"sqlite:///{guarded}") as database:
        with pytest.raises(DatabaseError, match=r"cannot be (written|opened): check") as told, database.write():
            pass
        assert "\n" not in str(told.value)
        with (
            Database(f"sqlite:///{guarded.parent}/new/x.db") as new,
            pytest.raises(DatabaseError, match="cannot be made: Permission denied"),
        ):
            new.upgrade()


def mode_of(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_a_file_is_for_its_owner_alone_and_keeps_a_write_ahead_log(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "sourcer.db"
    before = os.umask(0)
    try:
        with Database(f"sqlite:///{path}") as database:
            database.upgrade()
            with database.write() as connection:
                connection.execute(schema.person.insert().values(id=1, created_at=NOON))
            for name in ("sourcer.db", "sourcer.db-wal", "sourcer.db-shm"):
                assert mode_of(path.with_name(name)) == 0o600
            with database.read() as connection:
                assert connection.execute(text("PRAGMA journal_mode")).scalar() == "wal"
                assert connection.execute(text("PRAGMA foreign_keys")).scalar() == 1
    finally:
        os.umask(before)
    with closing(sqlite3.connect(path)) as plain:
        assert plain.execute("PRAGMA journal_mode").fetchone() == ("wal",)


def test_readers_see_one_moment_while_a_writer_works(database: Database) -> None:
    with database.read() as reader:
        assert reader.execute(select(schema.person)).all() == []
        with database.write() as writer:
            writer.execute(schema.person.insert().values(id=1, created_at=NOON))
        assert reader.execute(select(schema.person)).all() == []
    with database.read() as reader:
        assert len(reader.execute(select(schema.person)).all()) == 1


def test_foreign_keys_hold_and_faults_of_our_own_pass_as_they_are(database: Database) -> None:
    with pytest.raises(IntegrityError), database.write() as connection:
        connection.execute(schema.candidate.insert().values(
            brief="ml", person_id=99, rank=1, score=1.0, as_of="2026-01-01", scorer_version="1"
        ))  # fmt: skip


def test_a_time_without_a_zone_is_refused(database: Database) -> None:
    with pytest.raises(Exception, match="without a zone"), database.write() as connection:
        connection.execute(schema.person.insert().values(id=1, created_at=NOON.replace(tzinfo=None)))


def test_a_writer_that_waits_too_long_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sourcer.store.database._BUSY_SECONDS", 0.05)
    with Database(f"sqlite:///{tmp_path / 'x.db'}") as database:
        database.upgrade()
        with database.write() as connection:
            connection.execute(schema.person.insert().values(id=1, created_at=NOON))
            with pytest.raises(DatabaseError, match="is being written by another process"), database.write():
                pass
        with database.write() as connection:
            assert len(connection.execute(select(schema.person)).all()) == 1


def test_a_closed_database_opens_again(database: Database) -> None:
    database.close()
    assert database.status().state == "current"
