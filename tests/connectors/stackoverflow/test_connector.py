from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import pytest
from pydantic import ValidationError

from sourcer.connect import CONTRACT, Connector, Done, Gone, Item, NotConfigured, Profile, Ref, SiteError, Visit
from sourcer.score.sentences import wording
from sourcer_stackoverflow import StackOverflow
from sourcer_stackoverflow.api import cheap, deep
from sourcer_stackoverflow.dump import items as dump_items
from sourcer_stackoverflow.settings import StackOverflowConfig, StackOverflowDiscover
from support.dumps import answer, connector, crowd, evidence, of_type, question, uids, unknowns, user, wish, write_dump


def everything(_terms: Iterable[str]) -> float:
    return 1.0


def only_pytorch(terms: Iterable[str]) -> float:
    return float("tag:pytorch" in terms)


def visit(uid: str) -> Visit:
    return Visit(Ref("ai", uid, uid))


async def look(folder: Path, *ids: str) -> list[Item]:
    return [item async for item in connector(folder).fetch([visit(uid) for uid in ids], "cheap", everything)]


def test_it_keeps_the_contract() -> None:
    made: Connector = connector("/nowhere")
    assert isinstance(made, Connector)
    assert (made.name, made.contract) == ("stackoverflow", CONTRACT)


def test_without_a_dump_it_serves_the_sites_of_the_api() -> None:
    assert connector("", "stats").sites() == ("stackoverflow",)


async def test_a_folder_without_a_dump_says_what_to_set(tmp_path: Path) -> None:
    with pytest.raises(NotConfigured, match="set dump_dir"):
        await connector(tmp_path).check()


def test_it_serves_the_site_whose_dump_it_is() -> None:
    assert connector("/somewhere", "french.meta.stackexchange.com").sites() == ("french.meta",)


async def test_a_whole_dump_passes_the_check(tmp_path: Path) -> None:
    await connector(write_dump(tmp_path, posts=[], users=[])).check()


async def test_the_plan_counts_people_and_costs_nothing(tmp_path: Path) -> None:
    posts, users = crowd(12)
    folder = write_dump(tmp_path, posts=posts, users=users[:10])
    plan = (await connector(folder).plan(wish())).sites["ai"]
    assert (plan.people, dict(plan.cheap), dict(plan.deep)) == (10, {}, {})


@pytest.mark.parametrize(
    ("tags", "says"), [([], "nobody to look for"), ([""], "a tag is empty"), (["  "], "a tag is empty")]
)
def test_a_wish_for_nobody_is_refused(tags: list[str], says: str) -> None:
    with pytest.raises(ValidationError, match=says) as refused:
        StackOverflowDiscover.model_validate({"tags": tags})
    assert refused.value.error_count() == 1


@pytest.mark.parametrize(
    ("written", "means"),
    [
        ("123", ("ai", 123)),
        ("#123", ("ai", 123)),
        (" #0123 ", ("ai", 123)),
        ("stats:#5", ("stats", 5)),
        ("stats.stackexchange.com:5", ("stats", 5)),
    ],
)
def test_accounts_are_numbers_on_a_site(written: str, means: tuple[str, int]) -> None:
    assert StackOverflowDiscover(accounts=(written,)).named(("ai", "stats")) == (means,)


@pytest.mark.parametrize("written", ["", "ana", "#", "#1a", "ai:#", "a b:#1", "-1", "#12345678901"])
def test_what_is_no_account_is_refused(written: str) -> None:
    with pytest.raises(ValidationError):
        StackOverflowDiscover.model_validate({"accounts": [written]})


async def test_named_accounts_of_a_dump_are_left_to_the_look(tmp_path: Path) -> None:
    folder = write_dump(tmp_path, posts=[question(1), answer(2, 1, 7)], users=[user(7), user(9)])
    named = StackOverflowDiscover(accounts=("#9", "ai:#404"))
    assert [item async for item in connector(folder).discover(named, None)] == [
        Ref("ai", "9", "9"),
        Ref("ai", "404", "404"),
    ]
    assert (await connector(folder).plan(named)).sites["ai"].people == 2
    both = StackOverflowDiscover(tags=("pytorch",), accounts=("#9",))
    assert uids([item async for item in connector(folder).discover(both, None)]) == ["9", "7"]


async def test_a_named_account_of_another_site_is_not_in_the_dump(tmp_path: Path) -> None:
    found = connector(write_dump(tmp_path, posts=[], users=[])).discover(
        StackOverflowDiscover(accounts=("stats:#9",)), None
    )
    with pytest.raises(SiteError, match="not in the dump of ai"):
        await anext(aiter(found))


def test_who_was_found_by_tags_is_looked_at_again() -> None:
    assert connector("/somewhere").revisits(wish("pytorch"))
    assert not connector("/somewhere").revisits(StackOverflowDiscover(accounts=("#1",)))


def test_tags_are_spelled_as_the_site_spells_them() -> None:
    assert StackOverflowDiscover.model_validate({"tags": [" PyTorch", "pytorch", "c++"]}).tags == ("pytorch", "c++")


def test_unknown_keys_are_refused() -> None:
    with pytest.raises(ValidationError):
        StackOverflowConfig.model_validate({"dumpdir": "x"})


async def test_an_account_that_no_discovery_found_is_looked_up(tmp_path: Path) -> None:
    posts = [question(1, "<airflow>"), answer(2, 1, 7), answer(3, 1, 8)]
    items = await look(write_dump(tmp_path, posts=posts, users=[user(7), user(8), user(9)]), "9", "7")
    assert {found.ref.uid for found in of_type(items, Profile)} == {"7", "9"}
    assert len(evidence(items, 7, "answer.given")) == 1
    assert {done.ref.uid for done in of_type(items, Done)} == {"7", "9"}
    assert uids(items) == []  # the engine knows them already


async def test_accounts_that_the_dump_does_not_hold(tmp_path: Path) -> None:
    folder = write_dump(tmp_path, posts=[], users=[user(7), user(9)])
    items = await look(folder, "8", "10", "-1", "name", "7")
    assert {gone.ref.uid: gone.reason for gone in of_type(items, Gone)} == {
        "8": "the dump holds no such user",
        "-1": "not the id of a person",
        "name": "not the id of a person",
    }
    assert unknowns(items, 10) == {"*": "the account is newer than the dump"}
    assert {done.ref.uid: bool(done.scope) for done in of_type(items, Done)} == {"7": True, "10": False}


async def test_in_a_torn_users_table_nobody_is_gone(tmp_path: Path) -> None:
    folder = write_dump(tmp_path, posts=[], users=[user(7), user(8)])
    (folder / "Users.xml").write_bytes((folder / "Users.xml").read_bytes()[:-30])
    items = await look(folder, "5", "7", "8")
    assert not of_type(items, Gone)
    assert {found.ref.uid for found in of_type(items, Profile)} == {"7"}
    assert set(unknowns(items, 8)) == set(unknowns(items, 5)) == {"*"}


async def test_focus_decides_which_answers_are_kept_first(tmp_path: Path) -> None:
    posts = [question(1, "<pytorch>"), question(2, "<other>"), answer(3, 1, 7, Score=-9)]
    posts += [answer(n, 2, 7, Score=100) for n in range(1000, 1300)]
    folder = write_dump(tmp_path, posts=posts, users=[user(7)])
    items = [item async for item in connector(folder).fetch([visit("7")], "cheap", only_pytorch)]
    assert "3" in {piece.key for piece in evidence(items, 7, "answer.given")}


async def test_nothing_is_deeper_than_the_cheap_look(tmp_path: Path) -> None:
    items = [item async for item in connector(tmp_path).fetch([visit("7")], "deep", everything)]
    assert items == [Done(Ref("ai", "7", "7"))]


def test_everything_that_is_looked_at_has_a_name_in_words() -> None:
    assert {*dump_items.SCOPE, *cheap.SCOPE, *deep.SCOPE} <= set(wording()["looked"])


def test_it_is_what_the_entry_point_names() -> None:
    assert StackOverflow.config_model is StackOverflowConfig
    assert StackOverflow.discover_model is StackOverflowDiscover
