"""Who must be told that their data is held, and until when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

from sqlalchemy import Connection

from sourcer.store.notices import first_stored

__all__ = ["NOTICE_DAYS", "Notice", "notice_due", "notices_due"]

NOTICE_DAYS: Final = 30
"""GDPR article 14(3)(a): people are told within a month after their data was obtained."""


@dataclass(frozen=True, slots=True)
class Notice:
    """Somebody who must be told until a day; ``overdue``: it has passed."""

    person: int
    name: str
    urls: tuple[str, ...]
    first_stored: date
    due: date
    overdue: bool

    def as_json(self) -> dict[str, Any]:
        """The object of ``privacy due --json``; days are ISO 8601."""
        return {
            "person": self.person,
            "name": self.name,
            "urls": list(self.urls),
            "first_stored": self.first_stored.isoformat(),
            "notice_due": self.due.isoformat(),
            "overdue": self.overdue,
        }


def notice_due(first_seen: date) -> date:
    """The last day on which somebody who was first stored on a day can be told in time."""
    return first_seen + timedelta(days=NOTICE_DAYS)


def notices_due(connection: Connection, today: date, days: int) -> list[Notice]:
    """Everybody whose last day has passed, is today or one of the next ``days``, the most urgent first.

    Whoever is overdue stays: nothing here says that they were told.
    """
    notices = (
        Notice(one.person, one.name, one.urls, one.at.date(), last := notice_due(one.at.date()), last < today)
        for one in first_stored(connection)
    )
    return [notice for notice in notices if notice.due <= today + timedelta(days=days)]
