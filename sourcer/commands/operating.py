"""Runs and the schedule."""

from __future__ import annotations

import sys

import click

from sourcer.commands.common import config_of, json_option, open_database, print_json, say

__all__ = ["runs", "schedule"]


@click.command(short_help="The crawls that were run: found, spent, errors.")
@json_option
@click.option("--top", default=20, show_default=True, type=click.IntRange(min=1), metavar="N", help="The newest N.")
@click.pass_context
def runs(ctx: click.Context, top: int, *, as_json: bool) -> None:
    """List the crawls that were run, newest first: what they found and spent, and what went wrong."""
    from sourcer.show import runs_table
    from sourcer.store.runs import list_runs

    with open_database(config_of(ctx)) as database, database.read() as connection:
        listed = list_runs(connection, None if as_json else top)
    if as_json:
        print_json([run.as_json() for run in listed])
    else:
        click.echo(runs_table(listed))


@click.command(short_help="Run each brief by the schedule in its file.")
@click.option("--once", is_flag=True, help="Run what is due now, say the next times, and end.")
@click.option("--list", "listing", is_flag=True, help="Say the next five times of each brief, and end.")
@click.pass_context
def schedule(ctx: click.Context, *, once: bool, listing: bool) -> None:
    """Run each brief by the [schedule] in its file, until stopped.

    SIGTERM or Ctrl-C ends a running crawl cleanly at its checkpoint; the next one goes on from there.
    """
    from sourcer.service import list_times, schedule_forever, schedule_once

    if once and listing:
        raise click.UsageError("--once and --list exclude each other")
    config = config_of(ctx)
    if listing:
        times, faults = list_times(config)
        for line in times:
            click.echo(line)
        for fault in faults:
            say(fault)
        return
    with open_database(config, create=True) as database:
        if once:
            sys.exit(schedule_once(config, database, say, click.echo))
        schedule_forever(config, database, say)
