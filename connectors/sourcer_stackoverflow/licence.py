"""Under which licence posts and profiles stand."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Final

__all__ = ["licence_of", "licence_of_profile"]

_SINCE: Final = (
    (datetime(2018, 5, 2, tzinfo=UTC), "CC BY-SA 4.0"),
    (datetime(2011, 4, 8, tzinfo=UTC), "CC BY-SA 3.0"),
)


def licence_of(stated: str | None, written: datetime | None) -> str:
    """The licence that the site states, else the one that held when the post was written.

    Without a date the version is unknown: ``CC BY-SA``.
    """
    if stated:
        return stated
    if written is None:
        return "CC BY-SA"
    return next((name for since, name in _SINCE if written >= since), "CC BY-SA 2.5")


def licence_of_profile(created: datetime | None) -> str:
    """The licence of what somebody writes about themselves, of which only the account's age is known.

    The text is no older than the account; one of an older account may be of any day since, so that its version is
    unknown: ``CC BY-SA``.
    """
    newest, name = _SINCE[0]
    return name if created is not None and created >= newest else "CC BY-SA"
