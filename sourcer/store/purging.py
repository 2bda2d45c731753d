"""Taking people out of the database for good: accounts with everything that hangs on them, then people without any.

What hangs on an account or a person is read off the schema, so that a table of tomorrow is not forgotten.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, Table, and_, delete, func, or_, select

from sourcer.store import schema
from sourcer.store.sql import Key, account_filters, chunks

__all__ = ["drop_people_without_accounts", "purge_accounts", "unseen_accounts"]


def unseen_accounts(connection: Connection, before: datetime) -> list[Key]:
    """The accounts that were last seen before a moment, those seen least lately first.

    A decision about their person counts as seeing them: what somebody works with is not taken out of their hands.
    """
    profile = schema.profile.c
    rows = connection.execute(
        select(profile.site, profile.uid).where(_is_due(before)).order_by(profile.seen_at, profile.site, profile.uid)
    )
    return [(row.site, row.uid) for row in rows]


def _is_due(before: datetime) -> ColumnElement[bool]:
    """Last seen before a moment, and nobody has decided anything about the person since."""
    person, decision = schema.person.alias("owner"), schema.decision
    about = schema.person.alias("about")
    root, of_decision = (func.coalesce(one.c.merged_into, one.c.id) for one in (person, about))
    decided = select(of_decision).select_from(decision.join(about, about.c.id == decision.c.person_id))
    kept = select(person.c.id).where(root.in_(decided.where(decision.c.decided_at >= before)))
    return and_(schema.profile.c.seen_at < before, schema.profile.c.person_id.not_in(kept))


def purge_accounts(connection: Connection, accounts: Sequence[Key], before: datetime) -> tuple[int, int]:
    """Delete those of the accounts that still were last seen before a moment, and what hangs on them.

    Returns:
        How many accounts, and how many pieces of evidence.
    """
    profile, evidence = schema.profile, schema.evidence
    keys = [
        (row.site, row.uid)
        for where in account_filters(connection, profile, accounts)
        for row in connection.execute(select(profile.c.site, profile.c.uid).where(where, _is_due(before)))
    ]
    pieces = 0
    for where in account_filters(connection, evidence, keys):
        earned = select(evidence.c.id).where(where)
        connection.execute(delete(schema.contribution).where(schema.contribution.c.evidence_id.in_(earned)))
        pieces += connection.execute(delete(evidence).where(where)).rowcount
    for table in _about_accounts():
        for where in account_filters(connection, table, keys):
            connection.execute(delete(table).where(where))
    for where in _links_of(keys):
        connection.execute(delete(schema.link).where(where))
    return len(keys), pieces


def _about_accounts() -> Iterator[Table]:
    """Every table whose rows are about one account each."""
    for table in schema.metadata.sorted_tables:
        if {"site", "uid"} <= set(table.columns.keys()) and table is not schema.evidence:
            yield table


def _links_of(keys: Iterable[Key]) -> Iterator[ColumnElement[bool]]:
    link = schema.link.c
    for chunk in chunks(keys, 100):
        yield or_(
            *(and_(link.site_a == site, link.uid_a == uid) for site, uid in chunk),
            *(and_(link.site_b == site, link.uid_b == uid) for site, uid in chunk),
        )


def drop_people_without_accounts(connection: Connection) -> int:
    """Delete people none of whose accounts is stored, and what hangs on them; gives how many there were.

    Who was merged counts with those they were merged into: as long as one of them has an account, all their ids lead
    somewhere.
    """
    person, profile = schema.person, schema.profile
    member, root = person.alias("member"), func.coalesce(person.c.merged_into, person.c.id)
    with_account = profile.join(member, member.c.id == profile.c.person_id)
    seen = select(func.coalesce(member.c.merged_into, member.c.id)).select_from(with_account)
    lost = list(connection.execute(select(person.c.id, person.c.merged_into).where(root.not_in(seen))))
    for table, owner in _about_people():
        for chunk in chunks(row.id for row in lost):
            connection.execute(delete(table).where(table.c[owner].in_(chunk)))
    for merged in (True, False):
        for chunk in chunks(row.id for row in lost if (row.merged_into is not None) is merged):
            connection.execute(delete(person).where(person.c.id.in_(chunk)))
    return sum(row.merged_into is None for row in lost)


def _about_people() -> Iterator[tuple[Table, str]]:
    """Every table whose rows are about one person each, and the column that says whom."""
    for table in schema.metadata.sorted_tables:
        for column in table.columns:
            if table not in (schema.person, schema.profile) and column.references(schema.person.c.id):
                yield table, column.name
