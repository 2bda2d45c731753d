"""The duties of whoever holds personal data."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import click

from sourcer.commands.common import config_of, json_option, open_database, print_json, say

__all__ = ["privacy_commands"]


@click.group("privacy", short_help="The duties of whoever holds personal data.")
def privacy_commands() -> None:
    """What the law asks of whoever holds personal data: nothing is kept for ever, and people are told."""


@privacy_commands.command(short_help="Delete what was not seen for [privacy] retention_days.")
@click.option("--dry-run", is_flag=True, help="Only say how much would be deleted.")
@click.pass_context
def purge(ctx: click.Context, *, dry_run: bool) -> None:
    """Delete for good what was not seen for [privacy] retention_days: people, their evidence, raw answers.

    `sourcer schedule` does so every night.
    """
    from sourcer.privacy import purge as purge_now
    from sourcer.privacy import purgeable

    config = config_of(ctx)
    days = config.privacy.retention_days
    before = datetime.now(UTC) - timedelta(days=days)
    with open_database(config) as database:
        if dry_run:
            found = purgeable(database, before, config.archive_dir)
            say(f"{found.accounts} accounts and {found.archives} folders of raw answers were not seen for {days} days")
        else:
            say(f"deleted {purge_now(database, before, config.archive_dir).in_words()}")


@privacy_commands.command(short_help="The people who must be told that their data is held.")
@click.option(
    "--days", default=30, show_default=True, type=click.IntRange(min=0), metavar="N", help="Due within N days."
)
@json_option
@click.pass_context
def due(ctx: click.Context, days: int, *, as_json: bool) -> None:
    """List the people who must be told within the next N days that their data is held, whoever is overdue first.

    Within a month after somebody was first stored they are to be told (GDPR article 14), unless an exception applies.
    """
    from sourcer.privacy import notices_due
    from sourcer.show import notices_table

    config = config_of(ctx)
    with open_database(config) as database, database.read() as connection:
        notices = notices_due(connection, datetime.now(UTC).date(), days)
    if as_json:
        print_json([notice.as_json() for notice in notices])
    else:
        click.echo(notices_table(notices))


@privacy_commands.command(short_help="Who took people out: exports and reports.")
@json_option
@click.pass_context
def audit(ctx: click.Context, *, as_json: bool) -> None:
    """List the exports and reports that were made, the oldest first: who, when, how many people, the file's digest."""
    from sourcer.store.audit import read_entries

    with open_database(config_of(ctx)) as database, database.read() as connection:
        entries = read_entries(connection)
    if as_json:
        print_json([entry.as_json() for entry in entries])
        return
    for entry in entries:
        click.echo(
            f"{entry.at:%Y-%m-%d %H:%M} {entry.user}: {entry.action} of {entry.brief}, {entry.rows} people, "
            f"{entry.subject} (sha256 {entry.sha256[:16]})"
        )
