"""Which accounts are one person."""

from __future__ import annotations

from typing import Literal

import click

from sourcer.commands.common import config_of, json_option, open_database, print_json, say, user_option

__all__ = ["link_commands", "links"]


@click.command(short_help="Which accounts are one person, and why.")
@click.option(
    "--status", type=click.Choice(["confirmed", "proposed", "rejected"]), help="Only the pairs of this status."
)
@json_option
@click.pass_context
def links(ctx: click.Context, status: str | None, *, as_json: bool) -> None:
    """List the pairs of accounts that are believed, proposed or denied to be one person.

    Proof is what accounts say about each other in public, never a name. What is proposed waits for a human.
    """
    from sourcer.link import links_json
    from sourcer.show import links_table
    from sourcer.store.links import read_links

    with open_database(config_of(ctx)) as database, database.read() as connection:
        rows = read_links(connection, status)
    if as_json:
        print_json(links_json(rows))
    else:
        click.echo(links_table(rows))


@click.group("link", short_help="Decide whether two accounts are one person.")
def link_commands() -> None:
    """Decide whether two accounts are one person; a decision goes before every rule until it is undone.

    An account is written site:login, site:#uid or as the address of its profile.
    """


@link_commands.command("confirm", short_help="Two accounts are one person.")
@click.argument("a")
@click.argument("b")
@user_option
@click.pass_context
def link_confirm(ctx: click.Context, a: str, b: str, user: str | None) -> None:
    """Keep that accounts A and B are one person, whatever the rules say."""
    _decide(ctx, (a, b), "confirmed", user)


@link_commands.command("reject", short_help="Two accounts are not one person.")
@click.argument("a")
@click.argument("b")
@user_option
@click.pass_context
def link_reject(ctx: click.Context, a: str, b: str, user: str | None) -> None:
    """Keep that accounts A and B are different people, whatever the rules say."""
    _decide(ctx, (a, b), "rejected", user)


def _decide(
    ctx: click.Context, accounts: tuple[str, str], status: Literal["confirmed", "rejected"], user: str | None
) -> None:
    from sourcer.link import decide_accounts
    from sourcer.users import current_user

    with open_database(config_of(ctx)) as database:
        one, other = decide_accounts(database, *accounts, status, current_user(user))
    say(f"{one} and {other} are {status}; `sourcer link undo {one} {other}` takes it back")


@link_commands.command("undo", short_help="Forget a decision about two accounts.")
@click.argument("a")
@click.argument("b")
@click.pass_context
def link_undo(ctx: click.Context, a: str, b: str) -> None:
    """Forget what was decided about accounts A and B: the rules decide again."""
    from sourcer.link import undo_accounts

    with open_database(config_of(ctx)) as database:
        one, other = undo_accounts(database, a, b)
    say(f"{one} and {other}: the rules decide again")
