"""Whom an earlier crawl found and this one did not: they are looked at again, for discovery never tells who left."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import Connection, and_, select

from sourcer.store import schema
from sourcer.store.queueing import next_position
from sourcer.store.sql import in_byte_order, insert_new

__all__ = ["queue_known"]


def queue_known(
    connection: Connection, *, chain: int, connector: str, brief: str, sites: Collection[str], most: int
) -> int:
    """Queue a cheap visit for accounts that this crawl has not queued yet; asking again adds nobody twice.

    Args:
        connection: In a write transaction.
        chain: This crawl.
        connector: Who found them.
        brief: For which they were found.
        sites: Those that the connector serves now.
        most: How many at most; those that were not seen for longest go first.

    Returns:
        How many were queued.
    """
    found, profile, visit = schema.found.c, schema.profile.c, schema.visit.c
    queued = select(visit.uid).where(
        visit.chain == chain,
        visit.connector == connector,
        visit.depth == "cheap",
        visit.site == found.site,
        visit.uid == found.uid,
    )
    rows = connection.execute(
        select(profile.site, profile.uid, profile.login)
        .select_from(schema.found.join(schema.profile, and_(profile.site == found.site, profile.uid == found.uid)))
        .where(
            found.brief == brief,
            found.connector == connector,
            found.site.in_(sites),
            profile.url != "",  # what was forgotten stays so
            ~queued.exists(),
        )
        .order_by(profile.seen_at, in_byte_order(connection, profile.site), in_byte_order(connection, profile.uid))
        .limit(most)
    ).all()
    start = next_position(connection, chain, connector, "cheap")
    key = {"chain": chain, "connector": connector, "depth": "cheap", "status": "pending"}
    visits = [
        {**key, "site": row.site, "uid": row.uid, "login": row.login, "position": place}
        for place, row in enumerate(rows, start)
    ]
    insert_new(connection, schema.visit, visits, key=("chain", "connector", "site", "uid", "depth"))
    return len(visits)
