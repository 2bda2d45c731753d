"""What people are called and where they are, also those whose accounts are gone: for lists, without their evidence."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final, Protocol

from sqlalchemy import Connection, func, select

from sourcer.store import schema
from sourcer.store.changes import SHOWN
from sourcer.store.sql import chunks

__all__ = ["Face", "FaceAccount", "display_name", "read_faces", "roots_of"]

_ROOT: Final = func.coalesce(schema.person.c.merged_into, schema.person.c.id)


class _Named(Protocol):
    @property
    def site(self) -> str: ...
    @property
    def uid(self) -> str: ...
    @property
    def login(self) -> str: ...
    @property
    def name(self) -> str | None: ...


def display_name(accounts: Iterable[_Named]) -> str:
    """The first account's own name, else a login, else ``site:#uid``; a login that is but the uid says nothing."""
    ordered = sorted(accounts, key=lambda item: (item.site, item.uid))
    named = [item.name for item in ordered if item.name]
    logins = [item.login for item in ordered if item.login and item.login != item.uid]
    keys = [f"{item.site}:#{item.uid}" for item in ordered]
    return next(iter((*named, *logins, *keys)), ":#")


@dataclass(frozen=True, slots=True)
class FaceAccount:
    """An account; ``shown`` are the fields that a reader is told changes of. An erased one has no ``url``."""

    site: str
    uid: str
    login: str
    name: str | None
    url: str
    gone_at: datetime | None
    shown: tuple[Any, ...]

    @property
    def key(self) -> str:
        """``site:#uid``."""
        return f"{self.site}:#{self.uid}"

    def as_json(self) -> dict[str, str]:
        """As ``profiles`` in a ranking."""
        return {"site": self.site, "uid": self.uid, "login": self.login, "url": self.url}


@dataclass(slots=True)
class Face:
    """A person and all of their accounts, by site and uid."""

    person: int
    accounts: list[FaceAccount] = field(default_factory=list)

    @property
    def name(self) -> str:
        """What to call them."""
        return display_name(self.accounts) if self.accounts else f"person {self.person}"

    @property
    def living(self) -> Sequence[FaceAccount]:
        """The accounts that are not gone."""
        return [account for account in self.accounts if account.gone_at is None]

    @property
    def is_erased(self) -> bool:
        """Whether nothing is left but that there was somebody."""
        return not any(account.url for account in self.accounts)


def read_faces(connection: Connection, people: Iterable[int]) -> dict[int, Face]:
    """These people with the accounts of all who were merged into them. The ids are those that they have now."""
    profile, person = schema.profile.c, schema.person.c
    source = schema.profile.join(schema.person, person.id == profile.person_id)
    columns = [profile.site, profile.uid, profile.login, profile.name, profile.url, profile.gone_at]
    shown = [profile[name].label(f"shown_{name}") for name in SHOWN]
    faces: dict[int, Face] = {}
    for chunk in chunks(people):
        rows = connection.execute(
            select(_ROOT.label("root"), *columns, *shown)
            .select_from(source)
            .where(_ROOT.in_(chunk))
            .order_by(profile.site, profile.uid)
        )
        for row in rows:
            faces.setdefault(row.root, Face(row.root)).accounts.append(_account(row))
    return faces


def _account(row: Any) -> FaceAccount:
    shown = tuple(getattr(row, f"shown_{name}") for name in SHOWN)
    return FaceAccount(row.site, row.uid, row.login, row.name, row.url, row.gone_at, shown)


def roots_of(connection: Connection, people: Iterable[int]) -> dict[int, int]:
    """Who these people are now, by the ids they had."""
    return {
        row.id: row.root
        for chunk in chunks(people)
        for row in connection.execute(
            select(schema.person.c.id, _ROOT.label("root")).where(schema.person.c.id.in_(chunk))
        )
    }
