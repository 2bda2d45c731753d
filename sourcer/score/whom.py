"""Whom a user means: a person id, an account, or the address of a profile as a browser shows it."""

from __future__ import annotations

from sqlalchemy import Connection

from sourcer.connect.registry import site_of_url
from sourcer.store.reads import resolve_person

__all__ = ["whom"]


def whom(connection: Connection, text: str) -> int | None:
    """The id of the person that a text means, or ``None`` where nobody is known by it.

    Args:
        connection: A read transaction.
        text: A person id, ``site:login``, ``site:#uid``, or a profile's address in any usual spelling.
    """
    person = resolve_person(connection, text)
    if person is not None:
        return person
    address = site_of_url(text.strip().replace("://www.", "://", 1).removeprefix("www."))
    if address is None:
        site, colon, account = text.partition(":")
        return resolve_person(connection, f"{site.strip().lower()}{colon}{account}")
    spellings = (f"{address.site}:#{address.uid}", f"{address.site}:{address.login}")
    for named, spelling in zip((address.uid, address.login), spellings, strict=True):
        if named and (person := resolve_person(connection, spelling)) is not None:
            return person
    return None
