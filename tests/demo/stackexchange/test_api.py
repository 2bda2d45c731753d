from __future__ import annotations

import html
from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest

from sourcer.demo.model import Member, World
from sourcer.demo.network import SECOND_SITE
from sourcer.demo.stackexchange.refusal import Refused
from sourcer.demo.traps import FABRICATED

Ask = Callable[..., Any]
MOST = 100


@pytest.fixture(scope="module")
def someone(world: World) -> Member:
    """Whoever gave most answers."""
    counts = Counter(post.owner for post in world.posts if not post.is_question and post.owner)
    return next(member for member, _ in counts.most_common() if member.id > 0)


def refused(ask: Ask, path: str, **params: Any) -> dict[str, Any]:
    with pytest.raises(Refused) as no:
        ask(path, **params)
    return no.value.body


def test_the_wrapper_of_the_default_filter(ask: Ask) -> None:
    assert set(ask("users")) == {"items", "has_more", "quota_max", "quota_remaining"}
    assert set(ask("users", filter="total")) == {"total"}


def test_a_profile(ask: Ask, someone: Member) -> None:
    (shown,) = ask(f"users/{someone.id}")["items"]
    assert shown["user_id"] == someone.id
    assert shown["account_id"] == someone.network_id
    assert shown["creation_date"] == int(someone.created_at.timestamp())
    assert shown["link"].startswith(someone.url)
    assert html.unescape(shown["display_name"]) == someone.name
    assert {"about_me", "answer_count"}.isdisjoint(shown)


def test_a_made_filter_shows_what_it_names(ask: Ask, someone: Member) -> None:
    made = ask("filters/create", include="user.about_me;user.answer_count", base="default", unsafe="false")["items"][0]
    assert made["filter_type"] == "safe"
    (shown,) = ask(f"users/{someone.id}", filter=made["filter"])["items"]
    assert shown["answer_count"] > 0
    assert "display_name" in shown
    again = ask("filters/create", include="user.answer_count;user.about_me", base="default")["items"][0]
    assert again["filter"] == made["filter"]
    assert refused(ask, "users", filter="!nobodysfilter")["error_message"] == "filter"


def test_a_filter_on_nothing_shows_only_what_it_includes(ask: Ask, someone: Member) -> None:
    made = ask("filters/create", include=".items;user.user_id", base="none")["items"][0]["filter"]
    assert ask(f"users/{someone.id}", filter=made) == {"items": [{"user_id": someone.id}]}


def test_texts_are_escaped_once_unless_the_filter_is_unsafe(ask: Ask, world: World) -> None:
    (trap,) = [one for one in world.people if "html_entities" in one.traps]
    assert trap.stackoverflow is not None
    path = f"users/{trap.stackoverflow.id}"
    assert ask(path)["items"][0]["display_name"] == "Se&#225;n O&#39;Merrowick &amp; T&#246;chter"
    unsafe = ask("filters/create", unsafe="true")["items"][0]["filter"]
    assert ask(path, filter=unsafe)["items"][0]["display_name"] == trap.name


def test_about_me_is_html_in_either_filter(ask: Ask, world: World) -> None:
    (trap,) = [one for one in world.people if "newline_in_bio" in one.traps]
    assert trap.stackoverflow is not None
    made = ask("filters/create", include="user.about_me")["items"][0]["filter"]
    assert ask(f"users/{trap.stackoverflow.id}", filter=made)["items"][0]["about_me"] == trap.stackoverflow.about


def test_unknown_ids_are_absent(ask: Ask, someone: Member) -> None:
    assert ask("users/1")["items"] == []
    assert [one["user_id"] for one in ask(f"users/1;{someone.id};2")["items"]] == [someone.id]


@pytest.mark.parametrize(
    ("path", "params", "error"),
    [
        ("users/x", {}, 404),
        ("users/2147483648", {}, 400),
        (f"users/{';'.join(map(str, range(1, MOST + 2)))}", {}, 400),
        ("users", {"pagesize": MOST + 1}, 400),
        ("users", {"page": 0}, 400),
        ("users", {"site": "nowhere"}, 400),
        ("users", {"sort": "shoesize"}, 400),
        ("users/1/tags/a;b;c;d;e;f/top-answers", {}, 400),
        ("tags/mlflow/top-answerers/year", {}, 404),
        ("search/advanced", {}, 400),
        ("nothing/here", {}, 404),
        ("errors/502", {}, 502),
    ],
)
def test_what_is_refused(ask: Ask, path: str, params: dict[str, Any], error: int) -> None:
    assert refused(ask, path, **params)["error_id"] == error


def test_pages_after_the_25th_take_a_key(ask: Ask) -> None:
    assert ask("questions", page=26, pagesize=1)["items"]
    assert refused(ask, "questions", page=26, pagesize=1, has_key=False) == {
        "error_id": 403,
        "error_name": "access_denied",
        "error_message": "page above 25 requires access token or app key",
    }


def test_pages_make_up_the_whole(ask: Ask, world: World) -> None:
    seen, page = [], 1
    while True:
        body = ask("questions", page=page, pagesize=MOST, sort="creation", order="asc")
        seen += [one["question_id"] for one in body["items"]]
        if not body["has_more"]:
            break
        page += 1
    assert sorted(seen) == sorted(post.id for post in world.posts if post.is_question and post.id not in FABRICATED)
    assert ask("questions", filter="total")["total"] == len(seen)


def test_tags_all_of_them_or_any(ask: Ask) -> None:
    both = ask("questions", tagged="mlflow;python", pagesize=MOST)["items"]
    either = ask("search/advanced", tagged="mlflow;python", pagesize=MOST)["items"]
    assert both
    assert all({"mlflow", "python"} <= set(one["tags"]) for one in both)
    assert any("mlflow" not in one["tags"] for one in either)
    assert ask("questions", tagged="a;b;c;d;e;f")["items"] == []


def test_a_slice_of_time(ask: Ask, world: World) -> None:
    days = sorted(int(post.created_at.timestamp()) for post in world.posts if post.is_question)
    middle = days[len(days) // 2]
    counts = [
        ask("questions", filter="total", **span)["total"]
        for span in ({"todate": middle}, {"fromdate": middle + 1}, {"fromdate": middle, "todate": middle})
    ]
    assert counts[0] + counts[1] == ask("questions", filter="total")["total"]
    assert counts[2] >= 1


def test_top_answerers_are_thirty_at_most_the_best_first(ask: Ask, world: World) -> None:
    lines = ask("tags/python/top-answerers/all_time")["items"]
    assert len(lines) == 30
    assert [one["score"] for one in lines] == sorted((one["score"] for one in lines), reverse=True)
    best = lines[0]["user"]["user_id"]
    questions = {post.id: post for post in world.posts if post.is_question}
    given = [post for post in world.posts if post.owner is not None and post.owner.id == best and not post.is_question]
    given = [post for post in given if post.parent_id in questions and post.community_at is None]
    assert lines[0]["score"] == sum(post.score for post in given if "python" in questions[post.parent_id or 0].tags)
    assert len(ask("tags/mlflow/top-answerers/month")["items"]) < len(lines)


def test_an_answer_has_tags_and_title_only_where_they_are_asked_for(ask: Ask, someone: Member) -> None:
    plain = ask(f"users/{someone.id}/answers")["items"][0]
    assert {"tags", "title"}.isdisjoint(plain)
    made = ask("filters/create", include="answer.tags;answer.title;answer.awarded_bounty_amount")["items"][0]["filter"]
    full = ask(f"users/{someone.id}/answers", filter=made)["items"][0]
    assert full["tags"]
    assert full["title"]


def test_a_deleted_owner_has_no_id(ask: Ask, world: World) -> None:
    asked = next(post for post in world.posts if post.is_question and post.owner is None)
    (shown,) = ask(f"questions/{asked.id}")["items"]
    assert set(shown["owner"]) == {"user_type", "display_name"}
    assert shown["owner"]["user_type"] == "does_not_exist"


def test_fabricated_posts_and_answers_to_nothing_are_not_there(ask: Ask, world: World) -> None:
    (orphan,) = [int(key.rpartition("/")[2]) for key in world.traps["orphan_answer"]]
    assert ask(f"questions/{FABRICATED[0]}")["items"] == []
    assert ask(f"answers/{FABRICATED[1]};{orphan}")["items"] == []


def test_shared_work_is_marked(ask: Ask, world: World) -> None:
    (wiki,) = [post for post in world.posts if post.community_at is not None]
    assert ask(f"answers/{wiki.id}")["items"][0]["community_owned_date"] > 0


def test_tag_badges_and_who_holds_them(ask: Ask) -> None:
    named = ask("badges/tags", inname="python", sort="name", min="python", max="python", pagesize=MOST)["items"]
    assert {one["badge_type"] for one in named} == {"tag_based"}
    assert {one["name"] for one in named} == {"python"}
    best = next(one for one in named if one["rank"] == "bronze")
    held = ask(f"badges/{best['badge_id']}/recipients", pagesize=MOST)["items"]
    assert len(held) == best["award_count"]
    one = held[0]["user"]["user_id"]
    of_one = ask(f"users/{one}/badges", sort="type", min="tag_based", pagesize=MOST)["items"]
    assert ("python", "bronze") in {(badge["name"], badge["rank"]) for badge in of_one}
    assert {badge["badge_type"] for badge in of_one} == {"tag_based"}
    assert "named" in {badge["badge_type"] for badge in ask(f"users/{one}/badges", pagesize=MOST)["items"]}


def test_sums_of_a_person(ask: Ask, someone: Member) -> None:
    best = ask(f"users/{someone.id}/top-answer-tags", pagesize=MOST)["items"][0]
    assert set(best) == {"user_id", "tag_name", "answer_score", "answer_count", "question_score", "question_count"}
    answers = ask(f"users/{someone.id}/tags/{best['tag_name']}/top-answers", sort="votes", pagesize=MOST)["items"]
    assert 0 < len(answers) <= 30
    assert [one["score"] for one in answers] == sorted((one["score"] for one in answers), reverse=True)


def test_sites_and_who_is_on_several(ask: Ask, world: World) -> None:
    assert {one["api_site_parameter"] for one in ask("sites", pagesize=1000)["items"]} == {"stackoverflow", SECOND_SITE}
    person = next(one for one in world.people if one.elsewhere and one.stackoverflow)
    assert person.stackoverflow is not None
    accounts = ask(f"users/{person.stackoverflow.network_id}/associated", types="main_site")["items"]
    assert {(one["site_name"], one["user_id"]) for one in accounts} == {
        ("Stack Overflow", person.stackoverflow.id),
        ("Data Science", person.elsewhere[SECOND_SITE].id),
    }


def test_one_number_is_two_strangers_on_two_sites(world: World) -> None:
    there = {member.id: member for member in world.communities[SECOND_SITE].members}
    both = [(member, there[member.id]) for member in world.members if member.id in there]
    assert any(one.network_id != other.network_id for one, other in both)


def test_merged_accounts(ask: Ask, world: World) -> None:
    old, new, at = world.merges[0]
    (merge,) = ask(f"users/{new}/merges")["items"]
    assert merge == {"old_account_id": old, "new_account_id": new, "merge_date": int(at.timestamp())}


def test_what_tags_there_are(ask: Ask) -> None:
    counts = {one["name"]: one["count"] for one in ask("tags/mlflow;nosuchtag/info")["items"]}
    assert set(counts) == {"mlflow"}
    assert counts["mlflow"] == ask("questions", tagged="mlflow", filter="total")["total"]
    assert "python" in {one["name"] for one in ask("tags/mlflow/related")["items"]}
