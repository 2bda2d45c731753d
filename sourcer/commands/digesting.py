"""What is new since a sourcer last looked."""

from __future__ import annotations

import asyncio
import json
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from sourcer.commands.common import (
    as_of_option,
    brief_of,
    day_or_none,
    json_option,
    open_database,
    print_json,
    say,
    top_option,
    user_option,
)
from sourcer.errors import UsageError

if TYPE_CHECKING:
    from sourcer.config import Config
    from sourcer.shortlist import Digest

__all__ = ["digest"]


@click.command(short_help="What is new for BRIEF since you last looked.")
@click.argument("brief")
@click.option("--since", metavar="DATE", callback=day_or_none, help="Since that day (UTC) instead; moves no look.")
@click.option("--peek", is_flag=True, help="Only look: the next digest tells the same again.")
@top_option
@as_of_option
@json_option
@click.option(
    "--output",
    metavar="FILE",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write it as Markdown, or as JSON where the name ends in .json.",
)
@click.option(
    "--webhook",
    metavar="[URL]",
    is_flag=False,
    flag_value="",
    help="Post it as JSON, with a `text` as Slack shows it; without URL to [notify] webhook.",
)
@user_option
@click.pass_context
def digest(
    ctx: click.Context,
    brief: str,
    *,
    since: date | None,
    peek: bool,
    top: int | None,
    as_of: date,
    as_json: bool,
    output: Path | None,
    webhook: str | None,
    user: str | None,
) -> None:
    """Tell who is new for BRIEF, who changed and how, who is gone and who is back from a snooze.

    That is: since USER last looked. Looking moves the mark, once everything was written and posted, so that each change
    is told once. People who were rejected, hired or snoozed are left out.
    """
    from sourcer.shortlist import View, digest_text, keep_look, read_digest, read_since
    from sourcer.users import current_user

    config, loaded, lexicon = brief_of(ctx, brief)
    view = View(loaded, lexicon, current_user(user), as_of, config.privacy.cross_brief)
    with open_database(config) as database:
        with database.read() as connection:
            if since is None:
                found = read_digest(connection, view, datetime.now(UTC))
            else:
                found = read_since(connection, view, since)
        if output is not None:
            _write_digest(found, output, top)
        if webhook is not None:
            _post_digest(config, found, webhook)
        if as_json:
            print_json(found.as_json(top))
        elif output is None and webhook is None:
            click.echo(digest_text(found, top))
        if not peek:
            keep_look(database, found)


def _write_digest(found: Digest, output: Path, top: int | None) -> None:
    from sourcer.shortlist import digest_markdown

    is_json = output.suffix == ".json"
    text = (
        json.dumps(found.as_json(top), ensure_ascii=False, indent=2) + "\n" if is_json else digest_markdown(found, top)
    )
    output.write_text(text, encoding="utf-8")
    say(f"{output}: written")


def _post_digest(config: Config, found: Digest, url: str) -> None:
    from sourcer.errors import RunError
    from sourcer.fetch.hook import post_hook
    from sourcer.shortlist import hook_body

    hook = url or config.notify.webhook
    if not hook:
        raise UsageError("there is no [notify] webhook in the configuration: set it or give --webhook URL")
    fault = asyncio.run(post_hook(config.fetch, hook, hook_body(found, hook)))
    if fault:
        raise RunError(f"web hook: {fault}; nothing counts as told, run it again")
    say("posted to the web hook")
