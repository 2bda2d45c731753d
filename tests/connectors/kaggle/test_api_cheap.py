"""Who is missing in an answer of the search is gone only where the search surely works."""

from __future__ import annotations

from collections import Counter
from typing import Any

import httpx
import pytest

from sourcer.connect import AnswerError, Focus, Gone, Item, Ref, Unknown, Visit
from sourcer_kaggle import Kaggle
from support.kaggle_world import FakeKaggle, person
from support.meta_kaggle import FIRST, of_type, unknowns

NOT_ANSWERED = "Kaggle's search did not answer for this person"


async def look(kaggle: Kaggle, focus: Focus, *uids: int) -> list[Item]:
    visits = [Visit(Ref("kaggle", str(uid), f"person{uid}")) for uid in uids]
    return [item async for item in kaggle.fetch(visits, "cheap", focus)]


def gone(items: list[Item]) -> list[int]:
    return [int(item.ref.uid) - FIRST for item in of_type(items, Gone)]


def answer(*people: int, **more: Any) -> httpx.Response:
    documents = {"documents": [person(FIRST + n) for n in people], "totalDocuments": len(people)} if people else {}
    return httpx.Response(200, json=documents | more)


STRANGERS = tuple(range(100, 150))


@pytest.mark.parametrize(
    "answers",
    [
        pytest.param([answer(*STRANGERS, totalDocuments=15_000_000)], id="the filter was not heeded"),
        pytest.param([answer(0, *STRANGERS)], id="strangers among those who were asked for"),
        pytest.param([answer(0, totalDocuments=2)], id="one of two documents"),
        pytest.param([answer(0, totalDocuments="many")], id="no count"),
        pytest.param([answer(0, nextPageToken="x")] * 2, id="a page that leads to itself"),
        pytest.param([answer(0, nextPageToken=7)], id="a token that is none"),
        pytest.param([answer(0, nextPageToken=f"{n}") for n in range(1, 11)], id="pages without end"),
    ],
)
async def test_who_is_missing_in_a_doubtful_answer_is_unknown(
    kaggle: Kaggle, world: FakeKaggle, focus: Focus, answers: list[httpx.Response]
) -> None:
    world.faults["ListEntities"] = list(answers)
    items = await look(kaggle, focus, FIRST, FIRST + 1)
    assert gone(items) == []
    assert unknowns(items, FIRST + 1) == {"*": NOT_ANSWERED}
    assert len(world.asked) == len(answers)


async def test_an_empty_answer_for_a_whole_batch_is_not_believed(
    kaggle: Kaggle, world: FakeKaggle, focus: Focus
) -> None:
    world.people = [person(FIRST + n) for n in range(60)]
    world.faults["ListEntities"] = [httpx.Response(200, json={})]
    items = await look(kaggle, focus, *range(FIRST, FIRST + 50))
    assert gone(items) == []
    assert not [item for item in of_type(items, Unknown) if item.what == "*"]


async def test_a_batch_of_which_nobody_is_there_is_gone_when_the_search_finds_somebody_else(
    kaggle: Kaggle, world: FakeKaggle, focus: Focus
) -> None:
    world.people = [person(FIRST + 9)]
    assert gone(await look(kaggle, focus, FIRST, FIRST + 1)) == [0, 1]
    asked = [body["filters"].get("userFilters", {}).get("userIds") for _, body in world.asked]
    assert asked == [[FIRST, FIRST + 1], None, [FIRST, FIRST + 1, FIRST + 9]]


@pytest.mark.parametrize(
    "second",
    [
        [httpx.Response(200, json={})],
        [answer(9), httpx.Response(200, json={})],
        [answer(9), answer(9, *STRANGERS)],
        [answer(9), httpx.Response(200, json={"code": 400})],
        [httpx.Response(200, json={"error": "x"})],
    ],
)
async def test_a_search_that_finds_nobody_at_all_makes_nobody_gone(
    kaggle: Kaggle, world: FakeKaggle, focus: Focus, second: list[httpx.Response]
) -> None:
    world.faults["ListEntities"] = [httpx.Response(200, json={}), *second]
    items = await look(kaggle, focus, FIRST, FIRST + 1)
    assert gone(items) == []
    assert Counter(item.what for item in of_type(items, Unknown)) == {"*": 2}


@pytest.mark.parametrize(
    "body", [{"code": "404"}, {"code": 404.0}, {"code": 5}, {"error": "x"}, {"error": {"code": 9}}]
)
async def test_an_error_within_a_good_answer_is_no_empty_list(
    kaggle: Kaggle, world: FakeKaggle, focus: Focus, body: dict[str, Any]
) -> None:
    world.faults["ListEntities"] = [httpx.Response(200, json=body)]
    with pytest.raises(AnswerError):
        await look(kaggle, focus, FIRST)
    world.faults["ListKernels"] = [httpx.Response(200, json=body)]
    items = [item async for item in kaggle.fetch([Visit(Ref("kaggle", str(FIRST), "ada"))], "deep", focus)]
    assert set(unknowns(items)) == {"notebook.published"}
    # The run shows both.
    assert sum(count for count, _ in kaggle.fetcher.usage.errors.values()) == 2


async def test_who_has_no_readable_name_is_unknown_and_not_gone(
    kaggle: Kaggle, world: FakeKaggle, focus: Focus
) -> None:
    world.people = [person(FIRST, owner={"userName": ""}), person(FIRST + 1, "STAFF", owner={"userName": "a b"})]
    items = await look(kaggle, focus, FIRST, FIRST + 1)
    assert gone(items) == [1]
    assert unknowns(items)["*"] == NOT_ANSWERED
