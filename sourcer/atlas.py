"""The tables behind ``sourcer.places``: names, codes and regions, and what they may mean.

What a name or a code may mean is a set of areas: ``PL`` is a country, ``US-TX`` a part of one.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any, Final, TypeAlias

__all__ = ["Atlas", "atlas", "country", "fold", "namesakes"]

_LETTERS: Final = str.maketrans({"ł": "l", "ø": "o", "đ": "d", "ð": "d", "ı": "i", "ʻ": "", "’": "'", "-": " "})
_SAINT: Final = re.compile(r"\bst\.(?=\s)")

_Names: TypeAlias = dict[str, frozenset[str]]


@dataclass(frozen=True, slots=True)
class Atlas:
    """``places.toml`` and ``cities.txt``, ready to look up: every name folded."""

    names: Mapping[str, frozenset[str]]
    cities: frozenset[str]
    countries: frozenset[str]
    codes: Mapping[str, frozenset[str]]
    alone: Mapping[str, str]
    plain: frozenset[str]
    inside: Mapping[str, str]
    regions: Mapping[str, tuple[str, ...]]
    remote: re.Pattern[str]
    elsewhere: frozenset[str]


@cache
def atlas() -> Atlas:
    """The tables, read once."""
    data = tomllib.loads(_read("places.toml"))
    larger = _larger(data)
    cities = _gazetteer(data["jests"]["words"]) | _merged(data["cities"]) | _folded(data["shared_cities"])
    words = "|".join(re.escape(fold(word)) for word in data["remote"]["words"])
    return Atlas(
        names=cities | larger,
        cities=frozenset(cities) - frozenset(larger),
        countries=frozenset(data["countries"]),
        codes=_codes(data),
        alone=_alone(data),
        plain=frozenset(data["plain"]["codes"]),
        inside=data["inside"],
        regions={name: tuple(members) for name, members in data["regions"].items()},
        remote=re.compile(rf"\b(?:{words})\b"),
        elsewhere=frozenset(data["elsewhere"]["words"]),
    )


@cache
def namesakes() -> Mapping[str, frozenset[str]]:
    """Names with the areas where a lesser place is called so; read only when parts of a text contradict each other.

    A country's name is that of a village only beside the village's state: ``Lebanon, USA`` are two countries.
    """
    data = tomllib.loads(_read("places.toml"))
    lands = {fold(name) for names in data["countries"].values() for name in names}
    found: dict[str, set[str]] = {name: set(areas) for name, areas in _merged(data["namesakes"]).items()}
    for area, name in _listed("namesakes.txt"):
        if "-" in area or name not in lands:
            found.setdefault(name, set()).add(area)
    return {name: frozenset(areas) for name, areas in found.items()}


def country(area: str) -> str:
    """The country of an area."""
    return area.partition("-")[0]


def fold(text: str) -> str:
    """Without case, accents, hyphens and double spaces, so that spellings compare."""
    flat = unicodedata.normalize("NFKD", text.casefold().translate(_LETTERS))
    flat = "".join(char for char in flat if not unicodedata.combining(char))
    return " ".join(_SAINT.sub("st", unicodedata.normalize("NFC", flat)).split())


def _larger(data: Mapping[str, Any]) -> _Names:
    """Names of countries and their parts; the more official reading wins."""
    states = {f"{land}-{code}": names for land, table in data["states"].items() for code, names in table.items()}
    return _merged(data["parts"]) | _merged(states) | _merged(data["countries"]) | _folded(data["shared"])


def _codes(data: Mapping[str, Any]) -> _Names:
    found = {code: {code} for code in data["countries"]}
    for land, codes in (data["states"] | data["provinces"]).items():
        for code in codes:
            found.setdefault(code, set()).add(f"{land}-{code}")
    return {code: frozenset(areas) for code, areas in found.items()}


def _alone(data: Mapping[str, Any]) -> dict[str, str]:
    """What a code means beside a place that nobody knows."""
    found = {code: code for code in data["countries"]} | {code: f"US-{code}" for code in data["states"]["US"]}
    found |= {code: f"{land}-{code}" for land, codes in data["alone"].items() for code in codes}
    return {code: area for code, area in found.items() if code not in data["contested"]["codes"]}


def _gazetteer(jests: Iterable[str]) -> _Names:
    """The cities of ``cities.txt`` with the countries that have one of this name."""
    names: dict[str, set[str]] = {}
    for code, name in _listed("cities.txt"):
        names.setdefault(name, set()).add(code)
    for name in jests:
        names.pop(fold(name), None)
    return {name: frozenset(codes) for name, codes in names.items()}


def _listed(file: str) -> Iterator[tuple[str, str]]:
    for line in _read(file).splitlines():
        if not line.startswith("#"):
            area, _, names = line.partition("\t")
            yield from ((area, fold(name)) for name in names.split("|"))


def _merged(names_of: Mapping[str, Iterable[str]]) -> _Names:
    """A table from areas to names, turned about."""
    return {fold(name): frozenset({area}) for area, names in names_of.items() for name in names}


def _folded(areas_of: Mapping[str, Iterable[str]]) -> _Names:
    return {fold(name): frozenset(areas) for name, areas in areas_of.items()}


def _read(file: str) -> str:
    return (resources.files("sourcer") / file).read_text(encoding="utf-8")
