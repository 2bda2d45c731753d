from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sourcer.export.names import split_name


@pytest.mark.parametrize(
    ("name", "first", "last"),
    [
        ("Ada Example", "Ada", "Example"),
        ("Ada Maria Example", "Ada Maria", "Example"),
        ("Ludwig van den Berg", "Ludwig", "van den Berg"),
        ("Omar bin Said", "Omar", "bin Said"),
        ("Example, Ada", "Ada", "Example"),
        ("Ada Example, PhD", "Ada", "Example, PhD"),
        ("Ada Example 🚀", "Ada", "Example 🚀"),
        ("Ada Example (she/her)", "Ada", "Example (she/her)"),
        ("Ada 🚀", "Ada 🚀", ""),
        ("Madonna", "Madonna", ""),
        ("van Gogh", "van", "Gogh"),
        ("李雷", "李雷", ""),
        ("山田 太郎", "太郎", "山田"),
        ("김 민수", "민수", "김"),
        ("アダ・ラブレス", "アダ・ラブレス", ""),
        ("प्रिया शर्मा", "प्रिया", "शर्मा"),
        ("مريم المثال", "مريم", "المثال"),
        ("", "", ""),
    ],
)
def test_a_name_is_split_by_the_rule(name: str, first: str, last: str) -> None:
    assert split_name(name) == (first, last)


@given(st.text())
def test_no_word_is_invented_and_none_is_lost(name: str) -> None:
    first, last = split_name(name)
    words = [word.rstrip(",") for word in f"{first} {last}".split()]
    assert sorted(words) == sorted(word.rstrip(",") for word in name.split())
    assert first or not name.split()
