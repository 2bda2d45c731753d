"""Links between accounts as rows: what profiles claim, what was decided of each pair, and who is whose person."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, delete, func, select, update

from sourcer.store import schema
from sourcer.store.sql import Key, account_filters, chunks, upsert

__all__ = [
    "LinkRow",
    "Named",
    "StoredClaims",
    "delete_link",
    "merge_people",
    "named_accounts",
    "profiles_with_claims",
    "read_links",
    "replace_links",
    "save_link",
]


@dataclass(frozen=True, slots=True)
class StoredClaims:
    """What one account says about itself elsewhere: addresses, and where in the profile each stands."""

    key: Key
    page: str
    claims: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Named:
    """An account with the names it goes by, or went by before it was gone."""

    key: Key
    login: str
    name: str | None
    is_gone: bool = False


@dataclass(frozen=True, slots=True)
class LinkRow:
    """A pair of accounts and what was decided of it; ``decided_by`` is empty where the rules did."""

    site_a: str
    uid_a: str
    site_b: str
    uid_b: str
    status: str
    confidence: float
    reasons: Sequence[Mapping[str, str]]
    decided_by: str
    decided_at: datetime

    @property
    def pair(self) -> tuple[Key, Key]:
        """Both accounts."""
        return (self.site_a, self.uid_a), (self.site_b, self.uid_b)


def profiles_with_claims(connection: Connection) -> Iterator[StoredClaims]:
    """Accounts that are not gone and say something about themselves elsewhere."""
    table = schema.profile.c
    rows = connection.execute(
        select(table.site, table.uid, table.url, table.links)
        .where(table.gone_at.is_(None))
        .order_by(table.site, table.uid)
        .execution_options(yield_per=1_000)
    )
    for row in rows:
        claims = tuple((claim["url"], claim["where"]) for claim in row.links)
        if claims:
            yield StoredClaims((row.site, row.uid), row.url, claims)


def named_accounts(connection: Connection, keys: Iterable[Key], logins: Iterable[tuple[str, str]]) -> Iterator[Named]:
    """Accounts by their keys or by site and login (in lower case), gone ones too."""
    table = schema.profile.c
    wanted = select(table.site, table.uid, table.login, table.name, table.gone_at)
    for where in account_filters(connection, schema.profile, keys):
        for row in connection.execute(wanted.where(where)):
            yield _named(row)
    by_site: dict[str, list[str]] = {}
    for site, login in sorted(set(logins)):
        by_site.setdefault(site, []).append(login)
    for site, names in by_site.items():
        for chunk in chunks(names):
            for row in connection.execute(wanted.where(table.site == site, func.lower(table.login).in_(chunk))):
                yield _named(row)


def _named(row: Row[*tuple[Any, ...]]) -> Named:
    return Named((row.site, row.uid), row.login, row.name, row.gone_at is not None)


def read_links(connection: Connection, status: str | None = None) -> list[LinkRow]:
    """All pairs, or those of a status, in the order of their accounts."""
    table = schema.link.c
    wanted = select(schema.link).order_by(table.site_a, table.uid_a, table.site_b, table.uid_b)
    if status is not None:
        wanted = wanted.where(table.status == status)
    return [LinkRow(**row._mapping) for row in connection.execute(wanted)]  # noqa: SLF001  # SQLAlchemy's public name


def replace_links(connection: Connection, rows: Iterable[LinkRow]) -> None:
    """Store what the rules say now in place of what they said before; what humans decided stays.

    A pair that is decided as before keeps its date.
    """
    before = {row.pair: row for row in read_links(connection)}
    now = {row.pair: row for row in rows}
    for pair, row in before.items():
        if pair not in now and not row.decided_by:
            delete_link(connection, pair)
    changed = []
    for pair, row in now.items():
        old = before.get(pair)
        if old is not None and old.decided_by:
            continue
        same = old is not None and (old.status, old.confidence, list(old.reasons)) == (
            row.status,
            row.confidence,
            list(row.reasons),
        )
        changed += [] if same else [row]
    for chunk in chunks(changed):
        upsert(connection, schema.link, [_columns(row) for row in chunk], key=("site_a", "uid_a", "site_b", "uid_b"))


def save_link(connection: Connection, row: LinkRow) -> None:
    """Store one pair over what was there."""
    upsert(connection, schema.link, [_columns(row)], key=("site_a", "uid_a", "site_b", "uid_b"))


def delete_link(connection: Connection, pair: tuple[Key, Key]) -> None:
    """Forget what was decided of a pair."""
    (site_a, uid_a), (site_b, uid_b) = pair
    table = schema.link.c
    connection.execute(
        delete(schema.link).where(
            table.site_a == site_a, table.uid_a == uid_a, table.site_b == site_b, table.uid_b == uid_b
        )
    )


def _columns(row: LinkRow) -> dict[str, Any]:
    return {name: getattr(row, name) for name in row.__slots__}


def merge_people(connection: Connection, groups: Iterable[Iterable[Key]]) -> int:
    """Let each group of accounts be one person, and everybody else be on their own.

    The person with the smallest id stands for the group: the same whatever the order of crawls and decisions was.

    Returns:
        How many people changed.
    """
    together = [frozenset(group) for group in groups]
    owners = _owners(connection, frozenset().union(*together))
    wanted: dict[int, int | None] = {}
    for group in together:
        people = sorted({owners[key] for key in group if key in owners})
        wanted |= dict.fromkeys(people[1:], people[0]) if people else {}
    merged = {
        row.id: row.merged_into
        for row in connection.execute(
            select(schema.person.c.id, schema.person.c.merged_into).where(schema.person.c.merged_into.is_not(None))
        )
    }
    changes = {person: into for person, into in wanted.items() if merged.get(person) != into}
    changes |= {person: None for person in merged if person not in wanted}
    for person, into in sorted(changes.items()):
        connection.execute(update(schema.person).where(schema.person.c.id == person).values(merged_into=into))
    return len(changes)


def _owners(connection: Connection, keys: Iterable[Key]) -> dict[Key, int]:
    table = schema.profile.c
    return {
        (row.site, row.uid): row.person_id
        for where in account_filters(connection, schema.profile, keys)
        for row in connection.execute(select(table.site, table.uid, table.person_id).where(where))
    }
