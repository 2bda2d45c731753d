"""The revisions make what the program's schema says, up and down, from anywhere, by several processes at once."""

from __future__ import annotations

from contextlib import ExitStack, suppress
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, inspect, text

from sourcer.store.database import Database
from sourcer.store.schema import metadata
from sourcer.store.upgrade import HEAD, migrate
from support.processes import python

UPGRADE = """
import sys
from sourcer.store.database import Database
with Database(sys.argv[1]) as database:
    sys.stdin.readline()
    database.upgrade()
    print(database.status().state)
"""


def script() -> ScriptDirectory:
    config = Config()
    config.set_main_option("script_location", "sourcer_migrations:")
    return ScriptDirectory.from_config(config)


def test_the_migrated_database_is_the_schema(missing_url: str) -> None:
    with Database(missing_url) as database:
        database.upgrade()
        with database.read() as connection:
            options = {"compare_type": True, "compare_server_default": True}
            context = MigrationContext.configure(connection, opts=options)
            assert compare_metadata(context, metadata) == []
            found = inspect(connection)
            for table in metadata.sorted_tables:
                key = found.get_pk_constraint(table.name)["constrained_columns"]
                assert key == [column.name for column in table.primary_key]


def test_the_program_knows_the_newest_revision() -> None:
    assert script().get_heads() == [HEAD]


def test_the_revisions_run_down_and_up_again(missing_url: str) -> None:
    with Database(missing_url) as database:
        for _ in range(2):
            database.upgrade()
            assert database.status().state == "current"
            with database.write() as connection:
                migrate(connection, "base")
            with database.read() as connection:
                assert inspect(connection).get_table_names() == ["alembic_version"]
                assert inspect(connection).get_view_names() == []
            assert database.status().state == "missing"


def step_back(connection: Connection, revision: str) -> list[str]:
    """Take newer revisions away; gives what the view of evidence shows then."""
    config = Config()
    config.set_main_option("script_location", "sourcer_migrations:")
    config.attributes["connection"] = connection
    command.downgrade(config, revision)
    return list(connection.execute(text("SELECT * FROM v_evidence")).keys())


def test_who_may_read_the_view_of_evidence_still_may(missing_url: str) -> None:
    with Database(missing_url) as database:
        database.upgrade()
        with database.write() as connection:
            assert step_back(connection, "0008")[-1] == "vanished_at"
            if connection.dialect.name == "postgresql":
                connection.execute(text("GRANT SELECT ON v_evidence TO PUBLIC"))
        database.upgrade()
        with database.read() as connection:
            assert list(connection.execute(text("SELECT * FROM v_evidence")).keys())[-2:] == ["licence", "author"]
            if connection.dialect.name == "postgresql":
                assert connection.scalar(text("SELECT has_table_privilege('pg_monitor', 'v_evidence', 'SELECT')"))


@pytest.mark.slow
def test_processes_that_upgrade_at_once_take_turns(missing_url: str, tmp_path: Path) -> None:
    # In another folder than the checkout: the revisions are found as a package.
    with ExitStack() as stack:
        processes = [stack.enter_context(python(UPGRADE, missing_url, cwd=tmp_path)) for _ in range(3)]
        for process in processes:
            assert process.stdin is not None
            process.stdin.write("go\n")
            process.stdin.flush()
        outputs = [process.communicate(timeout=60) for process in processes]
    assert outputs == [("current\n", "")] * 3


def test_a_failed_upgrade_leaves_nothing(missing_url: str) -> None:
    with Database(missing_url) as database:
        database.upgrade()
        with suppress(ZeroDivisionError), database.write() as connection:
            migrate(connection, "base")
            divmod(1, 0)
        assert database.status().state == "current"
