from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime

import httpx
import pytest

from sourcer.connect import Checkpoint, Done, Evidence, Ref, SiteError
from sourcer_stackoverflow.api import client, discovery
from sourcer_stackoverflow.api.steps import Step, Worklist
from sourcer_stackoverflow.settings import StackOverflowDiscover
from support.clock import START
from support.dumps import Row, answer, badge, of_type, question, uids, user
from support.stackexchange_calls import Connect, find, wish
from support.stackexchange_world import NOW, Asked, Site, StackExchange, refused
from support.two_ways import ME, population


def people(*numbers: int) -> list[Row]:
    return [user(ME + number) for number in numbers]


@pytest.fixture
def no_tag_is_thin(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(discovery, "THIN_TAG", 0)


async def test_of_a_thin_tag_everybody_who_answered_is_found(connect: Connect) -> None:
    posts = [question(1), answer(2, 1, ME + 7), answer(3, 1, ME + 8, Score=-4), answer(4, 1, None)]
    world = StackExchange({"ai": Site(people(7, 8, 9), posts)})
    items = await find(connect(world), wish("pytorch"))
    assert set(uids(items)) == {str(ME + 7), str(ME + 8)}
    kinds = {(piece.ref.uid, piece.kind) for piece in of_type(items, Evidence)}
    assert {(str(ME + 7), "tag.score"), (str(ME + 7), "answer.given"), (str(ME + 8), "answer.given")} <= kinds
    assert not of_type(items, Done)
    assert "badges/tags" not in world.methods()


async def test_a_question_with_two_thin_tags_is_read_once(connect: Connect) -> None:
    posts = [question(1, "<pytorch><mlflow>"), answer(2, 1, ME + 7)]
    world = StackExchange({"ai": Site(people(7), posts)})
    await find(connect(world), wish("pytorch", "mlflow"))
    assert world.methods()["search/advanced"] == world.methods()["questions/{}/answers"] == 1


async def test_questions_that_nobody_answered_are_not_asked_for_answers(connect: Connect) -> None:
    world = StackExchange({"ai": Site(people(7), [question(1), question(2), answer(3, 2, ME + 7)])})
    await find(connect(world), wish("pytorch"))
    assert [asked.ids for asked in world.asked if asked.method == "questions/{}/answers"] == [[2]]


async def test_a_tag_that_the_site_does_not_have_costs_nothing_more(connect: Connect) -> None:
    world = StackExchange({"ai": Site()})
    assert uids(await find(connect(world), wish("nowhere"))) == []
    assert list(world.methods()) == ["tags/{}/info"]


@pytest.mark.usefixtures("no_tag_is_thin")
async def test_of_other_tags_the_best_of_all_time_and_of_the_month_and_badge_holders(connect: Connect) -> None:
    posts = [question(1), *(answer(100 + number, 1, ME + number, Score=100 - number) for number in range(1, 33))]
    posts.append(answer(500, 1, ME + 40, Score=0, CreationDate="2026-11-10T00:00:00.000"))
    badges = [badge(ME + 50, "pytorch", 2), badge(ME + 51, "pytorch", 3), badge(ME + 52, "pytorch-lightning", 1)]
    site = Site(people(*range(1, 60)), posts, badges)
    items = await find(connect(StackExchange({"ai": site})), wish("pytorch"))
    assert set(uids(items)) == {str(ME + number) for number in (*range(1, 31), 40, 50)}
    told = {piece.ref.uid: piece for piece in of_type(items, Evidence)}
    kinds = [told[str(ME + number)].kind for number in (1, 40, 50)]
    assert kinds == ["tag.score", "tag.month", "badge.tag"]
    today = datetime.fromtimestamp(NOW, UTC).replace(hour=0, minute=0, second=0)
    assert told[str(ME + 40)].happened_at == today


async def test_deleted_people_and_the_community_user_are_left_out(connect: Connect) -> None:
    posts = [question(1), answer(2, 1, None), answer(3, 1, -1), answer(4, 1, ME + 7)]
    world = StackExchange({"ai": Site([user(-1), *people(7)], posts, [badge(-1, "pytorch")])})
    assert set(uids(await find(connect(world), wish("pytorch")))) == {str(ME + 7)}


async def test_a_least_score(connect: Connect) -> None:
    posts = [question(1), answer(2, 1, ME + 7, Score=3), answer(3, 1, ME + 8, Score=5)]
    world = StackExchange({"ai": Site(people(7, 8), posts)})
    assert set(uids(await find(connect(world), wish("pytorch", min_score=4)))) == {str(ME + 8)}


async def test_a_least_score_is_reached_over_several_pages(connect: Connect, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(client, "AT_ONCE", 2)
    posts = [question(number, Score=50 - number) for number in range(1, 5)]
    posts += [answer(100 + number, 1, ME + number, Score=100) for number in range(1, 31)]  # they fill the list
    posts += [answer(201, 1, ME + 40, Score=6), answer(202, 4, ME + 40, Score=6), answer(203, 3, ME + 41, Score=6)]
    posts += [answer(204, 4, ME + 41, Score=6, CommunityOwnedDate="2020-03-01T00:00:00.000")]
    world = StackExchange({"ai": Site(people(*range(1, 42)), posts)}, quota=10_000)
    items = await find(connect(world), wish("pytorch", min_score=10))
    assert set(uids(items)) == {str(ME + number) for number in (*range(1, 31), 40)}
    for place, after in enumerate(items):
        if isinstance(after, Checkpoint):
            assert await find(connect(world), wish("pytorch", min_score=10), after) == items[place + 1 :]


async def test_tags_that_no_site_has_are_named_among_the_errors(connect: Connect) -> None:
    site = Site(people(7), [question(1), answer(2, 1, ME + 7)])
    other = Site(people(8), [question(1, "<mlflow>"), answer(2, 1, ME + 8)])
    wanted = wish("pytorch", "pytroch", "mlflow", "a", "b", "c", "sklearn")
    assert len(set(uids(await find(connect(StackExchange({"ai": site, "stats": other})), wanted)))) == 2
    count, words = connect.fetcher.usage.errors["no_such_tag"]
    assert count == 1
    assert "ai and stats: no such tag: pytroch, a, b, c, sklearn; correct stackoverflow.tags in the brief" in words


async def test_the_master_of_a_synonym_takes_its_place(connect: Connect) -> None:
    world = StackExchange({"ai": Site(people(7), [question(1, "<scikit-learn>"), answer(2, 1, ME + 7)])})
    world.synonyms = {"sklearn": "scikit-learn"}
    connector = connect(world)
    plan = (await connector.plan(wish("sklearn"))).sites["ai"]
    items = await find(connector, wish("sklearn"))
    assert plan.people == 1
    assert "tag:scikit-learn" in {piece.key for piece in of_type(items, Evidence)}
    assert connect.fetcher.usage.errors == {}


async def test_ids_of_two_sites_never_collide(connect: Connect) -> None:
    posts = [question(1), answer(2, 1, ME + 7)]
    world = StackExchange({"ai": Site(people(7), posts), "stats": Site(people(7), posts)})
    found = {ref.key for ref in of_type(await find(connect(world), wish("pytorch")), Ref)}
    assert found == {f"ai:#{ME + 7}", f"stats:#{ME + 7}"}


@pytest.mark.parametrize("thin", [True, False])
async def test_from_every_checkpoint_exactly_the_rest_follows(
    connect: Connect, monkeypatch: pytest.MonkeyPatch, thin: bool
) -> None:
    monkeypatch.setattr(discovery, "THIN_TAG", 1000 if thin else 0)
    monkeypatch.setattr(client, "AT_ONCE", 7)
    site = population(2, people=15)
    world = StackExchange({"ai": site}, quota=10_000)
    wanted = wish("pytorch", "mlflow", "docker", accounts=[f"#{ME + 3}"])
    whole = await find(connect(world), wanted)
    points = [place for place, item in enumerate(whole) if isinstance(item, Checkpoint)]
    assert len(points) > 8
    for place in points:
        after = whole[place]
        assert isinstance(after, Checkpoint)
        assert await find(connect(world), wanted, after) == whole[place + 1 :]


async def test_no_page_after_the_25th_is_asked_without_a_key(connect: Connect, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(client, "AT_ONCE", 2)
    monkeypatch.setattr(client, "LAST_PAGE", 3)
    posts = [
        question(number, CreationDate=f"20{10 + number % 15}-01-{1 + number % 28:02}T00:00:00.000", Score=number % 5)
        for number in range(1, 40)
    ]
    posts += [answer(1000 + number, number, ME + number) for number in range(1, 40)]
    site = Site(people(*range(1, 40)), posts)
    world = StackExchange({"ai": site}, quota=10_000, last_page=3)
    found = uids(await find(connect(world), wish("pytorch")))
    assert set(found) == {str(ME + number) for number in range(1, 40)}
    assert all(int(asked.params.get("page", 1)) <= 3 for asked in world.asked)
    pages = [
        asked for asked in world.asked if asked.path == "search/advanced" and asked.params.get("filter") != "total"
    ]
    assert all("fromdate" in asked.params for asked in pages)
    read = Counter(number for asked in world.asked if asked.method == "questions/{}/answers" for number in asked.ids)
    assert read == dict.fromkeys(range(1, 40), 1)


async def test_with_a_key_pages_simply_go_on(connect: Connect, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(client, "AT_ONCE", 2)
    monkeypatch.setattr(client, "LAST_PAGE", 3)
    posts = [question(number) for number in range(1, 20)] + [answer(100 + n, n, ME + n) for n in range(1, 20)]
    world = StackExchange({"ai": Site(people(*range(1, 20)), posts)}, quota=10_000, last_page=3, key="invented-key")
    assert len(set(uids(await find(connect(world, key="invented-key"), wish("pytorch"))))) == 19
    assert not any("fromdate" in asked.params for asked in world.asked)


async def test_holders_of_badges_are_read_in_slices_without_a_key(
    connect: Connect, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(client, "AT_ONCE", 2)
    monkeypatch.setattr(client, "LAST_PAGE", 3)
    monkeypatch.setattr(discovery, "THIN_TAG", 0)
    days = [f"20{10 + number % 15}-02-03T00:00:{number:02}.000" for number in range(1, 40)]
    badges = [badge(ME + number, "pytorch", 2, Date=day) for number, day in enumerate(days, start=1)]
    world = StackExchange({"ai": Site(people(*range(1, 40)), [question(1)], badges)}, quota=10_000, last_page=3)
    found = uids(await find(connect(world), wish("pytorch")))
    assert sorted(found) == sorted(str(ME + number) for number in range(1, 40))  # each once: no slice overlaps another
    assert connect.fetcher.usage.errors == {}


async def test_answers_to_many_questions_are_asked_for_in_groups_that_are_shown_whole(
    connect: Connect, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(client, "LAST_PAGE", 2)
    monkeypatch.setattr(client, "AT_ONCE", 10)
    posts = [question(number) for number in range(1, 6)]
    posts += [answer(1000 + number, 1 + number % 5, ME + number) for number in range(1, 41)]
    world = StackExchange({"ai": Site(people(*range(1, 41)), posts)}, quota=10_000, last_page=2)
    assert len(set(uids(await find(connect(world), wish("pytorch"))))) == 40
    asked = [one.ids for one in world.asked if one.method == "questions/{}/answers" and one.params["page"] == "1"]
    assert asked == [[1, 2], [3, 4], [5]]
    assert connect.fetcher.usage.errors == {}


async def test_what_is_not_shown_of_a_slice_that_cannot_be_cut_is_said(
    connect: Connect, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(client, "AT_ONCE", 2)
    monkeypatch.setattr(client, "LAST_PAGE", 3)
    posts = [question(number) for number in range(1, 20)] + [answer(100 + n, n, ME + n) for n in range(1, 20)]
    world = StackExchange({"ai": Site(people(*range(1, 20)), posts)}, quota=10_000, last_page=3)
    assert len(set(uids(await find(connect(world), wish("pytorch"))))) == 6  # all were asked in one second
    count, words = connect.fetcher.usage.errors["too_many_pages"]
    assert (count, "set key" in words) == (1, True)


@pytest.mark.parametrize("path", ["search/advanced", "questions/", "badges/"])
async def test_an_empty_page_ends_a_list_whatever_it_says(
    connect: Connect, monkeypatch: pytest.MonkeyPatch, path: str
) -> None:
    monkeypatch.setattr(discovery, "THIN_TAG", 0 if path == "badges/" else 1000)
    posts = [question(1), answer(2, 1, ME + 7)]
    world = StackExchange({"ai": Site(people(7), posts, [badge(ME + 7, "pytorch")])}, quota=100)
    whole = world._page
    world._page = lambda asked, items: whole(asked, items) | {"has_more": asked.path.startswith(path)}  # type: ignore[method-assign]
    assert set(uids(await find(connect(world), wish("pytorch")))) == {str(ME + 7)}
    assert sum(asked.path.startswith(path) for asked in world.asked) <= 4


async def test_tags_take_turns(connect: Connect) -> None:
    site = population(4)
    world = StackExchange({"ai": site})
    await find(connect(world), wish("pytorch", "mlflow"))
    first = [asked.path for asked in world.asked if asked.path.startswith("tags/")]
    assert first[1:3] == ["tags/pytorch/top-answerers/all_time", "tags/mlflow/top-answerers/all_time"]


async def test_named_accounts_are_found_with_what_they_answer(connect: Connect) -> None:
    posts = [question(1), answer(2, 1, ME + 7)]
    world = StackExchange({"ai": Site(people(7, 8), posts), "stats": Site(people(9))})
    wanted = StackOverflowDiscover(accounts=(f"#{ME + 7}", f"stats:#{ME + 9}", str(ME + 8), "4000000000"))
    items = await find(connect(world), wanted)
    assert [ref.key for ref in of_type(items, Ref)] == [
        f"ai:#{ME + 7}",
        f"stats:#{ME + 9}",
        f"ai:#{ME + 8}",
        "ai:#4000000000",
    ]
    assert [piece.key for piece in of_type(items, Evidence)] == ["tag:pytorch"]
    assert world.methods() == {"users/{}/top-answer-tags": 3}


async def test_an_account_on_a_site_that_is_not_crawled_is_an_error(connect: Connect) -> None:
    with pytest.raises(SiteError, match=r"stats:#5 is on none of the sites"):
        await find(connect(StackExchange({"ai": Site()})), StackOverflowDiscover(accounts=("stats:#5",)))


async def test_a_bad_item_does_not_lose_the_others(connect: Connect) -> None:
    posts = [question(1), answer(2, 1, ME + 7), answer(3, 1, ME + 8)]
    world = StackExchange({"ai": Site(people(7, 8), posts)})
    whole = world._answer_node
    world._answer_node = lambda site, row: whole(site, row) | ({"answer_id": "x"} if row["Id"] == 2 else {})  # type: ignore[method-assign]
    connector = connect(world)
    items = await find(connector, wish("pytorch"))
    assert [piece.key for piece in of_type(items, Evidence) if piece.kind == "answer.given"] == ["3"]
    assert connect.fetcher.usage.errors["bad_item"][0] == 1


async def test_what_the_api_refuses_to_tell_of_one_list_does_not_end_the_others(connect: Connect) -> None:
    posts = [question(1), answer(2, 1, ME + 7)]

    def no_lists(asked: Asked) -> httpx.Response | None:
        return refused(404, "no_method", "no such method") if "top-answerers" in asked.path else None

    world = StackExchange({"ai": Site(people(7), posts)}, fault=no_lists)
    assert set(uids(await find(connect(world), wish("pytorch")))) == {str(ME + 7)}
    assert connect.fetcher.usage.errors["no_method"][0] == 1


# Steps.


def test_steps_survive_json_and_leave_out_what_is_usual() -> None:
    step = Step("holders", "ai", 3, "c++", (4, 5), page=2, since=10, until=20)
    assert Step.from_json(step.as_json()) == step
    assert Step("info", "ai").as_json() == {"kind": "info", "site": "ai"}


def test_a_worklist_goes_by_turns() -> None:
    left = Worklist([Step("questions", "ai", 3), Step("top", "ai", 1, "a"), Step("top", "ai", 1, "b")])
    order = [left.take() for _ in range(3)]
    assert [(step.kind, step.tag) for step in order] == [("top", "a"), ("top", "b"), ("questions", "")]
    assert not left


def test_the_clock_of_the_world_is_the_one_of_the_fetcher() -> None:
    assert NOW == START
