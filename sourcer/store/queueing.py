"""Writing the queue of a crawl: who was found, who is still to be visited, and from where discovery goes on."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Final

from sqlalchemy import Connection, bindparam, case, func, select, update

from sourcer.domain import Checkpoint
from sourcer.store import schema
from sourcer.store.batch import Origin
from sourcer.store.sql import Key, account_filters, insert_new, upsert

__all__ = ["STATUSES", "finish_visits", "next_position", "queue_found", "save_checkpoint", "save_relevance"]

STATUSES: Final = ("pending", "done", "closed")
"""What a visit can be: still to come, looked at, or closed by the discovery that found it."""

_VISIT_KEY: Final = ("chain", "connector", "site", "uid", "depth")


def queue_found(connection: Connection, origin: Origin, logins: Mapping[Key, str]) -> int:
    """Note for whom these accounts were found, and queue those that this crawl has not queued yet.

    Returns:
        How many were queued.
    """
    _save_found(connection, origin, logins)
    queued = _queued(connection, origin, logins)
    new = [key for key in logins if key not in queued]
    if not new:
        return 0
    start = next_position(connection, origin.chain, origin.connector, "cheap")
    rows = [
        _visit_key(origin, key) | {"position": position, "login": logins[key], "status": "pending"}
        for position, key in enumerate(new, start)
    ]
    insert_new(connection, schema.visit, rows, key=_VISIT_KEY)
    return len(rows)


def _save_found(connection: Connection, origin: Origin, keys: Mapping[Key, str]) -> None:
    rows = [
        {
            "brief": origin.brief,
            "site": site,
            "uid": uid,
            "connector": origin.connector,
            "run_id": origin.run_id,
            "found_at": origin.seen_at,
        }
        for site, uid in keys
    ]
    insert_new(connection, schema.found, rows, key=("brief", "site", "uid"))


def _visit_key(origin: Origin, key: Key) -> dict[str, object]:
    return {"chain": origin.chain, "connector": origin.connector, "site": key[0], "uid": key[1], "depth": "cheap"}


def _queued(connection: Connection, origin: Origin, keys: Mapping[Key, str]) -> set[Key]:
    table = schema.visit.c
    mine = (table.chain == origin.chain, table.connector == origin.connector, table.depth == "cheap")
    return {
        (row.site, row.uid)
        for where in account_filters(connection, schema.visit, keys)
        for row in connection.execute(select(table.site, table.uid).where(*mine, where))
    }


def next_position(connection: Connection, chain: int, connector: str, depth: str) -> int:
    """The place at the end of a queue, from 1."""
    table = schema.visit.c
    # One look into the index for each status, instead of one over all the rows.
    last = [
        connection.scalar(
            select(func.max(table.position)).where(
                table.chain == chain, table.connector == connector, table.depth == depth, table.status == status
            )
        )
        for status in STATUSES
    ]
    return max(position or 0 for position in last) + 1


def finish_visits(connection: Connection, origin: Origin, keys: list[Key]) -> None:
    """Take accounts off the queue of this depth."""
    table = schema.visit.c
    status = "closed" if origin.phase == "discover" else "done"
    mine = (table.chain == origin.chain, table.connector == origin.connector, table.depth == origin.depth)
    for where in account_filters(connection, schema.visit, keys):
        connection.execute(update(schema.visit).where(*mine, where).values(status=status))


def save_relevance(connection: Connection, origin: Origin, relevance: Mapping[Key, float]) -> None:
    """Note how much a deep look would pay, with the cheap visit. What is not a number is nothing.

    In a queue that is gone through once more it does not fall: what the deep look found besides would cost a place.
    """
    rows = [
        {
            "at_chain": origin.chain,
            "at_connector": origin.connector,
            "at_site": site,
            "at_uid": uid,
            "to_relevance": float(value) if math.isfinite(value) else 0.0,
        }
        for (site, uid), value in sorted(relevance.items())
    ]
    if not rows:
        return
    table = schema.visit.c
    told = bindparam("to_relevance", type_=table.relevance.type)
    statement = (
        update(schema.visit)
        .where(
            table.chain == bindparam("at_chain"),
            table.connector == bindparam("at_connector"),
            table.site == bindparam("at_site"),
            table.uid == bindparam("at_uid"),
            table.depth == "cheap",
        )
        .values(relevance=case((table.relevance > told, table.relevance), else_=told))
    )
    connection.execute(statement, rows)


def save_checkpoint(
    connection: Connection, origin: Origin, checkpoint: Checkpoint | None, digest: str, people: int
) -> None:
    """Store from where discovery goes on, and how many people it found so far in this chain."""
    if checkpoint is None and not people:
        return
    table = schema.checkpoint.c
    stored = connection.execute(
        select(table.found, table.digest, table.state).where(
            table.chain == origin.chain, table.connector == origin.connector
        )
    ).first()
    found, known_digest, state = stored or (0, "", None)
    row = {
        "chain": origin.chain,
        "connector": origin.connector,
        "phase": origin.phase,
        "state": checkpoint.state if checkpoint is not None else state,
        "found": found + people,
        "digest": digest or known_digest,
        "updated_at": origin.seen_at,
    }
    upsert(connection, schema.checkpoint, [row], key=("chain", "connector"))
