from __future__ import annotations

import tracemalloc
from datetime import timedelta

import pytest
from sqlalchemy import event

from sourcer.domain import Done, Gone, Item, Ref, Unknown
from sourcer.store import schema
from sourcer.store.database import Database
from sourcer.store.ids import person_id
from sourcer.store.reads import (
    PersonFacts,
    StoredLook,
    StoredUnknown,
    count_people,
    iter_people,
    read_person,
    resolve_person,
)
from support.store_items import NOON, account, begin, commit, end, piece, profile

ADA, BEN, CLEO = (person_id("github", uid) for uid in "123")


def everybody(database: Database, brief: str | None = "ml") -> dict[int, PersonFacts]:
    with database.read() as connection:
        people = list(iter_people(connection, brief))
        assert count_people(connection, brief) == len(people)
    assert [facts.person for facts in people] == sorted(facts.person for facts in people)
    return {facts.person: facts for facts in people}


def merge(database: Database, person: int, into: int) -> None:
    with database.write() as connection:
        connection.execute(schema.person.update().where(schema.person.c.id == person).values(merged_into=into))


def test_a_person_comes_with_all_that_is_known(database: Database) -> None:
    run = begin(database)
    ada, elsewhere = account(1), account(7, "ai")
    commit(
        database, run, ada, profile(ada, name="Ada", measure={"followers": 3}), piece(ada, "b", licence="CC BY-SA 4.0"),
        piece(ada, "a"), Unknown(ada, "pr.*", "slow"), Done(ada, ("repo.*",), {"x": 1}), profile(elsewhere),
    )  # fmt: skip
    merge(database, person_id("ai", "7"), ADA)
    (facts,) = everybody(database).values()
    assert [item.site for item in facts.profiles] == ["ai", "github"]
    stored = facts.profiles[1]
    assert (stored.uid, stored.login, stored.name, stored.measure) == ("1", "user-1", "Ada", {"followers": 3})
    assert (stored.first_seen_at, stored.connector, stored.run_id) == (NOON, "github", run.id)
    assert [item.id for item in facts.evidence] == sorted(item.id for item in facts.evidence)
    evidence = next(item for item in facts.evidence if item.title == "b")
    assert (evidence.terms, evidence.measure, evidence.licence) == (("topic:mlops",), {"stars": 3}, "CC BY-SA 4.0")
    assert (evidence.kind, evidence.happened_at, evidence.seen_at) == ("repo.owned", NOON, NOON)
    assert facts.unknowns == [StoredUnknown("github", "1", "pr.*", "slow")]
    assert facts.looks == [StoredLook("github", "1", "cheap", ("repo.*",))]
    with database.read() as connection:
        assert read_person(connection, ADA) == read_person(connection, person_id("ai", "7")) == facts


def test_a_brief_sees_the_people_it_found(database: Database) -> None:
    run = begin(database)
    commit(database, run, account(1), *(profile(account(number)) for number in (1, 2, 3)))
    commit(database, begin(database, brief="data"), account(2), account(3), brief="data")
    assert everybody(database).keys() == {ADA}
    assert everybody(database, "data").keys() == {BEN, CLEO}
    assert everybody(database, None).keys() == {ADA, BEN, CLEO}
    assert everybody(database, "nobody") == {}
    merge(database, BEN, ADA)
    assert everybody(database, "data").keys() == {ADA, CLEO}


def test_what_is_gone_or_vanished_does_not_come(database: Database) -> None:
    first = begin(database)
    for number in (1, 2):
        commit(database, first, account(number), profile(account(number)), piece(account(number), "a"))
    commit(database, first, piece(account(1), "b"))
    end(database, first)
    second = begin(database, days=1)
    commit(database, second, piece(account(1), "a"), Done(account(1), ("*",)), Gone(account(2), "404"), phase="cheap")
    people = everybody(database)
    assert people.keys() == {ADA}
    assert [item.title for item in people[ADA].evidence] == ["a"]
    with database.read() as connection:
        assert read_person(connection, BEN) is None
        assert read_person(connection, 12345) is None
    merge(database, BEN, ADA)
    assert [item.uid for item in everybody(database)[ADA].profiles] == ["1"]
    assert len(everybody(database)[ADA].evidence) == 1


def test_a_person_found_by_an_account_that_is_gone_still_comes(database: Database) -> None:
    run = begin(database)
    commit(database, run, account(1), profile(account(1)), profile(account(2)), Gone(account(1), "404"))
    merge(database, ADA, BEN)
    assert [item.uid for item in everybody(database)[BEN].profiles] == ["2"]


@pytest.mark.parametrize(
    ("text", "person"),
    [
        (str(ADA), ADA),
        (f" {BEN} ", ADA),
        ("github:user-1", ADA),
        ("github:USER-1", ADA),
        ("github:#1", ADA),
        ("github:#2", ADA),
        ("https://github.example.org/user-1", ADA),
        ("http://GitHub.example.org/User-1/", ADA),
        ("github:Same", CLEO),
        ("github:same", person_id("github", "4")),
        ("github:user-9", None),
        ("ai:#1", None),
        ("https://github.example.org/", None),
        ("user-1", None),
        ("github:", None),
        ("", None),
        ("99", None),
        ("9" * 40, None),
    ],
)
def test_a_person_is_known_by_id_account_or_url(database: Database, text: str, person: int | None) -> None:
    run = begin(database)
    same = [Ref("github", "3", "Same"), Ref("github", "4", "same")]
    commit(database, run, profile(account(1)), profile(account(2)), *(profile(ref) for ref in same))
    merge(database, BEN, ADA)
    with database.read() as connection:
        assert resolve_person(connection, text) == person


def crowd(database: Database, people: int) -> None:
    run = begin(database)
    for start in range(0, people, 500):
        items: list[Item] = []
        for number in range(start, start + 500):
            ref = account(number)
            items += [ref, profile(ref, bio="b" * 500), piece(ref, "a"), piece(ref, "b")]
        commit(database, run, *items, seen_at=NOON + timedelta(seconds=start))


@pytest.mark.slow
def test_a_crowd_is_read_in_chunks(database: Database) -> None:
    crowd(database, 2000)
    statements: list[str] = []
    event.listen(database.engine, "before_cursor_execute", lambda *call: statements.append(call[2]))
    with database.read() as connection:
        people = iter_people(connection, "ml")
        next(people)
        after_one = len(statements)
        tracemalloc.start()
        rest = sum(len(facts.evidence) for facts in people)
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
    assert rest == 3998
    chunks = 2000 / 200
    assert after_one < 10, "the first person must not wait for all the others"
    assert len(statements) < chunks * 8
    # All at once take some 10 MB.
    assert peak < 3_000_000
