"""What people and Kaggle write, as plain text, addresses and raw terms."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final
from urllib.parse import urlsplit

__all__ = ["language_term", "line", "tag_term", "terms_of", "web_url"]

_LONGEST_TEXT: Final = 2_000
_LONGEST_TAG: Final = 100
_LANGUAGES: Final = {"rmarkdown": "r", "sqlite": "sql"}


def line(text: str | None, longest: int = _LONGEST_TEXT) -> str | None:
    """One line without runs of white space, cut to ``longest``, or ``None`` where nothing is said."""
    return " ".join((text or "")[: longest * 2].split())[:longest].strip() or None


def web_url(text: str | None) -> str | None:
    """A web address that somebody typed, made whole; ``None`` where it is none, such as a mailbox or a script."""
    bare = (text or "").strip()
    if not bare or any(mark.isspace() or mark in "<>\"'`" for mark in bare):
        return None
    try:
        parts = urlsplit(bare if "://" in bare else f"https://{bare}")
        host = parts.hostname or ""
    except ValueError:
        return None
    if parts.scheme.lower() not in ("http", "https") or "." not in host.strip(".") or "@" in parts.netloc:
        return None
    return parts.geturl()


def tag_term(name: str | None) -> str | None:
    """A tag as a term: ``time series`` in names and ``time-series`` in addresses are one."""
    tag = "-".join((name or "").lower().split())
    return f"tag:{tag}" if tag and len(tag) <= _LONGEST_TAG else None


def language_term(name: str | None) -> str | None:
    """The language of a notebook as a term: ``Python``, ``IPython Notebook HTML`` and ``python`` are one."""
    bare = (name or "").strip().lower()
    if not bare or len(bare) > _LONGEST_TAG:
        return None
    return f"language:{'python' if 'python' in bare else _LANGUAGES.get(bare, bare)}"


def terms_of(title: str | None, tags: Iterable[str | None] = (), language: str | None = None) -> tuple[str, ...]:
    """The raw terms of a published piece of work: its tags in order of the alphabet, its language, its title."""
    return tuple(dict.fromkeys(_terms(title, tags, language)))


def _terms(title: str | None, tags: Iterable[str | None], language: str | None) -> Iterator[str]:
    yield from sorted({term for tag in tags if (term := tag_term(tag))})
    if term := language_term(language):
        yield term
    if text := line(title):
        yield f"text:{text}"
