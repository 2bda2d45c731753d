"""Accounts that are named one by one: by login, or by the number that stays when the login changes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Final

from sourcer.connect import AnswerError, Json, Ref, SiteError
from sourcer_github.auth import REST_HEADERS
from sourcer_github.client import Client, Outcome
from sourcer_github.observe import ref_of
from sourcer_github.pages import Page
from sourcer_github.policy import CORE
from sourcer_github.queries.finding import logins, organizations
from sourcer_github.sizing import answer_each
from sourcer_github.wire.base import Actor, read
from sourcer_github.wire.finding import RestAccount

__all__ = ["NamedAccounts"]

LOGINS_AT_ONCE: Final = 100
"""No connection hangs below them: one point however many; GitHub's time is the limit."""

NUMBERS_AT_ONCE: Final = 20
"""Each is a request of its own: a crawl that is interrupted repeats at most so many."""

_APP: Final = "[bot]"
_GONE: Final = (HTTPStatus.NOT_FOUND, HTTPStatus.GONE)
_WHY: Final = {
    "no_account": "there is no such account",
    "no_person": "organisations and bots are left out",
    "not_answered": "GitHub did not say whose account this is",
}


@dataclass(frozen=True, slots=True)
class NamedAccounts:
    """Logins and ``#number``. A step is how many were read before; logins come first.

    Those that do not exist, and those that are no people, are named among the run's errors and left out.
    """

    names: tuple[str, ...]

    @property
    def first(self) -> Json:
        """From the beginning."""
        return 0

    async def read(self, client: Client, step: Json) -> Page:
        """Read some.

        Raises:
            SiteError: There is no usable answer now.
        """
        ordered = sorted(self.names, key=_is_number)
        by_number = _is_number(ordered[step])
        most = NUMBERS_AT_ONCE if by_number else LOGINS_AT_ONCE
        asked = [name for name in ordered[step : step + most] if _is_number(name) is by_number]
        found = await (_by_number(client, asked) if by_number else _by_login(client, asked))
        if all(ref == "not_answered" for ref in found.values()):
            raise SiteError(f"{_WHY['not_answered']}: {', '.join(asked)}; the next crawl asks again")
        for kind, why in _WHY.items():
            names = [name for name, ref in found.items() if ref == kind]
            # The first message of a kind is what a run shows of it: it names them all.
            for _ in names:
                client.note(AnswerError(f"{why}: {', '.join(names)}", kind=kind))
        left = step + len(asked)
        return Page.of((ref for ref in found.values() if isinstance(ref, Ref)), (left,) if left < len(ordered) else ())


def _is_number(name: str) -> bool:
    return name.startswith("#")


async def _by_login(client: Client, names: Sequence[str]) -> dict[str, Ref | str]:
    """The account of each login, or why there is none."""
    people = await _ask_each(client, logins, names)
    # Of an organisation GitHub says, as of nobody, that there is no such user.
    missing = [name for name, outcome in people.items() if outcome.missing]
    groups = await _ask_each(client, organizations, missing)
    return {name: _person(outcome) or _nobody(name, groups.get(name)) for name, outcome in people.items()}


async def _ask_each(client: Client, query: Callable[[int], str], names: Sequence[str]) -> dict[str, Outcome]:
    async def ask(some: Sequence[str]) -> list[Outcome]:
        variables = {f"l{i}": name for i, name in enumerate(some)}
        reply = await client.ask(query(len(some)), variables, many=len(some) > 1)
        return [reply.outcome(f"u{i}") for i in range(len(some))]

    return dict(zip(names, await answer_each(ask, names, LOGINS_AT_ONCE), strict=True))


def _person(outcome: Outcome) -> Ref | str | None:
    actor = read(Actor, outcome.value)
    return None if actor is None else ref_of(actor) or "no_person"


def _nobody(name: str, group: Outcome | None) -> str:
    if group is None:
        return "not_answered"
    if group.value is not None or name.endswith(_APP):
        return "no_person"
    return "no_account" if group.missing else "not_answered"


async def _by_number(client: Client, names: Sequence[str]) -> dict[str, Ref | str]:
    """The account of each number, or why there is none. GraphQL has no such question, so each is one of REST."""
    return {name: await _account(client, name.removeprefix("#")) for name in names}


async def _account(client: Client, number: str) -> Ref | str:
    url = f"{client.config.api_url}/user/{number}"
    headers = {**REST_HEADERS, **await client.auth.headers()}
    try:
        answer = await client.fetcher.get(url, headers=headers, bucket=CORE)
    except AnswerError:
        return "not_answered"
    if answer.status in _GONE:
        return "no_account"
    account = read(RestAccount, answer.json()) if answer.status == HTTPStatus.OK else None
    if account is None:
        return "not_answered"
    return ref_of(Actor(kind=account.type, login=account.login, database_id=account.id)) or "no_person"
