"""Where the README on a profile leads: the links that a reader sees, whatever mixture of languages it is in."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from bs4 import BeautifulSoup, Tag
from bs4.element import NavigableString, PreformattedString
from markdown_it import MarkdownIt

from sourcer.connect import links_in

__all__ = ["MOST_LINKS", "read_links"]

MOST_LINKS: Final = 50

_MOST_READ: Final = 20_000
"""Characters: more than people write of themselves, and little for a parser whatever is made of them."""

_UNSEEN: Final = frozenset({"code", "pre", "script", "style", "template", "iframe", "object", "svg"})
"""Examples, and what GitHub does not show."""

_MAILBOX: Final = re.compile(r"[\w.+-]+@[\w-]+\.[\w.-]+")


def read_links(text: str) -> tuple[str, ...]:
    """The web addresses that a README of Markdown and HTML links to or writes out, in order, each once; at most 50.

    Pictures say nothing: a card or badge is drawn by some service, for whatever name its address has. A link around a
    picture counts by where it leads. Examples of code, comments and addresses with a mailbox in them are left out.
    """
    html = MarkdownIt("commonmark", {"html": True}).render(text[:_MOST_READ])
    # The wrapping keeps BeautifulSoup from taking a bare word for a file name.
    soup = BeautifulSoup(f"<div>{html}</div>", "lxml")
    for tag in [one for one in soup.descendants if isinstance(one, Tag) and one.name in _UNSEEN]:
        tag.extract()
    found = (link for link in _addresses(soup) if not _MAILBOX.search(link))
    return tuple(dict.fromkeys(found))[:MOST_LINKS]


def _addresses(soup: BeautifulSoup) -> Iterator[str]:
    for one in soup.descendants:
        if isinstance(one, Tag):
            href = one.get("href") if one.name == "a" else None
            # Not the words within it: who links an address often writes another spelling of it.
            yield from links_in(href)[:1] if isinstance(href, str) else ()
        elif isinstance(one, NavigableString) and not isinstance(one, PreformattedString):
            # A comment is preformatted, as BeautifulSoup sees it.
            yield from links_in(one)
