"""Where the database lies: reading its URL, showing it without its password, and saying what went wrong with it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import DatabaseError as DriverError

from sourcer.errors import DatabaseError, UsageError

__all__ = ["file_of", "parse_url", "plain_faults", "show_url"]

_EXAMPLES: Final = "sqlite:///sourcer.db or postgresql+psycopg://user@host/db"
_WHERE: Final = "SOURCER_DATABASE_URL (where it is not set: [database] url)"
_POSTGRESQL: Final = "postgresql+psycopg"

_REFUSED: Final = ("42501", "25006")
"""What PostgreSQL calls a missing right, and writing where everything is read only, as on a standby."""

# Part of a driver's message -> what it means here and what to do.
_ADVICE: Final = (
    ("file is not a database", "is not an SQLite database: name another file as [database] url"),
    ("file is encrypted", "is not an SQLite database: name another file as [database] url"),
    ("disk image is malformed", "is damaged: bring back a copy of it"),
    ("unable to open", "cannot be opened: check that the file and its folder exist and can be read and written"),
    ("readonly database", "cannot be written: check who may write the file and its folder"),
    ("database is locked", "is being written by another process: try again when it is done"),
    ("disk is full", "cannot grow: the disk is full"),
    ("no such table", "was changed behind the program's back: run `sourcer db status`"),
)


def parse_url(text: str, where: str = _WHERE) -> URL:
    """Read a database URL.

    Args:
        text: The URL.
        where: What a complaint calls it: where the user wrote it.

    Raises:
        UsageError: It is no URL, or not of a database that Sourcer can use. The text is not repeated: it may hold
            a password.
    """
    try:
        url = make_url(text)
    except (ArgumentError, ValueError):
        raise UsageError(f"{where} is not a database URL; write it like {_EXAMPLES}") from None
    if url.drivername in ("postgresql", "postgres"):
        url = url.set(drivername=_POSTGRESQL)
    if url.drivername in ("sqlite", "sqlite+pysqlite"):
        return _checked_sqlite(url, where)
    if url.drivername != _POSTGRESQL:
        raise UsageError(f"{where}: {url.drivername} is not a database that Sourcer can use; use {_EXAMPLES}")
    return url


def _checked_sqlite(url: URL, where: str) -> URL:
    if not url.database or url.database == ":memory:" or url.database.startswith("file:"):
        raise UsageError(f"{where} must name a file, like sqlite:///sourcer.db")
    return url


def file_of(url: URL) -> Path | None:
    """The file of an SQLite database; ``None`` for a server."""
    return Path(url.database or "") if url.get_backend_name() == "sqlite" else None


def show_url(url: URL) -> str:
    """The URL for human eyes: never with a password, wherever in the URL it stands."""
    hidden = {name: "***" for name in url.query if "pass" in name.lower()}
    return url.update_query_dict(hidden).render_as_string(hide_password=True).replace("%2A%2A%2A", "***")


@contextmanager
def plain_faults(url: URL) -> Iterator[None]:
    """Turn what a driver says about a database that cannot be used into one line that says what to do.

    Faults of our own (a broken constraint, wrong SQL) pass as they are.

    Raises:
        DatabaseError: The database cannot be reached, opened, read or written.
    """
    try:
        yield
    except (OperationalError, InterfaceError) as fault:
        raise DatabaseError(_told(url, fault)) from fault
    except DriverError as fault:
        # SQLite says so when a file is no database; the subclasses are faults of the program.
        if type(fault) is not DriverError and not _is_refused(fault):
            raise
        raise DatabaseError(_told(url, fault)) from fault


def _is_refused(fault: DBAPIError) -> bool:
    return getattr(fault.orig, "sqlstate", None) in _REFUSED


def _passwords(url: URL) -> Iterator[str]:
    values = [url.password, *(value for name, value in url.query.items() if "pass" in name.lower())]
    yield from (value for value in values if isinstance(value, str) and value)


def _told(url: URL, fault: DBAPIError) -> str:
    reason = " ".join(str(fault.orig).split())
    for secret in _passwords(url):
        reason = reason.replace(secret, "***")
    if url.get_backend_name() == "sqlite":
        for needle, advice in _ADVICE:
            if needle in reason:
                return f"the database {show_url(url)} {advice}"
        return f"the database {show_url(url)} cannot be used: {reason}"
    if _is_refused(fault):
        return f"the database {show_url(url)} refuses it ({reason}): use a role that may, or ask for the right"
    return f"the database {show_url(url)} cannot be used ({reason}): check that the server runs and the url is right"
