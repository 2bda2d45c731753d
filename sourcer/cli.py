"""The commands: parse, call, print. Results go to stdout, everything else to stderr."""

from __future__ import annotations

import asyncio
import json
import os
import sys
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, NoReturn

import click

from sourcer import __version__
from sourcer.errors import SourcerError, UsageError

if TYPE_CHECKING:
    from sourcer.brief import Brief
    from sourcer.config import Config
    from sourcer.skills import Lexicon
    from sourcer.store.database import Database

__all__ = ["cli", "main"]


_FIRST_DAY, _LAST_DAY = date(1970, 1, 1), date(9998, 12, 31)


class _Commands(click.Group):
    """Lists the commands in the order in which one meets them, and turns our errors into one line and an exit code."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002  # click's signature
        return list(self.commands)

    def invoke(self, ctx: click.Context) -> Any:
        try:
            result = super().invoke(ctx)
            sys.stdout.flush()
        except BrokenPipeError:  # the reader of our output has seen enough
            sys.stdout = open(os.devnull, "w")  # noqa: PTH123, SIM115  # for the interpreter's last flush
            sys.exit(0)
        except UsageError as error:
            _fail(str(error), 2)
        except SourcerError as error:
            _fail(str(error), 1)
        except KeyboardInterrupt:
            _fail("interrupted", 130)
        except OSError as error:
            place = f"{error.filename}: " if error.filename else ""
            _fail(f"{place}{error.strerror or error}; check that it exists and may be written", 1)
        return result


def _fail(message: str, code: int) -> NoReturn:
    click.echo(f"sourcer: {' '.join(message.split())}", err=True)
    sys.exit(code)


def _say(message: str) -> None:
    click.echo(message, err=True)


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110})
@click.version_option(__version__, prog_name="sourcer")
@click.option(
    "--config", "config_file", metavar="FILE", help="Configuration; default: SOURCER_CONFIG, else ./sourcer.toml."
)
@click.option("--verbose", "-v", is_flag=True, help="Say on stderr what is being done.")
@click.pass_context
def cli(ctx: click.Context, config_file: str | None, verbose: bool) -> None:  # noqa: FBT001
    """Find people who really build and run machine learning systems, from what they show in public.

    A sourcer's day: `sourcer init` once, write a brief, `sourcer crawl BRIEF`, read `sourcer rank BRIEF`,
    ask `sourcer explain PERSON --brief BRIEF`, and hand over `sourcer export BRIEF --output people.csv`.
    `sourcer demo` shows all of it on invented people, without network.
    """
    ctx.obj = config_file
    from sourcer.logs import configure_logs

    configure_logs(verbose=verbose)


def _config(ctx: click.Context) -> Config:
    from sourcer.config import find_config, load_config

    return load_config(find_config(ctx.obj))


def _database(config: Config, *, create: bool = False) -> Database:
    from sourcer.store.database import Database

    database = Database(config.database_url)
    database.ensure(create=create)
    return database


def _brief(ctx: click.Context, name: str) -> tuple[Config, Brief, Lexicon]:
    from sourcer.brief import load_brief
    from sourcer.score import check_brief
    from sourcer.skills import load_lexicon

    config = _config(ctx)
    brief, lexicon = load_brief(config, name), load_lexicon()
    check_brief(brief, lexicon)
    return config, brief, lexicon


def _print_json(value: Any) -> None:
    click.echo(json.dumps(value, ensure_ascii=False, indent=2))


def _as_of(_ctx: click.Context, _param: click.Parameter, value: str | None) -> date:
    if value is None:
        return datetime.now(UTC).date()
    try:
        day = date.fromisoformat(value)
    except ValueError:
        day = date.max
    if not _FIRST_DAY <= day <= _LAST_DAY:
        raise click.BadParameter(f"{value!r} is not a day between {_FIRST_DAY} and {_LAST_DAY}; write it as 2026-01-31")
    return day


_as_of_option = click.option(
    "--as-of", metavar="DATE", callback=_as_of, help="Score as on that day (YYYY-MM-DD); default: today (UTC)."
)
_json_option = click.option("--json", "as_json", is_flag=True, help="Print JSON.")
_top_option = click.option("--top", type=click.IntRange(min=1), metavar="N", help="Only the first N people.")


@cli.command(short_help="Start here: configuration, a first brief, the database.")
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
        _say(line)


def _ask(question: str, default: str) -> str:
    return str(click.prompt(question, default=default or None, err=True))


@cli.command(short_help="See the whole job offline, on invented people.")
@click.argument("folder", metavar="[DIR]", default="sourcer-demo", type=click.Path(file_okay=False, path_type=Path))
@click.option("--people", default=300, show_default=True, type=click.IntRange(20, 5000), help="How many to invent.")
@click.option("--seed", default=7, show_default=True, help="The same seed invents the same people.")
@click.option("--force", is_flag=True, help="Write over an earlier demo in DIR.")
def demo(folder: Path, people: int, seed: int, *, force: bool) -> None:
    """See the whole job offline, on invented people, in under a minute.

    Invents a population on a copy of GitHub on this machine and in a Stack Overflow data dump, crawls both with the
    real connectors, prints the ranking with reasons, and writes a CSV.
    """
    from sourcer.demo.tour import run_demo

    sys.exit(run_demo(folder, people=people, seed=seed, force=force, say=_say, show=click.echo))


@cli.command(short_help="What is installed: enabled, or why not and what to set.")
@click.option("--check", is_flag=True, help="Ask each site a few cheap questions, and say what there is to know.")
@_json_option
@click.pass_context
def connectors(ctx: click.Context, *, check: bool, as_json: bool) -> None:
    """List the connectors that are installed: enabled, or why not and what to set."""
    from sourcer.config import CONFIG_NAME, Config
    from sourcer.connect.registry import statuses
    from sourcer.show import connectors_table

    has_config = ctx.obj is not None or Path(CONFIG_NAME).is_file() or "SOURCER_CONFIG" in os.environ
    config = _config(ctx) if has_config else Config()
    found = asyncio.run(statuses(config, check=check))
    if as_json:
        _print_json([status.as_json() for status in found])
    else:
        click.echo(connectors_table(found))


@cli.command(short_help="What a crawl of BRIEF would spend, before it does.")
@click.argument("brief")
@_json_option
@click.pass_context
def plan(ctx: click.Context, brief: str, *, as_json: bool) -> None:
    """Say what a crawl of BRIEF would spend, by site and bucket, before it spends it."""
    from sourcer.crawl import plan_crawl
    from sourcer.show import plan_table

    config, loaded, _ = _brief(ctx, brief)
    planned, warnings = asyncio.run(plan_crawl(config, loaded))
    for warning in warnings:
        _say(f"warning: {warning}")
    if as_json:
        _print_json(planned)
    else:
        click.echo(plan_table(planned))
    sys.exit(0 if len(planned["sites"]) > 0 else 1)


@cli.command(short_help="Find people for BRIEF, store and score what they show.")
@click.argument("brief")
@click.option("--only", multiple=True, metavar="NAME", help="Only this connector or site; may be given again.")
@click.option(
    "--accounts",
    "accounts_file",
    metavar="FILE",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Look at the accounts of this file, one a line, and at nobody else.",
)
@click.option("--max-requests", type=click.IntRange(min=0), metavar="N", help="End incomplete after N requests.")
@click.option("--replay", default="", metavar="RUN", help="Run an archived run again, without network.")
@_json_option
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

    config, loaded, _ = _brief(ctx, brief)
    accounts = None if accounts_file is None else read_accounts(accounts_file)
    request = CrawlRequest(loaded, only, max_requests, replay, accounts)
    with _database(config, create=True) as database:
        outcome = run_crawl(config, request, database)
    for line in run_summary(outcome):
        _say(line)
    if as_json:
        _print_json(outcome.run.as_json())
    sys.exit(outcome.exit_code)


@cli.command(short_help="The people found for BRIEF, best first, with reasons.")
@click.argument("brief")
@_top_option
@_as_of_option
@_json_option
@click.pass_context
def rank(ctx: click.Context, brief: str, top: int | None, as_of: date, *, as_json: bool) -> None:
    """List the people found for BRIEF, best first, each with the reason."""
    from sourcer.score import rank as rank_people
    from sourcer.show import ranking_text

    config, loaded, lexicon = _brief(ctx, brief)
    with _database(config) as database, database.read() as connection:
        people = rank_people(connection, loaded, lexicon, as_of=as_of, cross_brief=config.privacy.cross_brief, top=top)
    if as_json:
        _print_json([person.as_json() for person in people])
    else:
        click.echo(ranking_text(loaded, people, as_of, first=top))


@cli.command(short_help="What a person's score is made of, with links.")
@click.argument("person")
@click.option("--brief", required=True, metavar="BRIEF", help="The brief through which to look.")
@_as_of_option
@_json_option
@click.pass_context
def explain(ctx: click.Context, person: str, brief: str, as_of: date, *, as_json: bool) -> None:
    """Say what PERSON's score is made of, point by point, with a link for each.

    PERSON is the number that `rank` shows, or an account: github:LOGIN, github:#ID, or a profile URL.
    """
    from sourcer.score import explain as explain_person
    from sourcer.score import whom
    from sourcer.show import explanation_text
    from sourcer.store.reads import read_person

    config, loaded, lexicon = _brief(ctx, brief)
    with _database(config) as database, database.read() as connection:
        number = whom(connection, person)
        if number is None:
            raise UsageError(f"{person}: nobody here by that number or account; `sourcer rank {brief}` lists people")
        explained = explain_person(
            connection, number, loaded, lexicon, as_of=as_of, cross_brief=config.privacy.cross_brief
        )
        facts = read_person(connection, number)
    if as_json or facts is None:
        _print_json(explained.as_json())
    else:
        click.echo(explanation_text(loaded, explained, facts, as_of))


@cli.command(short_help="The ranking of BRIEF as a CSV file.")
@click.argument("brief")
@click.option("--output", required=True, metavar="FILE", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--format", "form", default="csv", show_default=True, type=click.Choice(["csv"]), help="Kind of file.")
@click.option("--columns", default="generic", show_default=True, type=click.Choice(["generic"]), help="Which columns.")
@_top_option
@_as_of_option
@click.pass_context
def export(
    ctx: click.Context, brief: str, *, output: Path, form: str, columns: str, top: int | None, as_of: date
) -> None:
    """Write the ranking of BRIEF as a file that a spreadsheet opens safely.

    People whose profile says that they do not want to hear from recruiters are ranked but not exported.
    """
    from sourcer.export import HEADER, export_rows, write_csv

    del form, columns  # one of each so far; click has checked them
    config, loaded, lexicon = _brief(ctx, brief)
    with _database(config) as database, database.read() as connection:
        rows, opted_out = export_rows(
            connection, loaded, lexicon, as_of=as_of, cross_brief=config.privacy.cross_brief, top=top
        )
        written = write_csv(output, HEADER, rows)
    _say(f"{output}: {written} people" + (f"; {opted_out} left out who say no to recruiters" if opted_out else ""))


@cli.command(short_help="The crawls that were run: found, spent, errors.")
@_json_option
@click.option("--top", default=20, show_default=True, type=click.IntRange(min=1), metavar="N", help="The newest N.")
@click.pass_context
def runs(ctx: click.Context, top: int, *, as_json: bool) -> None:
    """List the crawls that were run, newest first: what they found and spent, and what went wrong."""
    from sourcer.show import runs_table
    from sourcer.store.runs import list_runs

    with _database(_config(ctx)) as database, database.read() as connection:
        listed = list_runs(connection, None if as_json else top)
    if as_json:
        _print_json([run.as_json() for run in listed])
    else:
        click.echo(runs_table(listed))


@cli.command(short_help="Run each brief by the schedule in its file.")
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
    config = _config(ctx)
    if listing:
        times, faults = list_times(config)
        for line in times:
            click.echo(line)
        for fault in faults:
            _say(fault)
        return
    with _database(config, create=True) as database:
        if once:
            sys.exit(schedule_once(config, database, _say, click.echo))
        schedule_forever(config, database, _say)


@cli.command(short_help="Which accounts are one person, and why.")
@click.option(
    "--status", type=click.Choice(["confirmed", "proposed", "rejected"]), help="Only the pairs of this status."
)
@_json_option
@click.pass_context
def links(ctx: click.Context, status: str | None, *, as_json: bool) -> None:
    """List the pairs of accounts that are believed, proposed or denied to be one person.

    Proof is what accounts say about each other in public, never a name. What is proposed waits for a human.
    """
    from sourcer.link import links_json
    from sourcer.show import links_table
    from sourcer.store.links import read_links

    with _database(_config(ctx)) as database, database.read() as connection:
        rows = read_links(connection, status)
    if as_json:
        _print_json(links_json(rows))
    else:
        click.echo(links_table(rows))


@cli.group("link", short_help="Decide whether two accounts are one person.")
def link_commands() -> None:
    """Decide whether two accounts are one person; a decision goes before every rule until it is undone.

    An account is written site:login, site:#uid or as the address of its profile.
    """


_user_option = click.option(
    "--as", "user", metavar="USER", help="Who decides; else SOURCER_USER, else the system's user."
)


@link_commands.command("confirm", short_help="Two accounts are one person.")
@click.argument("a")
@click.argument("b")
@_user_option
@click.pass_context
def link_confirm(ctx: click.Context, a: str, b: str, user: str | None) -> None:
    """Keep that accounts A and B are one person, whatever the rules say."""
    _decide(ctx, (a, b), "confirmed", user)


@link_commands.command("reject", short_help="Two accounts are not one person.")
@click.argument("a")
@click.argument("b")
@_user_option
@click.pass_context
def link_reject(ctx: click.Context, a: str, b: str, user: str | None) -> None:
    """Keep that accounts A and B are different people, whatever the rules say."""
    _decide(ctx, (a, b), "rejected", user)


def _decide(
    ctx: click.Context, accounts: tuple[str, str], status: Literal["confirmed", "rejected"], user: str | None
) -> None:
    from sourcer.link import decide_accounts
    from sourcer.users import current_user

    with _database(_config(ctx)) as database:
        one, other = decide_accounts(database, *accounts, status, current_user(user))
    _say(f"{one} and {other} are {status}; `sourcer link undo {one} {other}` takes it back")


@link_commands.command("undo", short_help="Forget a decision about two accounts.")
@click.argument("a")
@click.argument("b")
@click.pass_context
def link_undo(ctx: click.Context, a: str, b: str) -> None:
    """Forget what was decided about accounts A and B: the rules decide again."""
    from sourcer.link import undo_accounts

    with _database(_config(ctx)) as database:
        one, other = undo_accounts(database, a, b)
    _say(f"{one} and {other}: the rules decide again")


@cli.group(name="db", short_help="Make, upgrade and inspect the database.")
def database_commands() -> None:
    """Make, upgrade and inspect the database."""


@database_commands.command("upgrade", short_help="Make the database or bring it up to date.")
@click.pass_context
def db_upgrade(ctx: click.Context) -> None:
    """Bring the database to this program's version; make it where there is none."""
    from sourcer.store.database import Database

    with Database(_config(ctx).database_url) as database:
        database.upgrade()
        click.echo(_status_line(database))


@database_commands.command("status", short_help="Say whether the database fits this program.")
@click.pass_context
def db_status(ctx: click.Context) -> None:
    """Say where the database is and whether it fits this program."""
    from sourcer.store.database import Database

    with Database(_config(ctx).database_url) as database:
        click.echo(_status_line(database))


def _status_line(database: Database) -> str:
    status = database.status()
    return f"{status.shown_url}: {status.state} (revision {status.revision or 'none'}, this program: {status.head})"


def main() -> None:
    """Run the command line."""
    cli()


if __name__ == "__main__":
    main()
