"""Who is looked at again first: people in a shortlist, then high scores with old data, then the rest."""

from __future__ import annotations

import heapq
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import Connection, FromClause, Select, and_, bindparam, func, select, update

from sourcer.store import schema
from sourcer.store.decisions import read_standings
from sourcer.store.sql import Key

__all__ = ["Urgency", "put_first", "stale_accounts", "urgency_of"]

_REST: Final = 2


@dataclass(frozen=True, slots=True)
class Urgency:
    """What makes a look at a stored account urgent.

    Args:
        brief: Whose ranking and finds count.
        stale_before: What was last seen before this moment is old.
        shortlisted: The people whom a human chose, by id.
    """

    brief: str
    stale_before: datetime
    shortlisted: Collection[int] = frozenset()

    def place(self, row: Any) -> tuple[int, float, datetime, str, str]:
        """What to sort the rows of :func:`stored` by; the first number is the class, ``2`` being the rest."""
        if row.person in self.shortlisted:
            return 0, 0.0, row.seen_at, row.site, row.uid
        if row.score is not None and row.seen_at < self.stale_before:
            return 1, -row.score, row.seen_at, row.site, row.uid
        return _REST, 0.0, row.seen_at, row.site, row.uid

    def stored(self, accounts: FromClause) -> Select[Any]:
        """The stored ones among accounts (site and uid), with their person, its score, and when they were seen."""
        profile, person, candidate = schema.profile, schema.person, schema.candidate
        root = func.coalesce(person.c.merged_into, person.c.id)
        same = and_(profile.c.site == accounts.c.site, profile.c.uid == accounts.c.uid)
        ranked = and_(candidate.c.brief == self.brief, candidate.c.person_id == root)
        owned = accounts.join(profile, same).join(person, person.c.id == profile.c.person_id)
        columns = (profile.c.site, profile.c.uid, profile.c.login, profile.c.seen_at)
        return select(*columns, root.label("person"), candidate.c.score).select_from(owned.outerjoin(candidate, ranked))


def urgency_of(connection: Connection, brief: str, stale_before: datetime, day: date) -> Urgency:
    """What is urgent for a brief, with the people of its shortlist as it stands on a day."""
    standings = read_standings(connection, brief)
    chosen = frozenset(person for person, standing in standings.items() if standing.is_shortlisted(day))
    return Urgency(brief, stale_before, chosen)


def put_first(connection: Connection, chain: int, connector: str, urgency: Urgency) -> int:
    """Move the urgent ones to the head of the queue of cheap visits; the rest keeps its order.

    Returns:
        How many were moved.
    """
    visit = schema.visit.c
    mine = (visit.chain == chain, visit.connector == connector, visit.depth == "cheap")
    rows = connection.execute(urgency.stored(schema.visit).where(*mine, visit.status == "pending"))
    urgent = sorted(place for row in rows if (place := urgency.place(row))[0] < _REST)
    # Places count from 1: whatever is below goes first, and the next one at the end stays where it was.
    moved = [
        {"at_site": place[-2], "at_uid": place[-1], "to_position": number - len(urgent)}
        for number, place in enumerate(urgent)
    ]
    if moved:
        same = (visit.site == bindparam("at_site"), visit.uid == bindparam("at_uid"))
        connection.execute(update(schema.visit).where(*mine, *same).values(position=bindparam("to_position")), moved)
    return len(moved)


def stale_accounts(connection: Connection, urgency: Urgency, most: int) -> list[Key]:
    """The accounts that a brief found and whose data is old, the most urgent first, at most so many.

    Whose account is gone is left to the crawls that find it again.
    """
    found, profile = schema.found, schema.profile.c
    old = (found.c.brief == urgency.brief, profile.seen_at < urgency.stale_before, profile.gone_at.is_(None))
    rows = connection.execute(urgency.stored(found).where(*old).execution_options(yield_per=1_000))
    return [(place[-2], place[-1]) for place in heapq.nsmallest(most, map(urgency.place, rows))]
