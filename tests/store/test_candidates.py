from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from sqlalchemy import func, select, update

from sourcer.store import schema
from sourcer.store.candidates import (
    CandidateRow,
    ContributionRow,
    StoredRanking,
    read_ranking,
    replace_candidates,
)
from sourcer.store.database import Database
from sourcer.store.ids import person_id
from support.store_items import account, begin, commit, piece, profile

ADA, BEN = person_id("github", "1"), person_id("github", "2")
DAY = date(2026, 3, 2)


def part(number: int, points: float) -> ContributionRow:
    return ContributionRow(number, "mlflow", "lifecycle", "repo", points)


def test_a_ranking_replaces_the_one_before(database: Database) -> None:
    run = begin(database)
    commit(database, run, profile(account(1)), profile(account(2)), piece(account(1), "a"))
    with database.write() as connection:
        both = [CandidateRow(BEN, 1, 9.0, [part(1, 9.0)]), CandidateRow(ADA, 2, 0.3, [part(2, 0.1), part(2, 0.2)])]
        replace_candidates(connection, "ml", DAY, "1", both)
        replace_candidates(connection, "data", DAY, "1", [CandidateRow(BEN, 1, 5.0)])
    with database.write() as connection:
        ada = CandidateRow(ADA, 1, 0.3, iter([part(2, 0.1), part(2, 0.2)]))
        replace_candidates(connection, "ml", DAY, "2", [ada], scoring="abc")
    with database.read() as connection:
        table = schema.candidate.c
        rows = connection.execute(select(schema.candidate).order_by(table.brief))
        assert [tuple(row) for row in rows] == [
            ("data", BEN, 1, 5.0, "2026-03-02", "1", None),
            ("ml", ADA, 1, 0.3, "2026-03-02", "2", "abc"),
        ]
        parts = connection.execute(select(schema.contribution).order_by(schema.contribution.c.position))
        assert [tuple(row) for row in parts] == [
            ("ml", ADA, 1, 2, "mlflow", "lifecycle", "repo", 0.1),
            ("ml", ADA, 2, 2, "mlflow", "lifecycle", "repo", 0.2),
        ]


def test_a_ranking_is_read_without_some_people(database: Database) -> None:
    run = begin(database)
    commit(database, run, *(profile(account(number)) for number in (1, 2, 3)))
    cleo = person_id("github", "3")
    with database.write() as connection:
        rows = [CandidateRow(BEN, 1, 9.0), CandidateRow(cleo, 2, 4.0), CandidateRow(ADA, 3, 0.3)]
        replace_candidates(connection, "ml", DAY, "1", rows, scoring="abc")
        assert read_ranking(connection, "ml", [BEN]) == StoredRanking((4.0, 0.3), "2026-03-02", "abc")
        assert read_ranking(connection, "data", [BEN]) is None
        # Who was joined to somebody since is that one now.
        merged = update(schema.person).where(schema.person.c.id == cleo).values(merged_into=BEN)
        connection.execute(merged)
        assert read_ranking(connection, "ml", [BEN]) == StoredRanking((0.3,), "2026-03-02", "abc")


def test_a_long_ranking_is_stored_in_batches(database: Database) -> None:
    run = begin(database)
    people = [account(number) for number in range(1200)]
    commit(database, run, *(profile(ref) for ref in people))

    def candidates() -> Iterator[CandidateRow]:
        for rank, ref in enumerate(people, 1):
            yield CandidateRow(person_id(ref.site, ref.uid), rank, 1.0, (part(number, 0.25) for number in range(4)))

    with database.write() as connection:
        replace_candidates(connection, "ml", DAY, "1", candidates())
        assert connection.scalar(select(func.sum(schema.contribution.c.points))) == 1200
        assert connection.scalar(select(func.max(schema.candidate.c.rank))) == 1200
