"""Linking what is stored: claims are read, pairs decided, and people joined, in one transaction."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import Connection

from sourcer.errors import UsageError
from sourcer.link.claims import ReadUrl, Speaker, resolve, speakers
from sourcer.link.deciding import Decision, Pair, decide, pair_of
from sourcer.link.grouping import group, standing_against
from sourcer.store.links import (
    LinkRow,
    delete_link,
    merge_people,
    named_accounts,
    profiles_with_claims,
    read_links,
    replace_links,
    save_link,
)
from sourcer.store.sql import Key

__all__ = ["decide_pair", "link_people", "links_json", "undo_pair"]


def link_people(connection: Connection, read: ReadUrl, now: datetime) -> int:
    """Decide every pair anew from what is stored, and join people accordingly; what humans decided stands.

    The same stored claims give the same people, in whatever order they came.

    Args:
        connection: In a write transaction.
        read: Tells whose profile an address shows.
        now: When this is decided, UTC.

    Returns:
        How many people were joined to another one, or set apart again.
    """
    speaking = speakers(profiles_with_claims(connection), read)
    known = list(named_accounts(connection, *_wanted(speaking)))
    human = [row for row in read_links(connection) if row.decided_by]
    names = {named.key: named.name for named in known}
    decisions = decide(resolve(speaking, known), names, {named.key: named.login for named in known})
    groups, settled = group(decisions, _pairs(human, "confirmed"), _pairs(human, "rejected"))
    replace_links(connection, (_row(decision, now) for decision in settled))
    return merge_people(connection, groups)


def _wanted(speaking: Iterable[Speaker]) -> tuple[set[Key], set[tuple[str, str]]]:
    """Accounts to look up: by key, and by site and login."""
    keys: set[Key] = set()
    logins: set[tuple[str, str]] = set()
    for speaker in speaking:
        keys.add(speaker.key)
        for _, _, (site, login, uid) in speaker.claims:
            if uid is not None:
                keys.add((site, uid))
            elif login:
                logins.add((site, login.lower()))
    return keys, logins


def _pairs(rows: Iterable[LinkRow], status: str) -> list[Pair]:
    return [row.pair for row in rows if row.status == status]


def _row(decision: Decision, now: datetime) -> LinkRow:
    reasons = [{"kind": one.kind, "detail": one.detail, "url": one.url} for one in decision.reasons]
    pair = _columns(decision.pair)
    return LinkRow(*pair, decision.status, decision.confidence, reasons, decided_by="", decided_at=now)


def _columns(pair: Pair) -> tuple[str, str, str, str]:
    (site_a, uid_a), (site_b, uid_b) = pair
    return site_a, uid_a, site_b, uid_b


def decide_pair(
    connection: Connection, one: Key, other: Key, status: Literal["confirmed", "rejected"], *, by: str, now: datetime
) -> None:
    """Keep what a human decided of two accounts: it goes before every rule until it is undone.

    Raises:
        UsageError: It is one account twice, or humans decided otherwise of accounts that these two are joined with.
    """
    if one == other:
        raise UsageError(f"{one[0]}:#{one[1]} is one account: name two")
    pair = pair_of(one, other)
    rows = read_links(connection)
    _refuse_contradiction(pair, status, [row for row in rows if row.decided_by])
    known = next((row.reasons for row in rows if row.pair == pair and not row.decided_by), ())
    reasons = [dict(reason) for reason in known] + [{"kind": "human", "detail": f"{status} by {by}", "url": ""}]
    confidence = float(status == "confirmed")
    save_link(connection, LinkRow(*_columns(pair), status, confidence, reasons, decided_by=by, decided_at=now))


def _refuse_contradiction(pair: Pair, status: Literal["confirmed", "rejected"], human: Sequence[LinkRow]) -> None:
    against = standing_against(pair, status, _pairs(human, "confirmed"), _pairs(human, "rejected"))
    if against:
        rows = {row.pair: row for row in human}
        told = "; ".join(f"{_shown(one)} were {rows[one].status} by {rows[one].decided_by}" for one in against)
        raise UsageError(
            f"{_shown(pair)} cannot be {status}: {told}. If that is wrong, undo it first: sourcer link undo "
            + " or ".join(_shown(one, " ") for one in against)
        )


def _shown(pair: Pair, between: str = " and ") -> str:
    return between.join(f"{site}:#{uid}" for site, uid in pair)


def undo_pair(connection: Connection, one: Key, other: Key) -> bool:
    """Forget what a human decided of two accounts; gives whether there was anything to forget."""
    pair = pair_of(one, other)
    decided = any(row.pair == pair and row.decided_by for row in read_links(connection))
    if decided:
        delete_link(connection, pair)
    return decided


def links_json(rows: Iterable[LinkRow]) -> list[dict[str, Any]]:
    """The list of ``links --json``."""
    return [
        {
            "a": f"{row.site_a}:#{row.uid_a}",
            "b": f"{row.site_b}:#{row.uid_b}",
            "status": row.status,
            "confidence": row.confidence,
            "reasons": [dict(reason) for reason in row.reasons],
            "decided_by": row.decided_by or None,
        }
        for row in rows
    ]
