"""The raw terms that are stored of accounts: what focus looks at when nothing new came."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import Connection, select

from sourcer.store import schema
from sourcer.store.sql import Key, account_filters

__all__ = ["terms_of"]


def terms_of(connection: Connection, connector: str, keys: Iterable[Key]) -> dict[Key, list[tuple[str, ...]]]:
    """The terms of each piece of evidence that a connector stored and that did not vanish, by account."""
    table = schema.evidence.c
    found: dict[Key, list[tuple[str, ...]]] = {}
    for where in account_filters(schema.evidence, keys):
        rows = connection.execute(
            select(table.site, table.uid, table.terms)
            .where(where, table.connector == connector, table.vanished_at.is_(None))
            .order_by(table.id)
        )
        for row in rows:
            found.setdefault((row.site, row.uid), []).append(tuple(row.terms))
    return found
