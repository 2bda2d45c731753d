from __future__ import annotations

import os
import shutil
import socket
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from sourcer.errors import BusyError
from sourcer.store import locks, schema
from sourcer.store.database import Database
from sourcer.store.locks import hold, is_held
from sourcer.store.switch import pause, pause_in_words, resume
from support.processes import python

HOLDER = """
import sys, time
from sourcer.store.database import Database
from sourcer.store.locks import hold
with Database(sys.argv[1]) as database, hold(database, "brief ml"):
    print("held", flush=True)
    sys.stdin.read() if len(sys.argv) > 2 else time.sleep(60)
"""


def leases(database: Database) -> int:
    with database.read() as connection:
        return len(connection.execute(select(schema.lease)).all())


def held(database: Database) -> bool:
    with database.read() as connection:
        return is_held(connection, "brief ml")


def plant(database: Database, *, host: str, pid: int, age: float) -> None:
    with database.write() as connection:
        connection.execute(
            schema.lease.insert().values(
                name="brief ml",
                owner="somebody",
                host=host,
                pid=pid,
                heartbeat_at=datetime.now(UTC) - timedelta(seconds=age),
            )
        )


def test_one_at_a_time(database: Database) -> None:
    assert not held(database)
    with hold(database, "brief ml"), hold(database, "brief data"):
        assert leases(database) == 2
        assert held(database)
        with pytest.raises(BusyError, match=f"brief ml: process {os.getpid()} on ") as told, hold(database, "brief ml"):
            pass
        assert "\n" not in str(told.value)
    assert leases(database) == 0
    with hold(database, "brief ml"):
        assert leases(database) == 1


def test_the_lock_ends_with_a_failure(database: Database) -> None:
    with pytest.raises(ZeroDivisionError), hold(database, "brief ml"):
        raise ZeroDivisionError
    with hold(database, "brief ml"):
        assert leases(database) == 1


def test_another_process_keeps_us_out_until_it_is_killed(database: Database, database_url: str) -> None:
    with python(HOLDER, database_url) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "held\n"
        with (
            pytest.raises(BusyError, match=f"process {holder.pid} on {socket.gethostname()}"),
            hold(database, "brief ml"),
        ):
            pass
        # Nobody asks for its exit code before we try: to the system it is a zombie.
        holder.kill()
        deadline = time.monotonic() + 5
        while locks._runs(holder.pid) and time.monotonic() < deadline:
            time.sleep(0.01)
        started = time.monotonic()
        with hold(database, "brief ml"):
            assert time.monotonic() - started < 5
        assert leases(database) == 0
        assert not held(database)


@pytest.fixture
def lease_database(sqlite_template: Path, tmp_path: Path) -> Iterator[Database]:
    """SQLite alone: PostgreSQL has locks of its own, its lease row only tells who holds one."""
    with Database(f"sqlite:///{shutil.copy(sqlite_template, tmp_path / 'lease.db')}") as opened:
        yield opened


@pytest.mark.parametrize(
    ("host", "pid", "age", "free"),
    [
        ("elsewhere", 1, 5, False),
        ("elsewhere", 1, 61, True),
        (socket.gethostname(), os.getppid(), 5, False),
        (socket.gethostname(), os.getppid(), 61, True),
        (socket.gethostname(), 2**22 + 1, 5, True),
        (socket.gethostname(), os.getpid(), 5, True),  # a former process with our pid
        ("elsewhere", 1, -600, False),
    ],
    ids=["elsewhere", "elsewhere-silent", "alive", "alive-but-silent", "dead", "our-pid-again", "clock-ahead"],
)
def test_a_lease_is_taken_over_when_its_holder_is_dead(
    lease_database: Database, host: str, pid: int, age: float, free: bool
) -> None:
    plant(lease_database, host=host, pid=pid, age=age)
    if free:
        with hold(lease_database, "brief ml"):
            assert leases(lease_database) == 1
    else:
        with pytest.raises(BusyError), hold(lease_database, "brief ml"):
            pass


def beaten(database: Database, at_least: int) -> set[datetime]:
    seen: set[datetime] = set()
    deadline = time.monotonic() + 10
    while len(seen) < at_least and time.monotonic() < deadline:
        with database.read() as connection:
            seen.update(connection.scalars(select(schema.lease.c.heartbeat_at)))
        time.sleep(0.01)
    return seen


def test_the_heart_beats_while_the_lease_is_held(lease_database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(locks, "_HEARTBEAT_SECONDS", 0.02)
    with hold(lease_database, "brief ml"):
        assert len(beaten(lease_database, 3)) >= 3
    assert not [thread for thread in threading.enumerate() if thread.name.startswith("lease")]


def test_a_lease_that_was_taken_over_is_not_taken_back(
    lease_database: Database, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(locks, "_HEARTBEAT_SECONDS", 0.02)
    with hold(lease_database, "brief ml"):
        with lease_database.write() as connection:
            connection.execute(schema.lease.update().values(owner="somebody", host="elsewhere"))
        deadline = time.monotonic() + 10
        while "was taken by another process" not in caplog.text and time.monotonic() < deadline:
            time.sleep(0.01)
    assert "was taken by another process" in caplog.text
    assert leases(lease_database) == 1


def test_who_slept_through_a_takeover_writes_nothing_more(database: Database) -> None:
    with hold(database, "brief ml") as mine:
        with mine.write() as connection:
            pause(connection, "anna", datetime.now(UTC))
        with database.write() as connection:
            connection.execute(schema.lease.update().values(owner="somebody", host="elsewhere"))
        with pytest.raises(BusyError, match="another one took over"), mine.write() as connection:
            resume(connection)
        with mine.read() as connection:
            assert "anna" in pause_in_words(connection)


def test_nobody_takes_a_lock_over_in_the_middle_of_a_write(database: Database) -> None:
    """On PostgreSQL the lock ends with its connection while another connection of the same process may be writing."""
    order = []
    with hold(database, "brief ml") as mine:

        def take_over() -> None:
            with database.write() as connection:
                connection.execute(schema.lease.update().values(owner="somebody"))
            order.append("taken")

        with mine.write():
            thread = threading.Thread(target=take_over)
            thread.start()
            thread.join(0.2)
            order.append("written")
        thread.join(10)
    assert order == ["written", "taken"]
