"""What a brief may ask of GitHub."""

from __future__ import annotations

import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from sourcer.config import parse_settings
from sourcer.errors import UsageError
from sourcer_github.searches import people_searches
from sourcer_github.settings import GitHubDiscover
from sourcer_github.slices import Slice


@pytest.mark.parametrize("topics", [(), ("two words",), ("mlops stars:1",), ("",), ("-x",)])
def test_topics_must_be_topics(topics: tuple[str, ...]) -> None:
    with pytest.raises(ValidationError):
        GitHubDiscover(topics=topics)


def test_topics_are_lower_case() -> None:
    assert GitHubDiscover(topics=("MLOps",)).topics == ("mlops",)


@pytest.mark.parametrize(
    "name", ["mlflow", "https://github.com/mlflow/mlflow", "a/b/c", "a/", "/b", "a/..", "-a/b", "a b/c", "a/b:c", ""]
)
def test_repositories_must_be_owner_and_name(name: str) -> None:
    with pytest.raises(
        UsageError, match=r"^brief: \[repositories\] 0: .* is not a GitHub repository: write owner/name"
    ):
        parse_settings(GitHubDiscover, {"repositories": [name]}, "brief")


@pytest.mark.parametrize(
    "data", [{}, {"topics": []}, {"repositories": []}, {"topics": [], "min_stars": 3}, {"min_followers": 5}]
)
def test_there_must_be_somewhere_to_look(data: dict[str, Any]) -> None:
    with pytest.raises(UsageError, match=r"^brief: there is nowhere to look: name topics, languages, locations,"):
        parse_settings(GitHubDiscover, data, "brief")


@pytest.mark.parametrize(
    "data",
    [
        {"topics": ["mlops"]},
        {"languages": ["Python"]},
        {"locations": ["Warsaw"]},
        {"repositories": [" Some_Org/a.b-c "]},
        {"organizations": ["orchard"]},
        {"accounts": ["#12"]},
    ],
)
def test_one_place_is_enough(data: dict[str, list[str]]) -> None:
    wanted = parse_settings(GitHubDiscover, data, "brief")
    ((name, values),) = data.items()
    assert getattr(wanted, name) == (values[0].strip(),)


HOSTILE = (
    'Poland" type:org',
    "Poland followers:>1",
    "Pol\\and",
    ">5",
    "<5",
    "-Poland",
    '"',
    "",
    "  ",
    "x" * 81,
    "Po\u202eland",
    "Po\x00land",
    "(Peru",
)


@pytest.mark.parametrize("words", HOSTILE)
@pytest.mark.parametrize("where", ["languages", "locations"])
def test_nothing_slips_into_a_search(where: str, words: str) -> None:
    with pytest.raises(UsageError, match=rf"^brief: \[{where}\] 0: .* cannot be searched for"):
        parse_settings(GitHubDiscover, {where: [words]}, "brief")


@given(st.text(max_size=90))
def test_whatever_is_taken_stays_within_its_qualifier(words: str) -> None:
    try:
        wanted = GitHubDiscover(locations=(words,))
    except ValidationError:
        return
    (search,) = people_searches(wanted)
    text = search.search.text(Slice())
    assert re.fullmatch(r'type:user location:(?:[^\W_]+|"[^":\\]+")', text), text


def test_white_space_in_a_place_is_one_space() -> None:
    assert GitHubDiscover(locations=(" New\n  York ",)).locations == ("New York",)


@pytest.mark.parametrize("login", ["a b", "-a", "a/b", "a:b", 'a"', "", "a" * 40, "#12", "github:ada", "ada[bot]x"])
def test_organisations_are_logins(login: str) -> None:
    with pytest.raises(UsageError, match=r"^brief: \[organizations\] 0: .* is not the login of an account on GitHub"):
        parse_settings(GitHubDiscover, {"organizations": [login]}, "brief")


@pytest.mark.parametrize(
    "account", ["#", "#0", "#1a", "#-1", "# 1", "https://github.com/ada", "ada:", "", "#" + "1" * 20]
)
def test_accounts_are_logins_or_numbers(account: str) -> None:
    with pytest.raises(
        UsageError, match=r"^brief: \[accounts\] 0: .* is not an account on GitHub: write its login, or #"
    ):
        parse_settings(GitHubDiscover, {"accounts": [account]}, "brief")


def test_accounts_stand_once_whatever_their_case() -> None:
    wanted = GitHubDiscover(accounts=("Ada", "#12", "ada", "dependabot[bot]", "#12", "some_one_corp"))
    assert wanted.accounts == ("Ada", "#12", "dependabot[bot]", "some_one_corp")
