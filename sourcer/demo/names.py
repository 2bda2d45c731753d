"""Invented names in many scripts, with the places and companies that go with them."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from random import Random
from typing import TypeAlias

from pydantic import BaseModel, ConfigDict

__all__ = ["Identity", "company", "draw_identity", "place_in", "vague_place"]

Spelled: TypeAlias = tuple[str, str]


class _Strict(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class _Culture(_Strict):
    name: str
    given: tuple[Spelled, ...]
    heads: tuple[Spelled, ...]
    tails: tuple[Spelled, ...]
    places: tuple[Spelled, ...]
    family_first: bool = False


class _Companies(_Strict):
    heads: tuple[str, ...]
    tails: tuple[str, ...]


class _Vague(_Strict):
    places: tuple[str, ...]


class _Names(_Strict):
    culture: tuple[_Culture, ...]
    companies: _Companies
    vague: _Vague


@dataclass(frozen=True, slots=True)
class Identity:
    """Who somebody is: the name as they write it, in Latin letters (``given``, ``family``), where they live."""

    name: str
    given: str
    family: str
    place: str
    country: str

    @property
    def slug(self) -> str:
        """``family-given`` in lower-case Latin letters: the stem of logins and domains."""
        return f"{self.family}-{self.given}"


@cache
def _names() -> _Names:
    text = files("sourcer.demo").joinpath("names.toml").read_text(encoding="utf-8")
    return _Names.model_validate(tomllib.loads(text))


def draw_identity(rng: Random) -> Identity:
    """Invent somebody."""
    culture = rng.choice(_names().culture)
    given, head, tail = rng.choice(culture.given), rng.choice(culture.heads), rng.choice(culture.tails)
    first, family = given[0], head[0] + tail[0]
    # Nobody writes one name in two scripts: where the drawn parts differ, Latin letters it is.
    if len({_is_latin(part) for part in (given[0], head[0], tail[0]) if part}) > 1:
        first, family = given[1].capitalize(), (head[1] + tail[1]).capitalize()
    glue = "" if culture.family_first and not _is_latin(first) else " "
    name = f"{family}{glue}{first}" if culture.family_first else f"{first} {family}"
    place, country = rng.choice(culture.places)
    return Identity(name, given[1], head[1] + tail[1], place, country)


def company(rng: Random) -> str:
    """An invented employer."""
    companies = _names().companies
    return f"{rng.choice(companies.heads)} {rng.choice(companies.tails)}"


def place_in(rng: Random, country: str) -> str | None:
    """A place of a country, by its ISO code; ``None`` where none of the names comes from there."""
    places = [place for culture in _names().culture for place, code in culture.places if code == country]
    return rng.choice(places) if places else None


def vague_place(rng: Random) -> str:
    """A location line that names no country."""
    return rng.choice(_names().vague.places)


def _is_latin(text: str) -> bool:
    return all(ord(letter) < 0x250 or 0x1E00 <= ord(letter) < 0x2000 for letter in text)  # noqa: PLR2004  # Unicode blocks
