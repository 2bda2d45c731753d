"""Plan a crawl and run it."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

import click

from sourcer.commands.common import brief_of, database_if_any, json_option, open_database, print_json, say

__all__ = ["crawl", "plan"]


@click.command(short_help="What a crawl of BRIEF would spend, before it does.")
@click.argument("brief")
@json_option
@click.pass_context
def plan(ctx: click.Context, brief: str, *, as_json: bool) -> None:
    """Say what a crawl of BRIEF would spend, by site and bucket, before it spends it."""
    from sourcer.crawl import plan_crawl
    from sourcer.show import plan_table

    config, loaded, _ = brief_of(ctx, brief)
    with database_if_any(config) as database:
        planned, warnings = asyncio.run(plan_crawl(config, loaded, database))
    for warning in warnings:
        say(f"warning: {warning}")
    if as_json:
        print_json(planned)
    else:
        click.echo(plan_table(planned))
    sys.exit(0 if len(planned["sites"]) > 0 else 1)


@click.command(short_help="Find people for BRIEF, store and score what they show.")
@click.argument("brief")
@click.option("--only", multiple=True, metavar="NAME", help="Only this connector or site; may be given again.")
@click.option(
    "--accounts",
    "accounts_file",
    metavar="FILE",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Look at the accounts of this file, one a line, and at nobody else; at all of them deep.",
)
@click.option("--max-requests", type=click.IntRange(min=0), metavar="N", help="End incomplete after N requests.")
@click.option("--replay", default="", metavar="RUN", help="Run an archived run again, without network.")
@json_option
@click.pass_context
def crawl(
    ctx: click.Context,
    *,
    brief: str,
    only: tuple[str, ...],
    accounts_file: Path | None,
    max_requests: int | None,
    replay: str,
    as_json: bool,
) -> None:
    """Find people for BRIEF, fetch what they show, store and score it.

    An account in FILE is written github:LOGIN, github:#ID or as the address of a profile; # starts a comment.
    A crawl that was interrupted, by a limit or a kill, goes on where it stopped when it is run again.
    Exit code 0: complete; 3: incomplete, run it again later; 1: failed; 2: wrong usage.
    """
    from sourcer.crawl import CrawlRequest
    from sourcer.crawl.accounts import read_accounts
    from sourcer.service import run_crawl
    from sourcer.show import run_summary

    config, loaded, _ = brief_of(ctx, brief)
    accounts = None if accounts_file is None else read_accounts(accounts_file)
    request = CrawlRequest(loaded, only, max_requests, replay, accounts)
    with open_database(config, create=True) as database:
        outcome = run_crawl(config, request, database)
    for line in run_summary(outcome):
        say(line)
    if as_json:
        print_json(outcome.run.as_json())
    sys.exit(outcome.exit_code)
