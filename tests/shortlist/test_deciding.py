"""What humans decide about people: kept whole, by brief, through links and undone links, until people are erased."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text, update

from sourcer.domain import STATES, Done, Gone
from sourcer.errors import UsageError
from sourcer.shortlist import read_history, read_shortlist
from sourcer.store import schema
from sourcer.store.database import Database
from sourcer.store.decisions import Standing, read_standings
from sourcer.store.ids import person_id
from support.databases import wipe
from support.deciding import Desk
from support.store_items import account, begin, commit, profile

ADA, BEN, CLEO = (person_id("github", str(number)) for number in (1, 2, 3))
TODAY, LATER = date(2026, 3, 1), date(2026, 3, 20)
NAMES = {1: "Ada", 2: "Ben", 3: "Cleo"}


def store(database: Database) -> None:
    items = [(account(number), profile(account(number), name=name)) for number, name in NAMES.items()]
    commit(database, begin(database), *[item for ref, said in items for item in (ref, said, Done(ref))])


@pytest.fixture
def desk(database: Database) -> Desk:
    store(database)
    return Desk(database)


def join(database: Database, *people: int, into: int | None) -> None:
    table = schema.person
    with database.write() as connection:
        connection.execute(update(table).where(table.c.id.in_(people)).values(merged_into=into))


def standing(desk: Desk, person: int, brief: str = "ml") -> Standing:
    with desk.database.read() as connection:
        return read_standings(connection, brief).get(person, Standing())


def shown(desk: Desk, **how: Any) -> list[tuple[str, str]]:
    with desk.database.read() as connection:
        return [(entry.face.name, entry.standing.state) for entry in read_shortlist(connection, desk.brief, **how)]


def test_a_state_has_a_user_a_reason_and_a_history(desk: Desk) -> None:
    desk.state("contacted", "github:user-1", reason="wrote on Monday")
    Desk(desk.database, user="lee", days=1).state("rejected", f"{ADA}", reason="wants to teach")
    assert (standing(desk, ADA).state, standing(desk, BEN).state) == ("rejected", "new")
    with desk.database.read() as connection:
        found = [(one.by, one.action, one.state_before, one.state, one.reason) for one in read_history(connection, ADA)]
    assert found == [
        ("kim", "add", None, None, "wrote on Monday"),
        ("kim", "state", "new", "contacted", "wrote on Monday"),
        ("lee", "state", "contacted", "rejected", "wants to teach"),
    ]


def test_what_is_wrong_is_said_in_a_line_and_nothing_is_kept(desk: Desk) -> None:
    wrong: dict[str, Callable[[], object]] = {
        "did you mean user-1": lambda: desk.add("github:#2", "github:uesr-1"),
        "did you mean rejected": lambda: desk.state("rejectd", "github:#1"),
        "--reason": lambda: desk.state("rejected", "github:#1", reason=" "),
        "--until DATE": lambda: desk.state("snoozed", "github:#1"),
        "to come": lambda: desk.state("snoozed", "github:#1", until=TODAY),
        "belongs to snoozed": lambda: desk.state("hired", "github:#1", until=LATER),
        "without comma": lambda: desk.tag("a, b", "github:#1"),
        "needs a text": lambda: desk.note(" ", "github:#1"),
        "not found for other": lambda: Desk(desk.database, brief="other").add("github:#1"),
    }
    for said, deed in wrong.items():
        with pytest.raises(UsageError, match=said) as caught:
            deed()
        assert "\n" not in str(caught.value)
    assert shown(desk, everybody=True) == []


def test_the_list_keeps_its_order_its_tags_and_notes(desk: Desk) -> None:
    desk.add("github:#1", "github:#2")
    desk.add("github:#3", place=1)
    desk.state("rejected", "github:#2")
    assert shown(desk) == [("Cleo", "new"), ("Ada", "new"), ("Ben", "rejected")]
    assert "was on the shortlist already" in desk.add("github:#3")[0]
    desk.add("github:#3", place=3)
    desk.remove("github:#1")
    assert shown(desk) == [("Ben", "rejected"), ("Cleo", "new")]
    assert shown(desk, states=["rejected"]) == [("Ben", "rejected")]
    desk.tag("team  a", "github:#1", "github:#2")
    desk.untag("team a", "github:#2")
    desk.note("likes\x00 Rust", "github:#1")
    assert shown(desk, everybody=True)[-1] == ("Ada", "new")
    assert standing(desk, ADA).tags == ("team a",)
    assert [one.value for one in standing(desk, ADA).notes] == ["likes Rust"]
    assert standing(desk, BEN).tags == ()


def test_a_brief_knows_nothing_of_what_was_decided_for_another(desk: Desk) -> None:
    commit(desk.database, begin(desk.database, brief="other"), account(1), brief="other")
    desk.state("rejected", "github:#1")
    Desk(desk.database, brief="other").state("interested", "github:#1")
    assert (standing(desk, ADA).state, standing(desk, ADA, "other").state) == ("rejected", "interested")


def test_a_snooze_ends_and_no_state_changes(desk: Desk) -> None:
    desk.state("snoozed", "github:#1", until=LATER)
    found = standing(desk, ADA)
    assert [found.is_hidden(day) for day in (TODAY, date(2026, 3, 19), LATER)] == [True, True, False]
    assert [found.is_back(day) for day in (TODAY, LATER)] == [False, True]
    assert found.state == "snoozed"


def test_joined_people_keep_both_histories_and_part_with_their_own(desk: Desk) -> None:
    desk.add("github:#2")
    desk.state("rejected", "github:#1", reason="first")
    desk.state("interested", "github:#2", reason="second")
    root, other = sorted((ADA, BEN))
    join(desk.database, other, into=root)
    joined = standing(desk, root)
    assert (joined.state, joined.listed is not None) == ("interested", True)
    assert shown(desk, everybody=True) == [("Ada", "interested")]
    # The account that is named is the one that keeps it.
    desk.state("contacted", "github:#2", reason="third")
    join(desk.database, other, into=None)
    assert (standing(desk, ADA).state, standing(desk, BEN).state) == ("rejected", "contacted")
    with desk.database.read() as connection:
        assert [one.reason for one in read_history(connection, ADA)] == ["first"]


def test_who_is_erased_takes_notes_along(desk: Desk) -> None:
    desk.note("private", "github:#1", "github:#2")
    for days in (1, 2):
        commit(desk.database, begin(desk.database, days=days), Gone(account(1), "404"), phase="cheap")
    with desk.database.read() as connection:
        assert [one.person for one in read_history(connection, BEN)] == [BEN]
        assert read_history(connection, ADA) == []
    with pytest.raises(UsageError, match="nothing is kept"):
        desk.note("more", f"{ADA}")


def test_who_is_there_under_another_account_keeps_what_was_decided(desk: Desk) -> None:
    desk.state("rejected", "github:#1")
    root, other = sorted((ADA, BEN))
    join(desk.database, other, into=root)
    for days in (1, 2):
        commit(desk.database, begin(desk.database, days=days), Gone(account(1), "404"), phase="cheap")
    join(desk.database, other, into=None)
    assert (standing(desk, BEN).state, standing(desk, ADA).state) == ("rejected", "new")


def test_users_at_once_lose_no_history(desk: Desk) -> None:
    def work(user: str) -> None:
        for place in range(5):
            Desk(desk.database, user=user).state(STATES[1 + place % 3], "github:#1", reason=f"{place}")

    with ThreadPoolExecutor(3) as pool:
        list(pool.map(work, ("kim", "lee", "mia")))
    with desk.database.read() as connection:
        states = [one for one in read_history(connection, ADA) if one.action == "state"]
    assert sorted((one.by, one.reason) for one in states) == [
        (user, f"{place}") for user in ("kim", "lee", "mia") for place in range(5)
    ]
    # Each knew the state that it changed.
    assert [one.state_before for one in states] == ["new", *(one.state for one in states[:-1])]


def test_the_views_tell_what_counts(desk: Desk) -> None:
    desk.state("snoozed", "github:#1", reason="later", until=LATER)
    desk.add("github:#2")
    desk.note("hm", "github:#3")
    with desk.database.read() as connection:
        rows = connection.execute(text("SELECT person, listed, state, until, reason, decided_by FROM v_shortlist"))
        assert {tuple(row) for row in rows} == {
            (ADA, 0, "snoozed", "2026-03-20", "later", "kim"),
            (BEN, 1, "new", None, None, None),
            (CLEO, 0, "new", None, None, None),
        }
        assert connection.scalar(text("SELECT COUNT(*) FROM v_decision WHERE decided_by = 'kim'")) == 3


commands = st.lists(
    st.one_of(
        st.tuples(st.sampled_from(["add", "remove", "join", "part"]), st.integers(1, 3), st.none()),
        st.tuples(st.just("state"), st.integers(1, 3), st.sampled_from(STATES)),
    ),
    max_size=12,
)


@pytest.mark.slow
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(work=commands)
def test_the_state_is_the_last_of_the_history_whatever_was_done(
    database: Database, work: list[tuple[str, int, str | None]]
) -> None:
    wipe(database)
    store(database)
    desk = Desk(database)
    root, *others = sorted((ADA, BEN, CLEO))
    for action, number, state in work:
        named = f"github:#{number}"
        match action:
            case "state":
                desk.state(state or "", named, until=LATER if state == "snoozed" else None)
            case "join":
                join(database, *others, into=root)
            case "part":
                join(database, *others, into=None)
            case _:
                getattr(desk, action)(named)
    told = {"add": True, "remove": False}
    for person in (ADA, BEN, CLEO):
        with database.read() as connection:
            history = read_history(connection, person)
        found = standing(desk, person)
        assert found.state == next((one.state for one in reversed(history) if one.action == "state"), "new")
        assert (found.listed is not None) == next(
            (told[one.action] for one in reversed(history) if one.action in told), False
        )
    with database.read() as connection:
        kept = sum(len(read_history(connection, person)) for person in (root, *others))
    assert kept >= sum(1 for action, _, _ in work if action == "state")
