"""Reviews of people whose contributions were too much for one question: asked for apart, in ever shorter stretches."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sourcer_github.account import CONTRIBUTIONS, Account
from sourcer_github.client import Client, Outcome
from sourcer_github.queries.people import reviews
from sourcer_github.sizing import answer_each
from sourcer_github.wire.base import read
from sourcer_github.wire.people import Contributions

__all__ = ["read_contributions"]

YEAR: Final = timedelta(days=365)
"""Before the crawl: what GitHub looks back over by itself, and the longest that it allows."""

SHORTEST: Final = YEAR / 4

AT_ONCE: Final = 10
"""Stretches in one question: few, since GitHub has just said that it is too much."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """A stretch of time in which an account is asked for its reviews."""

    account: Account
    since: datetime
    until: datetime

    def halves(self) -> tuple[Stretch, ...]:
        """Nothing where it is as short as it is asked for."""
        if self.until - self.since <= SHORTEST:
            return ()
        middle = self.since + (self.until - self.since) / 2
        return Stretch(self.account, self.since, middle), Stretch(self.account, middle, self.until)


async def read_contributions(client: Client, accounts: Sequence[Account]) -> None:
    """Read years of contribution, and the reviews of the last year: at once, else of its halves, else of quarters."""

    async def ask(some: Sequence[Stretch]) -> list[Outcome]:
        variables: dict[str, str] = {}
        for i, one in enumerate(some):
            variables |= {f"k{i}": one.account.user.id, f"f{i}": _as_text(one.since), f"t{i}": _as_text(one.until)}
        reply = await client.ask(reviews(len(some)), variables, many=len(some) > 1)
        return [reply.outcome(f"u{i}") for i in range(len(some))]

    # The crawl's beginning: a resumed run and a replay ask for the same.
    now = client.fetcher.now()
    left = [Stretch(account, now - YEAR, now) for account in accounts]
    while left:
        outcomes = await answer_each(ask, left, AT_ONCE)
        left = [part for one, outcome in zip(left, outcomes, strict=True) for part in _take(one, outcome)]
    for account in accounts:
        if account.years is None:
            account.miss("profile", "years of contribution: GitHub gave no usable answer")


def _take(stretch: Stretch, outcome: Outcome) -> tuple[Stretch, ...]:
    """Keep what came. Gives the shorter stretches in which to ask for the rest."""
    value = outcome.value.get(CONTRIBUTIONS) if isinstance(outcome.value, dict) else None
    found = read(Contributions, value)
    if found is not None:
        stretch.account.take_contributions(found)
    if found is not None and outcome.whole:
        return ()
    halves = () if outcome.missing else stretch.halves()
    if not halves:
        days = (stretch.until - stretch.since).days
        stretch.account.miss("pr.reviewed", f"reviews of {days} days: {outcome.reason}")
    return halves


def _as_text(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")
