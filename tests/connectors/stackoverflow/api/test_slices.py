from __future__ import annotations

import random

import pytest

from sourcer_stackoverflow.api.slices import DEEPEST, halves, list_price, readable, shares
from sourcer_stackoverflow.api.steps import FIRST_DAY, Step
from sourcer_stackoverflow.api.wire import QuestionPost
from support.stackexchange_world import NOW

LONG = Step("questions", "ai", most=3_000)


def test_halves_cover_the_whole_without_overlap() -> None:
    newer, older = halves(LONG, 2_500, NOW)
    assert (older.since, newer.until, newer.since) == (FIRST_DAY, NOW, older.until + 1)
    assert (newer.cuts, older.cuts) == (1, 1)


@pytest.mark.parametrize(
    "step",
    [
        Step("questions", "ai", most=2_500),
        Step("questions", "ai", most=3_000, page=2),
        Step("questions", "ai", most=3_000, since=5, until=5),
        Step("questions", "ai", most=3_000, cuts=DEEPEST),
        Step("questions", "ai"),
    ],
)
def test_what_is_shown_whole_or_cannot_be_cut_is_not_cut(step: Step) -> None:
    assert halves(step, 2_500, NOW) == ()


def test_with_a_key_nothing_is_cut() -> None:
    assert halves(LONG, None, NOW) == ()


@pytest.mark.parametrize(("newer", "sizes"), [(1_000, [1_000, 2_000]), (0, [3_000]), (3_500, [3_500, 0])])
def test_the_older_half_is_read_even_where_nothing_should_be_left(newer: int, sizes: list[int]) -> None:
    assert [one.most for one in readable(halves(LONG, 2_500, NOW), newer)] == sizes


def asked(*answers: int | None) -> list[QuestionPost]:
    return [QuestionPost(question_id=number, answer_count=count) for number, count in enumerate(answers, start=1)]


@pytest.mark.parametrize(
    ("answers", "room", "groups"),
    [
        ((3, 0, 4), None, [(1, 3)]),
        ((3, 0, 4), 7, [(1, 3)]),
        ((3, 0, 5, None), 7, [(1,), (3, 4)]),
        ((9, 1), 7, [(1,), (2,)]),
        ((0, 0), 7, []),
        ((), 7, []),
    ],
)
def test_questions_are_shared_out_by_their_answers(
    answers: tuple[int | None, ...], room: int | None, groups: list[tuple[int, ...]]
) -> None:
    assert shares(asked(*answers), room) == groups


@pytest.mark.parametrize("seed", range(40))
def test_the_price_of_a_list_bounds_what_reading_it_takes(seed: int) -> None:
    dice = random.Random(seed)
    moments = [FIRST_DAY + int((NOW - FIRST_DAY) * dice.random() ** dice.choice((1, 1, 4, 9))) for _ in range(9_000)]
    cuts = pages = 0
    left = [Step("questions", "ai", most=len(moments))]
    while left:
        step = left.pop()
        parts = halves(step, 2_500, NOW)
        if parts:
            cuts += 1
            left += readable(parts, sum(parts[0].since <= moment <= parts[0].until for moment in moments))
        else:
            pages += max(1, min(25, -(-step.most // 100)))
    most_cuts, most_pages = list_price(len(moments), 2_500)
    assert cuts <= most_cuts
    assert pages <= most_pages <= 2 * pages


def test_a_list_that_is_shown_whole_costs_its_pages() -> None:
    assert (list_price(2_500, 2_500), list_price(9_001, None), list_price(0, 2_500)) == ((0, 25), (0, 91), (0, 0))
