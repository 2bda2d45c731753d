"""Databases for tests: SQLite files and PostgreSQL databases, already migrated, cheap enough for one per test.

PostgreSQL is looked for at ``SOURCER_TEST_DATABASE_URL``, else on this machine. Every session makes databases with
random names of its own and drops them at its end.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection, create_engine, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.pool import NullPool

from sourcer.store.database import Database
from sourcer.store.schema import metadata

__all__ = ["BACKENDS", "SERVER_VARIABLE", "PostgresScratch", "Rows", "dump_rows", "wipe"]

BACKENDS = ("sqlite", "postgresql")
SERVER_VARIABLE = "SOURCER_TEST_DATABASE_URL"
_DEFAULT_SERVER = "postgresql+psycopg://postgres@127.0.0.1:5432/postgres"

Rows = dict[str, list[tuple[object, ...]]]


class PostgresScratch:
    """Databases of one test session on one server."""

    def __init__(self) -> None:
        self._server = make_url(os.environ.get(SERVER_VARIABLE) or _DEFAULT_SERVER)
        self._prefix = f"sourcer_test_{secrets.token_hex(6)}"
        self._made: list[str] = []
        self._ready: list[str] = []
        self._free: list[str] = []

    def why_not(self) -> str | None:
        """Why the server cannot be used, or ``None``."""
        try:
            with self._admin() as connection:
                connection.execute(text("SELECT 1"))
        except SQLAlchemyError as fault:
            reason = str(getattr(fault, "orig", fault)).strip().partition("\n")[0]
            return f"no PostgreSQL at {self._server.render_as_string()} ({reason}); set {SERVER_VARIABLE}"
        return None

    def borrow_empty(self) -> str:
        """The URL of a database without any table; give it back for the next test."""
        url = self._free.pop() if self._free else self._create()
        with Database(url) as database, database.write() as connection:
            connection.execute(text("DROP SCHEMA public CASCADE"))
            connection.execute(text("CREATE SCHEMA public"))
        return url

    def borrow(self) -> str:
        """The URL of a database that is ready to use and holds no rows; give it back for the next test."""
        url = self._ready.pop() if self._ready else self._create()
        with Database(url) as database:
            database.upgrade()
            wipe(database)
            with database.write() as connection:
                connection.execute(text("ALTER SEQUENCE run_id_seq RESTART"))
        return url

    def give_back(self, url: str) -> None:
        """Let the next test have it. Dropping a database costs the server a checkpoint, which is slow."""
        self._ready.append(url)

    def give_back_empty(self, url: str) -> None:
        """Let the next test have it that wants an empty one."""
        self._free.append(url)

    def drop(self, url: str) -> None:
        """Drop one of the databases."""
        name = make_url(url).database or ""
        with self._admin() as connection:
            connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
        self._made.remove(name)

    def drop_all(self) -> None:
        """Drop what is left of this session."""
        for name in list(self._made):
            self.drop(self._url(name))

    def _create(self) -> str:
        name = f"{self._prefix}_{secrets.token_hex(3)}"
        with self._admin() as connection:
            connection.execute(text(f"CREATE DATABASE {name}"))
            # Nobody will miss a test's rows after a power cut.
            connection.execute(text(f"ALTER DATABASE {name} SET synchronous_commit = off"))
        self._made.append(name)
        return self._url(name)

    def _url(self, name: str) -> str:
        return self._server.set(database=name).render_as_string(hide_password=False)

    @contextmanager
    def _admin(self) -> Iterator[Connection]:
        engine = create_engine(
            self._server, isolation_level="AUTOCOMMIT", poolclass=NullPool, connect_args={"connect_timeout": 5}
        )
        with engine.connect() as connection:
            yield connection


def wipe(database: Database, *, keep: tuple[str, ...] = ()) -> None:
    """Delete every row but those of some tables: what a property test does between its examples."""
    with database.write() as connection:
        if connection.dialect.name == "postgresql":
            # Its trigger lets no row of it be deleted.
            connection.execute(text("TRUNCATE audit"))
        for table in reversed(metadata.sorted_tables):
            if table.name not in keep:
                connection.execute(table.delete())


def dump_rows(database: Database, *, without: tuple[str, ...] = ()) -> Rows:
    """Every row of every table in a fixed order, but for some columns: what two crawls are compared by."""
    dump: Rows = {}
    with database.read() as connection:
        for table in metadata.sorted_tables:
            columns = [column for column in table.columns if column.name not in without]
            rows = [tuple(row) for row in connection.execute(table.select().with_only_columns(*columns))]
            dump[table.name] = sorted(rows, key=repr)
    return dump
