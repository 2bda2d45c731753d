"""What happened to a brief's people since a moment, told by the times that rows carry."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, FromClause, and_, func, select

from sourcer.store import schema
from sourcer.store.sql import chunks

__all__ = ["NewEvidence", "evidence_since", "first_found", "gone_since"]

_ROOT: Final = func.coalesce(schema.person.c.merged_into, schema.person.c.id)


@dataclass(frozen=True, slots=True)
class NewEvidence:
    """A piece of evidence that earns points and was first seen lately."""

    site: str
    uid: str
    kind: str
    title: str
    url: str


def _found_people() -> FromClause:
    found, profile, person = schema.found, schema.profile, schema.person
    same = and_(profile.c.site == found.c.site, profile.c.uid == found.c.uid)
    return found.join(profile, same).join(person, person.c.id == profile.c.person_id)


def first_found(connection: Connection, brief: str) -> dict[int, datetime]:
    """When a brief first found each of its people."""
    table = schema.found.c
    rows = connection.execute(
        select(_ROOT, func.min(table.found_at)).select_from(_found_people()).where(table.brief == brief).group_by(_ROOT)
    )
    return {person: moment for person, moment in rows}  # noqa: C416  # dict() would not know the types


def gone_since(connection: Connection, brief: str, since: datetime) -> dict[int, datetime]:
    """The people of a brief whose last account went since then, and when."""
    profile, person = schema.profile.c, schema.person.c
    source = schema.profile.join(schema.person, person.id == profile.person_id)
    mine = select(_ROOT).select_from(_found_people()).where(schema.found.c.brief == brief)
    last = func.max(profile.gone_at)
    people = mine.subquery()
    rows = connection.execute(
        select(_ROOT, last)
        .select_from(source)
        .where(_ROOT.in_(select(people)))
        .group_by(_ROOT)
        .having(func.count() == func.count(profile.gone_at), last >= since)
    )
    return {person: moment for person, moment in rows}  # noqa: C416


def evidence_since(
    connection: Connection, brief: str, people: Collection[int], since: datetime, most: int
) -> dict[int, list[NewEvidence]]:
    """The strongest pieces, ``most`` each, that the last ranking counts and that were first seen since then."""
    part, piece = schema.contribution.c, schema.evidence.c
    points = func.sum(part.points)
    source = schema.contribution.join(schema.evidence, piece.id == part.evidence_id).join(
        schema.person, schema.person.c.id == part.person_id
    )
    columns = (piece.site, piece.uid, piece.kind, piece.title, piece.url)
    found: dict[int, list[Any]] = {}
    for chunk in chunks(sorted(people)):
        rows = connection.execute(
            select(_ROOT.label("root"), *columns)
            .select_from(source)
            .where(part.brief == brief, _ROOT.in_(chunk), piece.first_seen_at >= since)
            .group_by(_ROOT, piece.id, *columns)
            .order_by(points.desc(), piece.id)
        )
        for row in rows:
            found.setdefault(row.root, []).append(NewEvidence(*row[1:]))
    return {person: pieces[:most] for person, pieces in found.items()}
