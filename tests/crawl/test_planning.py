from __future__ import annotations

from typing import Any, cast

import pytest
from pydantic import BaseModel

from sourcer.connect import Connector, Plan, SitePlan
from sourcer.crawl.planning import corrected, expected_spending
from sourcer.crawl.tally import Tally
from sourcer.fetch.usage import Usage

PLANNED = {"discover": {"points": 3}, "cheap": {"points": 20}, "deep": {"points": 10}, "people": 200}


def test_fewer_people_cost_less() -> None:
    assert corrected(PLANNED, 0.5) == {**PLANNED, "cheap": {"points": 10}, "deep": {"points": 5}}


def test_what_the_cheap_look_was_told_corrects_the_deep_one() -> None:
    found = corrected(PLANNED, 0.5, {"points": 20.0})
    assert found["cheap"] == {"points": 20.0}
    assert found["deep"] == {"points": 10}


def test_what_nobody_knows_changes_nothing() -> None:
    assert corrected(PLANNED, None) == PLANNED
    assert corrected(PLANNED, 1.0, {"other": 5.0})["deep"] == {"points": 10}


def test_a_run_keeps_the_plan_and_its_correction() -> None:
    tally, usage = Tally(("invented",)), Usage()
    tally.sites["invented"].planned = dict(PLANNED)
    tally.begin("cheap", usage)
    tally.correct(100)
    assert tally.as_json()["invented"]["corrected"]["cheap"] == {"points": 10}
    usage.add_cost("points", 15.0)
    tally.begin("deep", usage)
    tally.correct(100)
    told = tally.as_json()["invented"]
    assert told["planned"] == PLANNED
    assert told["corrected"]["deep"] == {"points": 8}
    assert told["corrected"]["people"] == 100


def test_sites_that_share_a_quota_have_one_plan() -> None:
    tally, usage = Tally(("large", "small")), Usage()
    tally.plan([PLANNED, {"discover": {"points": 2}, "cheap": {}, "deep": {}, "people": 50}])
    usage.add_cost("points", 4.0)
    tally.begin("cheap", usage)
    tally.correct(125)
    told = tally.as_json()
    assert told["large"]["planned"] == {**PLANNED, "discover": {"points": 5}, "people": 250}
    assert told["large"]["corrected"]["cheap"] == {"points": 10}
    assert told["small"]["planned"] is None


def test_a_plan_of_which_a_part_is_unknown() -> None:
    tally = Tally(("large", "small"))
    tally.plan([PLANNED, {"discover": {}, "cheap": {}, "deep": {}, "people": None}])
    tally.correct(100)
    assert tally.first.planned == {**PLANNED, "people": None}
    assert tally.first.corrected == {**PLANNED, "people": 100}


class Nothing(BaseModel):
    """What a brief asks: nothing in particular."""


class Planner:
    """A connector that can only plan."""

    name = "invented"

    async def plan(self, discover: BaseModel) -> Plan:
        return Plan({"invented": SitePlan({"points": 20}, {"points": 10}, 200, {"points": 12})})


@pytest.mark.parametrize(("limit", "discover", "cheap", "deep"), [(20, 4, 2, 1), (100, 12, 10, 3), (500, 12, 20, 5)])
async def test_a_limit_of_people_cuts_looks_at_once_and_discovery_later(
    limit: int, discover: int, cheap: int, deep: int
) -> None:
    planner = cast("Connector", cast("Any", Planner()))
    found = (await expected_spending(planner, Nothing(), limit=limit, deep_share=0.5))["invented"]
    assert found == SitePlan({"points": cheap}, {"points": deep}, min(limit, 200), {"points": discover})
