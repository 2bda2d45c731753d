"""Whom an earlier crawl found and this one did not: they are looked at again, for discovery never tells who left."""

from __future__ import annotations

import heapq
from collections.abc import Collection

from sqlalchemy import Connection, select

from sourcer.store import schema
from sourcer.store.freshness import Urgency
from sourcer.store.queueing import next_position
from sourcer.store.sql import insert_new

__all__ = ["queue_known"]


def queue_known(
    connection: Connection, *, chain: int, connector: str, urgency: Urgency, sites: Collection[str], most: int
) -> int:
    """Queue a cheap visit for accounts that this crawl has not queued yet; asking again adds nobody twice.

    Args:
        connection: In a write transaction.
        chain: This crawl.
        connector: Who found them.
        urgency: For which brief they were found, and who goes first.
        sites: Those that the connector serves now.
        most: How many at most; of those who are not urgent, those that were not seen for longest go first.

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
        urgency.stored(schema.found)
        .where(
            found.brief == urgency.brief,
            found.connector == connector,
            found.site.in_(sites),
            profile.url != "",  # what was forgotten stays so
            ~queued.exists(),
        )
        .execution_options(yield_per=1_000)
    )
    first = heapq.nsmallest(most, rows, key=urgency.place)
    start = next_position(connection, chain, connector, "cheap")
    key = {"chain": chain, "connector": connector, "depth": "cheap", "status": "pending"}
    visits = [
        {**key, "site": row.site, "uid": row.uid, "login": row.login, "position": place}
        for place, row in enumerate(first, start)
    ]
    insert_new(connection, schema.visit, visits, key=("chain", "connector", "site", "uid", "depth"))
    return len(visits)
