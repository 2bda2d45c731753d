from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sourcer.link.names import agree, clash, clash_in_text, is_full


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


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Ada Beispiel", "Beispiel, A."),
        ("Ada Beispiel", "Adele Beispiel (she/her)"),
        ("Ada Beispiel | ML", "A. M. Beispiel, PhD"),
        ("Ada Quendel Beispiel", "Ada Quendel"),
        ("Ada Beispiel", "Beispiel Ada"),
        ("Alexander Example", "Alex E."),
        ("Jörg Müller-Beispiel", "Joerg Mueller"),
        ("Łukasz Przykład", "Lukasz Przyklad"),
        ("王 小例", "王 大例"),
        ("王 小例 (Xiaoli Wang)", "Xiaoli Wang"),
        # A nickname and a missing name.
        ("Ada Beispiel", "ada"),
        ("Ada Beispiel", ""),
    ],
)
def test_in_a_text_the_family_part_agrees_or_the_whole_shorter_name(one: str, other: str) -> None:
    assert not clash_in_text((one, None), (other, None))
    assert not clash_in_text((other, None), (one, None))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Ada Beispiel", "Ada Quendel"),
        ("Dan Example", "Daniela Other"),
        ("Ada Beispiel", "Ada Q."),
        ("Ada Beispiel, PhD", "Bruno Quendel, PhD"),
        ("Ada Beispiel PhD", "Bruno Quendel PhD"),
        ("Ada Beispiel | ML", "Bruno Quendel | ML"),
        ("Ada B.", "Ada Q."),
        ("Олена Прикладна", "Олена Квендель"),
        ("王 小例", "李 小例"),
        ("Ada Beispiel", "bq"),
        # Nobody can tell, and nothing speaks for it.
        ("Олена Прикладна", "Olena Prykladna"),
        ("Олена Прикладна", "Bruno Quendel"),
        ("王 小例", "Xiaoli Wang"),
    ],
)
def test_in_a_text_a_given_name_is_not_enough(one: str, other: str) -> None:
    assert clash_in_text((one, None), (other, None))
    assert clash_in_text((other, None), (one, None))


def test_a_login_speaks_for_a_nickname_or_another_script_and_not_against_two_full_names() -> None:
    assert not clash_in_text(("bq", "quendel-bruno"), ("Bruno Quendel", "22"))
    assert not clash_in_text(("Олена Прикладна", "prykladna-olena"), ("Olena Prykladna", "22"))
    assert clash_in_text(("Ada Quendel", "adaquendel"), ("Ada Beispiel", "22"))
    assert clash_in_text(("Ada Quendel", "ada-q"), ("Ada Beispiel", "22"))
    # What is shown as a name may be a motto.
    assert not clash_in_text(("Wind Whisperer", "beispiel-ada12"), ("Ada Beispiel", "22"))
    assert not clash_in_text(("Ada Beispiel", "22"), ("Wind Whisperer", "a-beispiel"))
    assert clash_in_text(("Wind Whisperer", "ada"), ("Ada Beispiel", "22"))
    assert clash_in_text(("Wind Whisperer", "beispiel-bruno"), ("Ada Beispiel", "22"))
    assert not clash(("Ada Beispiel", "quendel"), ("Bruno Quendel", "22"))


def test_in_a_field_full_names_of_one_script_clash_that_have_nothing_in_common() -> None:
    assert clash(("Ada Beispiel", "ada"), ("Bruno Quendel", "22"))
    assert not clash(("Ada Beispiel", "ada"), ("Ada Quendel", "22"))
    assert not clash(("Ada Beispiel", "ada"), ("bq", "22"))
    assert not clash(("Олена Прикладна", "1"), ("Olena Prykladna", "22"))


def test_a_login_that_may_have_changed_hands_needs_something_that_speaks_for_it() -> None:
    assert clash(("Olena Prykladna", "o-data"), ("홍보기", "gridload"), by_login=True)
    assert not clash(("Olena Prykladna", "o-data"), ("홍보기", "gridload"))
    assert clash(("Олена Прикладна", "o-data"), ("Olena Prykladna", "xy"), by_login=True)
    assert not clash(("Олена Прикладна", "prykladna"), ("Olena Prykladna", "op"), by_login=True)
    assert not clash(("Ada Beispiel", "ada"), ("bq", "22"), by_login=True)
    assert not clash((None, "ada"), ("홍보기", "gridload"), by_login=True)


@given(st.text(max_size=40), st.text(max_size=40))
def test_it_takes_any_text_and_both_sides_alike(one: str, other: str) -> None:
    assert agree((one,), (other,)) == agree((other,), (one,))
    assert agree((one,), (one,)) or not is_full(one)
    assert clash_in_text((one, other), (other, one)) == clash_in_text((other, one), (one, other))
    assert not (is_full(one) and clash_in_text((one, None), (one, None)))
