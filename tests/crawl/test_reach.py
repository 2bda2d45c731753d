from __future__ import annotations

from datetime import UTC, datetime

import pytest

from sourcer.connect import SitePlan
from sourcer.crawl.reach import reach_of

PLANS = [
    SitePlan({"requests": 10}, {"requests": 190}, 100, {"requests": 40}),
    SitePlan({"requests": 10}, {"requests": 190}, 100, {"requests": 60}),
]


@pytest.mark.parametrize(("left", "people"), [(499.0, 199), (300.0, 100), (100.0, 0), (20.0, 0)])
def test_what_is_left_reaches_so_many_people(left: float, people: int) -> None:
    (sentence,) = reach_of("somesite", PLANS, {"requests": left}, {"requests": datetime(2026, 1, 2, tzinfo=UTC)})
    assert sentence.startswith(
        f"somesite: about 500 requests are needed and {left:g} are left until 2026-01-02T00:00:00Z"
    )
    assert f"about {people} of 200 people" in sentence


@pytest.mark.parametrize("left", [{"requests": 500.0}, {"requests": None}, {"other": 1.0}, {}])
def test_where_it_reaches_or_nobody_knows_nothing_is_said(left: dict[str, float | None]) -> None:
    assert list(reach_of("somesite", PLANS, left, {})) == []


def test_discovery_alone_may_be_too_much() -> None:
    (sentence,) = reach_of("somesite", [SitePlan(discover={"requests": 9})], {"requests": 3.0}, {})
    assert "about 9 requests are needed and 3 are left: that reaches about 0 of 0 people" in sentence
