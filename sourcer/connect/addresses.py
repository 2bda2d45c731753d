"""Whose profile an address shows: asked of the connectors' policies."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import NamedTuple

from sourcer.connect.plugins import installed
from sourcer.fetch.policy import ProfileUrl

__all__ = ["ProfileAddress", "address_reader", "read_profile_url", "site_of_url"]


class ProfileAddress(NamedTuple):
    """What an address says about an account: its site, and login or uid or both."""

    site: str
    login: str | None
    uid: str | None


def site_of_url(url: str) -> ProfileAddress | None:
    """The account whose profile an address shows, or ``None`` where no connector that is installed knows it."""
    return address_reader()(url)


def address_reader() -> Callable[[str], ProfileAddress | None]:
    """:func:`site_of_url` for many addresses: looks once who is installed."""
    patterns = [pattern for found in installed() if not found.fault for pattern in found.policy.profile_urls]
    return lambda url: read_profile_url(url, patterns)


def read_profile_url(url: str, patterns: Iterable[ProfileUrl]) -> ProfileAddress | None:
    """The account whose profile an address shows, by the first pattern that matches the whole of it.

    An address without a scheme, as people write it, is taken as https; query, fragment and a slash at its end may be
    left out of the pattern.
    """
    address = url.strip()
    if "://" not in address:
        address = f"https://{address}"
    spellings = (address, re.split(r"[?#]", address)[0].rstrip("/"))
    for pattern in patterns:
        for spelling in spellings:
            if match := re.fullmatch(pattern.pattern, spelling, re.IGNORECASE):
                parts = match.groupdict()
                site = (parts.get("site") or pattern.site).lower()
                return ProfileAddress(site, parts.get("login"), parts.get("uid"))
    return None
