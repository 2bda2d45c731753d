from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from sourcer_stackoverflow.dump.sieve import Sieve

IDS = st.integers(1, 10**15 - 1)


@given(st.sets(IDS))
def test_nobody_who_was_put_in_is_missing(ids: set[int]) -> None:
    sieve = Sieve(ids)
    assert all(one in sieve for one in ids)


def test_most_others_do_not_pass() -> None:
    sieve = Sieve(range(1, 1_000))
    assert sum(one in sieve for one in range(1_000, 2_000_000)) == 0
