"""Reading what a first pass over everybody needs: plain rows, not objects, streamed a few hundred people at a time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, NamedTuple, TypeAlias

from sqlalchemy import ColumnElement, Connection, Text, and_, func, select, type_coerce

from sourcer.store import schema
from sourcer.store.reads import people_of, roots_of
from sourcer.store.sql import chunks

__all__ = ["Place", "Row", "Screened", "iter_rows", "places_of_people"]

Row: TypeAlias = tuple[str, str, str, str, str | None]
"""Of a piece of evidence: kind, title, terms and measure as JSON text, the day it happened in UTC as ISO text."""

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
    """One person: accounts with their places, and evidence as rows."""

    person: int
    profiles: list[Place] = field(default_factory=list)
    rows: list[Row] = field(default_factory=list)


def iter_rows(connection: Connection, brief: str | None) -> Iterator[Screened]:
    """Everybody that :func:`sourcer.store.reads.iter_people` comes to, in the same order, with what a score needs."""
    for chunk in chunks(people_of(connection, brief), _PEOPLE_AT_ONCE):
        yield from _screened(connection, chunk)


def places_of_people(connection: Connection, people: Sequence[int]) -> dict[int, list[Place]]:
    """The accounts of people, also of those merged into them, that are not gone."""
    found: dict[int, list[Place]] = {person: [] for person in people}
    roots = roots_of(connection, people)
    profile = schema.profile.c
    for chunk in chunks(roots):
        lives = and_(profile.person_id.in_(chunk), profile.gone_at.is_(None))
        accounts = select(profile.person_id, profile.site, profile.uid, profile.country, profile.location).where(lives)
        for owner, *account in connection.execute(accounts):
            found[roots[owner]].append(Place(*account))
    return found


def _screened(connection: Connection, people: Sequence[int]) -> Iterator[Screened]:
    roots = roots_of(connection, people)
    found = {person: Screened(person, places) for person, places in places_of_people(connection, people).items()}
    profile, evidence = schema.profile.c, schema.evidence.c
    same = and_(profile.site == evidence.site, profile.uid == evidence.uid)
    columns: tuple[ColumnElement[Any], ...] = (
        evidence.kind,
        evidence.title,
        type_coerce(evidence.terms, Text),
        type_coerce(evidence.measure, Text),
        _day(connection),
    )
    pieces = select(profile.person_id, *columns).select_from(schema.evidence.join(schema.profile, same))
    for chunk in chunks(roots):
        lives = and_(profile.person_id.in_(chunk), profile.gone_at.is_(None))
        for owner, *row in connection.execute(pieces.where(lives, evidence.vanished_at.is_(None))):
            found[roots[owner]].rows.append(tuple(row))
    yield from found.values()


def _day(connection: Connection) -> ColumnElement[Any]:
    """The day on which evidence happened, in UTC; SQLite keeps times as UTC text."""
    happened_at = schema.evidence.c.happened_at
    if connection.dialect.name == "sqlite":
        return func.substr(type_coerce(happened_at, Text), 1, 10)
    return func.to_char(func.timezone("UTC", happened_at), "YYYY-MM-DD")
