"""What a sourcer decides about people, day by day."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

import click

from sourcer.commands.common import config_of, day_or_none, json_option, open_database, print_json, say, user_option
from sourcer.domain import STATES
from sourcer.errors import UsageError

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from sourcer.shortlist import Deciding, Meant

__all__ = ["shortlist"]

Deed = Callable[["Connection", "Deciding", "Sequence[Meant]"], list[str]]

_people = click.argument("people", nargs=-1, required=True, metavar="PERSON...")
_brief = click.argument("brief")
_reason = click.option("--reason", metavar="TEXT", help="Why; others read it in the history.")


@click.group("shortlist", short_help="Who is chosen for BRIEF, and what was decided about people.")
def shortlist() -> None:
    """Keep who is chosen for a brief, and what was decided about whom, by whom, when and why.

    PERSON is the number that `rank` shows, or an account: github:LOGIN, github:#ID, or a profile URL.
    Nothing here changes by itself, and everything is kept: `shortlist history` tells it.
    """


def _decide(
    ctx: click.Context, brief: str, people: Sequence[str], deed: Deed, *, user: str | None, reason: str | None = None
) -> None:
    """Do something about people in one transaction and say what was done."""
    from sourcer.brief import load_brief
    from sourcer.shortlist import Deciding, people_meant
    from sourcer.users import current_user

    config = config_of(ctx)
    deciding = Deciding(load_brief(config, brief).name, current_user(user), datetime.now(UTC), reason)
    with open_database(config) as database, database.write() as connection:
        meant = people_meant(connection, deciding.brief, people, cross_brief=config.privacy.cross_brief)
        told = deed(connection, deciding, meant)
    for line in told:
        say(line)


@shortlist.command("add", short_help="Put people on the shortlist.")
@_brief
@_people
@click.option("--place", type=click.IntRange(min=1), metavar="N", help="Where in the list; else at its end.")
@_reason
@user_option
@click.pass_context
def shortlist_add(
    ctx: click.Context, brief: str, people: Sequence[str], *, place: int | None, reason: str | None, user: str | None
) -> None:
    """Put people on the shortlist of BRIEF, or to another place of it. Their state stays as it is."""
    from sourcer.shortlist import add

    _decide(ctx, brief, people, lambda connection, by, who: add(connection, by, who, place), user=user, reason=reason)


@shortlist.command("remove", short_help="Take people off the shortlist.")
@_brief
@_people
@_reason
@user_option
@click.pass_context
def shortlist_remove(
    ctx: click.Context, brief: str, people: Sequence[str], *, reason: str | None, user: str | None
) -> None:
    """Take people off the shortlist of BRIEF. Their state, notes and tags stay."""
    from sourcer.shortlist import remove

    _decide(ctx, brief, people, remove, user=user, reason=reason)


@shortlist.command("state", short_help="Say where you are with people.")
@_brief
@_people
@click.argument("state", metavar="STATE")
@_reason
@click.option("--until", metavar="DATE", callback=day_or_none, help="For snoozed: the day they show up again.")
@user_option
@click.pass_context
def shortlist_state(
    ctx: click.Context,
    brief: str,
    people: Sequence[str],
    *,
    state: str,
    reason: str | None,
    until: date | None,
    user: str | None,
) -> None:
    """Give people a STATE for BRIEF: new, interested, contacted, rejected, hired or snoozed.

    Whoever is interested, contacted or hired is put on the shortlist. Whoever is rejected, hired or snoozed is left out
    of the ranking of this brief until you say otherwise; a snooze ends on its day.
    """
    from sourcer.shortlist import set_state

    _decide(
        ctx,
        brief,
        people,
        lambda connection, by, who: set_state(connection, by, who, state, until),
        user=user,
        reason=reason,
    )


@shortlist.command("note", short_help="Keep a note about somebody.")
@_brief
@click.argument("person")
@click.argument("text")
@user_option
@click.pass_context
def shortlist_note(ctx: click.Context, brief: str, person: str, text: str, user: str | None) -> None:
    """Keep TEXT as a note about PERSON for BRIEF. It leaves with exports, and goes when the person is erased."""
    from sourcer.shortlist import note

    _decide(ctx, brief, [person], lambda connection, by, who: note(connection, by, who, text), user=user)


@shortlist.command("tag", short_help="File people under a tag.")
@_brief
@_people
@click.argument("tag", metavar="TAG")
@user_option
@click.pass_context
def shortlist_tag(ctx: click.Context, brief: str, people: Sequence[str], tag: str, user: str | None) -> None:
    """File people under TAG for BRIEF."""
    from sourcer.shortlist import tag as tag_people

    _decide(ctx, brief, people, lambda connection, by, who: tag_people(connection, by, who, tag), user=user)


@shortlist.command("untag", short_help="Take a tag away.")
@_brief
@_people
@click.argument("tag", metavar="TAG")
@user_option
@click.pass_context
def shortlist_untag(ctx: click.Context, brief: str, people: Sequence[str], tag: str, user: str | None) -> None:
    """Take TAG from people for BRIEF."""
    from sourcer.shortlist import untag

    _decide(ctx, brief, people, lambda connection, by, who: untag(connection, by, who, tag), user=user)


@shortlist.command("show", short_help="The shortlist of BRIEF.")
@_brief
@click.option("--state", "states", multiple=True, type=click.Choice(STATES), help="Only these, on the list or not.")
@click.option("--all", "everybody", is_flag=True, help="Also who is not on the list and has a state, note or tag.")
@json_option
@click.pass_context
def shortlist_show(ctx: click.Context, brief: str, *, states: Sequence[str], everybody: bool, as_json: bool) -> None:
    """List the shortlist of BRIEF in its order, with state, tags and notes, and who said so when and why."""
    from sourcer.brief import load_brief
    from sourcer.shortlist import read_shortlist, shortlist_text

    config = config_of(ctx)
    name, day = load_brief(config, brief).name, datetime.now(UTC).date()
    with open_database(config) as database, database.read() as connection:
        entries = read_shortlist(connection, name, states=states, everybody=everybody)
    if as_json:
        print_json([entry.as_json(day) for entry in entries])
    else:
        click.echo(shortlist_text(name, entries, day))


@shortlist.command("history", short_help="Everything that was decided about somebody.")
@click.argument("person")
@click.option("--brief", metavar="BRIEF", help="Only for this brief.")
@json_option
@click.pass_context
def shortlist_history(ctx: click.Context, person: str, brief: str | None, *, as_json: bool) -> None:
    """Tell everything that was decided about PERSON, for all briefs: what, by whom, when and why."""
    from sourcer.brief import load_brief
    from sourcer.score import whom
    from sourcer.shortlist import decision_json, history_text, read_history
    from sourcer.store.faces import Face, read_faces

    config = config_of(ctx)
    name = load_brief(config, brief).name if brief else None
    with open_database(config) as database, database.read() as connection:
        number = whom(connection, person)
        if number is None:
            raise UsageError(f"{person}: nobody here by that number or account")
        decisions = read_history(connection, number, name)
        face = read_faces(connection, [number]).get(number, Face(number))
    if as_json:
        print_json(decision_json(decisions))
    else:
        click.echo(history_text(face.name, decisions))
