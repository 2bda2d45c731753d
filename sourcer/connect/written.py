"""Web addresses in what people write about themselves."""

from __future__ import annotations

import re
from typing import Final
from urllib.parse import urlsplit

__all__ = ["links_in"]

_MOST: Final = 50
_END: Final = r"[^\s<>()\[\]{}\"'`|\\^]{1,300}"
_URL: Final = re.compile(
    # With its scheme, or as people write it: kaggle.com/ada, www.example.org/me. A word like node.js/io is none.
    rf"https?://{_END}|(?<![\w@./:-])(?:[a-z0-9-]{{1,63}}\.){{1,4}}(?:com|org|net|io|dev|me|ai|app|edu)/{_END}",
    re.IGNORECASE,
)
_TRAILING: Final = ".,;:!?*"


def links_in(text: str | None) -> tuple[str, ...]:
    """The web addresses in a text, made whole, in order, each once; at most 50."""
    found = (match[0].rstrip(_TRAILING) for match in _URL.finditer(text or ""))
    whole = (url if "://" in url else f"https://{url}" for url in found)
    return tuple(dict.fromkeys(filter(_is_web, whole)))[:_MOST]


def _is_web(url: str) -> bool:
    """Whether it leads to a host, and not to a mailbox."""
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
    except ValueError:
        return False
    return "." in host.strip(".") and "@" not in parts.netloc
