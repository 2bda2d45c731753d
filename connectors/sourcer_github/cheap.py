"""The cheap look: profile, bio, and the repositories of a person with topics, languages, dates and stars."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

from sourcer.connect import Done, Focus, Gone, Item, Ref, Unknown, Visit
from sourcer_github.client import Client, Outcome, answer_each
from sourcer_github.memory import Memory
from sourcer_github.observe import bio_evidence, profile_of, repository_evidence
from sourcer_github.policy import SITE
from sourcer_github.queries.people import DETAILS, PAGE, listings, people
from sourcer_github.wire.base import Connection, read
from sourcer_github.wire.people import DetailNode, RepositoryNode, UserNode

__all__ = ["DETAILS_AT_ONCE", "MOST_REPOSITORIES", "SCOPE", "look_cheap"]

SCOPE: Final = ("repo.owned", "profile.text")
"""What a cheap look tells all about."""

MOST_REPOSITORIES: Final = 2 * PAGE
"""Read of one person, the ones pushed to last."""

DETAILS_AT_ONCE: Final = 74
"""Two connections each: 148 requests, the most that are rounded to 1 point."""


@dataclass(slots=True)
class Account:
    """What is known of one person so far."""

    ref: Ref
    user: UserNode
    repositories: dict[str, RepositoryNode] = field(default_factory=dict)
    details: dict[str, DetailNode] = field(default_factory=dict)
    cursor: str | None = None
    unknown: dict[str, list[str]] = field(default_factory=dict)

    def take(self, page: Connection[RepositoryNode]) -> None:
        """Add a page of the listing. Pages shift while they are read: the id keeps each repository once."""
        self.repositories |= {repository.id: repository for repository in page.present}
        self.cursor = page.page_info.end_cursor if page.page_info.has_next_page else None

    def miss(self, what: str, reason: str) -> None:
        """Note that something of this account was not told."""
        self.unknown.setdefault(what, []).append(reason)

    @property
    def own(self) -> list[RepositoryNode]:
        """The repositories that are no forks, newest push first."""
        return [repository for repository in self.repositories.values() if not repository.is_fork]


async def look_cheap(client: Client, visits: Sequence[Visit], focus: Focus) -> AsyncIterator[Item]:
    """Look at a batch of people; each is closed with :class:`Done` or :class:`Gone`."""

    async def ask(some: Sequence[Visit]) -> list[Outcome]:
        nodes = [_node_id(visit) for visit in some]
        keys = {f"k{i}": node or visit.ref.login for i, (node, visit) in enumerate(zip(nodes, some, strict=True))}
        reply = await client.ask(people([node is not None for node in nodes]), keys)
        return [reply.outcome(f"u{i}") for i in range(len(some))]

    accounts = []
    for visit, outcome in zip(visits, await answer_each(ask, visits), strict=True):
        account = _account(visit, outcome)
        if isinstance(account, Account):
            accounts.append(account)
            continue
        for item in account:
            yield item
    await _read_on(client, accounts)
    await _read_details(client, accounts)
    for account in accounts:
        for item in _items(account, focus):
            yield item


def _node_id(visit: Visit) -> str | None:
    """The node id of an earlier look: it leads to the same account whatever its login is now."""
    memory = Memory.of(visit)
    return memory.id if memory else None


def _account(visit: Visit, outcome: Outcome) -> Account | list[Item]:
    """The account of an answer, or what closes it where there is none."""
    ref = visit.ref
    if outcome.missing:
        return [Gone(ref, "GitHub knows no such account")]
    if isinstance(outcome.value, dict) and outcome.value.get("__typename") not in (None, "User"):
        return [Gone(ref, "no longer the account of a person")]
    user = read(UserNode, outcome.value)
    if user is None:
        reason = outcome.reason
        return [Unknown(ref, "profile", reason), *(Unknown(ref, kind, reason) for kind in SCOPE), Done(ref)]
    if str(user.database_id) != ref.uid:
        return [Gone(ref, "the login now belongs to another account")]
    account = Account(Ref(SITE, ref.uid, user.login), user)
    _note_faults(account, outcome)
    if user.repositories is not None:
        account.take(user.repositories)
    elif "repo.owned" not in account.unknown:
        account.miss("repo.owned", outcome.reason)
    return account


def _note_faults(account: Account, outcome: Outcome) -> None:
    for fault in outcome.faults:
        # A fault that does not say where it is may be anywhere.
        if not fault.path or fault.path[0] == "repositories":
            account.miss("repo.owned", fault.reason)
        if not fault.path or fault.path[0] != "repositories":
            account.miss("profile", fault.reason)


async def _read_on(client: Client, accounts: Sequence[Account]) -> None:
    """Read the further pages of those who have some, together, up to the most that is read of one person."""

    async def ask(some: Sequence[Account]) -> list[Outcome]:
        keys = {f"k{i}": account.user.id for i, account in enumerate(some)}
        cursors = {f"a{i}": account.cursor for i, account in enumerate(some)}
        reply = await client.ask(listings(len(some)), keys | cursors)
        return [reply.outcome(f"u{i}", "repositories") for i in range(len(some))]

    while more := [one for one in accounts if one.cursor is not None and len(one.repositories) < MOST_REPOSITORIES]:
        for account, outcome in zip(more, await answer_each(ask, more), strict=True):
            account.cursor = None
            page = read(Connection[RepositoryNode], outcome.value)
            if page is not None:
                account.take(page)
            if page is None or not outcome.whole:
                account.miss("repo.owned", outcome.reason)
    for account in accounts:
        total = account.user.repositories.total_count if account.user.repositories else None
        if total is not None and total > len(account.repositories) >= MOST_REPOSITORIES:
            account.miss("repo.owned", f"newest {len(account.repositories)} of {total} repositories read")


async def _read_details(client: Client, accounts: Sequence[Account]) -> None:
    """Topics and languages. A fork's languages are its origin's, so it is not asked about."""

    async def ask(ids: Sequence[str]) -> list[Outcome]:
        reply = await client.ask(DETAILS, {"ids": list(ids)})
        return [reply.outcome("nodes", i) for i in range(len(ids))]

    owners = {repository.id: account for account in accounts for repository in account.own}
    ids = list(owners)
    for start in range(0, len(ids), DETAILS_AT_ONCE):
        chunk = ids[start : start + DETAILS_AT_ONCE]
        for node_id, outcome in zip(chunk, await answer_each(ask, chunk), strict=True):
            account = owners[node_id]
            detail = read(DetailNode, outcome.value)
            if detail is not None:
                account.details[node_id] = detail
            if outcome.missing:
                # Deleted or hidden between the two questions.
                del account.repositories[node_id]
            elif detail is None or not outcome.whole:
                account.miss("repo.owned", f"topics and languages of a repository: {outcome.reason}")


def _items(account: Account, focus: Focus) -> Iterator[Item]:
    """All that was seen of one account, and its end."""
    yield profile_of(account.ref, account.user)
    bio = bio_evidence(account.ref, account.user)
    if bio is not None:
        yield bio
    found = {
        node_id: repository_evidence(account.ref, repository, account.details.get(node_id))
        for node_id, repository in account.repositories.items()
    }
    yield from found.values()
    for what, reasons in account.unknown.items():
        yield Unknown(account.ref, what, "; ".join(dict.fromkeys(reasons)))
    scope = tuple(kind for kind in SCOPE if kind not in account.unknown)
    own = [(repository.id, found[repository.id]) for repository in account.own]
    memory = Memory.from_look(account.user.id, own, focus, whole="repo.owned" in scope)
    yield Done(account.ref, scope, memory.as_state())
