"""The database."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from sourcer.commands.common import config_of

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


def _status_line(database: Database) -> str:
    status = database.status()
    return f"{status.shown_url}: {status.state} (revision {status.revision or 'none'}, this program: {status.head})"
