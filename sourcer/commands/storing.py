"""The database."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from sourcer.commands.common import config_of, say

if TYPE_CHECKING:
    from sourcer.store.database import Database

__all__ = ["database_commands"]


@click.group(name="db", short_help="Make, upgrade and inspect the database.")
def database_commands() -> None:
    """Make, upgrade and inspect the database."""


@database_commands.command("upgrade", short_help="Make the database or bring it up to date.")
@click.pass_context
def db_upgrade(ctx: click.Context) -> None:
    """Bring the database to this program's version; make it where there is none."""
    from sourcer.store.database import Database

    with Database(config_of(ctx).database_url) as database:
        database.upgrade()
        click.echo(_status_line(database))


@database_commands.command("status", short_help="Say whether the database fits this program.")
@click.pass_context
def db_status(ctx: click.Context) -> None:
    """Say where the database is and whether it fits this program."""
    from sourcer.store.database import Database

    with Database(config_of(ctx).database_url) as database:
        click.echo(_status_line(database))


def _address(_ctx: click.Context, param: click.Parameter, value: str) -> str:
    """The callback of an argument that is the address of a database."""
    from sourcer.store.address import parse_url

    parse_url(value, param.human_readable_name)
    return value


@database_commands.command("copy", short_help="Move everything into another database, such as a team's PostgreSQL.")
@click.argument("source", metavar="FROM", callback=_address)
@click.argument("target", metavar="TO", callback=_address)
def db_copy(source: str, target: str) -> None:
    """Copy every row of the database FROM into the empty database TO, and compare both.

    FROM and TO are addresses: sqlite:///sourcer.db or postgresql+psycopg://user@host/db. All of it is copied or
    nothing. Nobody should write to FROM meanwhile: what comes later is not copied.
    """
    from sourcer.store.copy import Copied, copy_database
    from sourcer.store.database import Database

    def told(table: Copied) -> None:
        click.echo(f"{table.table:14} {table.rows:10,} rows  {table.digest[:16]}  the same in both")

    with Database(source) as here, Database(target) as there:
        copy_database(here, there, told)
        say(f"copied to {there.shown_url}: set [database] url, or SOURCER_DATABASE_URL, to use it")


def _status_line(database: Database) -> str:
    status = database.status()
    return f"{status.shown_url}: {status.state} (revision {status.revision or 'none'}, this program: {status.head})"
