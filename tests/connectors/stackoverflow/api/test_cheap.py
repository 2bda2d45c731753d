from __future__ import annotations

from collections.abc import Sequence

import httpx
import pytest

from sourcer.connect import Done, Gone, Item, LinkClaim, Profile
from support.dumps import badge, evidence, of_type, profile, unknowns, user
from support.stackexchange_calls import Connect, look, visit
from support.stackexchange_world import Asked, Site, StackExchange, refused, zipped
from support.two_ways import ME, population


def closed(items: Sequence[Item]) -> dict[str, bool]:
    """Who was closed, and whether anything was looked at."""
    return {done.ref.uid: bool(done.scope) for done in of_type(items, Done)}


async def test_a_hundred_people_cost_two_requests_and_the_filter(connect: Connect) -> None:
    site = population(people=100)
    world = StackExchange({"ai": site})
    items = await look(connect(world), [visit(ME + number) for number in range(1, 101)])
    assert len(of_type(items, Profile)) == 100
    assert world.methods() == {"filters/create": 1, "users/{}": 1, "users/{}/badges": 1}


async def test_texts_are_unescaped_exactly_once(connect: Connect) -> None:
    people = [user(ME + 7, DisplayName="C&amp;A <Ана>", Location="A & B", AboutMe="<p>1 &lt; 2 &amp;amp;</p>")]
    items = await look(connect(StackExchange({"ai": Site(people)})), [visit(ME + 7)])
    seen = profile(items, ME + 7)
    assert (seen.name, seen.location, seen.bio) == ("C&amp;A <Ана>", "A & B", "1 < 2 &amp;")


async def test_hostile_html_is_harmless(connect: Connect) -> None:
    about = '<script>steal()</script><a href="javascript:x()">x</a><a href="https://ok.example">ok</a>' + "<b>" * 50_000
    items = await look(connect(StackExchange({"ai": Site([user(ME + 7, AboutMe=about)])})), [visit(ME + 7)])
    seen = profile(items, ME + 7)
    assert seen.bio is not None
    assert "steal" not in seen.bio
    assert [link.url for link in seen.links] == ["https://ok.example"]


async def test_who_is_not_in_the_answer_is_gone(connect: Connect) -> None:
    items = await look(connect(StackExchange({"ai": Site([user(ME + 7)])})), [visit(ME + 7), visit(ME + 8)])
    assert [gone.ref.uid for gone in of_type(items, Gone)] == [str(ME + 8)]
    assert closed(items) == {str(ME + 7): True}


async def test_who_cannot_be_asked_about_does_not_spoil_the_others(connect: Connect) -> None:
    visits = [visit("name"), visit(-1), visit(0), visit(2_147_483_648), visit(ME + 7)]
    items = await look(connect(StackExchange({"ai": Site([user(ME + 7)])})), visits)
    assert {gone.reason for gone in of_type(items, Gone)} == {"not the id of a person"}
    assert closed(items) == {str(ME + 7): True}


async def test_where_a_profile_cannot_be_read_nobody_is_gone(connect: Connect) -> None:
    body = {"items": [{"user_id": ME + 7, "display_name": "Ok"}, {"user_id": "garbage"}], "has_more": False}
    world = StackExchange(
        {"ai": Site()}, fault=lambda asked: zipped(dict(body)) if asked.method == "users/{}" else None
    )
    items = await look(connect(world), [visit(ME + 7), visit(ME + 8)])
    assert not of_type(items, Gone)
    assert set(unknowns(items, ME + 8)) == {"*"}
    assert closed(items) == {str(ME + 7): True, str(ME + 8): False}


@pytest.mark.parametrize(
    "answer",
    [
        httpx.Response(200, html="<h1>Down for maintenance</h1>"),
        httpx.Response(404, html="<h1>banned</h1>"),
        zipped(b'{"items": [{"user_i'),
        zipped([]),  # type: ignore[arg-type]
        zipped({"items": None}),
        zipped({"has_more": False}),
        zipped(b"[" * 100_000),
        refused(404, "no_method", "no such method"),
        refused(500, "internal_error", "try later"),
        httpx.Response(502, html="bad gateway"),
    ],
    ids=["html", "ban", "cut off", "a list", "null", "no items", "nested", "no method", "internal", "gateway"],
)
async def test_garbage_makes_accounts_unknown_and_nothing_else(connect: Connect, answer: httpx.Response) -> None:
    world = StackExchange({"ai": Site()}, fault=lambda asked: answer if asked.method == "users/{}" else None)
    items = await look(connect(world), [visit(ME + 7), visit(ME + 8)])
    assert closed(items) == {str(ME + 7): False, str(ME + 8): False}
    assert set(unknowns(items, ME + 7)) == {"*"}
    assert not of_type(items, Gone)


async def test_tag_badges_come_with_the_profiles(connect: Connect) -> None:
    badges = [badge(ME + 7, "c++", 1), badge(ME + 7, "Nice Answer", 3, TagBased="False"), badge(ME + 8, "c++", 3)]
    items = await look(connect(StackExchange({"ai": Site([user(ME + 7), user(ME + 8)], (), badges)})), [visit(ME + 7)])
    (held,) = evidence(items, ME + 7, "badge.tag")
    assert (held.key, held.measure, held.terms, held.happened_at) == ("gold:c++", {"class": 1}, ("tag:c++",), None)


async def test_who_has_no_badge_is_not_asked_about(connect: Connect) -> None:
    world = StackExchange({"ai": Site([user(ME + 7)])})
    items = await look(connect(world), [visit(ME + 7)])
    assert "users/{}/badges" not in world.methods()
    assert unknowns(items, ME + 7) == {}


async def test_where_badges_cannot_be_had_they_are_unknown(connect: Connect) -> None:
    def no_badges(asked: Asked) -> httpx.Response | None:
        return httpx.Response(200, html="oops") if asked.path.endswith("/badges") else None

    site = Site([user(ME + 7), user(ME + 8)], (), [badge(ME + 7, "pytorch")])
    items = await look(connect(StackExchange({"ai": site}, fault=no_badges)), [visit(ME + 7), visit(ME + 8)])
    assert set(unknowns(items, ME + 7)) == {"badge.tag"}
    assert unknowns(items, ME + 8) == {}
    assert closed(items) == {str(ME + 7): True, str(ME + 8): True}


async def test_badges_are_read_as_far_as_the_price_of_a_cheap_look_goes(connect: Connect) -> None:
    badges = [badge(ME + number, f"tag{tag}") for number in range(1, 6) for tag in range(50)]
    site = Site([user(ME + number) for number in range(1, 6)], (), badges)
    world = StackExchange({"ai": site})
    items = await look(connect(world), [visit(ME + number) for number in range(1, 6)])
    assert world.methods()["users/{}/badges"] == 2
    assert len([piece for number in range(1, 6) for piece in evidence(items, ME + number, "badge.tag")]) == 200
    assert all("first 2 pages" in unknowns(items, ME + number)["badge.tag"] for number in range(1, 6))


async def test_the_same_person_on_another_site_is_certain(connect: Connect) -> None:
    world = StackExchange(
        {"ai": Site([user(ME + 7, AccountId=70)]), "stats": Site([user(ME + 9, AccountId=70), user(ME + 8)])}
    )
    items = await look(connect(world), [visit(ME + 7), visit(ME + 8, "stats")])
    assert profile(items, ME + 7).links == (
        LinkClaim("https://stackexchange.com/users/70", "account_id"),
        LinkClaim(f"https://stats.stackexchange.com/users/{ME + 9}", "account_id"),
    )
    assert profile(items, ME + 8).links == ()
    assert world.methods()["users/{}/associated"] == 1


async def test_with_one_site_nobody_asks_for_others(connect: Connect) -> None:
    world = StackExchange({"ai": Site([user(ME + 7, AccountId=70)])})
    items = await look(connect(world), [visit(ME + 7)])
    assert "users/{}/associated" not in world.methods()
    assert [link.where for link in profile(items, ME + 7).links] == ["account_id"]


async def test_counts_are_remembered_for_the_deep_look(connect: Connect) -> None:
    site = population()
    items = await look(connect(StackExchange({"ai": site})), [visit(ME + 2)])
    (done,) = of_type(items, Done)
    assert done.state == {
        "answers": sum(row["OwnerUserId"] == ME + 2 for row in site.answers),
        "questions": sum(row["OwnerUserId"] == ME + 2 for row in site.questions),
    }
