"""Saved profile pages: untrusted HTML of all generations, read with BeautifulSoup, never run."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone
from typing import Any, Final
from urllib.parse import urlsplit

from bs4 import BeautifulSoup, Comment, Tag

from sourcer.connect import LinkClaim, links_in
from sourcer_kaggle.pages.objects import read_object
from sourcer_kaggle.pages.profile import SEVERAL, Saved, differ, fit, login_of, merge, user_id
from sourcer_kaggle.texts import line, web_url
from sourcer_kaggle.tiers import read_tier

__all__ = ["read_page"]

_LONGEST_HTML: Final = 5_000_000
"""Characters. Whole saved pages have less than 100,000; what is longer is cut."""

_MOST_PUSHES: Final = 20
_PUSH: Final = re.compile(r"Kaggle\.State\.push\(\s*(?=\{)")
_AVATAR: Final = re.compile(r"kaggle-avatars/(?:images|thumbnails)/([0-9]{1,15})-")
_SAVED_FROM: Final = re.compile(r"saved from url=\([0-9]+\)(\S{1,300})")
_JOINED: Final = re.compile(
    r"[A-Z][a-z]{2} ([A-Z][a-z]{2}) ([0-9]{1,2}) ([0-9]{4}) ([0-9]{2}):([0-9]{2}):([0-9]{2}) "
    r"GMT([+-])([0-9]{2})([0-9]{2})"
)
_MONTHS: Final = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_ICONS: Final = {"fa-github": "github", "fa-twitter": "twitter", "fa-linkedin": "linkedin"}
_MOST_LINKS: Final = 20
_TIER_IMAGE: Final = re.compile(r"/tiers/([A-Za-z]+)@")
_KAGGLE: Final = ("kaggle.com", "www.kaggle.com")


def read_page(html: str, named: Saved | None = None) -> Saved:
    """What a page tells about its owner: its state where it carries one, its header, its Open Graph tags.

    Whatever it holds, it costs nothing but a profile without a word.

    Args:
        html: The page.
        named: Whom the file's name tells of: counts where the page holds several people and does not say whose it is.
    """
    # The wrapping keeps BeautifulSoup from taking a bare word for a file name.
    soup = BeautifulSoup(f"<div>{html[:_LONGEST_HTML]}</div>", "lxml")
    shown: list[Saved] = []
    for part in (*_header(soup), *_open_graph(soup), Saved(login=_login(soup))):
        shown += [] if any(differ(part, other) for other in shown) else [part]
    states = [one for one in _states(soup) if not any(differ(one, part) for part in shown)]
    if any(differ(one, states[0]) for one in states):
        states = [one for one in states if named is not None and fit(one, named)]
        if not states or any(differ(one, states[0]) for one in states):
            return SEVERAL
    return merge([*states, *shown])


def _states(soup: BeautifulSoup) -> Iterator[Saved]:
    decoder = json.JSONDecoder()
    for script in soup.find_all("script"):
        source = script.string or ""
        for place, match in enumerate(_PUSH.finditer(source)):
            if place >= _MOST_PUSHES:
                break
            try:
                value, _ = decoder.raw_decode(source, match.end())
            except (ValueError, RecursionError):
                continue
            if (found := read_object(value)) is not None:
                yield found


def _header(soup: BeautifulSoup) -> Iterator[Saved]:
    """The header that a browser showed and saved, in 2022 and before."""
    name = _first(soup, "profile__head-display-name")
    if name is None:
        return
    place, occupation, company = _split_line(line(_said(_first(soup, "profile__user-location"))))
    links = tuple(dict.fromkeys(_social(soup)))
    avatar = _first(soup, "pageheader__avatar--profile")
    yield Saved(
        formats=("header",),
        uid=_avatar_id(avatar),
        name=line(name.get_text()),
        location=place,
        company=company,
        website=next((link.url for link in links if link.where == "website"), None),
        texts={"occupation": occupation} if occupation else {},
        links=links,
        created_at=_joined(_first(soup, "profile__user-metadata")),
    )


def _first(soup: BeautifulSoup, name: str) -> Tag | None:
    found = soup.find(class_=name)
    return found if isinstance(found, Tag) else None


def _said(tag: Tag | None) -> str | None:
    return None if tag is None else tag.get_text()


def _split_line(said: str | None) -> tuple[str | None, str | None, str | None]:
    """Place, occupation and company of ``Engineer at Example · Lagos, Nigeria``; each part may be missing."""
    if said is None:
        return None, None, None
    occupation, dot, place = said.rpartition(" · ")
    if not dot and " at " in said:
        occupation, place = said, ""
    company = occupation.rpartition(" at ")[2].strip() if " at " in occupation else None
    return place.strip() or None, occupation.strip() or None, company or None


def _social(soup: BeautifulSoup) -> Iterator[LinkClaim]:
    for item in soup.find_all(class_=re.compile("^profile__social-link(?:--url)?$"), limit=_MOST_LINKS):
        anchor = item if item.name == "a" else item.find("a")
        href = anchor.get("href") if isinstance(anchor, Tag) else None
        url = web_url(href) if isinstance(href, str) else None
        if url is not None:
            icon = item.find(class_=list(_ICONS))
            names = icon.get("class") if isinstance(icon, Tag) else None
            where = next((_ICONS[name] for name in names or () if name in _ICONS), "website")
            yield LinkClaim(url, where)


def _avatar_id(avatar: Tag | None) -> int | None:
    image = avatar.find("img") if avatar is not None else None
    source = image.get("src") if isinstance(image, Tag) else None
    match = _AVATAR.search(source) if isinstance(source, str) else None
    return user_id(match[1]) if match else None


def _joined(metadata: Tag | None) -> datetime | None:
    """The first date of ``Joined … · last seen …``, as the browser wrote it."""
    span = metadata.find("span", title=True) if metadata is not None else None
    title = span.get("title") if isinstance(span, Tag) else None
    match = _JOINED.match(title) if isinstance(title, str) else None
    if match is None or match[1] not in _MONTHS:
        return None
    day, year, hour, minute, second = (int(match[place]) for place in range(2, 7))
    offset = timedelta(hours=int(match[8]), minutes=int(match[9])) * (-1 if match[7] == "-" else 1)
    try:
        moment = datetime(year, _MONTHS.index(match[1]) + 1, day, hour, minute, second, tzinfo=timezone(offset))
        return moment.astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def _open_graph(soup: BeautifulSoup) -> Iterator[Saved]:
    tags = {key: content for meta in soup.find_all("meta") for key, content in _meta(meta)}
    if tags.get("og:type") != "profile":
        return
    name, bar, tier = (tags.get("og:title") or "").rpartition(" | ")
    image = _TIER_IMAGE.search(tags.get("twitter:image") or "")
    known_tier = read_tier(image[1]) if image else read_tier(tier) if bar else None
    bio = tags.get("og:description")
    yield Saved(
        formats=("opengraph",),
        login=login_of(tags.get("og:username")),
        name=line(name if bar and read_tier(tier) is not None else tags.get("og:title")),
        texts={"bio": bio} if line(bio) and bio else {},
        links=tuple(LinkClaim(url, "bio") for url in links_in(bio)),
        tier=known_tier,
    )


def _meta(meta: Tag) -> Iterator[tuple[str, str]]:
    content: Any = meta.get("content")
    for name in ("property", "name"):
        key: Any = meta.get(name)
        if isinstance(key, str) and isinstance(content, str):
            yield key.lower(), content


def _login(soup: BeautifulSoup) -> str | None:
    """The user name in the page's own address, as browsers and the page itself note it."""
    for comment in soup.find_all(string=lambda found: isinstance(found, Comment)):
        if match := _SAVED_FROM.search(comment):
            return _login_in(match[1])
    canonical = soup.find("link", rel="canonical")
    href: Any = canonical.get("href") if isinstance(canonical, Tag) else None
    address = soup.find("meta", property="og:url")
    content: Any = address.get("content") if isinstance(address, Tag) else None
    return next((login for url in (href, content) if isinstance(url, str) and (login := _login_in(url))), None)


def _login_in(url: str) -> str | None:
    try:
        parts = urlsplit(url)
    except ValueError:
        return None
    return login_of(parts.path.strip("/").partition("/")[0]) if parts.netloc.lower() in _KAGGLE else None
