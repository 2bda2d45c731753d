"""What people write about themselves: untrusted HTML and free-text addresses into plain text and links."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final
from urllib.parse import urlsplit

from bs4 import BeautifulSoup, CData, Tag
from bs4.element import NavigableString, PageElement

__all__ = ["read_html", "web_url"]

_LONGEST_HTML: Final = 60_000
"""Characters. The sites cut an "about me" far below; what is longer is an attack or a fault."""

_MOST_LINKS: Final = 50
_UNSEEN: Final = ("script", "style", "template", "iframe", "object")
_TEXTS: Final = (str, NavigableString, CData)
"""Not comments, and no other kinds of strings."""
_BLOCKS: Final = ("p", "br", "li", "div", "h1", "h2", "h3", "h4", "hr", "tr", "td", "pre", "blockquote")


def web_url(text: str | None) -> str | None:
    """A web address that somebody typed, made whole; ``None`` where it is none (``http://``, ``n/a``, a script)."""
    if not text or any(mark.isspace() or mark in "<>\"'" for mark in text.strip()):
        return None
    url = text.strip().removeprefix("//")
    if "://" not in url:
        # "javascript:" and "mailto:" have a colon before any dot; "example.org:8080" has not.
        if ":" in url.partition(".")[0]:
            return None
        url = f"https://{url}"
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
    except ValueError:
        return None
    return (
        url
        if parts.scheme.lower() in ("http", "https") and "." in host.strip(".") and "@" not in parts.netloc
        else None
    )


def read_html(html: str | None) -> tuple[str, tuple[str, ...]]:
    """The text of a piece of HTML on one line, and the web addresses that it links to, in order, each once."""
    if not html:
        return "", ()
    # The wrapping keeps BeautifulSoup from taking a bare word for a file name.
    soup = BeautifulSoup(f"<div>{html[:_LONGEST_HTML]}</div>", "lxml")
    pieces: list[str] = []
    links: dict[str, None] = {}
    for piece in _pieces(soup):
        if isinstance(piece, str):
            pieces.append(piece)
        elif piece.name == "a" and (url := web_url(_href(piece))):
            links[url] = None
    return " ".join("".join(pieces).split()), tuple(links)[:_MOST_LINKS]


def _pieces(soup: BeautifulSoup) -> Iterator[str | Tag]:
    """What is seen: texts, with a space wherever a block begins or ends, and the tags, in order.

    Everything is met once and nothing is put into the tree: finding one's place in it takes as long as it is wide.
    """
    left: list[PageElement | str] = [soup]
    while left:
        one = left.pop()
        if isinstance(one, Tag):
            if one.name not in _UNSEEN:
                yield one
                edge = [" "] if one.name in _BLOCKS else []
                left += [*edge, *reversed(one.contents), *edge]
        elif isinstance(one, str) and type(one) in _TEXTS:
            yield one


def _href(anchor: Tag) -> str | None:
    href = anchor.get("href")
    return href if isinstance(href, str) else None
