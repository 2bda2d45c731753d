"""Free-text places to ISO 3166 country codes, offline.

What is not certain is ``None``: nobody is guessed into a country. The rule:

- A text is one place or several (``Berlin / London``), and a place has parts, from small to large (``Paris, TX``).
- Each part says which countries it may mean, or nothing (``Remote``). The country that all parts may mean is told,
  if there is only one. Parts that have none in common contradict each other, and a contradiction is unknown.
- Parts do not contradict each other if one lies inside the other: a territory (``Hong Kong, China``), or a lesser
  place that is known to be called so there (``Poland, Ohio``; but ``Paris, Berlin`` are two). And between a place and
  its country may stand a region that is called like a city elsewhere (``Bucaramanga, Santander, Colombia``).
- A code counts beside another part only (but ``US`` does alone). Beside a known place it is that country, a part of it
  (``Chennai, TN``), or a state with a place so called (``Paris, TX``). Where two countries are possible
  (``Richmond, CA``), or none is, it is unknown. Beside what nobody knows it is a state of the USA, else a country.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache, reduce
from typing import Final, TypeAlias

from sourcer.atlas import atlas, country, fold, namesakes
from sourcer.config import nearest
from sourcer.errors import UsageError

__all__ = ["check_countries", "countries_named", "country_of", "expand_regions", "says_remote"]

_USUAL_SLIPS: Final = {"UK": "GB", "EN": "GB", "EL": "GR"}
_FLAG: Final = re.compile("[\U0001f1e6-\U0001f1ff]{2}")
_FLAG_BASE: Final = 0x1F1E6
_PICTURES: Final = re.compile("[\U0001f000-\U0001faff\u2600-\u27bf\ufe0f\u200d\U000e0020-\U000e007f]+")
_ALTERNATIVES: Final = re.compile(r"[/|;•·+→⇄↔<>]|\s[-–—]>\s")
_JOINERS: Final = re.compile(r"&|\s(?:and|or|und|y|et|i)\s", re.IGNORECASE)
_PARTS: Final = re.compile(r"[,()\[\]،、，]|\s[-–—]\s|\n")
_RUN: Final = re.compile(r"[^,()\[\]،、，/|;•·+→⇄↔<>\n]+")
_NUMBER: Final = re.compile(r"\s+\d[\d -]*$")
_POSTCODE: Final = re.compile(r"(?:\b[a-z]{1,2} ?)?\b\d{2,6}(?: \d{2,4})?\b")
_AROUND: Final = re.compile(
    r"^(?:currently |now |based |living |lives? |located |residing )*(?:(?:in|near) )?(?:the )?(?:greater )?|"
    r"(?: metropolitan)? area$| metro(?:politan region)?$| city$| based$"
)
_CJK: Final = re.compile("^[぀-ヿ一-鿿가-힯]")

_Said: TypeAlias = frozenset[str] | None
"""The areas that all of a text may mean; none at all where it contradicts itself, ``None`` where it says nothing."""


@lru_cache(maxsize=20_000)
def country_of(text: str | None) -> str | None:
    """The ISO 3166 alpha-2 code of the one country a free-text location names, or ``None``.

    Two different countries (``Berlin / London``), a name that several countries share and no neighbour decides
    (``Georgia``), a bare code (``DE``) and what nobody can know (``the moon``) are all ``None``.
    """
    if not text:
        return None
    flags = {_flag_code(flag) for flag in _FLAG.findall(text)} & atlas().countries
    bare = _PICTURES.sub(",", _FLAG.sub(" ", text))
    said = [frozenset({flag}) for flag in flags] + [_of_place(place) for place in _alternatives(bare)]
    countries = reduce(_both, said, None) or frozenset()
    return next(iter(countries)) if len(countries) == 1 else None


def countries_named(name: str) -> frozenset[str]:
    """The countries that a name, known to the tables, may mean on its own."""
    return _countries(atlas().names.get(fold(name), frozenset()))


def _flag_code(flag: str) -> str:
    return "".join(chr(ord(letter) - _FLAG_BASE + ord("A")) for letter in flag)


def _alternatives(text: str) -> list[str]:
    """The places of a text; ``Bosnia and Herzegovina`` is no pair of them."""
    names = atlas().names
    apart = _RUN.sub(lambda run: run[0] if fold(run[0]) in names else _JOINERS.sub(" / ", run[0]), text)
    return _ALTERNATIVES.split(apart)


def _of_place(text: str) -> _Said:
    """The countries that all parts of one place may mean, read from the largest to the smallest."""
    parts = [part for piece in _PARTS.split(text) if piece.strip() for part in _apart(piece.strip())]
    known: _Said = None
    in_area = doubtful = False  # whether what is known is more than a city; whether the last part did not fit
    for position in range(len(parts) - 1, -1, -1):
        name, said = _of_part(parts, position, known)
        if said is None:
            continue
        met = _both(said, known) or (_inside(name, said, known) if in_area and known else frozenset())
        doubtful = not met
        if met:
            known, in_area = met, in_area or name not in atlas().cities
        elif not (in_area and position and name in atlas().cities):
            return frozenset()
    return frozenset() if doubtful else known and _countries(known)


def _of_part(parts: Sequence[str], position: int, known: _Said) -> tuple[str | None, _Said]:
    """The name that a part holds (none where it is a code), and what it may mean."""
    name = _name(parts[position])
    counts = len(parts) > 1 or parts[position] in atlas().plain
    code = _of_code(parts[position], parts[:position], known) if counts else None
    return (None, code) if code or not name else (name, atlas().names[name])


def _apart(piece: str) -> tuple[str, ...]:
    """``Sydney NSW`` and ``Pune India`` are two parts, although nothing divides them."""
    places, folded = atlas(), fold(piece)
    if folded in places.names or places.elsewhere.intersection(folded.split()):
        return (piece,)
    words = re.split(r"[\s-]+", piece)
    for start in range(1, len(words)):
        before, last = " ".join(words[:start]), " ".join(words[start:])
        large = fold(last) in places.names and fold(last) not in places.cities
        if large or (last in places.codes and (_name(before) or not _cleaned(before))):
            return (*_apart(before), last)
    return (piece,)


def _cleaned(part: str) -> str:
    return " ".join(atlas().remote.sub(" ", fold(part)).split())


def _name(part: str) -> str | None:
    """The name in the tables that a part holds, with nothing around it but what is no place."""
    names, cleaned = atlas().names, _cleaned(part)
    without_number = _POSTCODE.sub("", cleaned).strip(" .:'\"")
    tried = [cleaned, without_number, _AROUND.sub("", without_number)]
    if _CJK.match(cleaned):  # written without spaces, the large place first
        tried += [cleaned[:end] for end in range(len(cleaned) - 1, 1, -1)]
    return next((name for name in tried if name in names), None)


def _of_code(part: str, before: Sequence[str], known: _Said) -> _Said:
    """What a code means beside what is larger (``known``), else beside the nearest smaller part that is known."""
    written = _NUMBER.sub("", part).replace(".", "")
    areas = atlas().codes.get(written.upper())
    if not areas:
        return None
    if known:
        return _both(areas, known) or None  # the codes of most countries' parts are in no table
    for smaller in reversed(before):
        if name := _name(smaller):
            return _beside(name, areas)
        if within := _both(atlas().codes.get(smaller, frozenset()), areas & atlas().countries):
            return within
    alone = atlas().alone.get(written)
    return frozenset({alone}) if alone else None


def _beside(name: str, areas: frozenset[str]) -> frozenset[str]:
    """What a code means beside a name: first an area of the name's country that is known to hold such a place."""
    countries, lesser = countries_named(name), namesakes().get(name, frozenset())
    sure = areas & (countries | lesser)
    if within := {area for area in sure if country(area) in countries}:
        return frozenset(within)
    listed = {country(area) for area in lesser if area not in atlas().countries}  # all their states with such a place
    likely = {area for area in areas if country(area) in countries - listed}
    return frozenset() if sure and likely else sure | likely


def _inside(name: str | None, smaller: frozenset[str], larger: frozenset[str]) -> frozenset[str]:
    """The areas where the one lies in the other, although they are named as if they were apart."""
    outer = atlas().inside
    lesser = namesakes().get(name or "", frozenset()) & larger
    territories = {a for one, other in ((smaller, larger), (larger, smaller)) for a in one if outer.get(a) in other}
    return lesser | territories


def _both(one: _Said, other: _Said) -> _Said:
    """What both may mean: of a country and its part, the part."""
    if one is None or other is None:
        return one if other is None else other
    return frozenset(max(a, b, key=len) for a in one for b in other if country(a) == country(b))


def _countries(areas: frozenset[str]) -> frozenset[str]:
    return frozenset(map(country, areas))


@lru_cache(maxsize=20_000)
def says_remote(text: str | None) -> bool:
    """Whether a location says that the person works remotely or from anywhere."""
    return bool(text) and bool(atlas().remote.search(fold(text or "")))


def check_countries(codes: Iterable[str]) -> None:
    """See that each is a country's ISO 3166 code.

    Raises:
        UsageError: One is not; the message names the code of the country that may be meant.
    """
    for code in codes:
        if code not in atlas().countries:
            meant = country_of(code) or _USUAL_SLIPS.get(code)
            raise UsageError(
                f"[where] countries: {code} is no ISO country code" + (f"; did you mean {meant}?" if meant else "")
            )


def expand_regions(names: Iterable[str]) -> frozenset[str]:
    """The ISO codes of regions (``eastern-europe``, ``india``, ``latin-america``, …); case and spaces do not matter.

    Raises:
        UsageError: A region is not known; the message names the nearest.
    """
    return frozenset(code for name in names for code in _expand("-".join(fold(name).replace("_", " ").split())))


def _expand(region: str) -> Iterable[str]:
    regions = atlas().regions
    if region not in regions:
        raise UsageError(f"[where] regions: {region!r} is not a known region{nearest(region, list(regions))}")
    for member in regions[region]:
        if member.isupper():
            yield member
        else:
            yield from _expand(member)
