"""The cheap look: profile, bio, repositories with topics, dates and stars, merged pull requests, and reviews."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator, Sequence
from datetime import date
from typing import Final

from sourcer.connect import Done, Focus, Item, Unknown, Visit
from sourcer_github.account import KINDS, Account
from sourcer_github.accounts import find_accounts
from sourcer_github.client import Client
from sourcer_github.contributions import read_contributions
from sourcer_github.memory import VERSION, Memory, Standing
from sourcer_github.observe import (
    RepositoryAbout,
    bio_evidence,
    profile_of,
    pull_request_evidence,
    repository_evidence,
    review_evidence,
)
from sourcer_github.owned import read_on, read_topics
from sourcer_github.revisit import leave_unmoved

__all__ = ["SCOPE", "items_of", "look_cheap"]

SCOPE: Final = ("repo.owned", "profile.text")
"""What a cheap look tells all about. Of pull requests and reviews it tells the last ones, and discovery tells more."""


async def look_cheap(client: Client, visits: Sequence[Visit], focus: Focus) -> AsyncIterator[Item]:
    """Look at a batch of people; each is closed with :class:`Done` or :class:`Gone`."""
    moved, closed = await leave_unmoved(client, visits, focus)
    accounts, lost = await find_accounts(client, moved)
    for item in (*closed, *lost):
        yield item
    await read_contributions(client, [account for account in accounts if account.is_short_of_reviews])
    await read_on(client, accounts)
    await read_topics(client, accounts)
    today = client.fetcher.now().date()
    for account in accounts:
        for item in items_of(account, focus, today):
            yield item


def items_of(account: Account, focus: Focus, today: date) -> Iterator[Item]:
    """All that was seen of one account, and its end."""
    ref, user, topics = account.ref, account.user, account.topics
    yield profile_of(ref, user, account.years or (), account.readme or ())
    bio = bio_evidence(ref, user)
    if bio is not None:
        yield bio
    owned = {
        node_id: repository_evidence(
            ref, repository, topics.get(node_id, ()), whole="repo.owned" not in account.unknown
        )
        for node_id, repository in account.repositories.items()
    }
    yield from owned.values()
    for pull in account.merged_elsewhere():
        about = RepositoryAbout.of(pull.repository, topics.get(pull.repository.id, ()))
        yield pull_request_evidence(ref, pull, about)
    for one in account.reviewed_elsewhere():
        about = RepositoryAbout.of(one.repository, topics.get(one.repository.id, ()))
        yield review_evidence(ref, one.pull_request_review, one.pull_request.title, about)
    for what, reasons in account.unknown.items():
        yield Unknown(ref, what, "; ".join(dict.fromkeys(reasons)))
    scope = tuple(kind for kind in SCOPE if kind not in account.unknown)
    listed = "repo.owned" in scope
    memory = Memory(
        id=user.id,
        own=len(account.own) if listed else None,
        repositories=Memory.choose(((one.id, one.pushed_at, owned[one.id]) for one in account.own), focus),
        version=VERSION,
        whole=account.whole,
        scope=scope,
        readme=account.readme,
        standing=Standing.of(user),
        looked_on=today,
    )
    answered = tuple(what for what in ("profile", *KINDS) if what not in account.unknown)
    yield Done(ref, scope, memory.as_state(), answered=answered)
