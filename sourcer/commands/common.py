"""What several commands share: options, and the way to configuration, brief and database."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any, Final

import click

from sourcer.logs import hide, log_line

if TYPE_CHECKING:
    from sourcer.brief import Brief
    from sourcer.config import Config
    from sourcer.skills import Lexicon
    from sourcer.store.database import Database

__all__ = [
    "as_of_option",
    "brief_of",
    "config_of",
    "database_if_any",
    "day_or_none",
    "json_option",
    "open_database",
    "print_json",
    "say",
    "top_option",
    "user_option",
]

_FIRST_DAY: Final = date(1970, 1, 1)
_LAST_DAY: Final = date(9998, 12, 31)


def say(message: str) -> None:
    """Say something on stderr."""
    if not log_line(message):
        click.echo(message, err=True)


def config_of(ctx: click.Context) -> Config:
    """The configuration that this call uses."""
    from sourcer.config import find_config, load_config, named_secrets

    config = load_config(find_config(ctx.obj))
    hide(named_secrets(config))
    return config


def open_database(config: Config, *, create: bool = False) -> Database:
    """The database, ready to use.

    Args:
        config: Says where it is.
        create: Make it where there is none.
    """
    from sourcer.store.database import Database
    from sourcer.store.statistics import refresh_statistics

    database = Database(config.database_url)
    database.ensure(create=create)
    refresh_statistics(database)
    return database


@contextmanager
def database_if_any(config: Config) -> Iterator[Database | None]:
    """The database, for what goes on without it too; ``None`` where there is none that can be used."""
    from sourcer.errors import DatabaseError
    from sourcer.store.database import Database

    with Database(config.database_url) as database:
        try:
            database.ensure()
        except DatabaseError:
            yield None
        else:
            yield database


def brief_of(ctx: click.Context, name: str) -> tuple[Config, Brief, Lexicon]:
    """Configuration, brief and lexicon, checked against each other; words that stand for protected traits are told."""
    from sourcer.brief import load_brief
    from sourcer.score import check_brief
    from sourcer.score.fairness import concerns_in_words
    from sourcer.skills import lexicon_of

    config = config_of(ctx)
    brief, lexicon = load_brief(config, name), lexicon_of(config)
    for warning in concerns_in_words(brief, lexicon, config.lexicon):
        say(warning)
    check_brief(brief, lexicon)
    return config, brief, lexicon


def print_json(value: Any) -> None:
    """Print a result as JSON."""
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


def day_or_none(_ctx: click.Context, _param: click.Parameter, value: str | None) -> date | None:
    """The callback of an option that takes a day or nothing."""
    try:
        return None if value is None else date.fromisoformat(value)
    except ValueError:
        raise click.BadParameter(f"{value!r} is not a day; write it as 2026-01-31") from None


as_of_option = click.option(
    "--as-of", metavar="DATE", callback=_as_of, help="Score as on that day (YYYY-MM-DD); default: today (UTC)."
)
json_option = click.option("--json", "as_json", is_flag=True, help="Print JSON.")
top_option = click.option("--top", type=click.IntRange(min=1), metavar="N", help="Only the first N people.")


user_option = click.option(
    "--as", "user", metavar="USER", help="In whose name; else SOURCER_USER, else the system's user."
)
