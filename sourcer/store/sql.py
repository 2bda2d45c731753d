"""The few statements whose spelling differs between SQLite and PostgreSQL, and the sizes that suit both."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Final, TypeVar

from sqlalchemy import ColumnElement, Connection, Table, and_, collate, func, or_, select, tuple_

from sourcer.store.bulk import insert_new, upsert

__all__ = [
    "CHUNK",
    "Key",
    "account_filters",
    "advisory_key",
    "any_of",
    "chunks",
    "in_byte_order",
    "insert_new",
    "lock_name",
    "lock_sites",
    "upsert",
]

Key = tuple[str, str]
"""Site and uid: one account."""

CHUNK: Final = 500
"""Values in one statement: far below SQLite's limit of variables in its oldest builds (999)."""

_T = TypeVar("_T")


def chunks(values: Iterable[_T], size: int = CHUNK) -> Iterator[list[_T]]:
    """The values in lists of at most ``size``, as lazily as they come."""
    iterator = iter(values)
    while chunk := list(islice(iterator, size)):
        yield chunk


def any_of(connection: Connection, column: ColumnElement[int], values: Sequence[int]) -> ColumnElement[bool]:
    """Whether an indexed column is one of some hundred numbers.

    Of a plain list PostgreSQL often thinks that reading the whole table is cheaper; of ``VALUES`` it looks each one up.
    """
    if connection.dialect.name == "postgresql":
        return tuple_(column).in_([(value,) for value in values])
    return column.in_(values)


def account_filters(connection: Connection, table: Table, keys: Iterable[Key]) -> Iterator[ColumnElement[bool]]:
    """Conditions that together pick the rows of many accounts, a few hundred accounts each.

    Either spelling is what the database finds by the index of site and uid, with or without statistics of its own.
    """
    filter_of = _pairs if connection.dialect.name == "postgresql" else _by_site
    for chunk in chunks(sorted(set(keys))):
        yield filter_of(table, chunk)


def _by_site(table: Table, keys: Sequence[Key]) -> ColumnElement[bool]:
    sites: dict[str, list[str]] = {}
    for site, uid in keys:
        sites.setdefault(site, []).append(uid)
    return or_(*(and_(table.c.site == site, table.c.uid.in_(uids)) for site, uids in sites.items()))


def _pairs(table: Table, keys: Sequence[Key]) -> ColumnElement[bool]:
    """``IN (VALUES …)``: with a list of uids a server without statistics takes the site alone by the index."""
    return tuple_(table.c.site, table.c.uid).in_(keys)


def lock_sites(connection: Connection, sites: Iterable[str]) -> None:
    """Let no other transaction write about these sites before this one ends. SQLite has one writer anyway."""
    for site in sorted(set(sites)):
        lock_name(connection, f"site:{site}")


def lock_name(connection: Connection, name: str) -> None:
    """Let no other transaction that locks this name go on before this one ends. SQLite has one writer anyway."""
    if connection.dialect.name == "postgresql":
        connection.execute(select(func.pg_advisory_xact_lock(advisory_key(name))))


def advisory_key(name: str) -> int:
    """The 64-bit number that PostgreSQL's advisory locks know a name by."""
    return int.from_bytes(hashlib.sha256(f"sourcer:{name}".encode()).digest()[:8], "big", signed=True)


def in_byte_order(connection: Connection, column: ColumnElement[str]) -> ColumnElement[str]:
    """A text column to sort by, in the order of its bytes whatever the database's language is."""
    return collate(column, "C" if connection.dialect.name == "postgresql" else "BINARY")
