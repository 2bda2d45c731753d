"""The views that users and scripts rely on: DESIGN section 7."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from sqlalchemy import inspect, text

from sourcer.domain import Done
from sourcer.store import schema
from sourcer.store.candidates import CandidateRow, ContributionRow, replace_candidates
from sourcer.store.database import Database
from sourcer.store.ids import evidence_id, person_id
from support.store_items import NOON, account, begin, commit, end, piece, profile

ADA, BEN = person_id("github", "1"), person_id("github", "2")
COLUMNS = {
    "v_profile": "site uid login name url person location country bio seen_at gone_at",
    "v_evidence": "id site uid person kind url title terms measure happened_at seen_at vanished_at licence author",
    "v_candidate": "brief person rank score as_of scorer_version",
    "v_contribution": "brief person evidence skill dimension rule points",
    "v_run": "id brief status started_at finished_at",
    "v_link": "site_a uid_a site_b uid_b status confidence",
}


def view(database: Database, query: str) -> list[tuple[Any, ...]]:
    with database.read() as connection:
        return [tuple(row) for row in connection.execute(text(query))]


@pytest.mark.parametrize("name", COLUMNS)
def test_a_view_has_the_columns_of_the_design(database: Database, name: str) -> None:
    with database.read() as connection:
        assert name in inspect(connection).get_view_names()
        found = connection.execute(text(f"SELECT * FROM {name}")).keys()
    assert list(found) == COLUMNS[name].split()


def test_views_show_what_is_stored_and_follow_merges(database: Database) -> None:
    run = begin(database)
    commit(
        database, run, profile(account(1), name="Ada", location="Oslo, Norway", bio="b"), profile(account(2)),
        piece(account(2), "a", measure={"stars": 3, "fork": 0}), piece(account(5), "stray"),
    )  # fmt: skip
    end(database, run)
    number = evidence_id("github", "2", "repo.owned", "a")
    with database.write() as connection:
        part = ContributionRow(number, "mlflow", "lifecycle", "repo", 7.5)
        replace_candidates(connection, "ml", date(2026, 3, 2), "1", [CandidateRow(BEN, 1, 7.5, [part])])
        merged = schema.person.update().where(schema.person.c.id == BEN)
        connection.execute(merged.values(merged_into=ADA))
        connection.execute(
            schema.link.insert().values(
                site_a="github",
                uid_a="1",
                site_b="github",
                uid_b="2",
                status="confirmed",
                confidence=1.0,
                reasons=[],
                decided_by="test",
                decided_at=NOON,
            )
        )
    assert view(database, "SELECT uid, login, name, person, country, gone_at FROM v_profile ORDER BY uid") == [
        ("1", "user-1", "Ada", ADA, "NO", None),
        ("2", "user-2", None, ADA, None, None),
    ]
    assert view(database, "SELECT id, person, terms, measure FROM v_evidence WHERE uid = '2'") == [
        (number, ADA, '["topic:mlops"]', '{"fork":0,"stars":3}')
    ]
    assert view(database, "SELECT person FROM v_evidence WHERE uid = '5'") == [(None,)]
    assert view(database, "SELECT * FROM v_candidate") == [("ml", ADA, 1, 7.5, "2026-03-02", "1")]
    assert view(database, "SELECT * FROM v_contribution") == [("ml", ADA, number, "mlflow", "lifecycle", "repo", 7.5)]
    assert view(database, "SELECT id, brief, status FROM v_run") == [(run.id, "ml", "complete")]
    assert view(database, "SELECT * FROM v_link") == [("github", "1", "github", "2", "confirmed", 1.0)]


def test_a_view_shows_what_vanished(database: Database) -> None:
    first = begin(database)
    commit(database, first, piece(account(1), "a"))
    end(database, first)
    commit(database, begin(database, days=1), Done(account(1), ("*",)), phase="cheap")
    assert view(database, "SELECT COUNT(*) FROM v_evidence WHERE vanished_at > seen_at") == [(1,)]


def test_a_view_says_whose_a_text_is(database: Database) -> None:
    ada, ben = account(1), account(2)
    commit(
        database, begin(database), profile(ada, name="Ada Beispiel"), profile(ben),
        piece(ada, "a", licence="CC BY-SA 4.0"), piece(ada, "b"), piece(ben, "c", licence="CC BY-SA"),
        piece(account(5), "stray", licence="CC BY-SA 3.0"),
    )  # fmt: skip
    found = view(database, "SELECT uid, licence, author FROM v_evidence ORDER BY uid, licence")
    assert sorted(found, key=str) == [
        ("1", "CC BY-SA 4.0", "Ada Beispiel"),
        ("1", None, None),
        ("2", "CC BY-SA", "user-2"),
        ("5", "CC BY-SA 3.0", None),
    ]
