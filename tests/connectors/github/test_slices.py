"""Cutting searches: what is cut is covered exactly once, and cutting ends."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from sourcer_github.slices import FIRST_DAY, MOST_RESULTS, TOP, Search, Slice

TODAY = date(2026, 11, 23)
TOPIC = Search("topic:mlops", "stars")

days = st.dates(FIRST_DAY, TODAY)
numbers = st.one_of(st.integers(0, 30), st.integers(0, 2 * TOP))


def holds(part: Slice, day: date, number: int, least: int = 0) -> bool:
    first, last = part.days or (FIRST_DAY, TODAY)
    low, high = part.numbers or (least, None)
    return first <= day <= last and low <= number and (high is None or number <= high)


def leaves(search: Search, found: list[tuple[date, int]], most: int) -> list[tuple[Slice, int]]:
    """The parts in which reading ends, and how much each finds."""
    ended, waiting = [], [Slice()]
    while waiting:
        part = waiting.pop()
        count = sum(holds(part, day, number, search.least) for day, number in found)
        halves = search.halves(part, TODAY) if count > most else ()
        waiting += halves
        if not halves:
            ended.append((part, count))
    return ended


@given(st.lists(st.tuples(days, numbers), max_size=60), st.integers(1, 8), st.integers(0, 40))
def test_everything_is_covered_exactly_once_and_fits_where_it_can(
    found: list[tuple[date, int]], most: int, least: int
) -> None:
    search = Search("topic:mlops", "stars", least)
    wanted = [one for one in found if one[1] >= least]
    ended = leaves(search, wanted, most)
    assert [sum(holds(part, *one, least) for part, _ in ended) for one in wanted] == [1] * len(wanted)
    for part, count in ended:
        if count > most:
            assert len({(day, min(number, TOP)) for day, number in wanted if holds(part, day, number, least)}) == 1


@given(st.lists(st.tuples(days, numbers), min_size=1, max_size=1), st.integers(0, 40))
def test_cutting_ends_even_when_nothing_ever_fits(found: list[tuple[date, int]], least: int) -> None:
    search = Search("topic:mlops", "stars", least)
    part, steps = Slice(), 0
    while halves := search.halves(part, TODAY):
        part = next((half for half in halves if holds(half, *found[0], least)), halves[-1])
        steps += 1
    assert steps <= 40
    assert part.days is not None
    assert part.days[0] == part.days[1]


@given(
    st.one_of(st.none(), st.tuples(days, days).map(lambda pair: (min(pair), max(pair)))),
    st.one_of(st.none(), st.tuples(numbers, st.one_of(st.none(), numbers))),
    st.one_of(st.none(), st.text(min_size=1)),
)
def test_a_checkpoint_gives_back_the_slice(
    span: tuple[date, date] | None, between: tuple[int, int | None] | None, cursor: str | None
) -> None:
    part = Slice(span, between, cursor)
    assert Slice.from_json(part.as_json()) == part


def test_the_whole_is_searched_for_without_ranges() -> None:
    assert TOPIC.text(Slice()) == "topic:mlops"
    assert Search("type:user", "followers", 20).text(Slice()) == "type:user followers:>=20"


def test_ranges_take_both_ends_in() -> None:
    day = date(2024, 5, 6)
    search = Search("type:user", "followers", 20)
    assert search.text(Slice((day, day), (20, 49))) == "type:user followers:20..49 created:2024-05-06..2024-05-06"
    assert search.text(Slice((day, day), (50, None))) == "type:user followers:>=50 created:2024-05-06..2024-05-06"


def test_days_are_cut_before_numbers() -> None:
    older, newer = TOPIC.halves(Slice(), TODAY)
    assert older.numbers is newer.numbers is None
    assert older.days is not None
    assert newer.days is not None
    assert (older.days[0], newer.days[1]) == (FIRST_DAY, TODAY)
    assert newer.days[0] - older.days[1] == timedelta(days=1)


def test_numbers_are_cut_by_factors_and_the_last_part_is_open() -> None:
    part = Slice((TODAY, TODAY))
    tops = []
    while halves := TOPIC.halves(part, TODAY):
        part = halves[0]
        tops.append(part.numbers)
        assert halves[1].numbers is not None
    assert tops == [(0, 999), (0, 30), (0, 4), (0, 1), (0, 0)]
    top = TOPIC.halves(Slice((TODAY, TODAY), (1_000, None)), TODAY)
    assert top[1].numbers is not None
    assert top[1].numbers[1] is None


def test_a_crawl_before_the_first_day_cuts_numbers() -> None:
    assert TOPIC.halves(Slice(), FIRST_DAY)[0] == Slice((FIRST_DAY, FIRST_DAY), (0, 999))


def test_the_cap_is_githubs() -> None:
    assert MOST_RESULTS == 1_000
