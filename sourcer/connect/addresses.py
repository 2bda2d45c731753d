"""Whose profile an address shows: asked of the connectors' policies."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import Final, NamedTuple
from urllib.parse import unquote, urlsplit

from sourcer.connect.plugins import installed
from sourcer.fetch.policy import ProfileUrl

__all__ = ["ProfileAddress", "address_reader", "plain_url", "read_profile_url", "site_of_url"]

_UNSEEN: Final = re.compile(r"[\u00ad\u200b-\u200f\u2060\ufeff]+")
_AROUND: Final = "<>()[]{}\"'`*|,;:!?."
"""Marks of a text around an address; no name of an account begins or ends with one."""
_PREFIX: Final = re.compile(r"^(?:www|m|mobile)\.")


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

    Patterns see the address as it was written and in its plain form (:func:`plain_url`), which has no query, no
    fragment, no ``www.`` and no slash at its end.
    """
    spellings = tuple(filter(None, (url.strip(), plain_url(url))))
    for pattern in patterns:
        for spelling in spellings:
            if match := re.fullmatch(pattern.pattern, spelling, re.IGNORECASE):
                parts = match.groupdict()
                site = (parts.get("site") or pattern.site).lower()
                return ProfileAddress(site, parts.get("login"), parts.get("uid"))
    return None


def plain_url(url: str) -> str | None:
    """The one spelling of all those that people use for a web page; ``None`` for what is no web address.

    ``https://host/path``: without the marks that surround it in a text, without what nobody sees (zero-width letters),
    scheme filled in and secure, host in lower case without ``www.``, ``m.``, final dot and usual port, path decoded
    and without doubled slashes, dots and a slash at its end, no query and no fragment.
    """
    bare = _UNSEEN.sub("", url).strip().strip(_AROUND).removeprefix("//")
    try:
        parts = urlsplit(bare if "://" in bare else f"https://{bare}")
        host, port = (parts.hostname or "").rstrip("."), parts.port
    except ValueError:
        return None
    is_web = parts.scheme in ("http", "https") and port in (None, 80, 443) and "@" not in parts.netloc
    if not is_web or not host or any(mark.isspace() for mark in bare):
        return None
    pieces: list[str] = []
    for piece in unquote(parts.path).split("/"):
        if piece == "..":
            del pieces[-1:]
        elif piece not in ("", "."):
            pieces.append(piece)
    return "/".join((f"https://{_PREFIX.sub('', host)}", *pieces))
