"""Reading people: streamed in chunks, so that memory does not grow with how many there are."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, FromClause, Select, Table, and_, func, select

from sourcer.store import schema
from sourcer.store.facts import PersonFacts, StoredEvidence, StoredLook, StoredProfile, StoredUnknown
from sourcer.store.sql import Key, any_of, chunks

__all__ = [
    "PersonFacts",
    "StoredEvidence",
    "StoredLook",
    "StoredProfile",
    "StoredUnknown",
    "count_people",
    "is_found",
    "iter_people",
    "owner_of",
    "people_of",
    "read_people",
    "read_person",
    "resolve_account",
    "resolve_person",
    "roots_of",
]

_PEOPLE_AT_ONCE: Final = 200
"""People whose facts are in memory together. With some hundred pieces of evidence each that is some ten megabytes."""

_ROOT: Final = func.coalesce(schema.person.c.merged_into, schema.person.c.id)

_FOUND_PROFILE: Final = schema.profile.alias()
_FOUND_PERSON: Final = schema.person.alias()
_FOUND_ROOT: Final = func.coalesce(_FOUND_PERSON.c.merged_into, _FOUND_PERSON.c.id)


def iter_people(connection: Connection, brief: str | None) -> Iterator[PersonFacts]:
    """Everybody that a brief found, by person id; ``None`` is everybody.

    With all their accounts, those that another brief found too. Gone accounts and vanished evidence are left out, and
    so is a person whose accounts are all gone. The caller's read transaction must stay open as long as this is read.
    """
    for chunk in chunks(people_of(connection, brief), _PEOPLE_AT_ONCE):
        yield from _facts_of(connection, chunk)


def people_of(connection: Connection, brief: str | None) -> Iterator[int]:
    """The ids of those whom :func:`iter_people` comes to, in the same order."""
    people = _people(brief).distinct().order_by("person").execution_options(yield_per=_PEOPLE_AT_ONCE)
    with connection.execute(people) as result:
        yield from result.scalars()


def read_people(connection: Connection, people: Sequence[int]) -> Iterator[PersonFacts]:
    """Some people by their ids, in that order."""
    for chunk in chunks(people, _PEOPLE_AT_ONCE):
        yield from _facts_of(connection, chunk)


def read_person(connection: Connection, person: int) -> PersonFacts | None:
    """One person by id; the id of somebody merged leads on. ``None``: no such person, or all accounts are gone."""
    root = _root_of(connection, person)
    found = [] if root is None else [facts for facts in _facts_of(connection, [root]) if facts.profiles]
    return found[0] if found else None


def count_people(connection: Connection, brief: str | None) -> int:
    """How many people :func:`iter_people` comes to."""
    return connection.scalar(select(func.count()).select_from(_people(brief).distinct().subquery())) or 0


def is_found(connection: Connection, person: int, brief: str) -> bool:
    """Whether a brief found any account of a person, also of one merged into them."""
    return connection.scalar(_found_by(brief).where(_FOUND_ROOT.in_([person])).limit(1)) is not None


def resolve_person(connection: Connection, text: str) -> int | None:
    """The person that a user means: a person id, ``site:login``, ``site:#uid`` or a profile's URL.

    ``None`` where nobody is known by that. A login is looked for as it is written, then in any case.
    """
    text = text.strip()
    if re.fullmatch(r"[0-9]{1,18}", text):
        return _root_of(connection, int(text))
    owners = (_owner(connection, where) for where in _account_matches(text))
    return next((owner for owner in owners if owner is not None), None)


def resolve_account(connection: Connection, text: str) -> Key | None:
    """The account that a user means: ``site:login``, ``site:#uid`` or a profile's URL; ``None`` where none is known."""
    table = schema.profile.c
    for where in _account_matches(text.strip()):
        row = connection.execute(select(table.site, table.uid).where(where).order_by(table.site, table.uid)).first()
        if row is not None:
            return row.site, row.uid
    return None


def owner_of(connection: Connection, key: Key) -> int | None:
    """The person that an account founded, whoever they were merged into."""
    table = schema.profile.c
    owner: int | None = connection.scalar(select(table.person_id).where(table.site == key[0], table.uid == key[1]))
    return owner


def _account_matches(text: str) -> tuple[ColumnElement[bool], ...]:
    """Conditions on a profile, the closest first."""
    if "://" in text:
        return (_url_matches(text),)
    site, colon, account = text.partition(":")
    if not colon or not account:
        return ()
    profile = schema.profile.c
    if account.startswith("#"):
        return (and_(profile.site == site, profile.uid == account[1:]),)
    exactly = and_(profile.site == site, profile.login == account)
    return exactly, and_(profile.site == site, func.lower(profile.login) == account.lower())


def _url_matches(text: str) -> ColumnElement[bool]:
    # People paste with and without the last slash, in http and in any case.
    rest = text.partition("://")[2].rstrip("/").lower()
    spellings = [f"{scheme}://{rest}{end}" for scheme in ("https", "http") for end in ("", "/")]
    return func.lower(schema.profile.c.url).in_(spellings)


def _owner(connection: Connection, where: ColumnElement[bool]) -> int | None:
    people = select(_ROOT).select_from(_owned(schema.profile)).where(where).order_by(_ROOT).limit(1)
    root: int | None = connection.scalar(people)
    return root


def _root_of(connection: Connection, person: int) -> int | None:
    root: int | None = connection.scalar(select(_ROOT).where(schema.person.c.id == person))
    return root


def _owned(accounts: Table) -> FromClause:
    return accounts.join(schema.person, schema.person.c.id == accounts.c.person_id)


def _people(brief: str | None) -> Select[Any]:
    people = select(_ROOT.label("person")).select_from(_owned(schema.profile)).where(schema.profile.c.gone_at.is_(None))
    return people if brief is None else people.where(_ROOT.in_(_found_by(brief)))


def _found_by(brief: str) -> Select[Any]:
    found = schema.found
    same = and_(_FOUND_PROFILE.c.site == found.c.site, _FOUND_PROFILE.c.uid == found.c.uid)
    owned = _FOUND_PERSON.c.id == _FOUND_PROFILE.c.person_id
    accounts = found.join(_FOUND_PROFILE, same).join(_FOUND_PERSON, owned)
    return select(_FOUND_ROOT).select_from(accounts).where(found.c.brief == brief)


def _facts_of(connection: Connection, people: Sequence[int]) -> Iterator[PersonFacts]:
    roots = roots_of(connection, people)
    facts = {person: PersonFacts(person) for person in people}
    for row in _rows(connection, schema.profile, StoredProfile, roots):
        facts[roots[row.owner]].profiles.append(_build(StoredProfile, row))
    for row in _rows(connection, schema.evidence, StoredEvidence, roots, schema.evidence.c.vanished_at.is_(None)):
        facts[roots[row.owner]].evidence.append(_build(StoredEvidence, row, terms=tuple(row.terms)))
    for row in _rows(connection, schema.unknown, StoredUnknown, roots):
        facts[roots[row.owner]].unknowns.append(_build(StoredUnknown, row))
    for row in _rows(connection, schema.look, StoredLook, roots):
        facts[roots[row.owner]].looks.append(_build(StoredLook, row, scope=tuple(row.scope)))
    for person in people:
        yield _in_order(facts[person])


def roots_of(connection: Connection, people: Iterable[int]) -> dict[int, int]:
    """The ids of these people and of those merged into them, and who each of them is now."""
    person = schema.person.c
    query = select(person.id, _ROOT.label("root"))
    return {
        row.id: row.root
        for chunk in chunks(people)
        for column in (person.id, person.merged_into)
        for row in connection.execute(query.where(any_of(connection, column, chunk)))
    }


def _rows(
    connection: Connection, table: Table, fact: type, people: Iterable[int], *where: ColumnElement[bool]
) -> Iterator[Any]:
    """What a table holds about these people's accounts that are not gone, with the account's person as ``owner``."""
    profile = schema.profile
    source: FromClause = table
    if table is not profile:
        source = table.join(profile, and_(profile.c.site == table.c.site, profile.c.uid == table.c.uid))
    columns = [table.c[name] for name in fact.__dataclass_fields__]  # type: ignore[attr-defined]
    for chunk in chunks(people):
        yield from connection.execute(
            select(*columns, profile.c.person_id.label("owner"))
            .select_from(source)
            .where(any_of(connection, profile.c.person_id, chunk), profile.c.gone_at.is_(None), *where)
        )


def _build(fact: Any, row: Any, **changed: Any) -> Any:
    values = dict(zip(fact.__dataclass_fields__, row[:-1], strict=True))
    return fact(**values | changed)


def _in_order(facts: PersonFacts) -> PersonFacts:
    facts.profiles.sort(key=lambda item: (item.site, item.uid))
    facts.evidence.sort(key=lambda item: item.id)
    facts.unknowns.sort(key=lambda item: (item.site, item.uid, item.what))
    facts.looks.sort(key=lambda item: (item.site, item.uid, item.depth))
    return facts
