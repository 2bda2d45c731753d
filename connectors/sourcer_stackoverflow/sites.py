"""The Stack Exchange sites: API name, host, and the addresses of people and posts."""

from __future__ import annotations

import re
from typing import Final
from urllib.parse import quote_plus

from sourcer.connect import ProfileUrl

__all__ = [
    "PROFILE_URLS",
    "answer_url",
    "host_of",
    "network_url",
    "profile_url",
    "question_url",
    "site_name",
    "tag_url",
]

_OWN_HOSTS: Final = {
    "askubuntu": "askubuntu.com",
    "mathoverflow.net": "mathoverflow.net",
    "meta": "meta.stackexchange.com",
    "serverfault": "serverfault.com",
    "stackapps": "stackapps.com",
    "stackoverflow": "stackoverflow.com",
    "superuser": "superuser.com",
}
"""Sites that are no subdomain of stackexchange.com, and the one whose name differs from its subdomain's rule."""

_DOT_COM: Final = ("askubuntu", "serverfault", "stackoverflow", "superuser")
"""Their relatives keep the domain: ``meta.superuser``, ``es.stackoverflow``, ``ru.meta.stackoverflow``."""

_NAME: Final = re.compile(r"[a-z0-9-]+(?:\.[a-z0-9-]+)*")
_USER: Final = r"/users/(?:story/)?0*(?P<uid>[1-9][0-9]*)(?:[/?#].*)?$"
"""The site leads zeros before a number to the same account; a developer story was a page of the profile."""


def site_name(text: str) -> str:
    """The API name of a site that was given by API name, host or address: ``ai.stackexchange.com`` is ``ai``.

    Raises:
        ValueError: It cannot be the name of a site.
    """
    name = re.sub(r"^https?://(?:www\.)?|/.*$", "", text.strip().lower())
    name = {"mathoverflow": "mathoverflow.net", "meta.mathoverflow": "meta.mathoverflow.net"}.get(name, name)
    if name not in ("stackexchange.com", "meta.stackexchange.com"):
        name = name.removesuffix(".stackexchange.com")
    if name.endswith(".com"):
        name = next((site for site, host in _OWN_HOSTS.items() if host == name), name)
        name = name.removesuffix(".com") if name.removesuffix(".com").endswith(_DOT_COM) else name
    if not _NAME.fullmatch(name):
        raise ValueError(
            f"{text!r} is not the name of a Stack Exchange site; for example: stackoverflow, ai, french.meta"
        )
    return name


def host_of(site: str) -> str:
    """The host of a site: ``ai`` lives at ``ai.stackexchange.com``."""
    own = _OWN_HOSTS.get(site)
    if own:
        return own
    if site.endswith((".net", ".com")):
        return site
    if site.rpartition(".")[2] in _DOT_COM:
        return f"{site}.com"
    return f"{site}.stackexchange.com"


def profile_url(site: str, uid: int) -> str:
    """The address of a person."""
    return f"https://{host_of(site)}/users/{uid}"


def network_url(account: int) -> str:
    """The address of a person on the whole network: the sites' profiles of one person share it."""
    return f"https://stackexchange.com/users/{account}"


def answer_url(site: str, answer: int) -> str:
    """The short address of an answer."""
    return f"https://{host_of(site)}/a/{answer}"


def question_url(site: str, question: int) -> str:
    """The short address of a question."""
    return f"https://{host_of(site)}/q/{question}"


def tag_url(site: str, uid: int, tag: str) -> str:
    """Where a person's answers in one tag can be seen."""
    return f"https://{host_of(site)}/search?q={quote_plus(f'user:{uid} [{tag}] is:answer')}"


PROFILE_URLS: Final = (
    *(ProfileUrl(site, rf"^https?://(?:www\.)?{re.escape(host)}{_USER}") for site, host in _OWN_HOSTS.items()),
    ProfileUrl("", rf"^https?://(?P<site>(?:[a-z]{{2}}\.)?(?:meta\.)?(?:{'|'.join(_DOT_COM)}))\.com{_USER}"),
    ProfileUrl("", rf"^https?://(?P<site>meta\.mathoverflow\.net){_USER}"),
    ProfileUrl("", rf"^https?://(?P<site>[a-z0-9-]+(?:\.meta)?)\.stackexchange\.com{_USER}"),
    ProfileUrl("stackexchange", rf"^https?://(?:www\.)?stackexchange\.com{_USER}"),
)
"""How the sites write a profile's address; an empty site stands in the pattern's group ``site``.

The last one is no account but a registration: all accounts of one person on the network name it.
"""
