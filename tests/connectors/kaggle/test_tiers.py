from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sourcer_kaggle.tiers import TIERS, is_person, read_tier, tier_number


@pytest.mark.parametrize(
    ("written", "number"),
    [
        ("GRANDMASTER", 4),
        ("grandmaster", 4),
        ("Grandmaster", 4),
        ("Grand Master", 4),
        ("USER_ACHIEVEMENT_TIER_EXPERT", 2),
        ("NOVICE", 0),
        (3, 3),
        ("3", 3),
        ("STAFF", 5),
        (11, 11),
        ("RECALC", 21),
        (10, None),
        ("10", None),
        ("", None),
        ("²", None),
        (True, None),
        (None, None),
        (2.0, None),
    ],
)
def test_every_generation_of_spellings_is_one_number(written: Any, number: int | None) -> None:
    assert read_tier(written) == number


def test_only_tiers_of_people_are_shown_as_such() -> None:
    assert [tier_number(number) for number in (0, 4, 5, 11, 21, None)] == [0, 4, None, None, None, None]
    assert [is_person(number) for number in (0, 4, 5, 11, 21, None)] == [True, True, False, False, True, True]


@given(st.one_of(st.text(), st.integers(), st.floats(), st.none(), st.lists(st.integers())))
def test_whatever_is_written_is_a_known_tier_or_none(written: Any) -> None:
    assert read_tier(written) in {*range(len(TIERS)), 5, 11, 21, None}
