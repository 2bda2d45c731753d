"""What is too old is deleted whole, and nothing else."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select

from sourcer.domain import Done, Ref, Unknown
from sourcer.fetch.archive import Archive
from sourcer.link import decide_pair
from sourcer.privacy import Purged, purge, purgeable
from sourcer.store import schema
from sourcer.store.candidates import CandidateRow, ContributionRow, replace_candidates
from sourcer.store.database import Database
from sourcer.store.decisions import Decision, save_decisions
from sourcer.store.ids import person_id
from sourcer.store.links import merge_people
from sourcer.store.reads import read_person
from support.store_items import NOON, account, begin, commit, end, piece, profile

LIMIT = NOON + timedelta(days=100)
"""What was last seen before that is too old."""


def store(database: Database, ref: Ref, days: float) -> None:
    """Somebody who was seen so many days after the first noon, with something in every table."""
    run = begin(database, days=days)
    commit(database, run, ref, profile(ref), piece(ref, "a"), piece(ref, "b"), Unknown(ref, "repo.file", "no answer"))
    commit(database, run, Done(ref, ("repo.owned",)), phase="cheap")
    end(database, run)


def ranked(database: Database, *refs: Ref) -> None:
    with database.write() as connection:
        pieces = {
            (row.site, row.uid): row.id
            for row in connection.execute(select(schema.evidence).order_by(schema.evidence.c.id))
        }
        replace_candidates(
            connection,
            "ml",
            NOON.date(),
            "1",
            [
                CandidateRow(
                    person_id(ref.site, ref.uid),
                    place,
                    50.0,
                    [ContributionRow(pieces[ref.site, ref.uid], "mlflow", "lifecycle", "repo.owned", 50.0)],
                )
                for place, ref in enumerate(refs, 1)
            ],
        )


def rows(database: Database) -> dict[str, int]:
    """How many rows each table holds that may hold something about people."""
    with database.read() as connection:
        return {
            table.name: connection.scalar(select(func.count()).select_from(table)) or 0
            for table in schema.metadata.sorted_tables
            if table.name not in {"run", "checkpoint", "lease", "duty", "switch"}
        }


def test_everything_about_whom_was_not_seen_goes_and_nothing_else(database: Database) -> None:
    store(database, account(1), 99)
    ranked(database, account(1))
    others = rows(database)
    assert all(others[name] for name in ("profile", "person", "evidence", "unknown", "look", "found", "candidate"))
    database_before = dict.fromkeys(others, 0)
    store(database, account(2), 101)
    assert purgeable(database, LIMIT, None) == Purged(accounts=1)
    assert purge(database, LIMIT, None) == Purged(accounts=1, people=1, evidence=2)
    left = rows(database)
    assert left == database_before | {
        "person": 1, "profile": 1, "evidence": 2, "unknown": 1, "look": 1, "found": 1, "visit": 1
    }  # fmt: skip
    assert purge(database, LIMIT, None) == Purged()
    with database.read() as connection:
        assert read_person(connection, person_id("github", "2")) is not None


def test_what_profiles_showed_long_ago_goes_though_the_people_stay(database: Database) -> None:
    for days, name in ((0, "Ada"), (99, "Ada B."), (100, "Ada C.")):
        run = begin(database, days=days)
        commit(database, run, account(1), profile(account(1), name=name))
        end(database, run)
    purge(database, LIMIT, None)
    with database.read() as connection:
        assert [row.before for row in connection.execute(select(schema.change))] == ["Ada B."]


def test_a_person_stays_with_the_accounts_that_were_seen(database: Database) -> None:
    old, new = account(1), Ref("kaggle", "7", "ada")
    store(database, old, 10)
    store(database, new, 101)
    with database.write() as connection:
        decide_pair(connection, ("github", "1"), ("kaggle", "7"), "confirmed", by="anna", now=NOON)
        merge_people(connection, [frozenset({("github", "1"), ("kaggle", "7")})])
    assert purge(database, LIMIT, None).people == 0
    with database.read() as connection:
        # Both numbers lead to whom is left, whichever of them stands for the group.
        for number in (person_id("github", "1"), person_id("kaggle", "7")):
            facts = read_person(connection, number)
            assert facts is not None
            assert [one.site for one in facts.profiles] == ["kaggle"]
            assert len(facts.evidence) == 2
    assert rows(database)["link"] == 0


@pytest.mark.parametrize(("days", "kept"), [(101, True), (99, False)])
def test_whom_somebody_works_with_stays_as_long_after_the_last_decision(
    database: Database, days: float, *, kept: bool
) -> None:
    store(database, account(1), 10)
    decision = Decision("ml", person_id("github", "1"), "state", "anna", NOON + timedelta(days=days), state="contacted")
    with database.write() as connection:
        save_decisions(connection, [decision])
    assert purge(database, LIMIT, None).people == int(not kept)
    assert rows(database)["decision"] == rows(database)["profile"] == int(kept)


def test_who_was_seen_again_meanwhile_stays(database: Database) -> None:
    store(database, account(1), 10)
    store(database, account(1), 101)
    assert purge(database, LIMIT, None) == Purged()


@pytest.mark.parametrize(("last_run", "goes"), [(10, True), (101, False)])
def test_raw_answers_go_with_the_last_run_of_their_chain(
    database: Database, tmp_path: Path, last_run: float, *, goes: bool
) -> None:
    root = tmp_path / "archive"
    run = begin(database)
    if last_run > 100:
        begin(database, days=last_run)  # goes on from the first one, which was killed
    for name in (f"{run.id}-{NOON:%Y%m%dT%H%M%S}", "somebody's folder", "notes.txt"):
        Archive(root, name).begin(NOON)
    assert purgeable(database, LIMIT, root).archives == int(goes)
    assert purge(database, LIMIT, root).archives == int(goes)
    assert len(list(root.iterdir())) == (2 if goes else 3)
