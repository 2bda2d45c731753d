from __future__ import annotations

import pytest

from sourcer.connect.addresses import read_profile_url
from sourcer_kaggle.sites import (
    PROFILE_URLS,
    competition_url,
    dataset_url,
    is_login,
    model_url,
    notebook_url,
    profile_url,
)


@pytest.mark.parametrize(
    ("address", "login", "uid"),
    [
        ("https://www.kaggle.com/ada-example", "ada-example", None),
        ("http://kaggle.com/Ada_Example/", "Ada_Example", None),
        ("kaggle.com/ada?tab=1#x", "ada", None),
        ("https://www.kaggle.com/ada/competitions", "ada", None),
        ("https://www.kaggle.com/ada/scripts", "ada", None),
        ("https://www.kaggle.com/ada/writeups", "ada", None),
        ("https://www.kaggle.com/ada/overview", "ada", None),
        ("https://www.kaggle.com/codeberg", "codeberg", None),
        ("https://www.kaggle.com/users/2000000001/ada-example", None, "2000000001"),
        ("https://www.kaggle.com/users/2000000001", None, "2000000001"),
    ],
)
def test_profile_addresses_are_recognised(address: str, login: str | None, uid: str | None) -> None:
    found = read_profile_url(address, PROFILE_URLS)
    assert found is not None
    assert (found.site, found.login, found.uid) == ("kaggle", login, uid)


@pytest.mark.parametrize(
    "address",
    [
        "https://www.kaggle.com/",
        "https://www.kaggle.com/code",
        "https://www.kaggle.com/Competitions",
        "https://www.kaggle.com/competitions/predict-rain",
        "https://www.kaggle.com/code/ada/first",
        "https://www.kaggle.com/ada/a-data-set-of-hers",
        "https://www.kaggle.com/organizations/orchard",
        "https://notkaggle.com/ada",
        "https://www.kaggle.com.example.org/ada",
    ],
)
def test_pages_of_kaggle_itself_are_nobody(address: str) -> None:
    assert read_profile_url(address, PROFILE_URLS) is None


def test_a_login_is_no_word_of_kaggle_itself() -> None:
    assert is_login("ada")
    assert is_login("rankings-fan")
    assert not any(map(is_login, ("", "settings", "Rankings", "a b", "ä", "a/b", "x" * 41)))


def test_the_addresses_it_makes_are_known_again() -> None:
    assert read_profile_url(profile_url("ada"), PROFILE_URLS) is not None
    assert competition_url("predict-rain") == "https://www.kaggle.com/competitions/predict-rain/leaderboard"


@pytest.mark.parametrize("slug", ["", "a b", "../x", "ü", "a/b", "x" * 201])
def test_what_cannot_be_part_of_an_address_makes_none(slug: str) -> None:
    assert [notebook_url("ada", slug), dataset_url("ada", slug), model_url("ada", slug), competition_url(slug)] == [
        None
    ] * 4
