"""What changed in profiles: one row for each account, field and crawl, with what stood there before that crawl.

Written with the profile itself, so that a kill loses none and storing a unit twice adds none. What changes and changes
back within one crawl leaves no row.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, and_, delete, func, select

from sourcer.domain import Json
from sourcer.store import schema
from sourcer.store.batch import Origin
from sourcer.store.sql import Key, account_filters, chunks, upsert

__all__ = ["SHOWN", "Change", "drop_changes", "read_changes", "save_changes"]

SHOWN: Final = ("login", "name", "location", "company", "bio", "website", "open_to_work")
"""The fields of a profile whose changes a reader is told. New ones go to the end: what was seen is kept by place."""


@dataclass(frozen=True, slots=True)
class Change:
    """A field of a profile before a crawl and after it."""

    site: str
    uid: str
    what: str
    before: Json
    now: Json
    changed_at: datetime


def save_changes(
    connection: Connection, origin: Origin, known: Mapping[Key, Any], rows: Iterable[Mapping[str, Any]]
) -> None:
    """Note where profiles that are about to be stored differ from those that are there.

    Args:
        connection: In a write transaction that has locked the sites.
        origin: Where the new profiles come from.
        known: The stored rows of those that are known, with the fields of ``SHOWN``.
        rows: The new ones.
    """
    found = {
        (row["site"], row["uid"], what): (before, row[what])
        for row in rows
        if (stored := known.get((row["site"], row["uid"]))) is not None
        for what in SHOWN
        if (before := getattr(stored, what)) != row[what]
    }
    if found:
        # What this crawl itself has found is no news. The earliest start of its chain: a clock may have been put back.
        began = connection.scalar(select(func.min(schema.run.c.started_at)).where(schema.run.c.chain == origin.chain))
        older = {key: values for key, values in found.items() if began is None or known[key[:2]].first_seen_at < began}
        _save(connection, origin, older)


def _save(connection: Connection, origin: Origin, found: Mapping[tuple[str, str, str], tuple[Json, Json]]) -> None:
    table = schema.change.c
    first = {
        (row.site, row.uid, row.what): row.before
        for where in account_filters(connection, schema.change, {key[:2] for key in found})
        for row in connection.execute(
            select(table.site, table.uid, table.what, table.before).where(where, table.chain == origin.chain)
        )
    }
    changed = []
    for key, (stored, now) in found.items():
        before = first.get(key, stored)
        if before == now:
            mine = and_(table.chain == origin.chain, table.site == key[0], table.uid == key[1], table.what == key[2])
            connection.execute(delete(schema.change).where(mine))
        else:
            changed.append(_row(origin, key, before, now))
    for chunk in chunks(changed):
        upsert(connection, schema.change, chunk, key=("chain", "site", "uid", "what"))


def _row(origin: Origin, key: tuple[str, str, str], before: Json, now: Json) -> dict[str, Any]:
    told = {"chain": origin.chain, "run_id": origin.run_id, "changed_at": origin.seen_at}
    return told | {"site": key[0], "uid": key[1], "what": key[2], "before": before, "now": now}


def read_changes(
    connection: Connection, keys: Iterable[Key], since: datetime | None = None
) -> Iterator[Sequence[Change]]:
    """The changes of each field of these accounts, the oldest first; ``since`` leaves older ones out."""
    table = schema.change.c
    found: dict[tuple[str, str, str], list[Change]] = {}
    for where in account_filters(connection, schema.change, keys):
        wanted = select(*(table[name] for name in Change.__slots__)).where(where)
        if since is not None:
            wanted = wanted.where(table.changed_at >= since)
        for row in connection.execute(wanted.order_by(table.changed_at, table.chain)):
            found.setdefault((row.site, row.uid, row.what), []).append(Change(*row))
    yield from found.values()


def drop_changes(connection: Connection, before: datetime) -> int:
    """Forget changes that are older, and give how many they were: what people have taken back is not kept for ever."""
    return connection.execute(delete(schema.change).where(schema.change.c.changed_at < before)).rowcount
