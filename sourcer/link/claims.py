"""What accounts say about accounts elsewhere, brought to one key whatever way the address is spelled."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TypeAlias

from sourcer.store.links import Named, StoredClaims
from sourcer.store.sql import Key

__all__ = ["Address", "Claim", "ReadUrl", "Speaker", "resolve", "speakers"]

Address: TypeAlias = tuple[str, str | None, str | None]
"""Site, login, uid: what a profile's address tells; login or uid may be missing."""

ReadUrl: TypeAlias = Callable[[str], Address | None]
"""From an address to the account whose profile it shows, ``None`` for any other page."""


@dataclass(frozen=True, slots=True)
class Claim:
    """One account names another one as its own.

    Args:
        by: Who says so.
        of: Whom it names.
        where: In which part of its profile (``website``, ``social``, ``bio`` …).
        said: The address as it stands there.
        page: The profile that says so.
    """

    by: Key
    of: Key
    where: str
    said: str
    page: str


@dataclass(frozen=True, slots=True)
class Speaker:
    """An account and its claims that show a profile: address as it stands, where, and whom it names."""

    key: Key
    page: str
    claims: tuple[tuple[str, str, Address], ...]


def speakers(accounts: Iterable[StoredClaims], read: ReadUrl) -> list[Speaker]:
    """The accounts that name a profile of a site that is known; all other addresses are left out."""
    found = []
    for account in accounts:
        claims = ((url, where, read(url)) for url, where in account.claims)
        named = tuple((url, where, address) for url, where, address in claims if address is not None)
        if named:
            found.append(Speaker(account.key, account.page, named))
    return found


def resolve(speaking: Iterable[Speaker], known: Iterable[Named]) -> list[Claim]:
    """The claims that lead to accounts that are stored. A login that two of them have is nobody's."""
    by_uid: set[Key] = set()
    by_login: dict[tuple[str, str], Key | None] = {}
    for named in known:
        by_uid.add(named.key)
        login = (named.key[0], named.login.lower())
        by_login[login] = named.key if by_login.get(login, named.key) == named.key else None
    claims = []
    for account in speaking:
        for url, where, (site, login_said, uid) in account.claims:
            key = (site, uid) if uid is not None else by_login.get((site, (login_said or "").lower()))
            if key is not None and key != account.key and (uid is None or key in by_uid):
                claims.append(Claim(account.key, key, where, url, account.page))
    return claims
