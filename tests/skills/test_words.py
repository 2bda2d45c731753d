"""Words of texts, folded."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from sourcer.skills.words import fold, words_of


def test_words_keep_the_signs_that_are_part_of_them() -> None:
    assert words_of("C++, C# and scikit-learn_2") == ("c++", "c#", "and", "scikit", "learn", "2")


@given(st.text(max_size=40))
def test_folding_again_changes_no_plain_text(text: str) -> None:
    if text.isascii():
        assert fold(text) == fold(fold(text)) == text.lower()


def test_letters_of_another_width_are_the_same() -> None:
    assert words_of("ＭＬｆｌｏｗ") == words_of("mlflow")
