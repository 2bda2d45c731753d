"""Free-text places become countries only where they are certain."""

from __future__ import annotations

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from sourcer.atlas import atlas, namesakes
from sourcer.errors import UsageError
from sourcer.places import countries_named, country_of, expand_regions, says_remote


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


@pytest.mark.parametrize(
    "text",
    [
        "India / USA",
        "US & Canada",
        "Poland & Germany",
        "Germany and Poland",
        "Berlin, Germany / Tel Aviv, Israel",
        "Warsaw, Poland | Kyiv, Ukraine",
        "USA / Canada",
        "Russia / Serbia",
        "London, UK / Lisbon, Portugal",
        "Berlin, Germany and San Francisco, CA",
        "Cambridge / Berlin",
        "Paris, Berlin",
        "Paris, Berlin / Warsaw",
        "Paris, Berlin, Germany",
        "London, Warsaw, Dubai, India",
        "Ukraine, Poland",
        "Lebanon, USA",
        "Ohio, Poland",
        "Paris Germany",
        "Poland Germany",
        "Kowloon, Shenzhen",
        "Amsterdam, New York",
        "Berlin \N{AIRPLANE} London",
        "\U0001f1f5\U0001f1f1\U0001f1e9\U0001f1ea",
        "from Germany, now in Poland and Spain",
    ],
)
def test_places_that_contradict_each_other_are_unknown(text: str) -> None:
    assert country_of(text) is None


@pytest.mark.parametrize(
    ("text", "country"),
    [
        ("Hong Kong, China", "HK"),
        ("Taipei, Taiwan, China", "TW"),
        ("San Juan, Puerto Rico, USA", "PR"),
        ("Sarajevo, Bosnia and Herzegovina", "BA"),
        ("Port of Spain, Trinidad & Tobago", "TT"),
        ("London, Canada", "CA"),
        ("Lagos, Portugal", "PT"),
        ("Lebanon, New Hampshire", "US"),
        ("Rome, Georgia", "US"),
        ("Sydney, Nova Scotia", "CA"),
        ("Vancouver, Washington", "US"),
        ("St. Petersburg, Russia", "RU"),
        ("Thessaloniki, Macedonia, Greece", "GR"),
        ("Bucaramanga, Santander, Colombia", "CO"),
        ("Melbourne, Victoria, Australia", "AU"),
        ("Guildford, Surrey, UK", "GB"),
        ("USA / San Francisco and remote", "US"),
    ],
)
def test_what_lies_in_the_other_is_no_contradiction(text: str, country: str) -> None:
    assert country_of(text) == country


@pytest.mark.parametrize(
    ("country", "texts"),
    [
        ("AU", ["Perth, WA", "Hobart, TAS", "Darwin, NT", "Portland, VIC", "Foo, WA, AU"]),
        ("AR", ["Rosario, SF", "Buenos Aires, CF"]),
        (
            "BR",
            [
                *("Florianópolis, SC", "Belém, PA", "São Luís, MA", "Cuiabá, MT", "Maceió, AL", "Manaus, AM"),
                *("Porto Velho, RO", "Aracaju, SE", "Curitiba, PR", "Salvador, BA", "Brasília, DF", "SAO PAULO SP"),
            ],
        ),
        ("CA", ["Saskatoon, SK", "Regina, SK", "St. John's, NL", "Charlottetown, PE", "Toronto, CA", "Foo, ON, CA"]),
        ("CH", ["Bern, BE", "Geneva, GE", "Lugano, TI"]),
        ("CO", ["Bogotá D.C.", "Bogotá, D.C.", "Bogotá, DC", "Medellín, ANT", "Cali, CO"]),
        ("DE", ["Munich, BY", "Hamburg, HH", "Berlin, BE", "Berlin, DE"]),
        ("ES", ["Sevilla, SE", "Madrid, CM", "Madrid, MD", "Barcelona, CT"]),
        (
            "IN",
            [
                *("Chennai, TN", "Coimbatore, TN", "Panaji, GA", "Bhubaneswar, OR", "Jaipur, RJ", "Patna, BR"),
                *("Gurgaon, HR", "Chandigarh, CH", "Shillong, ML", "Hyderabad, TS", "Salem, TN", "TN, Chennai"),
                *("Pune, MH, India", "Bangalore IN", "bangalore, in"),
            ],
        ),
        ("IT", ["Napoli, NA", "Milano, MI", "Rome, RM"]),
        ("MX", ["Monterrey, NL", "Tijuana, BC", "Guadalajara, JAL", "México, D.F.", "León, GTO"]),
        ("PE", ["Lima, PE", "Lima, LI, Peru"]),
        ("PL", ["Krakow PL", "Nowhere, PL"]),
        ("PR", ["San Juan, PR"]),
        (
            "US",
            [
                *(
                    "Salem, OR",
                    "Vancouver, WA",
                    "Bellevue, WA",
                    "Moscow, ID",
                    "Warsaw, IN",
                    "Lebanon, NH",
                    "Dublin, CA",
                ),
                *("Venice, CA", "Valencia, CA", "St. Petersburg, FL", "Boston MA 02110", "paris, tx", "Athens, GA"),
                *("New York, NY", "Atlanta, GA, US", "Remote US", "US", "Springfield, IL"),
            ],
        ),
    ],
)
def test_a_code_means_what_the_city_beside_it_allows(country: str, texts: list[str]) -> None:
    assert {text: country_of(text) for text in texts} == dict.fromkeys(texts, country)


@pytest.mark.parametrize(
    "text",
    [
        "Richmond, CA",  # of British Columbia or of California
        "London, CA",
        "Milan, MI",  # Milano or a town in Michigan
        "Chennai, XK",
        "Warsaw, TX",
        "Lyon, CA",
        "Foo, SK",  # Slovakia or Saskatchewan
        "St. Petersburg",
        "St Petersburg",
    ],
)
def test_a_code_or_a_name_that_two_countries_share_is_unknown(text: str) -> None:
    assert country_of(text) is None


@pytest.mark.parametrize(
    ("country", "texts"),
    [
        ("IN", ["Vizag", "Trichy", "Pondicherry", "बेंगलुरु", "Bengaluru 560001", "Bangalore - 560 001", "Tamilnadu"]),
        ("PL", ["Based in Kraków", "00-001 Warszawa", "Warsaw-based", "Lives in Warsaw, Poland"]),
        ("PT", ["Currently in Lisbon"]),
        ("RO", ["Cluj Napoca"]),
        ("RU", ["Ekaterinburg", "Rostov on Don", "SPb"]),
        ("UA", ["Kharkov", "Lvov", "Dnepropetrovsk"]),
        ("DE", ["\N{ROUND PUSHPIN} Berlin", "10115 Berlin", "Koeln"]),
        ("IR", ["Tehran-Iran"]),
    ],
)
def test_other_spellings_and_what_stands_around_a_place(country: str, texts: list[str]) -> None:
    assert {text: country_of(text) for text in texts} == dict.fromkeys(texts, country)


@given(st.text(max_size=60))
def test_any_text_is_a_known_code_or_none(text: str) -> None:
    country = country_of(text)
    assert country is None or (len(country) == 2 and country.isupper())


JOINERS = {"i", "y", "et", "and", "und", "or"}
CITIES = sorted(name for name in atlas().cities if country_of(name) and not JOINERS.intersection(name.split()))
BETWEEN = st.sampled_from(
    [" / ", "/", " | ", "; ", ", ", " and ", " & ", " or ", " - ", "\n", " (", " + ", " → ", " • "]
)


@given(st.sampled_from(CITIES), BETWEEN, st.sampled_from(CITIES))
def test_two_cities_have_a_country_only_if_it_is_the_same(one: str, between: str, other: str) -> None:
    assume(not countries_named(f"{one}{between}{other}"))
    assert country_of(f"{one}{between}{other}") == (country_of(one) if country_of(one) == country_of(other) else None)


@given(st.sampled_from(CITIES), st.sampled_from(sorted(atlas().codes)))
def test_a_code_beside_a_known_city_leads_only_where_the_city_or_a_namesake_lies(city: str, code: str) -> None:
    told = country_of(f"{city}, {code}")
    assert told is None or told == country_of(city) or told in {area[:2] for area in namesakes().get(city, ())}


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
