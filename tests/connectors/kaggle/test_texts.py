from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sourcer.connect import Evidence, Ref
from sourcer.connect.items import check_item
from sourcer_kaggle.texts import language_term, line, tag_term, terms_of, web_url


def test_tags_of_names_and_addresses_are_one() -> None:
    assert tag_term("Time Series") == tag_term("time-series") == "tag:time-series"
    assert tag_term("  ") is None
    assert tag_term("x" * 101) is None


@pytest.mark.parametrize(
    ("name", "term"),
    [
        ("Python", "language:python"),
        ("IPython Notebook HTML", "language:python"),
        ("Rmarkdown", "language:r"),
        ("R", "language:r"),
        ("Julia", "language:julia"),
        ("", None),
        (None, None),
    ],
)
def test_languages_have_one_spelling(name: str | None, term: str | None) -> None:
    assert language_term(name) == term


def test_terms_do_not_depend_on_the_order_of_tags() -> None:
    assert terms_of("A title", ["b", None, "a", "B"], "Python") == (
        "tag:a",
        "tag:b",
        "language:python",
        "text:A title",
    )


@pytest.mark.parametrize(
    "text", ["", "http://", "javascript:alert(1)", "a b", "x@example.org", "http://[", "localhost"]
)
def test_what_is_no_web_address(text: str) -> None:
    assert web_url(text) is None


def test_the_scheme_is_filled_in() -> None:
    assert web_url(" ada.example.org/x ") == "https://ada.example.org/x"


@given(st.text(), st.lists(st.one_of(st.none(), st.text())), st.one_of(st.none(), st.text()))
def test_whatever_is_written_makes_terms_that_can_be_stored(
    title: str, tags: list[str | None], language: str | None
) -> None:
    terms = terms_of(title, tags, language)
    piece = Evidence(Ref("kaggle", "2000000001"), "notebook.published", "https://www.kaggle.com/x", terms)
    assert check_item(piece, ("kaggle",)) is None
    assert line(title) is None or "\n" not in (line(title) or "")
