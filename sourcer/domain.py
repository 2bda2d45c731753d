"""The words of the project as frozen values: what a connector observes and what the engine hands to it.

Times are timezone-aware UTC. Unknown is ``None`` (or an :class:`Unknown` item), never zero or an empty guess.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from types import MappingProxyType
from typing import Any, Final, Literal, TypeAlias

__all__ = [
    "DIMENSIONS",
    "HIDDEN_STATES",
    "ROLES",
    "STATES",
    "Checkpoint",
    "Depth",
    "Done",
    "Evidence",
    "Focus",
    "Gone",
    "Item",
    "Json",
    "LinkClaim",
    "Plan",
    "Profile",
    "Ref",
    "SitePlan",
    "Unknown",
    "Visit",
    "covers",
    "iso_time",
    "parse_time",
]

Json: TypeAlias = Any
"""A value that survives ``json.dumps`` and back."""

Depth: TypeAlias = Literal["cheap", "deep"]

Focus: TypeAlias = Callable[[Iterable[str]], float]
"""From raw terms (``topic:mlops``, ``language:python``) to relevance between 0 and 1."""

DIMENSIONS: Final = ("coding", "lifecycle", "cloud", "data", "communication")
ROLES: Final = ("ml_engineer", "data_scientist", "researcher", "data_engineer", "devops", "software_engineer")
STATES: Final = ("new", "interested", "contacted", "rejected", "hired", "snoozed")
"""What a human says of a person for a brief; everybody is new until then."""
HIDDEN_STATES: Final = ("rejected", "hired", "snoozed")
"""Who has them is not shown in a ranking unless asked for."""

_EMPTY: Final[Mapping[str, Any]] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Ref:
    """One account on one site. The ``uid`` is the key; logins change hands."""

    site: str
    uid: str
    login: str = ""

    @property
    def key(self) -> str:
        """``site:#uid``, the spelling of an account that never changes."""
        return f"{self.site}:#{self.uid}"


@dataclass(frozen=True, slots=True)
class LinkClaim:
    """What an account says about itself elsewhere: ``url``, and ``where`` it says so (``website``, ``bio``, …)."""

    url: str
    where: str


@dataclass(frozen=True, slots=True)
class Profile:
    """What an account says about itself, as seen now. ``None`` is: the site did not say.

    ``measure`` holds the site's own numbers about the account (``{"followers": 3}``, ``{"reputation": 101}``).
    ``country`` is an ISO 3166 code and only set where the site itself states a country.
    """

    ref: Ref
    url: str
    name: str | None = None
    location: str | None = None
    country: str | None = None
    bio: str | None = None
    company: str | None = None
    website: str | None = None
    open_to_work: bool | None = None
    links: tuple[LinkClaim, ...] = ()
    measure: Mapping[str, float] = field(default_factory=lambda: _EMPTY)
    created_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Evidence:
    """One dated, citable observation about an account.

    Args:
        ref: Whose it is.
        kind: ``thing.aspect``, for example ``repo.owned`` or ``answer.accepted``.
        url: Where anybody can see it.
        terms: Raw, typed, ``scheme:value``; never skills.
        measure: The site's own numbers, ``{"stars": 12}``; flags are 0 or 1, ``{"fork": 1}``.
        title: What the site calls it, unescaped plain text.
        happened_at: When it happened, not when it was seen. ``None`` is unknown.
        key: What identifies it within account and kind for good (a database id); the URL where empty.
        licence: The licence of its text where the site demands attribution (``CC BY-SA 4.0``).
    """

    ref: Ref
    kind: str
    url: str
    terms: tuple[str, ...] = ()
    measure: Mapping[str, float] = field(default_factory=lambda: _EMPTY)
    title: str = ""
    happened_at: datetime | None = None
    key: str = ""
    licence: str = ""


@dataclass(frozen=True, slots=True)
class Unknown:
    """What a site did not answer about an account.

    ``what`` is an evidence kind, ``thing.*``, ``profile`` or ``*``.
    """

    ref: Ref
    what: str
    reason: str


@dataclass(frozen=True, slots=True)
class Gone:
    """The site says the account does not exist (any more)."""

    ref: Ref
    reason: str


@dataclass(frozen=True, slots=True)
class Done:
    """Closes one account: all that ``scope`` names has been yielded.

    ``scope`` lists evidence kinds; ``thing.*`` is every aspect of a thing and ``*`` is everything. Evidence within
    it that was stored before and did not come again is marked vanished, unless an :class:`Unknown` covers it.
    ``state`` is the connector's own memory about the account: it comes back in the next :class:`Visit`.
    ``unchanged`` says that the last look within ``scope`` would give the same again: what is stored counts as seen
    now, and nothing vanishes.
    ``things`` narrows all of that to evidence of these things, where only some were looked at: its key is one of them,
    or begins with one and a colon. ``answered`` lists kinds, or ``profile``, that the site did answer this time
    although not all was told: an earlier :class:`Unknown` of theirs is over.
    """

    ref: Ref
    scope: tuple[str, ...] = ()
    state: Mapping[str, Json] | None = None
    unchanged: bool = False
    things: tuple[str, ...] = ()
    answered: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """The JSON state from which a discovery goes on. Everything yielded before it is stored together with it."""

    state: Mapping[str, Json]


Item: TypeAlias = Ref | Profile | Evidence | Unknown | Gone | Done | Checkpoint


@dataclass(frozen=True, slots=True)
class Visit:
    """One account to be fetched now: when it was last seen, and what the connector remembered about it.

    ``told`` holds the keys of evidence that this crawl has stored of the account, by kind, for the kinds that the
    connector names in ``told_kinds``: what discovery told need not be asked again.
    """

    ref: Ref
    seen_at: datetime | None = None
    state: Mapping[str, Json] | None = None
    told: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: _EMPTY)


@dataclass(frozen=True, slots=True)
class SitePlan:
    """What a crawl of one site expects to spend, by bucket, and how many people it expects to find.

    ``people`` is ``None`` where the site cannot tell beforehand. ``discover`` is what finding them costs.
    """

    cheap: Mapping[str, float] = field(default_factory=lambda: _EMPTY)
    deep: Mapping[str, float] = field(default_factory=lambda: _EMPTY)
    people: int | None = None
    discover: Mapping[str, float] = field(default_factory=lambda: _EMPTY)


@dataclass(frozen=True, slots=True)
class Plan:
    """What a crawl expects to spend, site by site."""

    sites: Mapping[str, SitePlan]


def covers(pattern: str, kind: str) -> bool:
    """Whether a scope entry (``*``, ``repo.*`` or ``repo.owned``) names an evidence kind."""
    return pattern in ("*", kind) or (pattern.endswith(".*") and kind.startswith(pattern[:-1]))


def iso_time(moment: datetime) -> str:
    """A time as results show it: ISO 8601 in UTC, whole seconds, ``2026-01-31T12:00:00Z``."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def parse_time(text: str | None) -> datetime | None:
    """Read an ISO 8601 time; one without a zone is UTC. ``None`` for what is empty or not a time."""
    if not text:
        return None
    try:
        moment = datetime.fromisoformat(text.strip())
    except ValueError:
        return None
    if moment.tzinfo is None:
        return moment.replace(tzinfo=UTC)
    try:
        return moment.astimezone(UTC)
    except OverflowError:
        return None
