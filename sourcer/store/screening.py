"""Reading what a first pass over everybody needs: plain rows, not objects, streamed a few hundred people at a time."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, NamedTuple, TypeAlias

from sqlalchemy import ColumnElement, Connection, Text, and_, func, select, type_coerce

from sourcer.store import schema
from sourcer.store.reads import people_of, roots_of
from sourcer.store.sql import Key, account_filters, any_of, chunks

__all__ = ["Place", "Read", "Row", "Screened", "iter_read", "places_of_people", "rows_of"]

Row: TypeAlias = tuple[str, str, str, str, str | None]
"""Of a piece of evidence: kind, title, terms and measure as JSON text, the day it happened in UTC as ISO text."""

Read: TypeAlias = dict[Key, str | None]
"""A person's accounts that are not gone, with what their evidence shows; ``None`` where nobody has read it yet."""

_PEOPLE_AT_ONCE: Final = 400
"""One statement each: far below SQLite's limit of variables in its oldest builds."""


class Place(NamedTuple):
    """An account and what it says of where it is."""

    site: str
    uid: str
    country: str | None
    location: str | None


@dataclass(slots=True)
class Screened:
    """One person: accounts with their places."""

    person: int
    profiles: list[Place] = field(default_factory=list)


def iter_read(connection: Connection, brief: str | None, digest: str) -> Iterator[dict[int, Read]]:
    """Everybody that :func:`sourcer.store.reads.iter_people` comes to, in the same order, some people at a time.

    Args:
        connection: A read transaction.
        brief: Whose people; ``None`` is everybody.
        digest: Of what evidence is read by: what was read by something else counts as not read.
    """
    profile, gist = schema.profile.c, schema.gist
    same = and_(gist.c.site == profile.site, gist.c.uid == profile.uid, gist.c.digest == digest)
    accounts = select(profile.person_id, profile.site, profile.uid, gist.c.content).select_from(
        schema.profile.outerjoin(gist, same)
    )
    merged = _merged(connection)
    for chunk in chunks(people_of(connection, brief), _PEOPLE_AT_ONCE):
        found: dict[int, Read] = {person: {} for person in chunk}
        roots = {owner: person for person in chunk for owner in (person, *merged.get(person, ()))}
        for owners in chunks(roots):
            lives = and_(any_of(connection, profile.person_id, owners), profile.gone_at.is_(None))
            for owner, site, uid, content in connection.execute(accounts.where(lives)).all():
                found[roots[owner]][site, uid] = content
        yield found


def _merged(connection: Connection) -> dict[int, list[int]]:
    """Who was merged into whom: few, and known at once for all."""
    person = schema.person.c
    found: dict[int, list[int]] = {}
    for merged, into in connection.execute(
        select(person.id, person.merged_into).where(person.merged_into.is_not(None))
    ):
        found.setdefault(into, []).append(merged)
    return found


def rows_of(connection: Connection, accounts: Collection[Key]) -> dict[Key, list[Row]]:
    """The evidence of accounts that has not vanished."""
    found: dict[Key, list[Row]] = {key: [] for key in accounts}
    evidence = schema.evidence.c
    columns: tuple[ColumnElement[Any], ...] = (
        evidence.kind,
        evidence.title,
        type_coerce(evidence.terms, Text),
        type_coerce(evidence.measure, Text),
        _day(connection),
    )
    pieces = select(evidence.site, evidence.uid, *columns).where(evidence.vanished_at.is_(None))
    for where in account_filters(connection, schema.evidence, accounts):
        for row in connection.execute(pieces.where(where)).all():
            found[row[0], row[1]].append(row[2:])
    return found


def places_of_people(connection: Connection, people: Sequence[int]) -> dict[int, Screened]:
    """People with the accounts, also of those merged into them, that are not gone."""
    found = {person: Screened(person) for person in people}
    roots = roots_of(connection, people)
    profile = schema.profile.c
    for chunk in chunks(roots):
        lives = and_(any_of(connection, profile.person_id, chunk), profile.gone_at.is_(None))
        accounts = select(profile.person_id, profile.site, profile.uid, profile.country, profile.location).where(lives)
        for owner, *account in connection.execute(accounts):
            found[roots[owner]].profiles.append(Place(*account))
    return found


def _day(connection: Connection) -> ColumnElement[Any]:
    """The day on which evidence happened, in UTC; SQLite keeps times as UTC text."""
    happened_at = schema.evidence.c.happened_at
    if connection.dialect.name == "sqlite":
        return func.substr(type_coerce(happened_at, Text), 1, 10)
    return func.to_char(func.timezone("UTC", happened_at), "YYYY-MM-DD")
