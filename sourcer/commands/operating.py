"""Runs and the schedule."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import click

from sourcer.commands.common import config_of, json_option, open_database, print_json, say, user_option

if TYPE_CHECKING:
    from sourcer.config import Config

__all__ = ["runs", "schedule"]


@click.command(short_help="The crawls that were run: found, spent, errors.")
@json_option
@click.option("--top", default=20, show_default=True, type=click.IntRange(min=1), metavar="N", help="The newest N.")
@click.option("--check", is_flag=True, help="Say only what needs somebody, and end with exit code 1 if anything does.")
@click.pass_context
def runs(ctx: click.Context, top: int, *, as_json: bool, check: bool) -> None:
    """List the crawls that were run, newest first: what they found and spent, and what went wrong.

    A site that failed three runs in a row, or gave far fewer people than usual, is named as such.
    """
    from sourcer.show import runs_table
    from sourcer.store.health import HISTORY, judged
    from sourcer.store.runs import list_runs

    config = config_of(ctx)
    if check:
        _check(config, as_json=as_json)
        return
    with open_database(config) as database, database.read() as connection:
        listed = judged(list_runs(connection, None if as_json else top + HISTORY))
    if as_json:
        print_json([run.as_json() for run in listed])
    else:
        click.echo(runs_table(listed[:top]))


def _check(config: Config, *, as_json: bool) -> None:
    from sourcer.schedule import complaints, readable_briefs, written_at

    unreadable: list[str] = []
    briefs = readable_briefs(config, unreadable.append)
    with open_database(config) as database, database.read() as connection:
        found = unreadable + complaints(connection, briefs, datetime.now(UTC), written_at(config, briefs))
    if as_json:
        print_json(found)
    else:
        click.echo("\n".join(found) or "all is well")
    sys.exit(1 if found else 0)


@click.command(short_help="Run each brief by the schedule in its file.")
@click.option("--once", is_flag=True, help="Run what is due now, say the next times, and end.")
@click.option("--list", "listing", is_flag=True, help="Say the next five times of each brief, and end.")
@click.option("--pause", is_flag=True, help="Stop everything on this database at once, running crawls too.")
@click.option("--resume", is_flag=True, help="End the pause.")
@user_option
@click.pass_context
def schedule(ctx: click.Context, *, once: bool, listing: bool, pause: bool, resume: bool, user: str | None) -> None:
    """Run each brief by the [schedule] in its file, until stopped.

    SIGTERM or Ctrl-C ends a running crawl cleanly at its checkpoint (exit code 3); the next start takes it up. With
    --pause every crawl on this database ends at its checkpoint, and none begins before --resume.
    """
    from sourcer.service import schedule_forever, schedule_once

    if once + listing + pause + resume > 1:
        raise click.UsageError("--once, --list, --pause and --resume exclude each other")
    config = config_of(ctx)
    if listing:
        _list(config)
        return
    if pause or resume:
        _switch(config, user, on=pause)
        return
    with open_database(config, create=True) as database:
        if once:
            sys.exit(schedule_once(config, database, say, click.echo))
        sys.exit(schedule_forever(config, database, say))


def _list(config: Config) -> None:
    from sourcer.service import list_times, pause_of

    if paused := pause_of(config):
        click.echo(paused)
    times, faults = list_times(config)
    for line in times:
        click.echo(line)
    for fault in faults:
        say(fault)


def _switch(config: Config, user: str | None, *, on: bool) -> None:
    from sourcer.store.switch import pause, pause_in_words, resume
    from sourcer.users import current_user

    with open_database(config, create=True) as database, database.write() as connection:
        if on:
            pause(connection, current_user(user), datetime.now(UTC))
            say(pause_in_words(connection))
        else:
            say("resumed" if resume(connection) else "nothing was paused")
