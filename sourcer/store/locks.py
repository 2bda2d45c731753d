"""One process at a time for one name: never the same brief twice, and a killed process never blocks the next.

On PostgreSQL the lock is a session's advisory lock, which ends with its connection. On SQLite it is the row of a lease
with a heartbeat. Both keep the row: it says who holds the lock, and a process that stood still until another one took
over notices before it writes again.
"""

from __future__ import annotations

import contextlib
import logging
import os
import secrets
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Connection, Row, delete, func, select, text, update
from sqlalchemy.exc import SQLAlchemyError

from sourcer.errors import BusyError, DatabaseError
from sourcer.store import schema
from sourcer.store.database import Database
from sourcer.store.sql import advisory_key, upsert

__all__ = ["hold", "is_held"]

_log = logging.getLogger(__name__)

_HEARTBEAT_SECONDS: Final = 10.0
_STALE: Final = timedelta(seconds=60)
# How long PostgreSQL may take to notice that the process at the other end of a connection was killed.
_NOTICE_SECONDS: Final = 10.0

_ours: Final[set[str]] = set()
"""The leases that this very process holds: a process with our pid but none of these is a former one."""


@contextmanager
def hold(database: Database, name: str) -> Iterator[Database]:
    """Hold the lock of a name, for example ``brief ml-engineer``, as long as the context lasts.

    Gives the database to write to meanwhile: each of its write transactions first sees that the lock is still held.

    Raises:
        BusyError: Somebody else holds it; the message says who. A write raises it, too, once somebody took over.
    """
    owner = f"{socket.gethostname()}:{os.getpid()}:{secrets.token_hex(8)}"
    lock = _advisory_lock if database.dialect == "postgresql" else _lease

    def check(connection: Connection) -> None:
        _must_hold(connection, name, owner)

    _ours.add(owner)
    try:
        with lock(database, name, owner):
            yield database.fenced(check)
    finally:
        _ours.discard(owner)


def is_held(connection: Connection, name: str) -> bool:
    """Whether somebody is at it now; whoever was killed is not."""
    if connection.dialect.name == "postgresql":
        granted = text(
            "SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND granted AND objsubid = 1"
            " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
            " AND ((classid::bigint << 32) | objid::bigint) = :key LIMIT 1"
        )
        return connection.scalar(granted, {"key": advisory_key(name)}) is not None
    row = _read_lease(connection, name)
    return row is not None and not _is_stale(row)


def _must_hold(connection: Connection, name: str, owner: str) -> None:
    """See that the lock is ours, and keep it so until the transaction ends."""
    table = schema.lease.c
    # SQLite has one writer at a time; PostgreSQL lets nobody overwrite the row before this transaction ends.
    mine = select(table.owner).where(table.name == name, table.owner == owner).with_for_update(read=True)
    if connection.scalar(mine) is None:
        raise BusyError(
            f"{name}: this process stood still for so long that another one took over: it ends here, and nothing that "
            "it stored is lost"
        )


@contextmanager
def _advisory_lock(database: Database, name: str, owner: str) -> Iterator[None]:
    with database.session() as connection:
        _take_advisory_lock(connection, name)
        try:
            _write_lease(connection, name, owner)
            yield
        finally:
            # Where the connection is broken the lock has ended with it.
            with contextlib.suppress(SQLAlchemyError):
                _drop_lease(connection, name, owner)
                connection.execute(select(func.pg_advisory_unlock(advisory_key(name))))


def _take_advisory_lock(connection: Connection, name: str) -> None:
    deadline = time.monotonic() + _NOTICE_SECONDS
    while not connection.scalar(select(func.pg_try_advisory_lock(advisory_key(name)))):
        row = _read_lease(connection, name)
        # Between lock and row the holder is not yet known; and a dead one is let go of soon.
        waits = row is None or _is_dead(row)
        if not waits or time.monotonic() > deadline:
            raise BusyError(_busy(name, row))
        time.sleep(0.05)


@contextmanager
def _lease(database: Database, name: str, owner: str) -> Iterator[None]:
    with database.write() as connection:
        row = _read_lease(connection, name)
        if row is not None and not _is_stale(row):
            raise BusyError(_busy(name, row))
        _write_lease(connection, name, owner)
    try:
        with _heartbeat(database, name, owner):
            yield
    finally:
        # Where it cannot be dropped it is found stale: this process ends, or its heartbeat has.
        with contextlib.suppress(DatabaseError), database.write() as connection:
            _drop_lease(connection, name, owner)


@contextmanager
def _heartbeat(database: Database, name: str, owner: str) -> Iterator[None]:
    ended = threading.Event()
    thread = threading.Thread(target=_beat, args=(database, name, owner, ended), name=f"lease {name}", daemon=True)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join()


def _beat(database: Database, name: str, owner: str, ended: threading.Event) -> None:
    table = schema.lease.c
    while not ended.wait(_HEARTBEAT_SECONDS):
        mine = update(schema.lease).where(table.name == name, table.owner == owner)
        try:
            with database.write() as connection:
                kept = connection.execute(mine.values(heartbeat_at=datetime.now(UTC))).rowcount
        except DatabaseError as fault:
            # A few may fail before the lease is taken for dead.
            _log.warning("the lease of %s could not be renewed: %s", name, fault)
            continue
        if not kept:
            _log.warning("the lease of %s was taken by another process: this one stood still for too long", name)
            return


def _read_lease(connection: Connection, name: str) -> Row[Any] | None:
    return connection.execute(select(schema.lease).where(schema.lease.c.name == name)).first()


def _write_lease(connection: Connection, name: str, owner: str) -> None:
    row = {
        "name": name,
        "owner": owner,
        "host": socket.gethostname(),
        "pid": os.getpid(),
        "heartbeat_at": datetime.now(UTC),
    }
    upsert(connection, schema.lease, [row], key=("name",))


def _drop_lease(connection: Connection, name: str, owner: str) -> None:
    table = schema.lease.c
    connection.execute(delete(schema.lease).where(table.name == name, table.owner == owner))


def _busy(name: str, row: Row[Any] | None) -> str:
    if row is None:
        return f"{name}: another process is at it: wait for it to end, or stop it"
    when = row.heartbeat_at.strftime("%Y-%m-%d %H:%M:%S UTC")
    return f"{name}: process {row.pid} on {row.host} is at it (as of {when}): wait for it to end, or stop it"


def _is_stale(row: Row[Any]) -> bool:
    return bool(datetime.now(UTC) - row.heartbeat_at > _STALE) or _is_dead(row)


def _is_dead(row: Row[Any]) -> bool:
    """Whether the holder ran on this machine and runs no more. Of other machines nobody knows."""
    if row.host != socket.gethostname():
        return False
    if row.pid == os.getpid():
        return row.owner not in _ours
    return not _runs(row.pid)


def _runs(pid: int) -> bool:
    if os.name != "posix":
        return True
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    try:
        # Killed, but nobody has asked for its exit code yet.
        return Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return True
