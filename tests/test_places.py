"""Free-text places become countries only where they are certain."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sourcer.errors import UsageError
from sourcer.places import country_of, expand_regions, says_remote


@pytest.mark.parametrize(
    ("text", "country"),
    [
        ("Poland", "PL"),
        ("Wrocław, Polska", "PL"),
        ("KRAKOW", "PL"),
        ("Łódź", "PL"),
        ("Warsaw Poland", "PL"),
        ("Austin, TX", "US"),
        ("Paris, TX", "US"),
        ("Paris", "FR"),
        ("Poland, Ohio", "US"),
        ("San Francisco Bay Area", "US"),
        ("Greater Boston Area", "US"),
        ("San Francisco, CA", "US"),
        ("Some Village, CA", "US"),
        ("Toronto, CA", "CA"),
        ("London, ON", "CA"),
        ("London, Ontario", "CA"),
        ("Bengaluru, Karnataka, India", "IN"),
        ("Bangalore, IN", "IN"),
        ("Bogotá, CO", "CO"),
        ("Berlin, DE", "DE"),
        ("Buenos Aires, AR", "AR"),
        ("Hyderabad, India", "IN"),
        ("India, Hyderabad", "IN"),
        ("Pune India", "IN"),
        ("São Paulo - Brasil", "BR"),
        ("Sao Paulo, SP", "BR"),
        ("Atlanta, Georgia", "US"),
        ("Tbilisi, Georgia", "GE"),
        ("Georgia, USA", "US"),
        ("Cambridge, MA", "US"),
        ("Cambridge, UK", "GB"),
        ("Remote (US)", "US"),
        ("Remote, Germany", "DE"),
        ("Remote Germany", "DE"),
        ("SF Bay Area, USA", "US"),
        ("Berlin / remote", "DE"),
        ("Москва, Россия", "RU"),
        ("Київ", "UA"),
        ("北京", "CN"),
        ("中国上海", "CN"),
        ("北京市", "CN"),
        ("서울", "KR"),
        ("Somewhere 🇵🇱", "PL"),
        ("Kraków 🇵🇱", "PL"),
        ("Bosnia and Herzegovina", "BA"),
        ("Papua New Guinea", "PG"),
        ("Lyon & Paris", "FR"),
        ("U.S.A.", "US"),
        ("Washington, D.C.", "US"),
        ("Tel Aviv, IL", "IL"),
        ("Amsterdam, The Netherlands", "NL"),
        ("Newark, DE", "US"),
        ("Milano, MI", "IT"),
        ("Ann Arbor, MI", "US"),
        ("Perth WA", "AU"),
        ("Adelaide, SA", "AU"),
        ("Sydney NSW", "AU"),
        ("Los Angeles CA", "US"),
        ("Częstochowa", "PL"),
        ("Tirunelveli", "IN"),
        ("贵阳", "CN"),
        ("Нижний Новгород", "RU"),
        ("Tainan City", "TW"),
        ("Tijuana, Baja California", "MX"),
    ],
)
def test_certain_places(text: str, country: str) -> None:
    assert country_of(text) == country


@pytest.mark.parametrize(
    "text",
    [
        None,
        "",
        "   ",
        "Georgia",
        "Cambridge",
        "Earth",
        "localhost",
        "DE",
        "us",
        "in",
        "Berlin / London",
        "Berlin and London",
        "Germany 🇵🇱",
        "somewhere, in",
        "Somewhere, DE",
        "Springfield",
        "Halle",
        "Waterloo",
        "originally from India",
        "not Poland",
        "Remote",
        "127.0.0.1",
        "Polandia",
        "chinatown",
    ],
)
def test_uncertain_places_stay_unknown(text: str | None) -> None:
    assert country_of(text) is None


@given(st.text(max_size=60))
def test_any_text_is_a_known_code_or_none(text: str) -> None:
    country = country_of(text)
    assert country is None or (len(country) == 2 and country.isupper())


def test_remote_is_read_in_whole_words() -> None:
    assert says_remote("Remote / Europe")
    assert says_remote("Praca ZDALNIE")
    assert not says_remote("Remoteville")
    assert not says_remote(None)


def test_regions_expand_to_codes() -> None:
    assert expand_regions(["india"]) == {"IN"}
    assert {"PL", "UA", "EE"} <= expand_regions(["Eastern Europe"])
    assert "DE" not in expand_regions(["eastern-europe"])
    assert {"BR", "MX", "PA"} <= expand_regions(["latin_america"])
    assert expand_regions([]) == frozenset()
    assert expand_regions(["india", "dach"]) == {"IN", "DE", "AT", "CH"}


def test_every_region_is_made_of_countries() -> None:
    with pytest.raises(UsageError, match="did you mean eastern-europe"):
        expand_regions(["eastern-europ"])
    everywhere = expand_regions(["europe", "asia", "africa", "oceania", "north-america", "latin-america"])
    assert len(everywhere) > 150
    assert all(len(code) == 2 and code.isupper() for code in everywhere)
