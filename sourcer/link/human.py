"""What a human decides about two accounts, as commands take it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Literal

from sqlalchemy import Connection

from sourcer.connect.addresses import address_reader
from sourcer.errors import UsageError
from sourcer.link.linking import decide_pair, link_people, undo_pair
from sourcer.store.database import Database
from sourcer.store.reads import resolve_account
from sourcer.store.sql import Key

__all__ = ["decide_accounts", "undo_accounts"]


def decide_accounts(
    database: Database, one: str, other: str, status: Literal["confirmed", "rejected"], by: str
) -> tuple[str, str]:
    """Keep a decision and join or part people accordingly; gives both accounts as ``site:#uid``.

    Raises:
        UsageError: An account is not known, both are the same, or earlier decisions stand against it.
    """
    now = datetime.now(UTC)
    with database.write() as connection:
        pair = _account(connection, one), _account(connection, other)
        decide_pair(connection, *pair, status, by=by, now=now)
        link_people(connection, address_reader(), now)
    return _shown(pair[0]), _shown(pair[1])


def undo_accounts(database: Database, one: str, other: str) -> tuple[str, str]:
    """Forget a decision: the rules decide again.

    Raises:
        UsageError: An account is not known, or nobody has decided anything about the two.
    """
    with database.write() as connection:
        pair = _account(connection, one), _account(connection, other)
        if not undo_pair(connection, *pair):
            raise UsageError(f"nobody has decided about {_shown(pair[0])} and {_shown(pair[1])}: nothing to undo")
        link_people(connection, address_reader(), datetime.now(UTC))
    return _shown(pair[0]), _shown(pair[1])


def _account(connection: Connection, text: str) -> Key:
    key = resolve_account(connection, text)
    if key is None:
        raise UsageError(f"{text}: no such account is stored; write site:login, site:#uid or the profile's address")
    return key


def _shown(key: Key) -> str:
    return f"{key[0]}:#{key[1]}"
