from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from sourcer.domain import Checkpoint, Done, Gone, Ref, Visit
from sourcer.store import schema
from sourcer.store.database import Database
from sourcer.store.runs import Run
from sourcer.store.visits import (
    VisitCount,
    count_visits,
    drop_chain,
    next_visits,
    queue_deep,
    read_checkpoint,
    set_phase,
)
from support.store_items import NOON, account, begin, commit, end, profile


def waiting(database: Database, run: Run, depth: str = "cheap", n: int = 100) -> list[Visit]:
    assert depth in ("cheap", "deep")
    with database.read() as connection:
        return next_visits(connection, run.chain, "github", "deep" if depth == "deep" else "cheap", n)


def deep(database: Database, run: Run, share: float, bar: float = 0.0) -> int:
    with database.write() as connection:
        return queue_deep(connection, run.chain, "github", share, bar)


def test_accounts_are_visited_in_the_order_they_were_found(database: Database) -> None:
    run = begin(database)
    assert commit(database, run, account(3), account(1), account(3)).people == 2
    assert commit(database, run, account(1), account(2, "ai"), Ref("github", "3", "renamed")).people == 1
    assert waiting(database, run) == [Visit(account(3)), Visit(account(1)), Visit(account(2, "ai"))]
    assert waiting(database, run, n=1) == [Visit(account(3))]
    commit(database, run, Done(account(3)), Gone(account(1), "404"), phase="cheap")
    assert waiting(database, run) == [Visit(account(2, "ai"))]
    with database.read() as connection:
        assert count_visits(connection, run.chain, "github", "cheap") == VisitCount(pending=1, done=2)
        assert count_visits(connection, run.chain, "github", "deep") == VisitCount(pending=0, done=0)
    commit(database, run, account(4), account(3))
    assert [visit.ref.uid for visit in waiting(database, run)] == ["2", "4"]


def test_a_visit_brings_back_what_the_connector_remembered(database: Database) -> None:
    first = begin(database)
    commit(database, first, account(1), account(2), Done(account(1), ("*",), {"etag": "x"}))
    commit(database, first, Done(account(1), (), {"tree": 1}), phase="deep", seen_at=NOON + timedelta(hours=2))
    end(database, first)
    second = begin(database, days=1)
    commit(database, second, account(1), account(2))
    assert waiting(database, second) == [Visit(account(1), NOON, {"etag": "x"}), Visit(account(2))]


def test_what_discovery_closes_is_not_visited_and_found_all_the_same(database: Database) -> None:
    run = begin(database)
    assert commit(database, run, profile(account(1)), Done(account(1))).people == 1
    assert commit(database, run, account(1)).people == 0
    assert waiting(database, run) == []
    with database.read() as connection:
        assert connection.scalars(select(schema.found.c.uid)).all() == ["1"]


def test_the_deep_look_goes_to_the_most_relevant(database: Database) -> None:
    run = begin(database)
    everybody = [account(number) for number in range(10)]
    commit(database, run, *everybody)
    relevance = {account(number): number / 10 for number in range(9)}
    closing = [item for ref in everybody[:9] for item in (profile(ref), Done(ref))]
    commit(database, run, *closing, phase="cheap", relevance=relevance)
    commit(database, run, Gone(account(8), "404"), phase="cheap")
    # 0 is not relevant, 8 is gone, 9 was not seen yet.
    assert deep(database, run, 0.39) == 3
    assert deep(database, run, 0.39) == 0
    assert [visit.ref for visit in waiting(database, run, "deep")] == [account(7), account(6), account(5)]
    commit(database, run, Done(account(7)), phase="deep")
    assert deep(database, run, 1.0) == 4
    assert [visit.ref.uid for visit in waiting(database, run, "deep")] == ["6", "5", "4", "3", "2", "1"]
    assert deep(database, run, 1.0) == 0


def test_who_is_below_the_bar_gets_no_deep_look_though_there_is_room(database: Database) -> None:
    run = begin(database)
    refs = [account(number) for number in range(4)]
    relevance = {refs[0]: 0.149, refs[1]: 0.15, refs[2]: 0.9}
    commit(database, run, *refs)
    commit(database, run, *(item for ref in refs[:3] for item in (profile(ref), Done(ref, ("*",)))), phase="cheap")
    commit(database, run, *(Done(ref, ("*",)) for ref in refs[:3]), phase="cheap", relevance=relevance)
    commit(database, run, profile(refs[3]), Done(refs[3], ()), phase="cheap")
    # Of the last one nothing was looked at: nobody knows.
    assert deep(database, run, 1.0, 0.15) == 3
    assert [visit.ref for visit in waiting(database, run, "deep")] == [refs[2], refs[1], refs[3]]


def test_equally_relevant_accounts_come_by_site_and_uid(database: Database) -> None:
    run = begin(database)
    refs = [Ref("github", "b"), Ref("github", "B"), Ref("github", "é"), Ref("ai", "z"), Ref("github", "10")]
    commit(database, run, *refs, *(Done(ref) for ref in refs), relevance=dict.fromkeys(refs, 0.5))
    assert deep(database, run, 1) == 5
    assert [visit.ref.uid for visit in waiting(database, run, "deep")] == ["z", "10", "B", "b", "é"]


@pytest.mark.parametrize(("share", "people", "queued"), [(0.29, 100, 29), (0.5, 3, 1), (0.0, 5, 0), (1.0, 5, 5)])
def test_the_share_is_rounded_down(database: Database, share: float, people: int, queued: int) -> None:
    run = begin(database)
    refs = [account(number) for number in range(people)]
    commit(database, run, *refs, *(Done(ref) for ref in refs), relevance=dict.fromkeys(refs, 0.1))
    assert deep(database, run, share) == queued


def test_a_phase_keeps_the_checkpoint_of_its_digest_only(database: Database) -> None:
    run = begin(database)
    with database.write() as connection:
        set_phase(connection, run.chain, "github", "discover", "d1")
    commit(database, run, account(1), checkpoint=Checkpoint({"page": 2}), digest="d1")
    with database.write() as connection:
        set_phase(connection, run.chain, "github", "cheap", "d1")
        stored = read_checkpoint(connection, run.chain, "github")
        assert stored is not None
        assert (stored.phase, stored.checkpoint, stored.found) == ("cheap", Checkpoint({"page": 2}), 1)
        set_phase(connection, run.chain, "github", "discover", "d2")
        stored = read_checkpoint(connection, run.chain, "github")
        assert stored is not None
        assert (stored.checkpoint, stored.found, stored.digest) == (None, 1, "d2")


def test_a_finished_chain_leaves_no_queue(database: Database) -> None:
    run, other = begin(database), begin(database, brief="data")
    for each in (run, other):
        commit(database, each, account(1), checkpoint=Checkpoint({}))
    with database.write() as connection:
        drop_chain(connection, run.chain)
        assert connection.scalars(select(schema.visit.c.chain)).all() == [other.chain]
        assert connection.scalars(select(schema.checkpoint.c.chain)).all() == [other.chain]


def test_of_whom_nothing_was_looked_at_the_deep_look_tells(database: Database) -> None:
    run = begin(database)
    everybody = [account(number) for number in range(1, 5)]
    commit(database, run, *everybody)
    commit(database, run, *(item for ref in everybody[:2] for item in (profile(ref), Done(ref, ()))), phase="cheap")
    known = {everybody[2]: 0.1, everybody[3]: 0.0}
    looked = (item for ref in known for item in (profile(ref), Done(ref, ("repo.owned",))))
    commit(database, run, *looked, phase="cheap", relevance=known)
    assert deep(database, run, 1.0) == 3
    # What is known to be relevant goes first; what is known not to be is left out.
    assert [visit.ref for visit in waiting(database, run, "deep")] == [everybody[2], everybody[0], everybody[1]]
