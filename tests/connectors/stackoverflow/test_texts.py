from __future__ import annotations

import sys
from datetime import UTC, datetime
from types import FrameType
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sourcer_stackoverflow.licence import licence_of, licence_of_profile
from sourcer_stackoverflow.texts import read_html, web_url


@pytest.mark.parametrize(
    ("typed", "url"),
    [
        ("https://invented.example/me", "https://invented.example/me"),
        (" http://invented.example ", "http://invented.example"),
        ("invented.example", "https://invented.example"),
        ("//invented.example/x", "https://invented.example/x"),
        ("invented.example:8080/x", "https://invented.example:8080/x"),
        ("http://", None),
        ("https://localhost", None),
        ("n/a", None),
        ("none of your business.", None),
        ("javascript:alert(1)", None),
        ("javascript://invented.example/%0aalert(1)", None),
        ("mailto:me@invented.example", None),
        ("me@invented.example", None),
        ("https://user:password@invented.example/", None),
        ("http://[broken", None),
        ("", None),
        (None, None),
    ],
)
def test_web_addresses(typed: str | None, url: str | None) -> None:
    assert web_url(typed) == url


@given(st.text())
def test_any_text_is_a_web_address_or_none(text: str) -> None:
    url = web_url(text)
    assert url is None or url.lower().startswith(("http://", "https://"))


def test_text_and_links_of_html() -> None:
    html = (
        '<p>I build <b>pipe</b>lines &amp; more.</p><p>See <a href="https://invented.example/a">here</a>'
        '<br>or <a href="https://invented.example/a">here</a>, <a href="/users/5">there</a></p>'
    )
    assert read_html(html) == ("I build pipelines & more. See here or here, there", ("https://invented.example/a",))


def test_hostile_html_is_harmless() -> None:
    html = (
        '<script>alert("x")</script><style>p{}</style><iframe src="https://evil.example"></iframe>'
        '<a href="javascript:alert(1)" onclick="x()">a</a><img src=x onerror=alert(1)><p>text &lt;script&gt;</p'
    )
    assert read_html(html) == ("a text <script>", ())


def test_deep_and_long_html_ends_soon() -> None:
    text, links = read_html("<b><i>" * 50_000 + "deep" + '<a href="https://invented.example">x</a>' * 1000)
    assert len(text) <= 60_000
    assert len(links) <= 50


@pytest.mark.parametrize("block", ["<br>", "<p>x", "<li>", "<div>"])
def test_hostile_html_takes_as_long_as_it_is_long(block: str) -> None:
    """Counted in lines of Python that are run, as a clock would not tell the same twice."""
    assert steps_for(block * 1600) < 2.5 * steps_for(block * 800)


def steps_for(html: str) -> int:
    steps = 0

    def count(_frame: FrameType, _event: str, _argument: object) -> Any:
        nonlocal steps
        steps += 1
        return count

    before = sys.gettrace()
    sys.settrace(count)
    try:
        read_html(html)
    finally:
        sys.settrace(before)
    return steps


def test_a_bare_word_is_no_file_name() -> None:
    assert read_html("resume.txt") == ("resume.txt", ())
    assert read_html("https://invented.example/") == ("https://invented.example/", ())
    assert read_html(None) == ("", ())


@given(st.text())
def test_any_text_can_be_read_as_html(text: str) -> None:
    assert "\n" not in read_html(text)[0]


@pytest.mark.parametrize(
    ("day", "licence"),
    [
        (datetime(2011, 4, 7, 23, 59, 59, tzinfo=UTC), "CC BY-SA 2.5"),
        (datetime(2011, 4, 8, tzinfo=UTC), "CC BY-SA 3.0"),
        (datetime(2018, 5, 1, 23, 59, 59, tzinfo=UTC), "CC BY-SA 3.0"),
        (datetime(2018, 5, 2, tzinfo=UTC), "CC BY-SA 4.0"),
        (None, "CC BY-SA"),
    ],
)
def test_the_licence_follows_the_day(day: datetime | None, licence: str) -> None:
    assert licence_of(None, day) == licence
    assert licence_of("CC BY-SA 9.0", day) == "CC BY-SA 9.0"


def test_a_profile_s_text_is_no_older_than_the_account() -> None:
    assert licence_of_profile(datetime(2018, 5, 2, tzinfo=UTC)) == "CC BY-SA 4.0"
    # What an older account says may be of any day since.
    assert licence_of_profile(datetime(2018, 5, 1, 23, 59, 59, tzinfo=UTC)) == "CC BY-SA"
    assert licence_of_profile(None) == "CC BY-SA"
