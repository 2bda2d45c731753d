"""The tables of places hold together."""

from __future__ import annotations

import re

import pytest

from sourcer.atlas import atlas, country, fold, namesakes


@pytest.mark.parametrize(
    ("written", "folded"),
    [
        ("  Łódź ", "lodz"),
        ("Cluj-Napoca", "cluj napoca"),
        ("St. John’s", "st john's"),
        ("U.S.A.", "u.s.a."),
        ("İzmir", "izmir"),
        ("Niš", "nis"),
    ],
)
def test_spellings_of_one_name_fold_alike(written: str, folded: str) -> None:
    assert fold(written) == fold(folded) == folded


def test_every_area_is_a_country_of_the_table_or_a_part_of_one() -> None:
    places = atlas()
    official = {area for name, areas in places.names.items() if name not in places.cities for area in areas}
    areas = official | {area for areas in places.codes.values() for area in areas} | set(places.alone.values())
    assert {country(area) for area in areas} <= places.countries
    assert all(re.fullmatch(r"[A-Z]{2}(-[A-Z]{2,6})?", area) for area in areas)
    assert set(places.inside) | set(places.inside.values()) <= places.countries


def test_a_code_means_all_that_it_stands_for_and_alone_the_usual() -> None:
    assert atlas().codes["TN"] == {"TN", "US-TN", "IN-TN", "IT-TN"}
    assert atlas().alone["TN"] == "US-TN"
    assert atlas().alone["SP"] == "BR-SP"
    assert atlas().alone["PL"] == "PL"
    assert "DE" not in atlas().alone


def test_a_country_s_name_is_no_city() -> None:
    assert not {"singapore", "luxembourg", "georgia", "quebec"} & atlas().cities
    assert {"paris", "kharkov", "cordoba"} <= atlas().cities


def test_namesakes_are_of_more_countries_than_one() -> None:
    known = atlas().names
    assert all(len({country(area) for area in areas | known[name]}) > 1 for name, areas in namesakes().items())
    assert {"US-TX", "US", "CA-ON"} <= namesakes()["paris"]
    assert "US" not in namesakes()["lebanon"]
    assert "US-NH" in namesakes()["lebanon"]
