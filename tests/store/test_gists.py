from __future__ import annotations

import pytest
from sqlalchemy import func, select

from sourcer.domain import Done, Gone
from sourcer.store import schema
from sourcer.store.database import Database
from sourcer.store.gists import Gist, keep_gists
from sourcer.store.screening import iter_read, rows_of
from support.store_items import account, begin, commit, end, piece, profile

ADA, BEN = account(1), account(2)
KEYS = [(ADA.site, ADA.uid), (BEN.site, BEN.uid)]


@pytest.fixture
def stored(database: Database) -> Database:
    run = begin(database)
    for ref in (ADA, BEN):
        commit(database, run, ref, profile(ref), piece(ref, "x/0"), Done(ref, ("repo.owned",)))
    end(database, run)
    return database


def gists_of(database: Database) -> dict[tuple[str, str], Gist]:
    with database.read() as connection:
        return {key: Gist(f"what {key[1]} shows", rows) for key, rows in rows_of(connection, KEYS).items()}


def keep(database: Database, gists: dict[tuple[str, str], Gist]) -> None:
    with database.write() as connection:
        keep_gists(connection, "by this", gists)


def kept(database: Database, digest: str = "by this") -> dict[tuple[str, str], str | None]:
    with database.read() as connection:
        found = list(iter_read(connection, None, digest))
    return {key: content for people in found for accounts in people.values() for key, content in accounts.items()}


def test_what_is_kept_comes_back_for_what_it_was_read_by(stored: Database) -> None:
    keep(stored, gists_of(stored))
    assert kept(stored) == {KEYS[0]: "what 1 shows", KEYS[1]: "what 2 shows"}
    assert kept(stored, "by that") == dict.fromkeys(KEYS)


def test_evidence_that_changed_since_it_was_read_is_not_kept_as_it_was(stored: Database) -> None:
    gists = gists_of(stored)
    commit(stored, begin(stored, days=1), piece(ADA, "x/0", terms=("topic:css",)))
    keep(stored, gists)
    assert kept(stored) == {KEYS[0]: None, KEYS[1]: "what 2 shows"}


def test_a_gist_goes_where_evidence_is_written_or_vanishes_or_its_account_is_gone(stored: Database) -> None:
    for items in ([piece(ADA, "x/1")], [Done(ADA, ("repo.owned",))], [Gone(ADA, "404")]):
        keep(stored, gists_of(stored))
        assert None not in kept(stored).values()
        commit(stored, begin(stored, days=1), *items)
        with stored.read() as connection:
            assert connection.scalars(select(schema.gist.c.uid)).all() == [BEN.uid]


def test_a_gist_stays_where_nothing_changed_and_goes_with_its_profile(stored: Database) -> None:
    keep(stored, gists_of(stored))
    commit(stored, begin(stored, days=1), profile(ADA), Done(ADA, ("repo.owned",), unchanged=True))
    assert None not in kept(stored).values()
    with stored.write() as connection:
        connection.execute(schema.profile.delete().where(schema.profile.c.uid == ADA.uid))
        assert connection.scalar(select(func.count()).select_from(schema.gist)) == 1
