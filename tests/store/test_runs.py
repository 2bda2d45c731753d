from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select

from sourcer.domain import Done, Gone
from sourcer.store import schema
from sourcer.store.database import Database
from sourcer.store.runs import Run, RunRow, get_run, list_runs, save_sites
from sourcer.store.visits import queue_deep, read_checkpoint, set_phase
from support.store_items import NOON, account, begin, commit, end, profile


def rows(database: Database) -> list[RunRow]:
    with database.read() as connection:
        return list_runs(connection)


def test_a_complete_run_is_not_continued(database: Database) -> None:
    first = begin(database)
    end(database, first)
    second = begin(database, days=1)
    assert (first.chain, first.resumed) == (first.id, False)
    assert (second.chain, second.resumed) == (second.id, False)
    assert second.chain_started_at == second.started_at == NOON + timedelta(days=1)


def test_a_killed_run_is_continued_again_and_again(database: Database) -> None:
    first, second, third = begin(database), begin(database, days=1), begin(database, days=2)
    assert {run.chain for run in (first, second, third)} == {first.id}
    assert (third.resumed, third.chain_started_at, third.started_at) == (True, NOON, NOON + timedelta(days=2))
    assert [row.status for row in rows(database)] == ["running", "incomplete", "incomplete"]
    assert [row.finished_at for row in rows(database)] == [None, None, None]


def test_a_failed_run_is_continued_as_what_it_found_is_not_lost(database: Database) -> None:
    end(database, begin(database), "failed")
    assert begin(database, days=1).resumed


def test_briefs_do_not_continue_each_other(database: Database) -> None:
    other = begin(database, brief="data")
    assert not begin(database).resumed
    with database.read() as connection:
        stored = get_run(connection, other.id)
        assert stored is not None
        assert stored.status == "running"


def test_a_replay_stands_alone(database: Database) -> None:
    live = begin(database)
    end(database, live, "incomplete")
    commit(database, live, account(1))
    replay = begin(database, days=1, replay_of=live.id)
    assert (replay.chain, replay.resumed) == (replay.id, False)
    commit(database, replay, account(1))
    end(database, replay, "incomplete")
    resumed = begin(database, days=2)
    assert (resumed.chain, resumed.resumed) == (live.id, True)
    with database.read() as connection:
        assert connection.scalars(select(schema.visit.c.chain)).all() == [live.id]


def queued(database: Database) -> set[tuple[int, str]]:
    with database.read() as connection:
        rows = connection.execute(select(schema.checkpoint.c.chain, schema.checkpoint.c.connector))
        return {(row.chain, row.connector) for row in rows}


def enter(database: Database, run: Run, connector: str, phase: str) -> None:
    with database.write() as connection:
        set_phase(connection, run.chain, connector, phase, "digest")


def test_only_the_queue_of_one_that_takes_part_keeps_a_chain_alive(database: Database) -> None:
    first = begin(database)
    enter(database, first, "other", "cheap")
    end(database, first)
    second = begin(database, connectors=["github"])
    assert second.chain == second.id
    assert queued(database) == {(second.id, "other")}
    end(database, second)
    assert begin(database, connectors=["github", "other"]).chain == second.chain


def test_in_a_chain_of_yesterday_only_those_go_on_that_did_not_end(database: Database) -> None:
    first = begin(database)
    enter(database, first, "github", "done")
    enter(database, first, "broken", "discover")
    end(database, first, "incomplete")
    second = begin(database, days=1, connectors=["github", "broken"])
    assert (second.chain, second.resumed, second.chain_started_at) == (second.id, False, second.started_at)
    assert queued(database) == {(second.id, "broken")}


def test_within_a_day_nobody_starts_over(database: Database) -> None:
    first = begin(database)
    enter(database, first, "github", "done")
    enter(database, first, "broken", "discover")
    end(database, first, "incomplete")
    second = begin(database, connectors=["github", "broken"])
    assert second.chain == first.id
    assert queued(database) == {(first.id, "github"), (first.id, "broken")}


def test_an_old_chain_goes_on_while_all_who_take_part_are_in_it(database: Database) -> None:
    first = begin(database)
    enter(database, first, "github", "cheap")
    end(database, first, "incomplete")
    assert begin(database, days=5, connectors=["github"]).chain == first.id


def test_runs_are_listed_newest_first_as_the_design_says(database: Database) -> None:
    first = begin(database)
    end(database, first)
    second = begin(database, brief="data", days=1)
    with database.write() as connection:
        save_sites(connection, second.id, {"ai": {"requests": 2, "spent": {}}})
    with database.read() as connection:
        assert [row.id for row in list_runs(connection)] == [second.id, first.id]
        assert [row.id for row in list_runs(connection, 1)] == [second.id]
        assert get_run(connection, first.id) == list_runs(connection)[1]
        assert get_run(connection, 99) is None
        told = list_runs(connection)[1].as_json()
    assert told == {
        "id": first.id,
        "brief": "ml",
        "status": "complete",
        "started_at": "2026-03-01T12:00:00Z",
        "finished_at": "2026-03-01T13:00:00Z",
        "purpose": "hiring",
        "chain": first.id,
        "replay_of": None,
        "kind": "crawl",
        "fire_time": None,
        "stopped_by": None,
        "config_digest": "cafe",
        "versions": {"github": "1"},
        "sites": {"github": {"profiles": 1}},
        "health": [],
    }
    assert rows(database)[0].sites == {"ai": {"requests": 2, "spent": {}}}


def looked_at(database: Database, run: Run) -> None:
    commit(database, run, account(1), account(2))
    commit(database, run, Done(account(1)), Done(account(2)), phase="cheap", relevance={account(1): 0.5})
    with database.write() as connection:
        queue_deep(connection, run.chain, "github", 1.0)
    commit(database, run, Done(account(1)), phase="deep")


def queues(database: Database, run: Run) -> list[tuple[str, str, float | None]]:
    table = schema.visit.c
    with database.read() as connection:
        wanted = select(table.depth, table.status, table.relevance).where(table.chain == run.chain)
        found = [(row.depth, row.status, row.relevance) for row in connection.execute(wanted)]
    return sorted(found, key=lambda one: (one[0], one[1], one[2] is None, one[2] or 0.0))


def test_what_was_found_today_is_queued_again_without_discovery(database: Database) -> None:
    first = begin(database)
    looked_at(database, first)
    end(database, first)
    second = begin(database, days=0.2)
    assert (second.chain, second.resumed) == (second.id, False)
    assert queues(database, second) == [("cheap", "pending", 0.5), ("cheap", "pending", None)]
    # What was found besides does not cost a place; what is new may gain one.
    commit(
        database,
        second,
        Done(account(1)),
        Done(account(2)),
        phase="cheap",
        relevance={account(1): 0.3, account(2): 0.4},
    )
    assert [relevance for _, _, relevance in queues(database, second)] == [0.4, 0.5]
    with database.read() as connection:
        stored = read_checkpoint(connection, second.chain, "github")
    assert stored is not None
    assert stored.phase == "cheap"


def test_who_is_gone_today_is_asked_again_tomorrow_only(database: Database) -> None:
    first = begin(database)
    commit(database, first, account(1), account(2), account(3))
    commit(database, first, profile(account(1)), Done(account(1)), phase="cheap")
    commit(database, first, profile(account(2)), Done(account(2)), phase="cheap")
    commit(database, first, Gone(account(2), "404"), Gone(account(3), "404"), phase="cheap")
    end(database, first)
    today = begin(database, days=0.2)
    assert [(depth, status) for depth, status, _ in queues(database, today)] == [
        ("cheap", "done"),
        ("cheap", "done"),
        ("cheap", "pending"),
    ]
    commit(database, today, Done(account(1)), phase="cheap")
    end(database, today)
    tomorrow = begin(database, days=0.6)
    assert [status for _, status, _ in queues(database, tomorrow)] == ["pending"] * 3


def test_what_was_found_yesterday_is_found_anew(database: Database) -> None:
    first = begin(database)
    looked_at(database, first)
    end(database, first)
    second = begin(database, days=1)
    assert queues(database, second) == []
    with database.read() as connection:
        assert read_checkpoint(connection, second.chain, "github") is None


def test_what_discovery_closes_itself_is_read_anew_each_time(database: Database) -> None:
    first = begin(database)
    commit(database, first, account(1), Done(account(1)), account(2))
    commit(database, first, Done(account(2)), phase="cheap")
    end(database, first)
    assert queues(database, begin(database, days=0.04)) == []
