from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from sourcer.demo.resources import cap, weigh


def body(**data: Any) -> dict[str, Any]:
    return {"data": data}


def test_what_fits_is_left_alone() -> None:
    whole = body(a={"x": {}}, b=[{}, {}])
    assert cap(whole, 4) == whole
    assert cap({"errors": [1]}, 0) == {"errors": [1]}


def test_fields_that_come_too_late_are_null() -> None:
    found = cap(body(a={"x": {}}, b={"y": 1}, c={}), 3)
    assert found["data"] == {"a": {"x": {}}, "b": {"y": 1}, "c": None}
    assert [one["path"] for one in found["errors"]] == [["c"]]


def test_a_field_that_is_too_much_alone_does_not_lose_the_next() -> None:
    found = cap(body(a={"x": [{}, {}, {}]}, b={}), 2)
    assert found["data"] == {"a": None, "b": {}}


def test_a_search_loses_its_hits() -> None:
    found = cap(body(search={"total": 9, "nodes": [{}, {}]}, rateLimit={"cost": 1}), 2)
    assert found["data"] == {"search": {"total": 9, "nodes": None}, "rateLimit": {"cost": 1}}
    assert [one["path"] for one in found["errors"]] == [["search", "nodes"]]


@given(st.lists(st.lists(st.just({}), max_size=5), max_size=8), st.integers(0, 30))
def test_what_stays_weighs_no_more_than_allowed(lists: list[list[dict[str, Any]]], most: int) -> None:
    data = {f"a{number}": items for number, items in enumerate(lists)}
    found = cap({"data": data}, most)
    stays = sum(weigh(items) for items in found["data"].values())
    assert stays <= most
    lost = sum(one is None for items in found["data"].values() for one in items)
    assert lost == len(found.get("errors", ()))
    assert lost == sum(map(len, lists)) - stays
