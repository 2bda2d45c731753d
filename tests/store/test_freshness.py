"""Who is looked at again first."""

from __future__ import annotations

from datetime import timedelta

from sourcer.domain import Gone
from sourcer.store.candidates import CandidateRow, replace_candidates
from sourcer.store.database import Database
from sourcer.store.decisions import Decision, save_decisions
from sourcer.store.freshness import Urgency, put_first, stale_accounts, urgency_of
from sourcer.store.ids import person_id
from sourcer.store.visits import next_visits
from support.store_items import NOON, account, begin, commit, end, profile

CHOSEN = person_id("github", "6")
OLD = NOON + timedelta(days=30)
URGENCY = Urgency("ml", OLD, frozenset({CHOSEN}))


def person(number: int) -> int:
    return person_id("github", str(number))


def stored(database: Database) -> None:
    """1 to 4 and 6 were seen long ago, 5 lately; the scores of 1, 2, 3 and 5 are known, that of 5 is the best."""
    long_ago = begin(database)
    for number in (1, 2, 3, 4, 6):
        commit(database, long_ago, account(number), profile(account(number)))
    end(database, long_ago)
    lately = begin(database, days=40)
    commit(database, lately, account(5), profile(account(5)))
    end(database, lately)
    scores = {5: 90.0, 2: 70.0, 3: 20.0, 1: 10.0}
    with database.write() as connection:
        rows = [CandidateRow(person(number), place, score) for place, (number, score) in enumerate(scores.items(), 1)]
        replace_candidates(connection, "ml", NOON.date(), "1", rows)


def test_the_queue_begins_with_the_chosen_then_high_scores_with_old_data_then_the_rest(database: Database) -> None:
    stored(database)
    run = begin(database, days=50)
    for number in (9, 1, 2, 3, 4, 5, 6, 8):  # as discovery found them; 8 and 9 are new
        commit(database, run, account(number))
    with database.write() as connection:
        assert put_first(connection, run.chain, "github", URGENCY) == 4
        assert put_first(connection, run.chain, "github", URGENCY) == 4  # asked again it is the same
    with database.read() as connection:
        queue = [int(visit.ref.uid) for visit in next_visits(connection, run.chain, "github", "cheap", 100)]
    assert queue == [6, 2, 3, 1, 9, 4, 5, 8]
    commit(database, run, account(10))
    with database.read() as connection:
        assert next_visits(connection, run.chain, "github", "cheap", 100)[-1].ref.uid == "10"


def test_whose_data_is_old_is_picked_in_the_same_order(database: Database) -> None:
    stored(database)
    run = begin(database, days=50)
    commit(database, run, Gone(account(3), "no such account"))
    with database.read() as connection:
        assert [uid for _, uid in stale_accounts(connection, URGENCY, 100)] == ["6", "2", "1", "4"]
        assert [uid for _, uid in stale_accounts(connection, URGENCY, 2)] == ["6", "2"]
        assert stale_accounts(connection, Urgency("other", URGENCY.stale_before), 2) == []


def test_the_chosen_are_those_on_the_shortlist_who_are_not_hidden(database: Database) -> None:
    stored(database)
    decisions = [
        Decision("ml", CHOSEN, "add", "anna", NOON),
        Decision("ml", person(1), "add", "anna", NOON),
        Decision("ml", person(1), "state", "anna", NOON, state="rejected"),
        Decision("other", person(2), "add", "anna", NOON),
    ]
    with database.write() as connection:
        save_decisions(connection, decisions)
    with database.read() as connection:
        assert urgency_of(connection, "ml", OLD, NOON.date()) == URGENCY
