"""One database, SQLite file or PostgreSQL, and the transactions on it."""

from __future__ import annotations

import copy
import os
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any, Final, Self
from urllib.parse import quote

from sqlalchemy import Connection, Engine, create_engine, event, inspect
from sqlalchemy.engine import URL

from sourcer.errors import DatabaseError
from sourcer.store.address import file_of, parse_url, plain_faults, show_url
from sourcer.store.upgrade import HEAD, DatabaseStatus, migrate, read_revision, state_of

__all__ = ["Database"]

_BUSY_SECONDS: Final = 60
_WRITES: Final = "sourcer_writes"


class Database:
    """A database by its URL. Nothing is opened before it is used; close it, or use it as a context manager.

    Raises:
        UsageError: The URL cannot be used.
        DatabaseError: Every method raises it, with one line that says what to do, when the database cannot be reached,
            opened, read or written.
    """

    def __init__(self, url: str) -> None:
        self._url = parse_url(url)
        self._engine: Engine | None = None
        self._check: Callable[[Connection], None] | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close every connection. The database can be used again afterwards."""
        if self._engine is not None:
            self._engine.dispose()
            self._engine = None

    @property
    def shown_url(self) -> str:
        """Where it lies, without password."""
        return show_url(self._url)

    @property
    def dialect(self) -> str:
        """``sqlite`` or ``postgresql``."""
        return self._url.get_backend_name()

    @property
    def engine(self) -> Engine:
        """SQLAlchemy's engine, made at first need."""
        if self._engine is None:
            self._engine = _make_engine(self._url)
        return self._engine

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """One transaction that sees the database as it was at its first read, whatever is written meanwhile."""
        options: dict[str, Any] = {}
        if self.dialect == "postgresql":
            options = {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
        with self._transaction(options) as connection:
            yield connection

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """One transaction: all of it is stored at its end, or nothing. On SQLite it waits for other writers first."""
        with self._transaction({_WRITES: True}) as connection:
            if self._check is not None:
                self._check(connection)
            yield connection

    def fenced(self, check: Callable[[Connection], None]) -> Database:
        """The same database over the same connections; each of its write transactions begins with ``check``.

        Whatever ``check`` raises ends the transaction before anything is written.
        """
        fenced = copy.copy(self)
        fenced._engine, fenced._check = self.engine, check  # noqa: SLF001  # private attributes of this very class
        return fenced

    @contextmanager
    def session(self) -> Iterator[Connection]:
        """A connection outside any transaction: each statement stands alone. For PostgreSQL's session locks."""
        with plain_faults(self._url), self.engine.connect() as connection:
            yield connection.execution_options(isolation_level="AUTOCOMMIT")

    def status(self) -> DatabaseStatus:
        """How the database stands to this program; makes nothing."""
        revision = self._revision()
        return DatabaseStatus(state_of(revision), revision, HEAD, self.shown_url)

    def upgrade(self) -> None:
        """Make the database where it is missing, and bring it to the newest revision.

        A new SQLite file can be read by its owner alone.
        """
        path = file_of(self._url)
        if path is not None:
            _make_file(path, self.shown_url)
        status = self.status()
        if status.state == "newer":
            raise DatabaseError(_newer(status))
        if status.state != "current":
            with self.write() as connection:
                migrate(connection)

    def ensure(self, *, create: bool = False) -> None:
        """Make sure that the database can be worked with.

        Args:
            create: Make it where it is missing. One that is behind is never upgraded without being asked for.

        Raises:
            DatabaseError: It is missing, behind or newer; the message says what to do.
        """
        status = self.status()
        if status.state == "missing":
            if not create:
                raise DatabaseError(f"no database at {self.shown_url}: run `sourcer init` or `sourcer db upgrade`")
            self.upgrade()
        elif status.state == "behind":
            raise DatabaseError(
                f"the database {self.shown_url} is at revision {status.revision} and this Sourcer needs {status.head}: "
                "run `sourcer db upgrade`"
            )
        elif status.state == "newer":
            raise DatabaseError(_newer(status))

    @contextmanager
    def _transaction(self, options: dict[str, Any]) -> Iterator[Connection]:
        with plain_faults(self._url), self.engine.connect() as connection:
            connection.execution_options(**options)
            with connection.begin():
                yield connection

    def _revision(self) -> str | None:
        path = file_of(self._url)
        if path is not None and _is_missing(path, self.shown_url):
            return None
        with self.read() as connection:
            revision = read_revision(connection)
            if revision is None and path is not None and _tables_of_others(connection):
                raise DatabaseError(
                    f"the database {self.shown_url} holds the tables of another program: name another file"
                )
        return revision


def _newer(status: DatabaseStatus) -> str:
    return (
        f"the database {status.shown_url} was made by a newer Sourcer "
        f"(revision {status.revision}, this one knows up to {status.head}): upgrade the program"
    )


def _tables_of_others(connection: Connection) -> bool:
    return any(name != "alembic_version" for name in inspect(connection).get_table_names())


def _is_missing(path: Path, shown: str) -> bool:
    try:
        return not path.exists() or (path.is_file() and path.stat().st_size == 0)
    except OSError as fault:
        raise DatabaseError(f"the database {shown} cannot be opened: {fault.strerror}") from fault


def _make_file(path: Path, shown: str) -> None:
    """Make the file for its owner alone; SQLite gives the files beside it (-wal, -shm) the same mode."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
    except FileExistsError:
        if path.exists():
            return
        raise DatabaseError(f"the database {shown} cannot be made: its folder is a file") from None
    except OSError as fault:
        raise DatabaseError(f"the database {shown} cannot be made: {fault.strerror}") from fault


def _make_engine(url: URL) -> Engine:
    path = file_of(url)
    if path is None:
        return _make_server_engine(url)
    engine = create_engine(url, hide_parameters=True, creator=lambda: _connect_file(path))
    event.listen(engine, "begin", _begin)
    return engine


def _make_server_engine(url: URL) -> Engine:
    options = {"options": "-c timezone=utc", "connect_timeout": 10, "keepalives_idle": 60}
    try:
        engine = create_engine(
            url,
            hide_parameters=True,
            connect_args={name: value for name, value in options.items() if name not in url.query},
        )
    except ImportError:
        raise DatabaseError("PostgreSQL needs the package psycopg: run `pip install 'psycopg[binary]'`") from None
    # PostgreSQL turns IN (VALUES …) into look-ups by an index, and a list of pairs into as many conditions.
    engine.dialect.tuple_in_values = True
    return engine


def _connect_file(path: Path) -> sqlite3.Connection:
    # mode=rw: opening a database that is not there must not make an empty one.
    connection = sqlite3.connect(
        f"file:{quote(str(path))}?mode=rw",
        uri=True,
        timeout=_BUSY_SECONDS,
        isolation_level=None,
        check_same_thread=False,
    )
    try:
        _use_wal(connection)
        connection.execute("PRAGMA foreign_keys = ON")
        # With a write-ahead log this survives a killed process; a power cut can cost the last units, never the file.
        connection.execute("PRAGMA synchronous = NORMAL")
        # Ids are hashes: rows come in no order, and with SQLite's own 2 MB pages are read anew all the time.
        connection.execute("PRAGMA cache_size = -32000")
    except BaseException:
        connection.close()
        raise
    return connection


def _use_wal(connection: sqlite3.Connection) -> None:
    """Let readers and the writer work at one time. The file remembers it, so this writes only once."""
    with closing(connection.execute("PRAGMA journal_mode")) as mode:
        if mode.fetchone() == ("wal",):
            return
    # SQLite does not wait for others here by itself.
    for _ in range(100):
        try:
            connection.execute("PRAGMA journal_mode = WAL").close()
        except sqlite3.OperationalError as fault:
            if "locked" not in str(fault):
                raise
            time.sleep(0.05)
        else:
            return


def _begin(connection: Connection) -> None:
    """Start the transaction ourselves: Python's driver would start it late, and readers would have none."""
    writes = connection.get_execution_options().get(_WRITES)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
