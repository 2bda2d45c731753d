"""What leaves the house: the file."""

from __future__ import annotations

import sys
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from sourcer.commands.common import as_of_option, brief_of, open_database, say, top_option, user_option
from sourcer.errors import UsageError

if TYPE_CHECKING:
    from sourcer.export import Exported, Order, View

__all__ = ["export"]

_STDOUT = Path("-")

output_option = click.option(
    "--output", required=True, metavar="FILE", type=click.Path(dir_okay=False, path_type=Path), help="Where to write."
)


@click.command(short_help="The ranking of BRIEF as a file: CSV, XLSX or JSON Lines, in the columns of your ATS.")
@click.argument("brief")
@output_option
@click.option(
    "--format",
    "form",
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
@click.option("--bom", is_flag=True, help="Begin a CSV with the mark by which Excel knows UTF-8.")
@user_option
@click.pass_context
def export(
    ctx: click.Context,
    brief: str,
    *,
    output: Path,
    form: str | None,
    columns: str,
    top: int | None,
    as_of: date,
    bom: bool,
    user: str | None,
) -> None:
    """Write the people of BRIEF into a file that a spreadsheet opens safely or an applicant-tracking system imports.

    People whose profile says that they do not want to hear from recruiters are ranked but not exported. A manifest
    (FILE.manifest.json) says what the file holds. FILE may be - for standard output.
    """
    from sourcer.export import Order, View, format_of, load_columns
    from sourcer.users import current_user

    who = current_user(user)
    order = Order(format_of(output, form), load_columns(columns), columns, top=top, bom=bom)
    if output == _STDOUT and order.form == "xlsx":
        raise UsageError("a workbook is not for standard output: give --output FILE.xlsx")
    config, loaded, lexicon = brief_of(ctx, brief)
    privacy = config.privacy
    with open_database(config) as database, database.read() as connection:
        view = View(connection, loaded, lexicon, as_of, privacy.cross_brief, privacy.store_contacts)
        exported = _deliver(view, order, output, who)
    for line in _told(output, exported):
        say(line)


def _deliver(view: View, order: Order, output: Path, user: str) -> Exported:
    """Write the file, and the manifest beside it where there is a beside."""
    from sourcer.export import manifest_text, outgoing, write_people

    path = None if output == _STDOUT else output
    with outgoing(path, sys.stdout.buffer) as file:
        exported = write_people(view, order, file.stream)
        text = manifest_text(view, order, exported, name=output.name, sha256=file.sha256(), user=user)
        has_beside = file.is_replaceable
        file.place()
    if has_beside:
        with outgoing(output.with_name(f"{output.name}.manifest.json")) as manifest:
            manifest.stream.write(text.encode())
            manifest.place()
    return exported


def _told(output: Path, exported: Exported) -> list[str]:
    left_out = [f"{count} left out {reason}" for reason, count in exported.left_out.items()]
    where = "standard output" if output == _STDOUT else str(output)
    return ["; ".join([f"{where}: {exported.rows} people", *left_out]), *exported.notes]
