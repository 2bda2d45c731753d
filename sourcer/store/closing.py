"""What closing an account means: what it no longer shows, what stays unknown, and what is forgotten when it is gone."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from sqlalchemy import ColumnElement, Connection, Table, and_, delete, or_, select, true, update

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

    Evidence that another run of this chain saw was found by this crawl. What an unknown covers may still be there. What
    belongs to something that vanished (``KEY:PART`` to the evidence ``KEY`` of the same thing) vanishes with it.

    Returns:
        How many pieces of evidence vanished.
    """
    looks = {key: item for key, item in done.items() if (item.scope or item.answered) and not item.unchanged}
    if not looks:
        return 0
    unknown = _remaining_unknowns(connection, origin, looks)
    unseen = list(_unseen_evidence(connection, origin, looks))
    vanished = {
        row.id
        for row in unseen
        if any(covers(scope, row.kind) for scope in looks[row.site, row.uid].scope)
        and _is_of(looks[row.site, row.uid].things, row.key)
        and not any(covers(what, row.kind) for what in unknown.get((row.site, row.uid), ()))
    }
    wholes = {(row.site, row.uid, _thing(row.kind), row.key) for row in unseen if row.id in vanished}
    vanished |= {row.id for row in unseen if not wholes.isdisjoint(_wholes_of(row))}
    table = schema.evidence
    for chunk in chunks(sorted(vanished)):
        connection.execute(update(table).where(table.c.id.in_(chunk)).values(vanished_at=origin.seen_at))
    return len(vanished)


def _is_of(things: tuple[str, ...], key: str) -> bool:
    return not things or any(key == thing or key.startswith(f"{thing}:") for thing in things)


def _thing(kind: str) -> str:
    return kind.partition(".")[0]


def _wholes_of(row: Any) -> list[tuple[str, str, str, str]]:
    """Of what a piece of evidence may be a part, by account, thing and key."""
    ends = [place for place, char in enumerate(row.key) if char == ":"]
    return [(row.site, row.uid, _thing(row.kind), row.key[:end]) for end in ends]


def touch_unchanged(connection: Connection, origin: Origin, done: Mapping[Key, Done]) -> None:
    """Note that what is stored of unchanged accounts, profiles too, was there to be seen now."""
    alike: dict[tuple[tuple[str, ...], tuple[str, ...]], list[Key]] = {}
    for key, item in done.items():
        if item.unchanged:
            alike.setdefault((item.scope, item.things), []).append(key)
    for (scope, things), keys in alike.items():
        for where in account_filters(connection, schema.profile, keys):
            still = {"seen_at": origin.seen_at, "run_id": origin.run_id, "gone_at": None, "gone_last_at": None}
            connection.execute(update(schema.profile).where(where).values(still))
        for where in account_filters(connection, schema.evidence, keys):
            table = schema.evidence.c
            there = (where, table.connector == origin.connector, table.vanished_at.is_(None), _in_scope(scope, things))
            connection.execute(
                update(schema.evidence).where(*there).values(seen_at=origin.seen_at, run_id=origin.run_id)
            )


def _in_scope(scope: tuple[str, ...], things: tuple[str, ...]) -> ColumnElement[bool]:
    kind, key = schema.evidence.c.kind, schema.evidence.c.key
    parts = (key.startswith(f"{thing}:", autoescape=True) for thing in things)
    told = or_(key.in_(things), *parts) if things else true()
    if "*" in scope:
        return told
    families = (kind.startswith(entry[:-1], autoescape=True) for entry in scope if entry.endswith(".*"))
    return and_(told, or_(kind.in_([entry for entry in scope if not entry.endswith("*")]), *families))


def _remaining_unknowns(connection: Connection, origin: Origin, looks: Mapping[Key, Done]) -> dict[Key, list[str]]:
    """What stays unknown of each account, once the answered ones are deleted."""
    fresh = set(connection.scalars(origin.runs()))
    remaining: dict[Key, list[str]] = {}
    answered: list[tuple[str, str, str]] = []
    for row in _rows(connection, schema.unknown, looks):
        key = (row.site, row.uid)
        just_said = row.run_id in fresh and row.phase == origin.phase
        if not just_said and row.connector == origin.connector and _answers(looks[key], row.what):
            answered.append((*key, row.what))
        else:
            remaining.setdefault(key, []).append(row.what)
    table = schema.unknown.c
    for site, uid, what in sorted(answered):
        connection.execute(delete(schema.unknown).where(table.site == site, table.uid == uid, table.what == what))
    return remaining


def _answers(look: Done, what: str) -> bool:
    # "*" says that nothing at all was answered: any answer ends that.
    return what in ("*", *look.answered) or any(covers(entry, what) for entry in (*look.scope, *look.answered))


def _unseen_evidence(connection: Connection, origin: Origin, keys: Iterable[Key]) -> Iterator[Any]:
    table = schema.evidence.c
    for where in account_filters(connection, schema.evidence, keys):
        yield from connection.execute(
            select(table.id, table.site, table.uid, table.kind, table.key).where(
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
    for where in account_filters(connection, schema.evidence, keys):
        pieces = select(schema.evidence.c.id).where(where)
        connection.execute(delete(schema.contribution).where(schema.contribution.c.evidence_id.in_(pieces)))
        connection.execute(delete(schema.evidence).where(where))
    for table in (schema.unknown, schema.look, schema.change):
        for where in account_filters(connection, table, keys):
            connection.execute(delete(table).where(where))
    for where in account_filters(connection, schema.profile, keys):
        connection.execute(
            update(schema.profile).where(where).values(login="", url="", links=[], measure={}, **nothing)
        )
    forget_decisions(connection, keys)
    forget_seen(connection, keys)


def _rows(connection: Connection, table: Table, keys: Iterable[Key]) -> Iterator[Any]:
    for where in account_filters(connection, table, keys):
        yield from connection.execute(select(table).where(where)).all()
