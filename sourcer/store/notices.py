"""When people were first stored: what the duty to inform them counts from."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, func, select

from sourcer.store import schema

__all__ = ["FirstStored", "first_stored"]


@dataclass(frozen=True, slots=True)
class FirstStored:
    """One person with the moment at which the first of their accounts was stored."""

    person: int
    at: datetime
    name: str
    urls: tuple[str, ...]


def first_stored(connection: Connection) -> list[FirstStored]:
    """When everybody was first stored, the earliest first. Whose accounts are all gone is left out."""
    profile, person = schema.profile, schema.person
    root = func.coalesce(person.c.merged_into, person.c.id).label("root")
    owned = profile.join(person, person.c.id == profile.c.person_id)
    rows = connection.execute(
        select(root, profile.c.first_seen_at, profile.c.name, profile.c.login, profile.c.url)
        .select_from(owned)
        .where(profile.c.gone_at.is_(None))
        .order_by(root, profile.c.site, profile.c.uid)
    )
    found: dict[int, FirstStored] = {}
    for row in rows:
        known = found.get(row.root)
        if known is None:
            found[row.root] = FirstStored(row.root, row.first_seen_at, row.name or row.login, (row.url,))
        else:
            at = min(known.at, row.first_seen_at)
            found[row.root] = FirstStored(row.root, at, known.name, (*known.urls, row.url))
    return sorted(found.values(), key=lambda one: (one.at, one.person))
