from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sourcer.link.names import agree, is_full


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Ada Beispiel", "Beispiel, Ada"),
        ("Ada Beispiel", "A. Beispiel"),
        ("Zażółć Gęślą", "Zazolc Gesla"),
        ("Alexander Example", "Alex Other"),
        ("Олена Прикладна", "олена"),
        ("ada", "ada-beispiel42"),
    ],
)
def test_names_with_a_word_in_common_agree(one: str, other: str) -> None:
    assert agree((one,), (other,))
    assert agree((None, other), ("", one))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Ada Beispiel", "Bruno Quendel"),
        ("Олена Прикладна", "Olena Prykladna"),
        ("Li Wei", "Jo Lind"),
        ("Ada Beispiel", ""),
        ("Ada Beispiel", "x_42"),
        ("", ""),
    ],
)
def test_others_do_not(one: str, other: str) -> None:
    assert not agree((one,), (other,))


@pytest.mark.parametrize(
    ("name", "full"),
    [("Ada Beispiel", True), ("Ada B.", False), ("ada42", False), ("", False), (None, False), ("Ада Прикладна", True)],
)
def test_a_full_name_has_two_words(name: str | None, full: bool) -> None:
    assert is_full(name) is full


@given(st.text(max_size=40), st.text(max_size=40))
def test_it_takes_any_text_and_both_sides_alike(one: str, other: str) -> None:
    assert agree((one,), (other,)) == agree((other,), (one,))
    assert agree((one,), (one,)) or not is_full(one)
