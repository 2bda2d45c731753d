"""What leaves the house: files and the hand-over report."""

from __future__ import annotations

import sys
from collections.abc import Callable
from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path
from typing import IO, TYPE_CHECKING

import click

from sourcer.commands.common import as_of_option, brief_of, open_database, say, top_option, user_option
from sourcer.errors import UsageError

if TYPE_CHECKING:
    from sourcer.export import Exported, Manifest
    from sourcer.store.database import Database

__all__ = ["export", "report"]

_STDOUT = Path("-")

output_option = click.option(
    "--output", required=True, metavar="FILE", type=click.Path(dir_okay=False, path_type=Path), help="Where to write."
)


@click.command(short_help="The ranking of BRIEF as a file: CSV, XLSX or JSON Lines, in the columns of your ATS.")
@click.argument("brief")
@output_option
@click.option(
    "--format",
    "asked",
    type=click.Choice(["csv", "xlsx", "jsonl"]),
    help="Kind of file; default: what FILE ends with, else csv.",
)
@click.option(
    "--columns",
    default="generic",
    show_default=True,
    metavar="NAME|FILE",
    help="Which columns: generic, greenhouse, lever, opencats, or a TOML file of your own.",
)
@top_option
@as_of_option
@click.option("--shortlisted", is_flag=True, help="Only who is on the shortlist, in its order.")
@click.option(
    "--against",
    metavar="FILE",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Leave out whom this export of your ATS (CSV, .xlsx) has.",
)
@click.option("--bom", is_flag=True, help="Begin a CSV with the mark by which Excel knows UTF-8.")
@user_option
@click.pass_context
def export(
    ctx: click.Context,
    brief: str,
    *,
    output: Path,
    asked: str | None,
    columns: str,
    top: int | None,
    as_of: date,
    shortlisted: bool,
    against: Path | None,
    bom: bool,
    user: str | None,
) -> None:
    """Write the people of BRIEF into a file that a spreadsheet opens safely or an applicant-tracking system imports.

    People whose profile says that they do not want to hear from recruiters are ranked but not exported. A manifest
    (FILE.manifest.json) says what the file holds, and an entry of the audit who took it out. FILE may be - for standard
    output.
    """
    from sourcer.connect.addresses import address_reader
    from sourcer.export import Order, View, format_of, load_columns, manifest_of, read_known, write_people
    from sourcer.users import current_user

    who, form, profile = current_user(user), format_of(output, asked), load_columns(columns)
    if output == _STDOUT and form == "xlsx":
        raise UsageError("a workbook is not for standard output: give --output FILE.xlsx")
    known = read_known(against, address_reader()) if against else None
    config, loaded, lexicon = brief_of(ctx, brief)
    order = Order(form, profile, columns, top, bom, shortlisted, known)
    with open_database(config) as database, database.read() as connection:
        view = View(connection, loaded, lexicon, as_of, config.privacy.cross_brief, config.privacy.store_contacts)
        manifest = partial(manifest_of, view, order, name=output.name, user=who)
        exported = _hand_over(database, output, partial(write_people, view, order), manifest)
    _tell(output, exported)


@click.command(short_help="The shortlist of BRIEF as one page to hand over or print.")
@click.argument("brief")
@output_option
@top_option
@as_of_option
@user_option
@click.pass_context
def report(ctx: click.Context, brief: str, *, output: Path, top: int | None, as_of: date, user: str | None) -> None:
    """Write one HTML page about the shortlist of BRIEF: the brief, the people with why and evidence, method and limits.

    It needs no network and no program but a browser, and prints on A4. Where nobody is on the shortlist, it shows the
    first 20 people of the ranking.
    """
    from sourcer.export import Order, View, load_columns, manifest_of, write_report
    from sourcer.users import current_user

    who = current_user(user)
    if output == _STDOUT:
        raise UsageError("a report is a page, not for standard output: give --output FILE.html")
    config, loaded, lexicon = brief_of(ctx, brief)
    privacy = config.privacy
    with open_database(config) as database, database.read() as connection:
        view = View(connection, loaded, lexicon, as_of, privacy.cross_brief)
        write = partial(write_report, view, top=top, controller=privacy.controller, contact=privacy.contact)
        order = Order("html", load_columns("generic"), "report")
        manifest = partial(manifest_of, view, order, name=output.name, user=who)
        exported = _hand_over(database, output, write, manifest)
    _tell(output, exported)


def _hand_over(
    database: Database,
    output: Path,
    write: Callable[[IO[bytes]], Exported],
    said: Callable[..., Manifest],
) -> Exported:
    """Write a file, the entry of the audit, and the manifest beside the file where there is a beside.

    No file comes into its place without its entry.
    """
    from sourcer.export import outgoing
    from sourcer.store.audit import add_entry

    with outgoing(None if output == _STDOUT else output, sys.stdout.buffer) as file:
        exported = write(file.stream)
        manifest = said(exported, sha256=file.sha256())
        has_beside = file.is_replaceable
        with database.write() as connection:
            add_entry(connection, manifest.entry(datetime.now(UTC)))
            file.place()
    if has_beside:
        with outgoing(output.with_name(f"{output.name}.manifest.json")) as beside:
            beside.stream.write(manifest.text().encode())
            beside.place()
    return exported


def _tell(output: Path, exported: Exported) -> None:
    left_out = [f"{count} left out {reason}" for reason, count in exported.left_out.items()]
    where = "standard output" if output == _STDOUT else str(output)
    for line in ("; ".join([f"{where}: {exported.rows} people", *left_out]), *exported.notes):
        say(line)
