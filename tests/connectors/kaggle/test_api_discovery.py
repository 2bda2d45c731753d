from __future__ import annotations

import json
from typing import Any

import httpx
import pytest

from sourcer.connect import Checkpoint, Done, Evidence, Gone, Item, Ref, SiteError
from sourcer_kaggle import Kaggle
from sourcer_kaggle.settings import KaggleDiscover
from support.kaggle_world import FakeKaggle, kernel_of, person
from support.meta_kaggle import FIRST, evidence, of_type, profile, uids, unknowns, wish


async def discover(kaggle: Kaggle, *tiers: str, skills: tuple[str, ...] = (), after: Any = None) -> list[Item]:
    return [item async for item in kaggle.discover(wish(*tiers, skills=skills), after)]


async def test_people_of_a_tier_come_with_their_profile_and_are_closed(kaggle: Kaggle, world: FakeKaggle) -> None:
    world.people = [
        person(
            FIRST,
            user={
                "userLocation": "Warsaw, Masovia, Poland",
                "occupationOrganizationName": "Example",
                "kernelRanking": 0,
            },
        ),
        person(FIRST + 1, "MASTER"),
    ]
    items = await discover(kaggle, "GRANDMASTER")
    assert uids(items) == [0]
    found = profile(items)
    assert (found.name, found.location, found.company) == (f"Person {FIRST}", "Warsaw, Masovia, Poland", "Example")
    assert found.measure == {"tier": 4, "competitions_rank": 1, "competitions_points": 1234}
    assert of_type(items, Done)[0].scope == ()
    assert set(unknowns(items)) == {"competition.result", "profile.medals"}
    (_, body), *_ = world.asked
    assert body["filters"] == {"documentTypes": ["USER"], "userFilters": {"tier": "GRANDMASTER"}}


async def test_a_missing_tier_is_novice_and_numbers_are_tiers_too(kaggle: Kaggle, world: FakeKaggle) -> None:
    world.people = [person(FIRST, "NOVICE"), person(FIRST + 1, owner={"tier": 4})]
    items = await discover(kaggle, "NOVICE", "GRANDMASTER")
    assert profile(items).measure["tier"] == 0
    assert profile(items, FIRST + 1).measure["tier"] == 4


async def test_staff_organisations_and_who_opted_out_are_left_out(kaggle: Kaggle, world: FakeKaggle) -> None:
    world.people = [
        person(FIRST, owner={"progressionOptOut": True}),
        person(FIRST + 1, "STAFF"),
        person(FIRST + 2, "ORGANIZATION"),
        person(FIRST + 3),
        person(FIRST + 4, "RECALC"),
    ]
    world.kernels = [kernel_of(50 + n, f"person{FIRST + n}", "mlflow") for n in range(5)]
    world.kernels = [*world.kernels, kernel_of(60, "nobody-known", "mlflow")]
    items = await discover(kaggle, "GRANDMASTER", skills=("mlflow",))
    assert set(uids(items)) == {3, 4}


async def test_skills_lead_to_authors_with_the_notebook_that_was_found(kaggle: Kaggle, world: FakeKaggle) -> None:
    world.people = [person(FIRST), person(FIRST + 1)]
    world.kernels = [
        kernel_of(50, f"person{FIRST}", "serving-with-mlflow"),
        kernel_of(51, f"person{FIRST + 1}", "rain"),
    ]
    items = await discover(kaggle, skills=("MLflow",))
    assert uids(items) == [0]
    (notebook,) = evidence(items, "notebook.published")
    assert (notebook.key, notebook.measure) == ("50", {"votes": 12})
    assert notebook.url == f"https://www.kaggle.com/code/person{FIRST}/serving-with-mlflow"
    # Their profile is for the cheap look.
    assert not of_type(items, Done)


async def test_searches_take_turns_page_by_page(kaggle: Kaggle, world: FakeKaggle) -> None:
    world.people = [person(FIRST + n, "GRANDMASTER" if n < 120 else "MASTER") for n in range(130)]
    items = await discover(kaggle)
    assert [body["filters"]["userFilters"]["tier"] for _, body in world.asked] == [
        "GRANDMASTER",
        "MASTER",
        "GRANDMASTER",
        "GRANDMASTER",
    ]
    assert sorted(uids(items)) == list(range(130))
    assert len(of_type(items, Checkpoint)) == 4


async def test_a_page_that_leads_to_itself_ends(kaggle: Kaggle, world: FakeKaggle) -> None:
    again = {"documents": [person()], "nextPageToken": "same"}
    world.faults["ListEntities"] = [httpx.Response(200, json=again) for _ in range(5)]
    items = await discover(kaggle, "MASTER")
    assert len(world.asked) == 2
    assert of_type(items, Checkpoint)[-1].state["left"] == [None]


async def test_broken_documents_cost_themselves_alone(kaggle: Kaggle, world: FakeKaggle) -> None:
    documents = [
        None,
        "text",
        {},
        {"ownerUser": "nobody"},
        {"ownerUser": {"id": "x", "userName": "ada"}},
        {"ownerUser": {"id": FIRST, "userName": "settings"}},
        person(FIRST, ownerUser={"id": str(FIRST), "userName": "ada", "tier": "LEGEND"}, userDocument=None),
    ]
    world.faults["ListEntities"] = [httpx.Response(200, json={"documents": documents})]
    items = await discover(kaggle, "MASTER")
    assert of_type(items, Ref) == [Ref("kaggle", str(FIRST), "ada")]
    # A tier that nobody knows yet is unknown.
    assert profile(items).measure == {}


@pytest.mark.parametrize(
    "fault",
    [
        httpx.Response(500, text="<html>sorry</html>"),
        httpx.Response(200, text="<html>sorry</html>"),
        httpx.Response(200, json={"code": 400, "message": "bad"}),
        httpx.Response(200, json={"code": 503, "message": "try again"}),
        httpx.Response(200, json=[1]),
        httpx.Response(403, json={"code": 403}),
    ],
)
async def test_a_page_that_cannot_be_had_stops_and_goes_on_there(
    kaggle: Kaggle, world: FakeKaggle, fault: httpx.Response
) -> None:
    world.people = [person(FIRST + n) for n in range(60)]
    first = next(item for item in await discover(kaggle, "GRANDMASTER") if isinstance(item, Checkpoint))
    world.faults["ListEntities"] = [fault] * 9
    with pytest.raises(SiteError, match="people of tier GRANDMASTER"):
        await discover(kaggle, "GRANDMASTER", after=first)
    world.faults.clear()
    assert uids(await discover(kaggle, "GRANDMASTER", after=first)) == list(range(50, 60))


async def test_the_plan_foretells_what_is_spent(kaggle: Kaggle, world: FakeKaggle) -> None:
    world.people = [person(FIRST + n) for n in range(120)]
    world.kernels = [kernel_of(50 + n, f"person{FIRST + n}", f"mlflow-{n}") for n in range(60)]
    tiers = (await kaggle.plan(wish("GRANDMASTER"))).sites["kaggle"]
    assert (tiers.people, dict(tiers.discover), dict(tiers.cheap)) == (120, {"requests": 3}, {"requests": 0})
    assert dict(tiers.deep) == {"requests": 480}
    skills = (await kaggle.plan(wish(skills=("mlflow",)))).sites["kaggle"]
    assert (skills.people, dict(skills.discover), dict(skills.cheap)) == (60, {"requests": 2}, {"requests": 2})
    assert world.requests == {"ListEntities": 2}


async def test_the_plan_knows_that_pages_may_be_smaller(kaggle: Kaggle, world: FakeKaggle) -> None:
    world.people, world.page = [person(FIRST + n) for n in range(45)], 20
    assert dict((await kaggle.plan(wish("GRANDMASTER"))).sites["kaggle"].discover) == {"requests": 3}
    await discover(kaggle, "GRANDMASTER")
    assert len(world.asked) == 3


async def test_what_the_plan_asked_discovery_need_not_ask(kaggle: Kaggle, world: FakeKaggle) -> None:
    world.people = [person(FIRST + n, "GRANDMASTER" if n < 70 else "MASTER") for n in range(80)]
    world.kernels = [kernel_of(50, f"person{FIRST}", "mlflow")]
    wished = wish("GRANDMASTER", "MASTER", skills=("mlflow",))
    await kaggle.plan(wished)
    planned = [item async for item in kaggle.discover(wished, None)]
    asked = [json.dumps(body, sort_keys=True) for _, body in world.asked]
    assert len(asked) == len(set(asked)) == 4
    # Once: the next discovery asks anew.
    assert [item async for item in kaggle.discover(wished, None)] == planned
    assert len(world.asked) == 8


async def test_a_count_that_is_not_told_is_no_plan(kaggle: Kaggle, world: FakeKaggle) -> None:
    world.faults["ListEntities"] = [httpx.Response(200, json={"totalDocuments": "many"})]
    plan = (await kaggle.plan(wish("MASTER"))).sites["kaggle"]
    assert (plan.people, dict(plan.discover)) == (None, {})


async def test_evidence_of_a_search_that_cannot_be_shown_is_left_out(kaggle: Kaggle, world: FakeKaggle) -> None:
    world.people = [person()]
    world.kernels = [kernel_of(50, f"person{FIRST}", "a b", title="mlflow")]
    items = await discover(kaggle, skills=("mlflow",))
    assert uids(items) == [0]
    assert not of_type(items, Evidence)


async def test_named_people_are_found_by_number_and_by_name(kaggle: Kaggle, world: FakeKaggle) -> None:
    world.people = [person(FIRST + n) for n in range(60)]
    world.people[3]["ownerUser"]["userName"] = "ada"
    world.people[4]["ownerUser"]["userName"] = "ada-b"
    named = KaggleDiscover(accounts=(f"#{FIRST + 7}", "ADA", "nobody"))
    items = [item async for item in kaggle.discover(named, None)]
    assert sorted(uids(items)) == [3, 7]
    # All numbers in one request, a request for each name; all closed, for the search told their profiles.
    assert world.requests == {"ListEntities": 3}
    assert len(of_type(items, Done)) == 2
    plan = (await kaggle.plan(named)).sites["kaggle"]
    assert (plan.people, dict(plan.discover)) == (2, {"requests": 3})


async def test_named_people_whom_the_search_does_not_show_are_errors_of_the_run(
    kaggle: Kaggle, world: FakeKaggle
) -> None:
    world.people = [person(FIRST), person(FIRST + 1, owner={"userName": "ada"})]
    named = KaggleDiscover(accounts=(f"#{FIRST}", "#77", "ada", "nobody-here"))
    items = [item async for item in kaggle.discover(named, None)]
    assert sorted(uids(items)) == [0, 1]
    said = "Kaggle's search shows no such account: #77, nobody-here"
    assert kaggle.fetcher.usage.errors == {"no_account": (2, said)}
    # Also where the discovery was cut off in between.
    kaggle.fetcher.usage.errors.clear()
    first = of_type(items, Checkpoint)[0]
    assert uids([item async for item in kaggle.discover(named, first)]) == [1]
    assert kaggle.fetcher.usage.errors == {"no_account": (2, said)}


async def test_named_people_who_are_no_candidates_now_are_gone(kaggle: Kaggle, world: FakeKaggle) -> None:
    world.people = [
        person(FIRST, owner={"progressionOptOut": True}),
        person(FIRST + 1, "STAFF", owner={"userName": "boss"}),
        person(FIRST + 2, "STAFF", owner={"userName": "boss-too"}),
    ]
    named = KaggleDiscover(accounts=(f"#{FIRST}", "boss"))
    items = [item async for item in kaggle.discover(named, None)]
    assert [int(item.ref.uid) - FIRST for item in of_type(items, Gone)] == [0, 1]
    assert not uids(items)
    assert set(kaggle.fetcher.usage.errors) == {"no_person"}


async def test_a_search_that_heeds_no_number_names_nobody(kaggle: Kaggle, world: FakeKaggle) -> None:
    world.faults["ListEntities"] = [httpx.Response(200, json={"documents": [person(FIRST + n) for n in range(9)]})]
    items = [item async for item in kaggle.discover(KaggleDiscover(accounts=(f"#{FIRST + 5}",)), None)]
    assert uids(items) == [5]


@pytest.mark.parametrize(
    ("asked", "again"),
    [({"tiers": ["MASTER"]}, True), ({"skills": ["mlflow"]}, True), ({"accounts": ["ada"]}, False)],
)
def test_who_was_found_before_is_looked_at_again_unless_people_are_named(
    kaggle: Kaggle, asked: dict[str, Any], *, again: bool
) -> None:
    assert kaggle.revisits(KaggleDiscover.model_validate(asked)) is again
