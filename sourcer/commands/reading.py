"""What was found: the ranking and the reasons."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Final

import click

from sourcer.commands.common import as_of_option, brief_of, json_option, open_database, print_json, say, top_option
from sourcer.domain import HIDDEN_STATES
from sourcer.errors import UsageError

__all__ = ["explain", "rank"]

_SENTENCES: Final = 20


@click.command(short_help="The people found for BRIEF, best first, with reasons.")
@click.argument("brief")
@top_option
@as_of_option
@click.option(
    "--include",
    "states",
    multiple=True,
    type=click.Choice(HIDDEN_STATES),
    help="Also people in this state; they are left out otherwise.",
)
@click.option("--all", "everybody", is_flag=True, help="Also people who were rejected, hired or snoozed.")
@json_option
@click.pass_context
def rank(
    ctx: click.Context,
    brief: str,
    top: int | None,
    as_of: date,
    *,
    states: Sequence[str],
    everybody: bool,
    as_json: bool,
) -> None:
    """List the people found for BRIEF, best first, each with the reason.

    Whom you rejected, hired or snoozed for this brief (`shortlist state`) is left out.
    """
    from sourcer.score import rank as rank_people
    from sourcer.shortlist import put_aside
    from sourcer.show import ranking_text

    config, loaded, lexicon = brief_of(ctx, brief)
    shown = HIDDEN_STATES if everybody else states
    with open_database(config) as database, database.read() as connection:
        people = rank_people(
            connection,
            loaded,
            lexicon,
            as_of=as_of,
            cross_brief=config.privacy.cross_brief,
            top=top,
            keep=database,
            include=shown,
        )
        aside = put_aside(connection, loaded.name, as_of, shown)
    if as_json:
        print_json([person.as_json() for person in people])
    else:
        click.echo(ranking_text(loaded, people, as_of, first=top))
    if aside:
        say(f"left out: {aside}; --all shows them")


@click.command(short_help="What a person's score is made of, with links.")
@click.argument("person")
@click.option("--brief", required=True, metavar="BRIEF", help="The brief through which to look.")
@click.option("--all", "everything", is_flag=True, help="All evidence; else the strongest twenty.")
@as_of_option
@json_option
@click.pass_context
def explain(ctx: click.Context, person: str, brief: str, as_of: date, *, everything: bool, as_json: bool) -> None:
    """Say what PERSON's score is made of, with a link for each point, what is not known, and what would change it.

    PERSON is the number that `rank` shows, or an account: github:LOGIN, github:#ID, or a profile URL.
    """
    from sourcer.score import explain as explain_person
    from sourcer.score import whom
    from sourcer.show import explanation_text
    from sourcer.store.reads import read_person

    config, loaded, lexicon = brief_of(ctx, brief)
    with open_database(config) as database, database.read() as connection:
        number = whom(connection, person)
        if number is None:
            raise UsageError(f"{person}: nobody here by that number or account; `sourcer rank {brief}` lists people")
        explained = explain_person(
            connection, number, loaded, lexicon, as_of=as_of, cross_brief=config.privacy.cross_brief
        )
        facts = read_person(connection, number)
    if as_json or facts is None:
        print_json(explained.as_json())
    else:
        click.echo(explanation_text(loaded, explained, facts, as_of, None if everything else _SENTENCES))
