"""What closing an account means: what it no longer shows, what stays unknown, and what is forgotten when it is gone."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from sqlalchemy import ColumnElement, Connection, Table, delete, or_, select, true, update

from sourcer.domain import Done, Gone, Unknown, covers
from sourcer.store import schema
from sourcer.store.batch import Origin
from sourcer.store.clean import clean_text
from sourcer.store.decisions import forget_decisions
from sourcer.store.seen import forget_seen
from sourcer.store.sql import Key, account_filters, chunks, upsert

__all__ = ["close_accounts", "forget_gone", "save_looks", "save_unknowns", "touch_unchanged"]


def save_unknowns(connection: Connection, origin: Origin, unknowns: Mapping[tuple[str, str, str], Unknown]) -> None:
    """Store what a site did not answer."""
    rows = [
        {"site": site, "uid": uid, "what": what, "reason": clean_text(item.reason), "phase": origin.phase}
        | origin.columns()
        for (site, uid, what), item in unknowns.items()
    ]
    upsert(connection, schema.unknown, rows, key=("site", "uid", "what"))


def save_looks(connection: Connection, origin: Origin, done: Mapping[Key, Done]) -> None:
    """Store what was looked at, and the connector's memory for the next look."""
    rows = [
        {"site": site, "uid": uid, "depth": origin.depth, "scope": item.scope, "state": item.state} | origin.columns()
        for (site, uid), item in done.items()
    ]
    upsert(connection, schema.look, rows, key=("site", "uid", "depth"))


def close_accounts(connection: Connection, origin: Origin, done: Mapping[Key, Done]) -> int:
    """Drop the unknowns that this look answered, and mark the evidence that it no longer found as vanished.

    Evidence that another run of this chain saw was found by this crawl. What an unknown covers may still be there.

    Returns:
        How many pieces of evidence vanished.
    """
    scopes = {key: item.scope for key, item in done.items() if item.scope and not item.unchanged}
    if not scopes:
        return 0
    unknown = _remaining_unknowns(connection, origin, scopes)
    vanished = [
        row.id
        for row in _unseen_evidence(connection, origin, scopes)
        if any(covers(scope, row.kind) for scope in scopes[row.site, row.uid])
        and not any(covers(what, row.kind) for what in unknown.get((row.site, row.uid), ()))
    ]
    table = schema.evidence
    for chunk in chunks(sorted(vanished)):
        connection.execute(update(table).where(table.c.id.in_(chunk)).values(vanished_at=origin.seen_at))
    return len(vanished)


def touch_unchanged(connection: Connection, origin: Origin, done: Mapping[Key, Done]) -> None:
    """Note that what is stored of unchanged accounts, profiles too, was there to be seen now."""
    by_scope: dict[tuple[str, ...], list[Key]] = {}
    for key, item in done.items():
        if item.unchanged:
            by_scope.setdefault(item.scope, []).append(key)
    for scope, keys in by_scope.items():
        for where in account_filters(schema.profile, keys):
            still = {"seen_at": origin.seen_at, "run_id": origin.run_id, "gone_at": None, "gone_last_at": None}
            connection.execute(update(schema.profile).where(where).values(still))
        for where in account_filters(schema.evidence, keys):
            table = schema.evidence.c
            there = (where, table.connector == origin.connector, table.vanished_at.is_(None), _in_scope(scope))
            connection.execute(
                update(schema.evidence).where(*there).values(seen_at=origin.seen_at, run_id=origin.run_id)
            )


def _in_scope(scope: tuple[str, ...]) -> ColumnElement[bool]:
    kind = schema.evidence.c.kind
    if "*" in scope:
        return true()
    things = (kind.startswith(entry[:-1], autoescape=True) for entry in scope if entry.endswith(".*"))
    return or_(kind.in_([entry for entry in scope if not entry.endswith("*")]), *things)


def _remaining_unknowns(
    connection: Connection, origin: Origin, scopes: Mapping[Key, tuple[str, ...]]
) -> dict[Key, list[str]]:
    """What stays unknown of each account, once the answered ones are deleted."""
    fresh = set(connection.scalars(origin.runs()))
    remaining: dict[Key, list[str]] = {}
    answered: list[tuple[str, str, str]] = []
    for row in _rows(connection, schema.unknown, scopes):
        key = (row.site, row.uid)
        just_said = row.run_id in fresh and row.phase == origin.phase
        if not just_said and row.connector == origin.connector and _answers(scopes[key], row.what):
            answered.append((*key, row.what))
        else:
            remaining.setdefault(key, []).append(row.what)
    table = schema.unknown.c
    for site, uid, what in sorted(answered):
        connection.execute(delete(schema.unknown).where(table.site == site, table.uid == uid, table.what == what))
    return remaining


def _answers(scope: tuple[str, ...], what: str) -> bool:
    # "*" says that nothing at all was answered: any answer ends that.
    return what == "*" or any(covers(entry, what) for entry in scope)


def _unseen_evidence(connection: Connection, origin: Origin, keys: Iterable[Key]) -> Iterator[Any]:
    table = schema.evidence.c
    for where in account_filters(schema.evidence, keys):
        yield from connection.execute(
            select(table.id, table.site, table.uid, table.kind).where(
                where,
                table.connector == origin.connector,
                table.vanished_at.is_(None),
                table.run_id.not_in(origin.runs()),
            )
        )


def forget_gone(connection: Connection, origin: Origin, gone: Mapping[Key, Gone]) -> None:
    """Note that the site says accounts do not exist; when it says so on a second day, forget what they showed.

    One sighting may be the site's fault. What stays after the second is a tombstone without personal data.
    """
    forgotten: list[Key] = []
    for row in _rows(connection, schema.profile, gone):
        first = row.gone_at or origin.seen_at
        last = max(row.gone_last_at or first, origin.seen_at)
        table = schema.profile.c
        connection.execute(
            update(schema.profile)
            .where(table.site == row.site, table.uid == row.uid)
            .values(gone_at=first, gone_last_at=last)
        )
        if last.date() > first.date():
            forgotten.append((row.site, row.uid))
    _forget(connection, forgotten)


def _forget(connection: Connection, keys: list[Key]) -> None:
    nothing = dict.fromkeys(
        ("name", "location", "country", "bio", "company", "website", "open_to_work", "account_created_at")
    )
    for where in account_filters(schema.evidence, keys):
        pieces = select(schema.evidence.c.id).where(where)
        connection.execute(delete(schema.contribution).where(schema.contribution.c.evidence_id.in_(pieces)))
        connection.execute(delete(schema.evidence).where(where))
    for table in (schema.unknown, schema.look, schema.change):
        for where in account_filters(table, keys):
            connection.execute(delete(table).where(where))
    for where in account_filters(schema.profile, keys):
        connection.execute(
            update(schema.profile).where(where).values(login="", url="", links=[], measure={}, **nothing)
        )
    forget_decisions(connection, keys)
    forget_seen(connection, keys)


def _rows(connection: Connection, table: Table, keys: Iterable[Key]) -> Iterator[Any]:
    for where in account_filters(table, keys):
        yield from connection.execute(select(table).where(where)).all()
