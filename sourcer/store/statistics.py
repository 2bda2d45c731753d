"""What PostgreSQL knows of its tables, so that it finds rows by their indexes.

Its autovacuum sees to that where it runs. Where somebody has turned it off, or a crawl has just brought everything, the
server takes a table of a million rows for an empty one, and reads all of it for each person.
"""

from __future__ import annotations

from contextlib import suppress
from typing import Final

from sqlalchemy import Connection, text

from sourcer.errors import DatabaseError
from sourcer.store.database import Database
from sourcer.store.schema import metadata

__all__ = ["refresh_statistics", "stale_tables"]

_SMALL_BYTES: Final = 1_000_000
"""Smaller tables are read in a moment, whatever is known of them."""

_CHANGED: Final = 0.2
"""The share of rows that may be new or changed since the server looked, before it looks again."""

_STALE: Final = text(
    "SELECT c.relname FROM pg_class c LEFT JOIN pg_stat_user_tables s ON s.relid = c.oid "
    "WHERE c.oid = to_regclass(c.relname) AND c.relkind = 'r' AND c.relname = ANY(:names) "
    "AND pg_relation_size(c.oid) >= :small AND (c.reltuples < 0 OR s.n_mod_since_analyze > :share * c.reltuples) "
    "ORDER BY c.relname"
)


def stale_tables(connection: Connection) -> list[str]:
    """The larger tables that the server has never looked at, or that have changed much since; none on SQLite."""
    if connection.dialect.name != "postgresql":
        return []
    asked = {"names": list(metadata.tables), "small": _SMALL_BYTES, "share": _CHANGED}
    return list(connection.scalars(_STALE, asked))


def refresh_statistics(database: Database) -> None:
    """Let PostgreSQL look at the tables of which it knows too little.

    A server that is read only, or somebody who does not own the tables, goes without: that costs time, and no row.
    """
    if database.dialect != "postgresql":
        return
    with suppress(DatabaseError):
        with database.read() as connection:
            stale = stale_tables(connection)
        if stale:
            with database.session() as connection:
                # Whoever looks at a table already does it for us, too.
                connection.execute(text(f"ANALYZE (SKIP_LOCKED) {', '.join(stale)}"))
