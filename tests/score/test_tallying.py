"""What is kept changes nothing but the time: the same ranking with and without it, and none of it outlives a change."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import Connection, func, select, text

from sourcer.brief import Brief
from sourcer.domain import Done
from sourcer.errors import DatabaseError
from sourcer.score import rank
from sourcer.score.gist import Gister
from sourcer.score.quick import Summer, Sums
from sourcer.skills import load_lexicon
from sourcer.store import schema
from sourcer.store.database import Database
from sourcer.store.gists import Gist, keep_gists
from sourcer.store.screening import Row
from sourcer.store.sql import Key
from support.facts import a_brief
from support.store_items import account, begin, commit, end, piece, profile

DAY = date(2026, 3, 2)
ADA, BEN = account(1), account(2)


def ranked(database: Database, brief: Brief, *, keep: bool, day: date = DAY) -> list[tuple[int, float]]:
    with database.read() as connection:
        people = rank(
            connection, brief, load_lexicon(), as_of=day, cross_brief=False, top=9, keep=database if keep else None
        )
    return [(person.person, person.score) for person in people]


@pytest.fixture
def stored(database: Database) -> Database:
    run = begin(database)
    for ref, terms in ((ADA, ("topic:mlflow", "topic:react")), (BEN, ("topic:pytorch",))):
        repos = [piece(ref, f"x/{place}", terms=(term,)) for place, term in enumerate(terms)]
        commit(database, run, ref, profile(ref), *repos, Done(ref, ("repo.owned",)))
    end(database, run)
    return database


@pytest.fixture
def counted(monkeypatch: pytest.MonkeyPatch) -> Callable[[], int]:
    """How many people's evidence was summed up so far."""
    calls: list[Summer] = []
    real = Summer.sums

    def sums(self: Summer, gists: Iterable[str]) -> Sums:
        calls.append(self)
        return real(self, gists)

    monkeypatch.setattr(Summer, "sums", sums)
    return lambda: len(calls)


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch) -> Callable[[], int]:
    """How many pieces of evidence were read for their gist so far."""
    rows: list[Row] = []
    real = Gister.text

    def text(self: Gister, given: Iterable[Row]) -> str:
        taken = list(given)
        rows.extend(taken)
        return real(self, taken)

    monkeypatch.setattr(Gister, "text", text)
    return lambda: len(rows)


def test_other_weights_read_no_evidence_and_rank_the_same(stored: Database, counted: Callable[[], int]) -> None:
    ranked(stored, a_brief(), keep=True)
    assert counted() == 2
    for weights in ({"lifecycle": 9.0}, {"coding": 9.0}):
        brief = a_brief(weights=weights)
        quick = ranked(stored, brief, keep=True)
        assert counted() == 2
        with stored.read() as connection:
            whole = rank(connection, brief, load_lexicon(), as_of=DAY, cross_brief=False, top=None)
        assert quick == [(person.person, person.score) for person in whole]


def test_what_the_sums_stand_on_makes_them_anew(stored: Database, counted: Callable[[], int]) -> None:
    brief = a_brief()
    before = ranked(stored, brief, keep=True)
    ranked(stored, brief, keep=True)
    assert counted() == 2
    ranked(stored, brief, keep=True, day=date(2026, 3, 3))
    ranked(stored, a_brief(must=["docker"]), keep=True)
    assert counted() == 6
    run = begin(stored, days=1)
    commit(stored, run, ADA, profile(ADA), piece(ADA, "x/0", terms=("topic:css",)), Done(ADA, ("repo.owned",)))
    after = ranked(stored, brief, keep=True)
    assert counted() == 8
    assert after != before
    assert after == ranked(stored, brief, keep=False)


def test_a_person_who_goes_takes_the_sums_along(stored: Database) -> None:
    ranked(stored, a_brief(), keep=True)
    with stored.write() as connection:
        person = connection.scalar(select(schema.tally.c.person_id).limit(1))
        for table in ("found", "evidence", "look", "profile"):
            connection.execute(text(f"DELETE FROM {table}"))
        connection.execute(schema.person.delete().where(schema.person.c.id == person))
        left = connection.scalar(select(func.count()).select_from(schema.tally))
    assert left == 1


def test_half_kept_sums_never_count(stored: Database, counted: Callable[[], int]) -> None:
    ranked(stored, a_brief(), keep=True)
    with stored.write() as connection:
        connection.execute(text("DELETE FROM tally WHERE person_id = (SELECT min(person_id) FROM tally)"))
    assert len(ranked(stored, a_brief(), keep=True)) == 2
    assert counted() == 4


def test_another_day_and_brief_read_no_words_again_and_rank_the_same(stored: Database, read: Callable[[], int]) -> None:
    ranked(stored, a_brief(), keep=True)
    assert read() == 3
    for brief, day in ((a_brief(), date(2027, 3, 2)), (a_brief(must=["docker"], exclude=["pytorch"]), DAY)):
        quick = ranked(stored, brief, keep=True, day=day)
        assert read() == 3
        with stored.read() as connection:
            whole = rank(connection, brief, load_lexicon(), as_of=day, cross_brief=False, top=None)
        assert quick == [(person.person, person.score) for person in whole]


def test_only_what_was_looked_at_anew_is_read_again(stored: Database, read: Callable[[], int]) -> None:
    ranked(stored, a_brief(), keep=True)
    run = begin(stored, days=1)
    # Of Ada's two pieces one changed and one is no longer there; of Ben it is known that nothing changed.
    commit(stored, run, ADA, profile(ADA), piece(ADA, "x/0", terms=("topic:css",)), Done(ADA, ("repo.owned",)))
    commit(stored, run, BEN, profile(BEN), Done(BEN, ("repo.owned",), unchanged=True))
    after = ranked(stored, a_brief(), keep=True)
    assert read() == 4
    with stored.read() as connection:
        whole = rank(connection, a_brief(), load_lexicon(), as_of=DAY, cross_brief=False, top=None)
    assert after == [(person.person, person.score) for person in whole]


def test_another_lexicon_reads_anew(stored: Database, read: Callable[[], int], tmp_path: Path) -> None:
    ranked(stored, a_brief(), keep=True)
    own = tmp_path / "own.toml"
    own.write_text('[skills.tulips]\nname = "Tulips"\ndimension = "coding"\ntopic = ["tulips"]\n', encoding="utf-8")
    with stored.read() as connection:
        rank(connection, a_brief(), load_lexicon(own), as_of=DAY, cross_brief=False, top=9, keep=stored)
    assert read() == 6


def test_a_database_that_cannot_be_written_ranks_the_same(
    stored: Database, read: Callable[[], int], monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuses(self: Database) -> None:
        raise DatabaseError("read-only")

    monkeypatch.setattr(Database, "write", refuses)
    assert ranked(stored, a_brief(), keep=True) == ranked(stored, a_brief(), keep=False)
    assert read() == 6


def test_somebody_who_is_taken_out_meanwhile_ends_no_ranking(stored: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    def too_late(connection: Connection, digest: str, gists: Mapping[Key, Gist]) -> None:
        for table in (schema.evidence, schema.profile):
            connection.execute(table.delete().where(table.c.uid == ADA.uid))
        keep_gists(connection, digest, {key: Gist("", []) for key in gists})

    before = ranked(stored, a_brief(), keep=False)
    monkeypatch.setattr("sourcer.score.tallying.keep_gists", too_late)
    assert ranked(stored, a_brief(), keep=True) == before
    with stored.read() as connection:
        assert connection.scalar(select(func.count()).select_from(schema.gist)) == 0
