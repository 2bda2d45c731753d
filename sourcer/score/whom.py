"""Whom a user means: a person id, an account, or the address of a profile as a browser shows it."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import Connection

from sourcer.connect.registry import site_of_url
from sourcer.store.reads import owner_of, resolve_account, resolve_person

__all__ = ["whom", "whose"]


def whom(connection: Connection, text: str) -> int | None:
    """The id of the person that a text means, or ``None`` where nobody is known by it.

    Args:
        connection: A read transaction.
        text: A person id, ``site:login``, ``site:#uid``, or a profile's address in any usual spelling.
    """
    found = (resolve_person(connection, spelling) for spelling in _spellings(text))
    return next((person for person in found if person is not None), None)


def whose(connection: Connection, text: str) -> int | None:
    """The id that the named account, or the named id, has by itself, whoever it was joined to.

    What is decided about it follows this id: joined it counts for all, and set apart again it stays where it belongs.
    """
    text = text.strip()
    if text.isdecimal():
        return int(text) if resolve_person(connection, text) is not None else None
    found = (resolve_account(connection, spelling) for spelling in _spellings(text))
    return next((owner_of(connection, key) for key in found if key is not None), None)


def _spellings(text: str) -> Iterator[str]:
    """A text as it stands, then as an account."""
    yield text
    address = site_of_url(text.strip().replace("://www.", "://", 1).removeprefix("www."))
    if address is None:
        site, colon, account = text.partition(":")
        yield f"{site.strip().lower()}{colon}{account}"
        return
    if address.uid:
        yield f"{address.site}:#{address.uid}"
    if address.login:
        yield f"{address.site}:{address.login}"
