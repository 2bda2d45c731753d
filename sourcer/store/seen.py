"""What each user has seen of a brief's people: what the next digest is held against."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any, Literal, TypeAlias

from sqlalchemy import Connection, delete, func, select, update

from sourcer.store import schema
from sourcer.store.sql import Key, account_filters, chunks, lock_name, upsert

__all__ = ["Look", "Seen", "SeenStatus", "forget_seen", "read_look", "read_seen", "save_look"]

SeenStatus: TypeAlias = Literal["ranked", "left", "gone"]


@dataclass(frozen=True, slots=True)
class Look:
    """A user's last look at a brief, and by what was scored then."""

    at: datetime
    scoring: str


@dataclass(frozen=True, slots=True)
class Seen:
    """A person as a user was last told.

    Args:
        person: Their id at that time.
        status: ``left`` is known and no longer ranked.
        rank: Their place then, where they were ranked, and so on.
        accounts: By ``site:#uid``, a short hash of each field that the profile showed, one after the other; nothing
            where the account was erased.
        back: The snooze whose end the user was told.
    """

    person: int
    status: SeenStatus
    rank: int | None = None
    score: float | None = None
    contributions: int | None = None
    accounts: Mapping[str, str] = field(default_factory=dict)
    back: int | None = None


def read_look(connection: Connection, user: str, brief: str) -> Look | None:
    """When a user last looked at a brief; ``None``: never."""
    table = schema.reader.c
    row = connection.execute(
        select(table.looked_at, table.scoring).where(table.user_name == user, table.brief == brief)
    ).first()
    return None if row is None else Look(row.looked_at, row.scoring)


def read_seen(connection: Connection, user: str, brief: str) -> dict[int, Seen]:
    """Everybody whom a user was told about, by the id they had then."""
    table = schema.seen.c
    columns = [
        table.person_id, table.status, table.rank, table.score, table.contributions, table.accounts, table.back,
    ]  # fmt: skip
    rows = connection.execute(
        select(*columns).where(table.user_name == user, table.brief == brief).order_by(table.person_id)
    )
    return {row.person_id: Seen(*row) for row in rows}


def save_look(
    connection: Connection,
    user: str,
    brief: str,
    *,
    after: Look | None,
    look: Look,
    told: Iterable[Seen],
    dropped: Iterable[int] = (),
) -> bool:
    """Keep that a user has looked, and what they were told.

    Args:
        connection: In a write transaction.
        user: Who looked.
        brief: At which brief.
        after: The look that was the last one when this one began. Where the same user looked elsewhere meanwhile,
            nothing is kept: that look told it, too.
        look: This one.
        told: People in the state that they were told in.
        dropped: People of whom nothing need be remembered.

    Returns:
        Whether it was kept.
    """
    lock_name(connection, f"digest:{user}:{brief}")
    if read_look(connection, user, brief) != after:
        return False
    mine = {"user_name": user, "brief": brief}
    row = mine | {"looked_at": look.at, "scoring": look.scoring}
    upsert(connection, schema.reader, [row], key=("user_name", "brief"))
    table = schema.seen.c
    for chunk in chunks(dropped):
        old = (table.user_name == user, table.brief == brief, table.person_id.in_(chunk))
        connection.execute(delete(schema.seen).where(*old))
    for people in chunks(told):
        upsert(
            connection,
            schema.seen,
            [mine | _columns(person) for person in people],
            key=("user_name", "brief", "person_id"),
        )
    return True


def _columns(person: Seen) -> dict[str, Any]:
    columns = asdict(person)
    return columns | {"person_id": columns.pop("person")}


def forget_seen(connection: Connection, keys: Iterable[Key]) -> None:
    """Forget how the profiles of erased accounts looked; that there were such accounts is still to be told."""
    profile, person = schema.profile.c, schema.person.c
    root = func.coalesce(person.merged_into, person.id).label("root")
    source = schema.profile.join(schema.person, person.id == profile.person_id)
    for where in account_filters(connection, schema.profile, keys):
        wanted = select(profile.site, profile.uid, profile.person_id, root).select_from(source).where(where)
        for row in connection.execute(wanted).all():
            _strip(connection, {row.person_id, row.root}, f"{row.site}:#{row.uid}")


def _strip(connection: Connection, people: Iterable[int], account: str) -> None:
    table = schema.seen.c
    rows = connection.execute(
        select(table.user_name, table.brief, table.person_id, table.accounts).where(table.person_id.in_(sorted(people)))
    )
    for row in rows.all():
        if row.accounts.get(account):
            mine = (table.user_name == row.user_name, table.brief == row.brief, table.person_id == row.person_id)
            connection.execute(update(schema.seen).where(*mine).values(accounts={**row.accounts, account: ""}))
