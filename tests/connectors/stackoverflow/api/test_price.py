from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from sourcer_stackoverflow.api.price import Needs, deep_price, packed

COUNTS = st.dictionaries(st.integers(1, 10**9), st.integers(0, 300), max_size=100)
NEEDS = st.builds(Needs, st.none() | st.integers(0, 400), st.none() | st.integers(0, 400), st.booleans())


@given(COUNTS)
def test_groups_hold_everybody_who_has_something_once_and_fit_on_a_page(counts: dict[int, int]) -> None:
    groups = packed(counts)
    members = [uid for group in groups for uid in group]
    assert sorted(members) == sorted(uid for uid, count in counts.items() if count)
    for group in groups:
        assert len(group) == 1 or sum(counts[uid] for uid in group) <= 100


@given(COUNTS)
def test_no_two_groups_would_fit_on_one_page(counts: dict[int, int]) -> None:
    sizes = sorted(sum(min(counts[uid], 100) for uid in group) for group in packed(counts))
    assert len(sizes) < 2 or sizes[0] + sizes[1] > 100


@given(st.lists(NEEDS, min_size=1, max_size=250))
def test_a_deep_look_never_costs_more_than_it_may(people: list[Needs]) -> None:
    assert deep_price(people) <= 2.1 * len(people)


@given(st.lists(NEEDS, min_size=1, max_size=100))
def test_to_know_more_beforehand_never_costs_more(people: list[Needs]) -> None:
    untold = [Needs(one.answers, 0, told=False) for one in people]
    assert deep_price([Needs(one.answers, 0, told=True) for one in people]) <= deep_price(untold)
