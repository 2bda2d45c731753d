"""What the invented Kaggle is made of."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Final, Literal, TypeAlias

__all__ = [
    "CATEGORIES",
    "SITE_KAGGLE",
    "TIERS",
    "Category",
    "Contest",
    "Dataset",
    "Kaggle",
    "Kaggler",
    "Model",
    "Notebook",
    "Standing",
    "Team",
]

SITE_KAGGLE: Final = "https://www.kaggle.com"

TIERS: Final = {
    "NOVICE": 0,
    "CONTRIBUTOR": 1,
    "EXPERT": 2,
    "MASTER": 3,
    "GRANDMASTER": 4,
    "STAFF": 5,
    "ORGANIZATION": 11,
    "RECALC": 21,
}
"""Kaggle's names of its tiers with their numbers; the last three are no tiers of people."""

Category: TypeAlias = Literal["competitions", "notebooks", "discussion", "datasets"]
CATEGORIES: Final[tuple[Category, ...]] = ("competitions", "notebooks", "discussion", "datasets")


@dataclass(slots=True)
class Standing:
    """Where somebody stands in one category. ``rank`` is ``None`` for whoever is not ranked now."""

    tier: int = 0
    points: int = 0
    rank: int | None = None
    highest: int | None = None
    gold: int = 0
    silver: int = 0
    bronze: int = 0


@dataclass(slots=True, eq=False)
class Kaggler:
    """An account.

    Args:
        id: Kaggle's number of it.
        login: The user name.
        name: As shown; some show none.
        joined_at: When the account was opened.
        tier: A key of :data:`TIERS`.
        place: ``City, Region, Country``, where the person shows it.
        country: The country by name, as the official files tell it.
        organization: Where they work, where they say so.
        has_opted_out: Takes no part in tiers and rankings.
        is_gone: Was deleted: nobody shows it, but teams still name its number.
        shown: What pages of former years show besides: ``gitHubUserName``, ``websiteUrl``, ``bio`` …
    """

    id: int
    login: str
    name: str | None
    joined_at: datetime
    tier: str = "NOVICE"
    grandmaster_level: int = 0
    place: str | None = None
    country: str | None = None
    organization: str | None = None
    has_opted_out: bool = False
    standings: dict[Category, Standing] = field(default_factory=dict)
    is_gone: bool = False
    shown: dict[str, str] = field(default_factory=dict)
    teams: list[Team] = field(default_factory=list, repr=False)
    notebooks: list[Notebook] = field(default_factory=list, repr=False)
    datasets: list[Dataset] = field(default_factory=list, repr=False)
    models: list[Model] = field(default_factory=list, repr=False)

    @property
    def url(self) -> str:
        """The address of the profile page."""
        return f"{SITE_KAGGLE}/{self.login}"


@dataclass(slots=True, eq=False)
class Contest:
    """A competition. ``teams`` counts all that took part, ``is_hidden`` ones are left out of the official files."""

    id: int
    slug: str
    title: str
    deadline: datetime
    tags: tuple[str, ...]
    teams: int
    counts: bool = True
    """Whether it gives medals and points."""
    is_hidden: bool = False


@dataclass(slots=True, eq=False)
class Team:
    """Who took part together. ``medal``: 1 gold, 2 silver, 3 bronze."""

    id: int
    contest: Contest
    name: str
    members: tuple[Kaggler, ...] = field(repr=False)
    rank: int
    public_rank: int
    medal: int | None = None


@dataclass(slots=True, eq=False)
class Notebook:
    """A public notebook. ``language`` as Kaggle's API spells it: ``python`` or ``r``.

    Of one whose ``source`` is empty the API says that there is none.
    """

    id: int
    author: Kaggler = field(repr=False)
    slug: str
    title: str
    created_at: datetime
    ran_at: datetime
    source: str = field(repr=False)
    tags: tuple[str, ...] = ()
    language: str = "python"
    kind: Literal["notebook", "script"] = "notebook"
    votes: int = 0
    medal: int | None = None
    forked_from: int | None = None


@dataclass(slots=True, eq=False)
class Dataset:
    """A public data set."""

    id: int
    owner: Kaggler = field(repr=False)
    slug: str
    title: str
    created_at: datetime
    updated_at: datetime
    tags: tuple[str, ...] = ()
    votes: int = 0
    downloads: int = 0


@dataclass(slots=True, eq=False)
class Model:
    """A public model. ``framework`` as Kaggle names it: ``PY_TORCH``."""

    id: int
    owner: Kaggler = field(repr=False)
    slug: str
    title: str
    published_at: datetime
    updated_at: datetime
    framework: str
    tags: tuple[str, ...] = ()
    votes: int = 0


@dataclass(slots=True)
class Kaggle:
    """The whole site."""

    people: list[Kaggler] = field(default_factory=list)
    contests: list[Contest] = field(default_factory=list)
    teams: list[Team] = field(default_factory=list)
    notebooks: list[Notebook] = field(default_factory=list)
    datasets: list[Dataset] = field(default_factory=list)
    models: list[Model] = field(default_factory=list)
