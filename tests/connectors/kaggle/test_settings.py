from __future__ import annotations

from typing import Any

import pytest

from sourcer.config import parse_settings
from sourcer.errors import UsageError
from sourcer_kaggle.settings import KaggleConfig, KaggleDiscover


def test_defaults_are_those_of_the_documentation() -> None:
    config = KaggleConfig()
    assert config.token.env == "KAGGLE_API_TOKEN"
    assert (config.api_url, config.meta_kaggle_dir, config.saved_pages_dir) == ("https://api.kaggle.com/v1", "", "")


def test_tiers_and_skills_are_spelled_as_kaggle_does() -> None:
    wish = parse_settings(
        KaggleDiscover, {"tiers": ["grandmaster", "MASTER", "Master"], "skills": [" time   series"]}, "x"
    )
    assert isinstance(wish, KaggleDiscover)
    assert wish.tiers == ("GRANDMASTER", "MASTER")
    assert wish.skills == ("time series",)


@pytest.mark.parametrize(
    ("discover", "complaint"),
    [
        ({}, "there is nobody to look for"),
        ({"tiers": ["STAFF"]}, "not a tier of people"),
        ({"tiers": ["LEGEND"]}, "GRANDMASTER, MASTER, EXPERT"),
        ({"skills": ["  "]}, "nothing to search for"),
        ({"skills": ["x" * 101]}, "nothing to search for"),
        ({"tier": ["MASTER"]}, "tiers"),
        ({"accounts": ["settings"]}, "can be no account"),
        ({"accounts": ["#12x"]}, "can be no account"),
    ],
)
def test_what_cannot_be_meant_is_an_error(discover: dict[str, Any], complaint: str) -> None:
    with pytest.raises(UsageError, match=complaint):
        parse_settings(KaggleDiscover, discover, "discover")


@pytest.mark.parametrize(
    ("section", "complaint"),
    [
        ({"api_url": "ftp://api.example.org"}, "not an http"),
        ({"meta_kaggle_dir": "meta", "saved_pages_dir": "pages"}, "not both"),
        ({"meta_kagle_dir": "meta"}, "meta_kaggle_dir"),
    ],
)
def test_a_wrong_section_is_an_error(section: dict[str, Any], complaint: str) -> None:
    with pytest.raises(UsageError, match=complaint):
        parse_settings(KaggleConfig, section, "section")


def test_a_slash_at_the_end_of_the_address_does_not_matter() -> None:
    assert KaggleConfig(api_url="http://127.0.0.1:9/v1/").api_url == "http://127.0.0.1:9/v1"
