"""The database's revision, and how it gets to the newest one, from a checkout or from a wheel."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

from sqlalchemy import Connection, inspect, text

if TYPE_CHECKING:
    from alembic.config import Config

__all__ = ["HEAD", "DatabaseState", "DatabaseStatus", "migrate", "read_revision", "state_of"]

HEAD: Final = "0009"
"""The revision that this program works with; written here so that no command must load Alembic to compare."""

DatabaseState = Literal["missing", "behind", "current", "newer"]

_VERSION_TABLE: Final = "alembic_version"


@dataclass(frozen=True, slots=True)
class DatabaseStatus:
    """How a database stands to this program.

    Args:
        state: ``missing`` (no file, or nothing in it), ``behind`` (must be upgraded), ``current``, or ``newer``
            (made by a newer Sourcer: its revision is unknown here).
        revision: The database's revision, or ``None``.
        head: The newest revision that this program knows.
        shown_url: Where it lies, without password.
    """

    state: DatabaseState
    revision: str | None
    head: str
    shown_url: str


def read_revision(connection: Connection) -> str | None:
    """The revision that the database says it has, or ``None``."""
    if not inspect(connection).has_table(_VERSION_TABLE):
        return None
    # The name is a constant of this module.
    rows = connection.execute(text(f"SELECT version_num FROM {_VERSION_TABLE} ORDER BY version_num"))  # noqa: S608
    return ", ".join(row.version_num for row in rows) or None


def state_of(revision: str | None) -> DatabaseState:
    """How a revision stands to this program."""
    if revision is None:
        return "missing"
    if revision == HEAD:
        return "current"
    return "behind" if revision in _known_revisions() else "newer"


def migrate(connection: Connection, revision: str = "head") -> None:
    """Bring the database to a revision, in the transaction of the connection; ``base`` is before the first.

    Two processes that do so at one time take turns, and the second finds the work done: SQLite's write transaction is
    exclusive, and on PostgreSQL an advisory lock makes it so.
    """
    # Alembic takes a third of a second to load, and only this needs it.
    from alembic import command  # noqa: PLC0415

    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(hashtextextended('sourcer upgrade', 0))"))
    config = _config()
    config.attributes["connection"] = connection
    move = command.downgrade if revision == "base" else command.upgrade
    move(config, revision)


def _known_revisions() -> frozenset[str]:
    from alembic.script import ScriptDirectory  # noqa: PLC0415

    return frozenset(script.revision for script in ScriptDirectory.from_config(_config()).walk_revisions())


def _config() -> Config:
    from alembic.config import Config  # noqa: PLC0415

    config = Config()
    # The colon makes it a folder of an installed package.
    config.set_main_option("script_location", "sourcer_migrations:")
    return config
