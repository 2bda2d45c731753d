from __future__ import annotations

from collections import Counter

import pytest

from sourcer_stackoverflow.api import client, discovery, planning, slices
from sourcer_stackoverflow.api.planning import how_many
from sourcer_stackoverflow.settings import StackOverflowDiscover
from support.dumps import answer, badge, question, user
from support.stackexchange_calls import Connect, find, wish
from support.stackexchange_world import Asked, Site, StackExchange, refused
from support.two_ways import ME, population, said_by


def spent(world: StackExchange) -> int:
    return len(world.asked)


async def crawl_costs(
    connect: Connect, world: StackExchange, wanted: StackOverflowDiscover
) -> tuple[int, int, int, int]:
    """Requests of discovery, of the cheap look and of the deep look, and people."""
    connector = connect(world)
    await find(connector, wanted)
    discovered = spent(world)
    world.asked.clear()
    connector = connect(world)
    cheap = await said_by(connector, wanted, deep=False)
    looked = spent(world) - discovered
    world.asked.clear()
    await said_by(connect(world), wanted)
    return discovered, looked, spent(world) - discovered - looked, len(cheap.people)


@pytest.mark.parametrize("seed", range(4))
async def test_the_plan_foretells_what_is_spent(connect: Connect, seed: int) -> None:
    world = StackExchange({"ai": population(seed, people=30)}, quota=100_000)
    wanted = wish("pytorch", "c++")
    plan = (await connect(world).plan(wanted)).sites["ai"]
    world.asked.clear()
    discovered, cheap, deep, people = await crawl_costs(connect, world, wanted)
    assert discovered <= plan.discover["requests"]
    assert plan.people is not None
    assert plan.people == pytest.approx(people, rel=0.15)
    found = people / plan.people
    assert plan.cheap["requests"] * found == pytest.approx(cheap, abs=1)
    assert plan.deep["requests"] * found == pytest.approx(deep, rel=0.1, abs=1)


async def test_the_plan_costs_a_few_requests(connect: Connect) -> None:
    world = StackExchange({"ai": population()})
    await connect(world).plan(wish("pytorch", "c++", "docker", "nowhere"))
    # Counts, three lists, the first questions and their answers, the filter, profiles, the number of badges.
    assert spent(world) == 9


async def test_what_the_plan_was_told_is_not_asked_again(connect: Connect) -> None:
    world = StackExchange({"ai": population()})
    connector, wanted = connect(world), wish("pytorch", "c++", "docker")
    await connector.plan(wanted)
    planned = spent(world)
    found = await find(connector, wanted)
    discovered = spent(world) - planned
    repeated = [asked for asked, number in Counter(map(str, world.asked)).items() if number > 1]
    assert repeated == []
    world.asked.clear()
    assert await find(connector, wanted) == found
    assert discovered < spent(world)  # it is told once: a later discovery asks again


@pytest.mark.parametrize(("answers", "holders"), [(1, 0), (7, 0), (0, 60)])
async def test_without_a_key_the_plan_still_bounds_the_discovery_of_long_lists(
    connect: Connect, monkeypatch: pytest.MonkeyPatch, answers: int, holders: int
) -> None:
    monkeypatch.setattr(client, "AT_ONCE", 10)
    monkeypatch.setattr(slices, "AT_ONCE", 10)
    monkeypatch.setattr(planning, "AT_ONCE", 10)
    monkeypatch.setattr(client, "LAST_PAGE", 3)
    monkeypatch.setattr(discovery, "THIN_TAG", 0 if holders else 1000)
    numbers = range(1, 121)
    posts = [question(n, f"<t{n % 5}>", CreationDate=f"20{10 + n % 16}-03-04T05:{n % 60:02}:00.000") for n in numbers]
    posts += [answer(1000 * turn + n, n, ME + 1 + n % 40) for n in numbers for turn in range(1, answers + 1)]
    badges = [badge(ME + n, "t1", 2, Date=f"20{10 + n % 16}-03-04T05:{n % 60:02}:00.000") for n in range(holders)]
    world = StackExchange({"ai": Site([user(ME + n) for n in range(60)], posts, badges)}, quota=10_000, last_page=3)
    wanted = wish("t0", "t1", "t2", "t3", "t4")
    plan = (await connect(world).plan(wanted)).sites["ai"]
    world.asked.clear()
    await find(connect(world), wanted)
    assert spent(world) <= plan.discover["requests"] <= 3 * spent(world)
    read = Counter(one for asked in world.asked if asked.params.get("page") == "1" for one in _questions_of(asked))
    assert set(read.values()) <= {1}


def _questions_of(asked: Asked) -> list[int]:
    return asked.ids if asked.method == "questions/{}/answers" else []


async def test_people_in_great_tags_are_counted_by_lists_and_badges(
    connect: Connect, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(discovery, "THIN_TAG", 0)
    posts = [question(1), *(answer(100 + number, 1, ME + number, Score=100 - number) for number in range(1, 50))]
    world = StackExchange({"ai": Site([user(ME + number) for number in range(1, 50)], posts)})
    wanted = wish("pytorch")
    plan = (await connect(world).plan(wanted)).sites["ai"]
    assert plan.people == 60
    world.asked.clear()
    await find(connect(world), wanted)
    assert spent(world) <= plan.discover["requests"] <= spent(world) + 1


async def test_named_accounts_cost_a_request_each(connect: Connect) -> None:
    world = StackExchange({"ai": population()})
    plan = (await connect(world).plan(StackOverflowDiscover(accounts=(f"#{ME + 1}", f"#{ME + 2}")))).sites["ai"]
    assert (plan.people, plan.discover) == (2, {"requests": 3})


async def test_a_site_that_does_not_say_is_left_open(connect: Connect) -> None:
    world = StackExchange(
        {"ai": population(), "stats": Site()},
        fault=lambda asked: refused(404, "no_method", "no") if asked.params.get("site") == "ai" else None,
    )
    plan = (await connect(world).plan(wish("pytorch"))).sites
    assert (plan["ai"].people, dict(plan["ai"].cheap)) == (None, {})
    assert plan["stats"].people == 0


async def test_prices_of_the_promise(connect: Connect) -> None:
    """At most half a request a person for the cheap look, 2.1 for the deep one."""
    world = StackExchange({"ai": population(5, people=60, prolific=200)}, quota=100_000)
    _, cheap, deep, people = await crawl_costs(connect, world, wish("pytorch", "c++", "mlflow"))
    assert cheap / people <= 0.5
    assert deep / people <= 2.1


@pytest.mark.parametrize(
    ("met", "people"),
    [([], 0), ([7, 7, 8, 8], 2), ([1, 2, 2, 3, 3], 4), ([1, 2, 3], 6), ([1, 2, 3, 4, 5, 5], 13)],
)
def test_people_are_estimated_from_how_often_some_were_met(met: list[int], people: int) -> None:
    assert how_many(met) == people
