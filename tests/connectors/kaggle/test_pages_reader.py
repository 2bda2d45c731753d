from __future__ import annotations

import gzip
import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, ClassVar

import pytest

from sourcer.connect import AnswerError, Done, Gone, Item, NotConfigured, Ref, Unknown, Visit
from sourcer.connect.testing import ConnectorContract
from sourcer_kaggle import Kaggle
from sourcer_kaggle.pages import reader
from sourcer_kaggle.settings import KaggleDiscover
from support.kaggle_pages import header_page, new_page, object_of_2014, state, state_page
from support.meta_kaggle import FIRST, connector, discover_complaining, evidence, of_type, profile, uids, unknowns, wish


async def discover(folder: Path, *tiers: str, skills: tuple[str, ...] = ()) -> list[Item]:
    kaggle = connector(saved_pages_dir=str(folder))
    return [item async for item in kaggle.discover(wish(*tiers, skills=skills), None)]


def save(folder: Path, **pages: str) -> Path:
    for name, page in pages.items():
        (folder / f"{name}.html").write_text(page, encoding="utf-8")
    return folder


class TestSavedPages(ConnectorContract):
    connector = Kaggle
    config: ClassVar[Mapping[str, Any]] = {}
    discover: ClassVar[Mapping[str, Any]] = {"tiers": ["GRANDMASTER"]}
    folder: Path

    @pytest.fixture(autouse=True)
    def _pages(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(reader, "_CHECKPOINT_PEOPLE", 2)
        for uid in range(FIRST, FIRST + 5):
            save(tmp_path, **{f"page-{uid}": state_page(state(uid, userName=f"ada-{uid}"))})
        self.folder = tmp_path

    @contextmanager
    def world(self) -> Iterator[Mapping[str, Any]]:
        yield {"saved_pages_dir": str(self.folder)}


async def test_named_people_are_taken_whatever_their_tier(tmp_path: Path) -> None:
    for uid in range(FIRST, FIRST + 3):
        save(tmp_path, **{f"page-{uid}": state_page(state(uid, userName=f"ada-{uid}"))})
    kaggle = connector(saved_pages_dir=str(tmp_path))
    named = KaggleDiscover(accounts=(f"#{FIRST}", f"ADA-{FIRST + 2}"))
    assert sorted(uids([item async for item in kaggle.discover(named, None)])) == [0, 2]


async def test_named_people_without_a_page_are_named_at_the_end(tmp_path: Path) -> None:
    save(tmp_path, ada=state_page(state()))
    named = KaggleDiscover(accounts=(f"#{FIRST}", "#77", "nobody"))
    found, complaint = await discover_complaining(connector(saved_pages_dir=str(tmp_path)), named)
    assert uids(found) == [0]
    assert str(complaint).endswith(": no page was saved of #77, nobody")
    assert complaint.kind == "no_account"


async def test_whose_page_shows_them_as_staff_is_gone(tmp_path: Path) -> None:
    save(tmp_path, boss=state_page(state(FIRST + 3, performanceTier="STAFF", userName="boss")))
    assert [item.ref.uid for item in of_type(await discover(tmp_path), Gone)] == [str(FIRST + 3)]


async def test_a_page_becomes_a_profile_its_texts_and_its_highlights(tmp_path: Path) -> None:
    items = await discover(save(tmp_path, ada=state_page(state())))
    assert profile(items).measure["tier"] == 4
    assert profile(items).bio == "I serve models.\nSee https://blog.example.org/ada."
    assert [one.key for one in evidence(items, "profile.text")] == ["bio", "occupation"]
    (result,) = evidence(items, "competition.result")
    assert (result.key, result.measure["percentile"], result.measure["gold"]) == ("predict-rain", 99.0, 1)
    # Highlights are not all: what a better source told must not be taken for vanished.
    assert "competition.result" in unknowns(items)
    assert of_type(items, Done)[0].scope == ("profile.text", "competition.result")


async def test_people_are_chosen_by_tier_or_words_and_an_unknown_tier_passes(tmp_path: Path) -> None:
    save(
        tmp_path,
        master=state_page(state(FIRST, performanceTier="MASTER")),
        novice=state_page(state(FIRST + 1, performanceTier="NOVICE", userName="bo")),
        unknown=header_page(FIRST + 2),
        staff=state_page(state(FIRST + 3, performanceTier="STAFF", userName="boss")),
    )
    assert uids(await discover(tmp_path, "MASTER")) == [0, 2]
    assert uids(await discover(tmp_path, skills=("SERVE models",))) == [0, 1]


async def test_two_pages_of_one_person_are_one(tmp_path: Path) -> None:
    save(tmp_path, a=state_page(state(displayName="Old Name")), b=state_page(state(displayName="New Name", city=None)))
    items = await discover(tmp_path)
    assert uids(items) == [0]
    assert profile(items).name == "New Name"


async def test_a_file_name_tells_what_a_new_page_does_not(tmp_path: Path) -> None:
    save(tmp_path, **{f"ada-example.{FIRST}": new_page(), f"{FIRST + 1}": new_page(**{"og:username": "bo"})})
    items = await discover(tmp_path)
    assert [ref.login for ref in of_type(items, Ref)] == ["ada-example", "bo"]


async def test_states_of_two_people_do_not_become_one(tmp_path: Path) -> None:
    viewer = {"userId": FIRST + 1, "userName": "viewer"}
    owner = state(userName="ada")
    save(
        tmp_path,
        **{
            "two": state_page(viewer, owner),
            f"ada.{FIRST}": state_page(viewer, owner),
            "ada": state_page(viewer, owner),
        },
    )
    items, complaint = await discover_complaining(connector(saved_pages_dir=str(tmp_path)), wish())
    assert uids(items) == [0]
    assert profile(items).url.endswith("/ada")
    assert str(complaint).endswith("1 of them: the page shows several people: name the file LOGIN.NUMBER.html")


async def test_a_page_and_a_file_name_of_two_people_are_nobody(tmp_path: Path) -> None:
    save(tmp_path, **{f"bo.{FIRST}": new_page(), f"ADA-example.{FIRST + 1}": new_page()})
    items, complaint = await discover_complaining(connector(saved_pages_dir=str(tmp_path)), wish())
    assert uids(items) == [1]
    assert str(complaint).endswith("1 of them: the page shows somebody else than the file's name")


async def test_files_of_nobody_are_counted_by_reason(tmp_path: Path) -> None:
    save(tmp_path, ada=state_page(state()), new=new_page(), other=new_page(), empty="")
    (tmp_path / "torn.html.gz").write_bytes(gzip.compress(b"x" * 1000)[:-9])
    (tmp_path / "list.json").write_text(json.dumps([object_of_2014(FIRST + 1), {"no": "profile"}]))
    (tmp_path / "broken.json").write_text("[" * 100_000)
    found: list[Item] = []
    complaint = ""
    try:
        async for item in connector(saved_pages_dir=str(tmp_path)).discover(wish(), None):
            found.append(item)  # noqa: PERF401  # what came before the complaint counts
    except AnswerError as fault:
        complaint = str(fault)
    assert uids(found) == [0, 1]
    assert complaint.partition("used: ")[2].split("; ") == [
        "1 of them: an object is no profile",
        "1 of them: the file cannot be read",
        "1 of them: the file is not JSON",
        "2 of them: the page does not tell the user's number: name the file LOGIN.NUMBER.html",
        "1 of them: the page shows no profile",
    ]


async def test_packed_pages_are_read(tmp_path: Path) -> None:
    (tmp_path / "ada.html.gz").write_bytes(gzip.compress(state_page(state()).encode()))
    assert uids(await discover(tmp_path)) == [0]


async def test_an_account_without_a_page_is_unknown(tmp_path: Path) -> None:
    save(tmp_path, ada=state_page(state()), staff=state_page(state(FIRST + 1, performanceTier="STAFF", userName="s")))
    kaggle = connector(saved_pages_dir=str(tmp_path))
    visits = [Visit(Ref("kaggle", uid)) for uid in (str(FIRST), str(FIRST + 1), str(FIRST + 2), "x")]
    items = [item async for item in kaggle.fetch(visits, "cheap", lambda _terms: 1.0)]
    assert profile(items).name == "Ada Example"
    assert [item.ref.uid for item in of_type(items, Gone)] == [str(FIRST + 1)]
    assert {item.ref.uid for item in of_type(items, Unknown) if item.what == "*"} == {str(FIRST + 2), "x"}


@pytest.mark.parametrize("name", ["missing", "empty"])
async def test_a_folder_without_pages_says_what_to_set(tmp_path: Path, name: str) -> None:
    (tmp_path / "empty").mkdir()
    with pytest.raises(NotConfigured, match="set saved_pages_dir"):
        await connector(saved_pages_dir=str(tmp_path / name)).check()
