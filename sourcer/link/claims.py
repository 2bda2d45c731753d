"""What accounts say about accounts elsewhere, brought to one key whatever way the address is spelled."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Final, TypeAlias

from sourcer.store.links import Named, StoredClaims
from sourcer.store.sql import Key

__all__ = ["BY_LOGIN", "CERTAIN", "STATED", "Address", "Claim", "ReadUrl", "Speaker", "resolve", "speakers"]

Address: TypeAlias = tuple[str, str | None, str | None]
"""Site, login, uid: what a profile's address tells; login or uid may be missing."""

ReadUrl: TypeAlias = Callable[[str], Address | None]
"""From an address to the account whose profile it shows, ``None`` for any other page."""

CERTAIN: Final = "account_id"
"""Where a claim stands that the site itself makes: accounts that give one address there are of one registration."""

STATED: Final = frozenset({"website", "social", "github", "twitter", "linkedin"})
"""Fields of a profile whose only sense is "this is me, too"; in free text people name others as well."""

BY_LOGIN: Final = frozenset({"github", "twitter"})
"""Fields that hold a login; pages of Kaggle have shown them until about 2022."""


@dataclass(frozen=True, slots=True)
class Claim:
    """One account names another one as its own.

    Args:
        by: Who says so.
        of: Whom it names.
        where: In which part of its profile (``website``, ``social``, ``bio`` …).
        said: The address as it stands there.
        page: The profile that says so.
        is_stored: Whether the account that is named is known. One that is not may still speak against another one.
    """

    by: Key
    of: Key
    where: str
    said: str
    page: str
    is_stored: bool = True


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
    """Whom the claims lead to.

    A login that two accounts have, or that one has had before it was gone, is nobody's: it may have changed hands. An
    address that a site gives for several of its accounts leads to all of them, and to the one whose profile it is.
    """
    people = _People(known)
    speaking = list(speaking)
    registered = _registrations(speaking)
    claims = []
    for account in speaking:
        for url, where, address in account.claims:
            found = dict.fromkeys((people.find(address), *registered.get(address, ())))
            claims += [
                Claim(account.key, key, where, url, account.page, people.has(key))
                for key in found
                if key != account.key
            ]
    return claims


def _registrations(speaking: Iterable[Speaker]) -> dict[Address, list[Key]]:
    """The accounts that a site itself gives one and the same address of."""
    found: dict[Address, list[Key]] = {}
    for account in speaking:
        for _, where, address in account.claims:
            if where == CERTAIN:
                found.setdefault(address, []).append(account.key)
    return found


class _People:
    """The accounts that are stored."""

    def __init__(self, known: Iterable[Named]) -> None:
        self._keys: set[Key] = set()
        self._by_login: dict[tuple[str, str], Key | None] = {}
        for named in known:
            if not named.is_gone:
                self._keys.add(named.key)
            login = (named.key[0], named.login.lower())
            self._by_login[login] = named.key if self._by_login.get(login, named.key) == named.key else None

    def has(self, key: Key) -> bool:
        """Whether there is such an account, and it is not gone."""
        return key in self._keys

    def find(self, address: Address) -> Key:
        """The account of an address; of an unknown login a key that no account has."""
        site, login, uid = address
        if uid is not None:
            return site, uid
        return self._by_login.get((site, (login or "").lower())) or (site, f"@{(login or '').lower()}")
