"""The raw terms that are stored of accounts: what focus looks at when nothing new came."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeAlias

from sqlalchemy import Connection, select

from sourcer.store import schema
from sourcer.store.sql import Key, account_filters

__all__ = ["Terms", "terms_of"]

Terms: TypeAlias = dict[tuple[str, str], tuple[str, ...]]
"""The terms of pieces of evidence, by their kind and key."""


def terms_of(connection: Connection, connector: str, keys: Iterable[Key]) -> dict[Key, Terms]:
    """The terms of each piece of evidence that a connector stored and that did not vanish, by account."""
    table = schema.evidence.c
    found: dict[Key, Terms] = {}
    for where in account_filters(connection, schema.evidence, keys):
        rows = connection.execute(
            select(table.site, table.uid, table.kind, table.key, table.terms)
            .where(where, table.connector == connector, table.vanished_at.is_(None))
            .order_by(table.id)
        )
        for row in rows:
            found.setdefault((row.site, row.uid), {})[row.kind, row.key] = tuple(row.terms)
    return found
