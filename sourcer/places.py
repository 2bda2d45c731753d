"""Free-text places to ISO 3166 country codes, offline.

What is not certain is ``None``: nobody is guessed into a country.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib import resources
from typing import Any, Final

from sourcer.config import nearest
from sourcer.errors import UsageError

__all__ = ["check_countries", "country_of", "expand_regions", "says_remote"]

_USUAL_SLIPS: Final = {"UK": "GB", "EN": "GB", "EL": "GR"}
_FLAG: Final = re.compile("[\U0001f1e6-\U0001f1ff]{2}")
_FLAG_BASE: Final = 0x1F1E6
_ALTERNATIVES: Final = re.compile(r"[/|;•·&+→⇄↔<>]|\s+(?:and|or|und|y|et|i)\s+|\s[-–—]>\s", re.IGNORECASE)
_PARTS: Final = re.compile(r"[,()\[\]،、，]|\s[-–—]\s|\n")
_AROUND: Final = re.compile(
    r"^(?:the\s+)?greater\s+|\s+(?:metropolitan\s+)?area$|\s+metro(?:politan region)?$|\s+city$"
)
_CJK: Final = re.compile("^[぀-ヿ一-鿿가-힯]")
_LETTERS: Final = str.maketrans({"ł": "l", "ø": "o", "đ": "d", "ð": "d", "ı": "i", "ʻ": "", "’": "'"})


@dataclass(frozen=True, slots=True)
class _Places:
    """``places.toml`` and ``cities.txt``, ready to look up: every name folded."""

    names: Mapping[str, frozenset[str]]
    countries: frozenset[str]
    cities: frozenset[str]
    codes: Mapping[str, str]
    provinces: Mapping[str, frozenset[str]]
    contested: frozenset[str]
    regions: Mapping[str, tuple[str, ...]]
    remote: re.Pattern[str]
    elsewhere: frozenset[str]


@cache
def _places() -> _Places:
    data = tomllib.loads((resources.files("sourcer") / "places.toml").read_text(encoding="utf-8"))
    cities = {_fold(name): code for code, names in data["cities"].items() for name in names}
    gazetteer = _gazetteer(data["jests"]["words"])
    words = "|".join(re.escape(_fold(word)) for word in data["remote"]["words"])
    return _Places(
        names=gazetteer | _names(data, cities),
        countries=frozenset(data["countries"]),
        cities=frozenset(gazetteer) | frozenset(cities),
        codes={code: country for country, table in data["states"].items() for code in table["codes"]},
        provinces={code: frozenset(codes) for code, codes in data["provinces"].items()},
        contested=frozenset(data["contested"]["codes"]),
        regions={name: tuple(members) for name, members in data["regions"].items()},
        remote=re.compile(rf"\b(?:{words})\b"),
        elsewhere=frozenset(data["elsewhere"]["words"]),
    )


def _names(data: Mapping[str, Any], cities: Mapping[str, str]) -> dict[str, frozenset[str]]:
    """Every name with the countries it may mean; the more official reading wins over the smaller place."""
    names = {name: frozenset({code}) for name, code in cities.items()}
    for code, table in data["states"].items():
        names |= {_fold(name): frozenset({code}) for name in table["names"]}
    for code, spellings in data["countries"].items():
        names |= {_fold(name): frozenset({code}) for name in spellings}
    return names | {_fold(name): frozenset(codes) for name, codes in data["shared"].items()}


def _gazetteer(jests: Iterable[str]) -> dict[str, frozenset[str]]:
    """The cities of ``cities.txt`` with the countries that have one of this name."""
    names: dict[str, set[str]] = {}
    for line in (resources.files("sourcer") / "cities.txt").read_text(encoding="utf-8").splitlines():
        if not line.startswith("#"):
            code, _, listed = line.partition("\t")
            for name in listed.split("|"):
                names.setdefault(_fold(name), set()).add(code)
    for name in jests:
        names.pop(_fold(name), None)
    return {name: frozenset(codes) for name, codes in names.items()}


def _fold(text: str) -> str:
    """Without case, accents and double spaces, so that spellings compare."""
    flat = unicodedata.normalize("NFKD", text.casefold().translate(_LETTERS))
    flat = "".join(char for char in flat if not unicodedata.combining(char))
    return " ".join(unicodedata.normalize("NFC", flat).split())


@lru_cache(maxsize=20_000)
def country_of(text: str | None) -> str | None:
    """The ISO 3166 alpha-2 code of the one country a free-text location names, or ``None``.

    Two different countries (``Berlin / London``), a name that several countries share and no neighbour decides
    (``Georgia``), a bare code (``DE``) and what nobody can know (``the moon``) are all ``None``.
    """
    if not text:
        return None
    flags = {_flag_code(flag) for flag in _FLAG.findall(text)} & _places().countries
    bare = _FLAG.sub(" ", text)
    found = flags | {country for piece in _ALTERNATIVES.split(bare) if (country := _of_one(piece))}
    if len(found) != 1:
        whole = _of_one(bare)  # "Bosnia and Herzegovina" is no pair of places
        return whole if whole and flags <= {whole} else None
    return found.pop()


def _flag_code(flag: str) -> str:
    return "".join(chr(ord(letter) - _FLAG_BASE + ord("A")) for letter in flag)


def _of_one(text: str) -> str | None:
    """The country of one place, its parts from small to large: the last that decides wins."""
    pieces = [piece.strip() for piece in _PARTS.split(text)]
    parts = [part for piece in pieces if piece for part in _code_apart(piece)]
    names = [" ".join(_places().remote.sub(" ", _fold(part)).split()) for part in parts]
    known: frozenset[str] = frozenset()
    for position in range(len(parts) - 1, -1, -1):
        # A bare "DE" or "IN" is no place; after a comma or in brackets it is a code.
        code = _of_code(parts[position], names[:position]) if max(len(pieces), len(parts)) > 1 else frozenset()
        here = code or _of_name(names[position])
        known = (known & here) or known or here
        if len(known) == 1:
            return next(iter(known))
    return None


def _code_apart(piece: str) -> tuple[str, ...]:
    """``Sydney NSW`` is a city and a code, although nothing divides them."""
    city, _, code = piece.rpartition(" ")
    places = _places()
    known = code in places.codes or any(code in codes for codes in places.provinces.values())
    return (city, code) if known and _fold(city) in places.names else (piece,)


def _of_code(part: str, before: list[str]) -> frozenset[str]:
    """What an upper-case code means: a part of the country where the city lies, else the state, else the country."""
    places = _places()
    state = places.codes.get(part)
    lies_in = frozenset[str]().union(*(places.names.get(name, frozenset()) for name in before))
    if not lies_in & {part, state} and (own := {code for code in lies_in if part in places.provinces.get(code, ())}):
        return frozenset(own)
    if part in places.countries and (state is None or part in lies_in):
        return frozenset({part})
    if state is None or (part in places.contested and state not in lies_in):
        return frozenset()
    return frozenset({state})


def _of_name(part: str) -> frozenset[str]:
    """What a name may mean; in a longer phrase its last words decide ("Pune India")."""
    names = _places().names
    for name in (part, _AROUND.sub("", part)):
        if name in names:
            return names[name]
    if _CJK.match(part):  # written without spaces, the large place first
        heads = (part[:end] for end in range(len(part), 1, -1))
        return next((names[head] for head in heads if head in names), frozenset())
    words = part.split()
    if _places().elsewhere.intersection(words):
        return frozenset()
    tails = (" ".join(words[start:]) for start in range(1, len(words)))
    return next((names[tail] for tail in tails if tail in names and tail not in _places().cities), frozenset())


@lru_cache(maxsize=20_000)
def says_remote(text: str | None) -> bool:
    """Whether a location says that the person works remotely or from anywhere."""
    return bool(text) and bool(_places().remote.search(_fold(text or "")))


def check_countries(codes: Iterable[str]) -> None:
    """See that each is a country's ISO 3166 code.

    Raises:
        UsageError: One is not; the message names the code of the country that may be meant.
    """
    for code in codes:
        if code not in _places().countries:
            meant = country_of(code) or _USUAL_SLIPS.get(code)
            raise UsageError(
                f"[where] countries: {code} is no ISO country code" + (f"; did you mean {meant}?" if meant else "")
            )


def expand_regions(names: Iterable[str]) -> frozenset[str]:
    """The ISO codes of regions (``eastern-europe``, ``india``, ``latin-america``, …); case and spaces do not matter.

    Raises:
        UsageError: A region is not known; the message names the nearest.
    """
    return frozenset(code for name in names for code in _expand("-".join(_fold(name).replace("_", " ").split())))


def _expand(region: str) -> Iterable[str]:
    regions = _places().regions
    if region not in regions:
        raise UsageError(f"[where] regions: {region!r} is not a known region{nearest(region, list(regions))}")
    for member in regions[region]:
        if member.isupper():
            yield member
        else:
            yield from _expand(member)
