"""Further pages of people's repositories, and topics: of their own, and of those of others that took their work.

The README of a repository that is called like its owner comes with its topics: GitHub shows it on the profile.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from sourcer_github.account import Account
from sourcer_github.client import Client, Outcome
from sourcer_github.observe import names_of
from sourcer_github.queries.common import id_lists, place_of
from sourcer_github.queries.people import PAGE, listings, topics
from sourcer_github.shown import await_readme, split, take_readme
from sourcer_github.sizing import answer_each
from sourcer_github.wire.base import Connection, read
from sourcer_github.wire.people import RepositoryNode, TopicsNode

__all__ = ["MOST_REPOSITORIES", "TOPICS_AT_ONCE", "read_on", "read_topics"]

MOST_REPOSITORIES: Final = 2 * PAGE
"""Read of one person, the ones pushed to last."""

LISTINGS_AT_ONCE: Final = 29
"""One connection each: time binds here, not points."""

TOPICS_AT_ONCE: Final = 148
"""One connection each, and nearly the most that are rounded to 1 point."""


async def read_on(client: Client, accounts: Sequence[Account]) -> None:
    """Read the further pages of those who have some, together, up to the most that is read of one person."""

    async def ask(some: Sequence[Account]) -> list[Outcome]:
        keys = {f"k{i}": account.user.id for i, account in enumerate(some)}
        cursors = {f"a{i}": account.cursor for i, account in enumerate(some)}
        reply = await client.ask(listings(len(some)), keys | cursors, many=len(some) > 1)
        return [reply.outcome(f"u{i}", "repositories") for i in range(len(some))]

    while more := [one for one in accounts if one.cursor is not None and len(one.repositories) < MOST_REPOSITORIES]:
        for account, outcome in zip(more, await answer_each(ask, more, LISTINGS_AT_ONCE), strict=True):
            account.cursor, known = None, len(account.repositories)
            page = read(Connection[RepositoryNode], outcome.value)
            if page is not None:
                account.take(page)
            if page is None or not outcome.whole:
                account.miss("repo.owned", outcome.reason)
            elif len(account.repositories) == known:
                # A page without anything new: its successor is not to be trusted either.
                account.cursor = None
    for account in accounts:
        total = account.user.repositories.total_count if account.user.repositories else None
        if total is not None and total > len(account.repositories) >= MOST_REPOSITORIES:
            account.leave("repo.owned", f"newest {len(account.repositories)} of {total} repositories read")


async def read_topics(client: Client, accounts: Sequence[Account]) -> None:
    """Ask for the topics of all repositories that say something of these accounts, each once. Forks are left out."""
    shown = {one.id: account for account in accounts if (one := await_readme(account)) is not None}

    async def ask(ids: Sequence[str]) -> list[Outcome]:
        plain, with_readme = [one for one in ids if one not in shown], [one for one in ids if one in shown]
        variables = id_lists(plain) | id_lists(with_readme, "p")
        reply = await client.ask(topics(len(plain), len(with_readme)), variables, many=len(ids) > 1)
        places = {one: place_of(i) for i, one in enumerate(plain)}
        places |= {one: place_of(i, "p") for i, one in enumerate(with_readme)}
        return [reply.outcome(*places[one]) for one in ids]

    wanted: dict[str, list[tuple[str, Account]]] = {}
    for account in accounts:
        for node_id, kind in dict.fromkeys(_repositories_of(account)):
            wanted.setdefault(node_id, []).append((kind, account))
    ids = list(wanted)
    for node_id, outcome in zip(ids, await answer_each(ask, ids, TOPICS_AT_ONCE), strict=True):
        about_topics, about_readme = split(outcome)
        for kind, account in wanted[node_id]:
            _take_topics(account, kind, node_id, about_topics)
        if node_id in shown:
            take_readme(shown[node_id], about_readme)


def _repositories_of(account: Account) -> Iterator[tuple[str, str]]:
    """The repositories whose topics say something, by node id, and which kind of evidence they belong to."""
    yield from ((repository.id, "repo.owned") for repository in account.own)
    yield from ((pull.repository.id, "pr.merged") for pull in account.merged_elsewhere())
    yield from ((one.repository.id, "pr.reviewed") for one in account.reviewed_elsewhere())


def _take_topics(account: Account, kind: str, node_id: str, outcome: Outcome) -> None:
    node = read(TopicsNode, outcome.value)
    if node is not None:
        account.topics[node_id] = names_of(node.repository_topics)
    if outcome.missing:
        # Deleted or hidden between the two questions.
        account.repositories.pop(node_id, None)
    elif node is None or not outcome.whole:
        account.miss(kind, f"topics of a repository: {outcome.reason}")
