"""The first steps: set up, see the demo, look at the connectors."""

from __future__ import annotations

import asyncio
import os
import sys
from pathlib import Path

import click

from sourcer.commands.common import config_of, json_option, print_json, say

__all__ = ["connectors", "demo", "init"]


@click.command(short_help="Start here: configuration, a first brief, the database.")
@click.argument("folder", metavar="[DIR]", default=".", type=click.Path(file_okay=False, path_type=Path))
@click.option("--controller", metavar="TEXT", help="Who decides about the personal data: your company.")
@click.option("--contact", metavar="TEXT", help="Where people can ask about their data.")
@click.option("--lawful-basis", metavar="TEXT", help="Why you may hold it.")
@click.option("--purpose", metavar="TEXT", help="What you hold it for.")
@click.option(
    "--retention-days", type=click.IntRange(min=1), metavar="DAYS", help="How long you hold what is not seen again."
)
@click.option("--yes", is_flag=True, help="Ask nothing: take the flags, leave the rest to fill in.")
def init(folder: Path, *, yes: bool, **privacy: str | int | None) -> None:
    """Start here: write sourcer.toml and briefs/, and make the database.

    Asks for the privacy block: who holds the data, why, and whom people can ask. A live crawl refuses to start
    without it. Nothing that exists is overwritten.
    """
    from sourcer.setup import initialise

    for line in initialise(folder, privacy, ask=None if yes else _ask):
        say(line)


def _ask(question: str, default: str) -> str:
    return str(click.prompt(question, default=default or None, err=True))


@click.command(short_help="See the whole job offline, on invented people.")
@click.argument("folder", metavar="[DIR]", default="sourcer-demo", type=click.Path(file_okay=False, path_type=Path))
@click.option("--people", default=300, show_default=True, type=click.IntRange(20, 5000), help="How many to invent.")
@click.option("--seed", default=7, show_default=True, help="The same seed invents the same people.")
@click.option("--force", is_flag=True, help="Write over an earlier demo in DIR.")
def demo(folder: Path, people: int, seed: int, *, force: bool) -> None:
    """See the whole job offline, on invented people, in under a minute.

    Invents a population, serves it on copies of the sites on this machine, crawls them with the real connectors, links
    the accounts of one person by what they say of each other, prints the ranking with reasons, and writes a CSV.
    """
    from sourcer.demo.tour import run_demo

    sys.exit(run_demo(folder, people=people, seed=seed, force=force, say=say, show=click.echo))


@click.command(short_help="What is installed: enabled, or why not and what to set.")
@click.option("--check", is_flag=True, help="Ask each site a few cheap questions, and say what there is to know.")
@json_option
@click.pass_context
def connectors(ctx: click.Context, *, check: bool, as_json: bool) -> None:
    """List the connectors that are installed: enabled, or why not and what to set."""
    from sourcer.config import CONFIG_NAME, Config
    from sourcer.connect.registry import statuses
    from sourcer.show import connectors_table

    has_config = ctx.obj is not None or Path(CONFIG_NAME).is_file() or "SOURCER_CONFIG" in os.environ
    config = config_of(ctx) if has_config else Config()
    found = asyncio.run(statuses(config, check=check))
    if as_json:
        print_json([status.as_json() for status in found])
    else:
        click.echo(connectors_table(found))
