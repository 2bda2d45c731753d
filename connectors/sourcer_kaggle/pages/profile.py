"""What a saved page says about its owner, in one shape for all generations of pages."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Final

from sourcer.connect import LinkClaim
from sourcer_kaggle.sites import is_login

__all__ = ["SEVERAL", "Highlight", "Saved", "differ", "fit", "login_of", "merge", "number", "text", "user_id"]

_LARGEST: Final = 10**15


@dataclass(frozen=True, slots=True)
class Highlight:
    """A competition that a page shows off with."""

    slug: str
    title: str | None
    deadline: datetime | None
    rank: int | None
    teams: int | None
    medal: int | None


@dataclass(frozen=True, slots=True)
class Saved:
    """One profile as far as a page tells it. ``None`` is: it does not.

    Args:
        formats: What was read of the page: ``state``, ``object``, ``header``, ``opengraph``.
        uid: Kaggle's number of the user.
        texts: What the person writes about themselves, by what it is called: ``bio``, ``occupation``, …
        tier: As :mod:`sourcer_kaggle.tiers` numbers them, with those of nobody.
    """

    formats: tuple[str, ...] = ()
    uid: int | None = None
    login: str | None = None
    name: str | None = None
    location: str | None = None
    company: str | None = None
    website: str | None = None
    texts: Mapping[str, str] = field(default_factory=dict)
    links: tuple[LinkClaim, ...] = ()
    tier: int | None = None
    measure: Mapping[str, float] = field(default_factory=dict)
    created_at: datetime | None = None
    highlights: tuple[Highlight, ...] = ()


SEVERAL: Final = Saved(formats=("several",))
"""A page that tells of several people and not whose it is."""


def differ(one: Saved, other: Saved) -> bool:
    """Whether two parts of a page are surely of different people."""
    logins = (one.login or "").lower(), (other.login or "").lower()
    return bool((one.uid and other.uid and one.uid != other.uid) or (all(logins) and logins[0] != logins[1]))


def fit(one: Saved, other: Saved) -> bool:
    """Whether two parts name the same person."""
    logins = (one.login or "").lower(), (other.login or "").lower()
    return not differ(one, other) and bool((one.uid and other.uid) or all(logins))


def merge(parts: Iterable[Saved]) -> Saved:
    """One profile from all that a page tells; what comes first goes before what comes later."""
    whole = Saved()
    for part in parts:
        whole = replace(
            whole,
            formats=(*whole.formats, *part.formats),
            uid=whole.uid or part.uid,
            login=whole.login or part.login,
            name=whole.name or part.name,
            location=whole.location or part.location,
            company=whole.company or part.company,
            website=whole.website or part.website,
            texts={**part.texts, **whole.texts},
            links=tuple(dict.fromkeys((*whole.links, *part.links))),
            tier=part.tier if whole.tier is None else whole.tier,
            measure={**part.measure, **whole.measure},
            created_at=whole.created_at or part.created_at,
            highlights=whole.highlights or part.highlights,
        )
    return whole


def number(value: Any) -> int | None:
    """A whole number that is not negative and not absurd."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return int(value) if 0 <= value < _LARGEST and value == int(value) else None


def user_id(value: Any) -> int | None:
    """A user's number, also where it is given as text."""
    if isinstance(value, str) and value.isascii() and value.isdecimal():
        value = int(value) if len(value) < len(str(_LARGEST)) else None
    return number(value) or None


def text(value: Any) -> str | None:
    """A text that says something."""
    return value if isinstance(value, str) and value.strip() else None


def login_of(value: Any) -> str | None:
    """A user name that can be one."""
    found = (text(value) or "").strip().strip("/")
    return found if is_login(found) else None
