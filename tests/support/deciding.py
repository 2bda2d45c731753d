"""Short ways to decide about invented people."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from sourcer.shortlist import Deciding, Meant, add, note, people_meant, remove, set_state, tag, untag
from sourcer.store.database import Database
from support.store_items import NOON

__all__ = ["Desk"]


class Desk:
    """A user who decides about the people of a brief."""

    def __init__(self, database: Database, *, user: str = "kim", brief: str = "ml", days: float = 0) -> None:
        self.database = database
        self.user = user
        self.brief = brief
        self.at: datetime = NOON + timedelta(days=days)

    def add(self, *people: str, place: int | None = None) -> list[str]:
        with self.database.write() as connection:
            return add(connection, self._deciding(), self._meant(people), place)

    def remove(self, *people: str) -> list[str]:
        with self.database.write() as connection:
            return remove(connection, self._deciding(), self._meant(people))

    def state(self, state: str, *people: str, reason: str = "so", until: date | None = None) -> list[str]:
        with self.database.write() as connection:
            return set_state(connection, self._deciding(reason), self._meant(people), state, until)

    def note(self, text: str, *people: str) -> list[str]:
        with self.database.write() as connection:
            return note(connection, self._deciding(), self._meant(people), text)

    def tag(self, label: str, *people: str) -> list[str]:
        with self.database.write() as connection:
            return tag(connection, self._deciding(), self._meant(people), label)

    def untag(self, label: str, *people: str) -> list[str]:
        with self.database.write() as connection:
            return untag(connection, self._deciding(), self._meant(people), label)

    def _deciding(self, reason: str | None = None) -> Deciding:
        return Deciding(self.brief, self.user, self.at, reason)

    def _meant(self, people: Sequence[str]) -> list[Meant]:
        with self.database.read() as connection:
            return people_meant(connection, self.brief, people, cross_brief=False)
