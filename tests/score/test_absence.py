"""Who is not in a ranking is told so, and why; neighbours are only told where they are those of the ranking."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import pytest

from sourcer.brief import Brief
from sourcer.domain import Done, Item, Ref
from sourcer.score import Explanation, explain, rank, score_and_store
from sourcer.skills import load_lexicon
from sourcer.store.database import Database
from sourcer.store.ids import person_id
from support.deciding import Desk
from support.facts import a_brief
from support.store_items import account, begin, commit, piece, profile

DAY = date(2026, 3, 2)
LEXICON = load_lexicon()
ADA, BEN, CLEO, DAN = (account(number) for number in (1, 2, 3, 4))


def someone(ref: Ref, terms: Sequence[str], location: str = "") -> list[Item]:
    who = profile(ref, location=location) if location else profile(ref)
    return [ref, who, piece(ref, "x/tool", terms=tuple(terms)), Done(ref, ("repo.owned",))]


@pytest.fixture
def stored(database: Database) -> Database:
    """ADA before BEN before CLEO, and DAN of whom nothing earns; BEN works with Kubeflow."""
    run = begin(database)
    commit(
        database,
        run,
        *someone(ADA, ["topic:mlflow", "topic:pytorch", "topic:dvc"], "Kraków, Polska"),
        *someone(BEN, ["topic:mlflow", "topic:kubeflow"], "Berlin"),
        *someone(CLEO, ["language:python"], "Remote, Germany"),
        *someone(DAN, ["language:javascript"]),
    )
    return database


def told(database: Database, ref: Ref, brief: Brief | None = None, day: date = DAY) -> Explanation:
    with database.read() as connection:
        person = person_id(ref.site, ref.uid)
        return explain(connection, person, brief or a_brief(), LEXICON, as_of=day, cross_brief=False)


def reasons(explained: Explanation) -> list[str]:
    return [absence.reason for absence in explained.absence]


@pytest.mark.parametrize(
    "brief",
    [
        a_brief(),
        a_brief(exclude=["kubeflow | dvc"]),
        a_brief(where={"countries": ["PL"]}),
        a_brief(where={"countries": ["PL"], "remote_ok": False, "unknown_ok": False}),
        a_brief(weights={"coding": 0, "lifecycle": 1}),
    ],
    ids=["plain", "excluded", "places", "known places", "no weight"],
)
def test_nobody_is_told_to_be_absent_but_those_whom_the_ranking_leaves_out(stored: Database, brief: Brief) -> None:
    desk = Desk(stored)
    desk.state("hired", "github:#3")
    with stored.read() as connection:
        found = {one.person for one in rank(connection, brief, LEXICON, as_of=DAY, cross_brief=False, top=None)}
    everybody = {ref: told(stored, ref, brief) for ref in (ADA, BEN, CLEO, DAN)}
    assert {one.person for one in everybody.values() if not one.absence} == found
    for one in everybody.values():
        assert (one.as_json()["not_ranked"] is None) == (one.person in found)
        assert one.in_words()[0].startswith("Not in the ranking, because ") == bool(one.absence)


def test_who_is_excluded_hears_by_which_skill_and_where_it_shows(stored: Database) -> None:
    found = told(stored, BEN, a_brief(exclude=["kubeflow"]))
    (piece_of_evidence,) = {item.evidence.url for item in found.contributions}
    assert found.in_words()[0] == (
        f"Not in the ranking, because the brief excludes Kubeflow, which {piece_of_evidence} shows."
    )
    assert found.score > 0
    assert not any(prospect.kind == "neighbour" for prospect in found.prospects)


def test_a_place_that_the_brief_leaves_out_is_named(stored: Database) -> None:
    brief = a_brief(where={"countries": ["PL"], "regions": ["india"], "unknown_ok": False})
    (line,) = (str(one) for one in told(stored, BEN, brief).absence)
    assert line == "Not in the ranking, because the brief takes people in PL, india, and the profile says DE."
    assert reasons(told(stored, DAN, brief)) == ["place", "nothing seen"]
    assert "no profile says where they are" in told(stored, DAN, brief).in_words()[0]


def test_what_a_human_decided_is_told_with_who_when_and_why(stored: Database) -> None:
    desk = Desk(stored)
    desk.state("rejected", "github:#1", reason="wants\nto teach")
    desk.state("snoozed", "github:#2", until=date(2026, 3, 9))
    (line,) = (str(one) for one in told(stored, ADA).absence)
    assert line.startswith("Not in the ranking, because kim said rejected on ")
    assert line.endswith("(wants to teach); `rank --all` shows who was put aside.")
    assert "snoozed until 2026-03-09 on " in told(stored, BEN).in_words()[0]
    assert told(stored, BEN, day=date(2026, 3, 9)).absence == ()


def neighbours(explained: Explanation) -> list[str]:
    return [prospect.text for prospect in explained.prospects if prospect.kind == "neighbour"]


def test_neighbours_are_those_of_the_ranking(stored: Database) -> None:
    score_and_store(stored, a_brief(), LEXICON, as_of=DAY, cross_brief=False)
    up, down = neighbours(told(stored, BEN))
    assert up.endswith("would reach rank 1.")
    assert down.endswith("would fall behind the next.")
    Desk(stored).state("rejected", "github:#1")
    (down,) = neighbours(told(stored, BEN))
    assert down.endswith("would fall behind the next.")


def test_neighbours_of_another_day_are_dated_and_those_of_another_brief_not_told(stored: Database) -> None:
    score_and_store(stored, a_brief(), LEXICON, as_of=DAY, cross_brief=False)
    later = neighbours(told(stored, BEN, day=date(2026, 3, 5)))
    assert [text.endswith("(of the ranking as of 2026-03-02).") for text in later] == [True, True]
    for changed in (
        a_brief(weights={"lifecycle": 0.2}),
        a_brief(exclude=["dvc"]),
        a_brief(where={"countries": ["DE"]}),
    ):
        (text,) = neighbours(told(stored, BEN, changed))
        assert "not known before the next crawl" in text
    renamed = a_brief().model_copy(update={"title": "Another title"})
    assert len(neighbours(told(stored, BEN, renamed))) == 2
