"""Values as the cells of a spreadsheet: on one line, harmless, within limits."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias

__all__ = ["Linked", "Value", "cut", "link_of", "neutral", "printable", "text_of", "web_link", "within"]

_ELLIPSIS: Final = "…"
_JOINER: Final = "\u200d"

# ASCII and full width: spreadsheets of East Asian locales take both. Source: OWASP, CSV Injection.
_FORMULA: Final = "=+\\-@＝＋－＠"
_STARTS_FORMULA: Final = re.compile(f"[\\s\u200b-\u200f\u2060\ufeff]*[{_FORMULA}]")
# Where a semicolon separates cells, as in half of Europe, what follows one starts a cell.
_AFTER_SEMICOLON: Final = re.compile(f'(;[\\s"]*)(?=[{_FORMULA}])')
# What XML cannot hold, and what would break a line or move a cell.
_UNPRINTABLE: Final = re.compile("[\x00-\x08\x0e-\x1b\x1f\x7f\x80-\x84\x86-\x9f\ud800-\udfff\ufffe\uffff]")


@dataclass(frozen=True, slots=True)
class Linked:
    """A text that leads to a page."""

    text: str
    url: str


Value: TypeAlias = str | int | float | tuple[str, ...] | Linked | None
"""What a field may hold; ``None`` is unknown."""


def text_of(value: Value, join: str) -> str:
    """A value in words; unknown is the empty text."""
    if isinstance(value, tuple):
        return join.join(value)
    if isinstance(value, Linked):
        return value.text
    if isinstance(value, float):
        return f"{value:.4f}"
    return "" if value is None else str(value)


def link_of(value: Value) -> str | None:
    """The page that a cell leads to."""
    return web_link(
        value.url if isinstance(value, Linked) else value[0] if isinstance(value, tuple) and value else None
    )


def printable(text: str) -> str:
    """A text on one line, without control characters and half characters."""
    return " ".join(_UNPRINTABLE.sub("", text).replace("\t", " ").splitlines())


def web_link(url: str | None) -> str | None:
    """An address that may be clicked: of the web, in one piece; nothing else, never a file or a script."""
    is_web = url is not None and url.startswith(("https://", "http://")) and not re.search(r"[\s\x00-\x1f]", url)
    return url if is_web else None


def neutral(cell: str) -> str:
    """A cell that no spreadsheet takes for a formula: one that starts like one is quoted with an apostrophe.

    Line breaks and tabs become spaces, control characters and half characters go.
    """
    text = printable(cell)
    text = _AFTER_SEMICOLON.sub(r"\1'", text)
    return f"'{text}" if _STARTS_FORMULA.match(text) or cell.startswith(("\t", "\r")) else text


def cut(text: str, limit: int) -> str:
    """A text of at most ``limit`` characters; one that is cut ends with ``…`` and not within a character."""
    if len(text) <= limit:
        return text
    end = limit - 1
    while end > 0 and (_belongs_to_the_one_before(text[end]) or text[end - 1] == _JOINER):
        end -= 1
    return text[:end].rstrip() + _ELLIPSIS


def _belongs_to_the_one_before(char: str) -> bool:
    return char == _JOINER or unicodedata.category(char) in ("Mn", "Mc", "Me") or "\U0001f3fb" <= char <= "\U0001f3ff"


def within(value: Value, join: str, limit: int | None) -> str:
    """A value in words of at most ``limit`` characters: a list by whole items, an address whole or not at all."""
    text = text_of(value, join)
    if limit is None or len(text) <= limit:
        return text
    if isinstance(value, tuple):
        return _whole_items(value, join, limit)
    return "" if _is_address(text) else cut(text, limit)


def _whole_items(items: Sequence[str], join: str, limit: int) -> str:
    kept = ""
    for item in items:
        longer = f"{kept}{join}{item}" if kept else item
        if len(longer) <= limit:
            kept = longer
    return kept or ("" if _is_address(items[0]) else cut(items[0], limit))


def _is_address(text: str) -> bool:
    return ("://" in text or "@" in text) and not re.search(r"\s", text)
