from __future__ import annotations

import pytest
from sqlalchemy import text

from sourcer.store import schema
from sourcer.store.columns import to_json
from sourcer.store.database import Database
from sourcer.store.sql import account_filters
from sourcer.store.statistics import refresh_statistics, stale_tables
from support.store_items import account, begin, commit, end, piece, profile

MANY = 8000


@pytest.fixture
def full(database: Database) -> Database:
    """A database of so many pieces of evidence that reading all of them for one account would show."""
    run = begin(database)
    for number in (1, 2):
        commit(database, run, account(number), profile(account(number)), piece(account(number), "x/0"))
    end(database, run)
    with database.write() as connection:
        connection.execute(
            text(
                "INSERT INTO evidence (id, site, uid, kind, key, url, title, terms, measure, licence, first_seen_at, "
                "seen_at, connector, connector_version, run_id) SELECT id + n, site, 'u' || n, kind, key, url, title, "
                "terms, measure, licence, first_seen_at, seen_at, connector, connector_version, run_id FROM evidence, "
                "(WITH RECURSIVE r(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM r WHERE n < :many) SELECT n FROM r) r "
                "WHERE uid = '1'"
            ),
            {"many": MANY},
        )
    return database


def plan_of(database: Database, accounts: list[tuple[str, str]]) -> str:
    with database.read() as connection:
        (where,) = account_filters(connection, schema.evidence, accounts)
        query = schema.evidence.select().where(where).compile(database.engine, compile_kwargs={"literal_binds": True})
        explain = "EXPLAIN" if database.dialect == "postgresql" else "EXPLAIN QUERY PLAN"
        return "\n".join(to_json(list(row)) for row in connection.exec_driver_sql(f"{explain} {query}"))


def test_accounts_are_found_by_both_columns_of_the_index_though_nothing_is_known_of_the_table(full: Database) -> None:
    plan = plan_of(full, [("github", f"u{number}") for number in range(1, 400)])
    if full.dialect == "postgresql":
        assert '(evidence.site = \\"*VALUES*\\".column1) AND (evidence.uid = \\"*VALUES*\\".column2)' in plan, plan
    else:
        assert "(site=? AND uid=?)" in plan


def test_the_server_looks_at_large_tables_that_it_knows_nothing_of(full: Database) -> None:
    server = full.dialect == "postgresql"
    with full.read() as connection:
        assert ("evidence" in stale_tables(connection)) is server
    refresh_statistics(full)
    with full.read() as connection:
        assert stale_tables(connection) == []
        if server:
            assert connection.scalar(text("SELECT reltuples FROM pg_class WHERE relname = 'evidence'")) >= MANY
