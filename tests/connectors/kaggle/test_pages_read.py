from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sourcer.connect import LinkClaim
from sourcer_kaggle.pages.html import read_page
from sourcer_kaggle.pages.objects import read_object
from sourcer_kaggle.pages.profile import Saved
from support.kaggle_pages import header_page, new_page, object_of_2014, state, state_page
from support.meta_kaggle import FIRST

JOINED = datetime(2015, 3, 4, 5, 6, 7, tzinfo=UTC)


def test_the_state_of_an_old_page_tells_everything() -> None:
    saved = read_page(state_page(state()))
    assert saved.formats == ("state",)
    assert (saved.uid, saved.login, saved.name) == (FIRST, "ada-example", "Ada Example")
    assert (saved.location, saved.company, saved.website) == (
        "Warsaw, Poland",
        "Example Works",
        "https://ada.example.org",
    )
    assert saved.texts["occupation"] == "ML engineer at Example Works"
    assert saved.created_at == JOINED.replace(microsecond=123_000)
    assert saved.tier == 4
    assert saved.links == (
        LinkClaim("https://ada.example.org", "website"),
        LinkClaim("https://github.com/ada-example", "github"),
        LinkClaim("https://x.com/ada_example", "twitter"),
        LinkClaim("https://www.linkedin.com/in/ada-example/", "linkedin"),
        LinkClaim("https://blog.example.org/ada", "bio"),
    )


def test_counts_that_a_told_summary_leaves_out_are_none() -> None:
    measure = read_page(state_page(state())).measure
    assert measure["competitions_gold"] == 3
    assert measure["competitions_silver"] == 0
    assert (measure["notebooks_tier"], measure["notebooks_bronze"]) == (2, 1)
    # A rank that is left out is unknown, and a summary that is not there tells nothing.
    assert "notebooks_rank" not in measure
    assert not [unit for unit in measure if unit.startswith("datasets")]


def test_competitions_that_a_page_shows_off_with() -> None:
    (one,) = read_page(state_page(state())).highlights
    assert (one.slug, one.rank, one.teams, one.medal) == ("predict-rain", 10, 1000, 1)


@pytest.mark.parametrize("written", ["GRANDMASTER", "grandmaster", "Grandmaster", 4])
def test_a_tier_is_read_in_all_spellings(written: Any) -> None:
    assert read_page(state_page(state(performanceTier=written))).tier == 4


def test_the_header_of_a_page() -> None:
    saved = read_page(header_page())
    assert saved.formats == ("header",)
    assert (saved.uid, saved.login, saved.name) == (FIRST, "ada-example", "Ada Example")
    assert (saved.location, saved.company) == ("Warsaw, Masovia, Poland", "Example Works")
    assert saved.created_at == JOINED
    assert saved.links == (
        LinkClaim("https://github.com/ada-example", "github"),
        LinkClaim("https://ada.example.org", "website"),
    )


@pytest.mark.parametrize(
    ("line", "location", "company", "occupation"),
    [
        ("", None, None, None),
        ("Nigeria", "Nigeria", None, None),
        ("Lagos, Lagos, Nigeria", "Lagos, Lagos, Nigeria", None, None),
        ("Veterinarian · Stockholm, Sweden", "Stockholm, Sweden", None, "Veterinarian"),
        ("Engineer at Example · Labs · Seoul", "Seoul", "Example · Labs", "Engineer at Example · Labs"),
        ("Student at Night School", None, "Night School", "Student at Night School"),
    ],
)
def test_the_line_of_place_and_work(
    line: str, location: str | None, company: str | None, occupation: str | None
) -> None:
    saved = read_page(header_page(line=line))
    assert (saved.location, saved.company, saved.texts.get("occupation")) == (location, company, occupation)


def test_a_picture_that_everybody_has_tells_no_number() -> None:
    assert read_page(header_page(None)).uid is None


def test_the_tags_of_a_new_page() -> None:
    saved = read_page(new_page(bio='I "serve" models: https://ada.example.org'))
    assert saved.formats == ("opengraph",)
    assert (saved.uid, saved.login, saved.name, saved.tier) == (None, "ada-example", "Ada Example", 4)
    assert saved.texts == {"bio": 'I "serve" models: https://ada.example.org'}
    assert saved.links == (LinkClaim("https://ada.example.org", "bio"),)


def test_a_bar_in_a_name_is_no_tier() -> None:
    saved = read_page(new_page(**{"og:title": "Ada | Example", "twitter:image": ""}))
    assert (saved.name, saved.tier) == ("Ada | Example", None)


def test_what_is_no_profile_tells_nothing() -> None:
    assert read_page(new_page(**{"og:type": "website"})).formats == ()
    assert read_page("<html><body>Sign in</body></html>") == Saved()


def test_an_object_of_2014() -> None:
    saved = read_object(object_of_2014())
    assert saved is not None
    assert (saved.formats, saved.uid, saved.login) == (("object",), FIRST, "ada-example")
    # Their 4 was a Kaggler, not a Grandmaster: today's tier is not known.
    assert saved.tier is None
    assert saved.measure == {"competitions_rank": 33, "competitions_highest_rank": 2}
    assert saved.texts == {"tagline": "Forests first.", "skills": "Random Forests, GBM, Python"}
    assert saved.created_at == datetime(2011, 3, 19, 18, 13, 34, tzinfo=UTC)
    assert [link.url for link in saved.links] == [
        "http://ada.example.org",
        "https://github.com/ada-example",
        "https://x.com/ada_example",
    ]


def test_parts_of_one_page_complete_each_other() -> None:
    saved = read_page(new_page() + header_page() + state_page(state(bio=None, city=None, country=None)))
    assert saved.formats == ("state", "header", "opengraph")
    assert (saved.location, saved.texts["bio"]) == ("Warsaw, Masovia, Poland", "I serve models.")


@pytest.mark.parametrize(
    "address",
    [
        '<link rel="canonical" href="https://www.kaggle.com/ada-example"/>',
        "<!-- saved from url=(0035)https://www.kaggle.com/Ada-Example/code -->",
        new_page(),
        header_page(),
    ],
)
def test_a_state_of_somebody_else_than_the_page_is_about_is_left_out(address: str) -> None:
    viewer = {"userId": FIRST + 1, "userName": "viewer", "gitHubUserName": "viewer"}
    saved = read_page(address + state_page(viewer, state()))
    assert (saved.uid, saved.login) == (FIRST, "ada-example")
    assert "https://github.com/viewer" not in [link.url for link in saved.links]
    # Of the viewer alone nothing is told about the owner.
    alone = read_page(address + state_page(viewer))
    assert (alone.login or "").lower() == "ada-example"
    assert "state" not in alone.formats


def test_two_states_of_one_person_complete_each_other() -> None:
    saved = read_page(state_page({"userId": FIRST, "userName": "Ada-Example"}, state()))
    assert (saved.uid, saved.website, saved.formats) == (FIRST, "https://ada.example.org", ("state", "state"))


@pytest.mark.slow
@pytest.mark.parametrize(
    "page",
    [
        state_page('{"userId": '),
        state_page("[" * 100_000),
        state_page('{"a":' * 100_000),
        state_page({"userId": "x" * 5000, "userName": ["ada"]}),
        state_page(state(userName="settings")),
        "<div>" * 200_000,
        "<!--" * 50_000,
        '<p class="profile__user-location">' * 20_000,
        "<meta property=og:type content=profile>" * 20_000 + "\x00\ufffe",
        "&#xD800;" * 1000,
        "",
    ],
)
def test_hostile_pages_tell_nobody(page: str) -> None:
    assert read_page(page).uid is None


_JSON = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(allow_nan=False), st.text()),
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(st.text(max_size=8), inner, max_size=4)),
    max_leaves=10,
)


@given(st.dictionaries(st.sampled_from([*state(), *object_of_2014()]), _JSON), st.booleans())
def test_no_object_raises(changes: dict[str, Any], old: bool) -> None:
    value = (object_of_2014() if old else state()) | changes
    saved = read_object(value)
    assert saved is None or (saved.uid and saved.login)
    assert read_page(state_page(value)).formats == (saved.formats if saved else ())


@given(st.text(alphabet=st.sampled_from("<>/='\" profile__user-metadata{}()KaggleStatepush.|:0\n\x00")))
def test_no_page_raises(text: str) -> None:
    assert read_page(text).uid is None


@given(_JSON)
def test_no_json_is_somebody_by_chance(value: Any) -> None:
    assert read_object(json.loads(json.dumps(value))) is None
