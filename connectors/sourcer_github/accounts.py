"""Asking for people: profiles, first listings, merged pull requests and reviews."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from sourcer.connect import Done, Gone, Item, Ref, Unknown, Visit
from sourcer_github.account import CONTRIBUTIONS, KINDS, Account
from sourcer_github.client import Client, Outcome
from sourcer_github.memory import Memory
from sourcer_github.policy import SITE
from sourcer_github.queries.people import people
from sourcer_github.sizing import answer_each
from sourcer_github.wire.base import read
from sourcer_github.wire.people import UserNode

__all__ = ["LIGHT_AT_ONCE", "PEOPLE_AT_ONCE", "find_accounts", "gone_since"]

PEOPLE_AT_ONCE: Final = 29
"""Five connections each: 145 requests, the most that are rounded to 1 point."""

LIGHT_AT_ONCE: Final = 37
"""The same without contributions: four connections each."""


async def find_accounts(client: Client, visits: Sequence[Visit]) -> tuple[list[Account], list[Item]]:
    """Ask for people.

    Of whom GitHub gives nothing at all, for their contributions or for whatever reason, is asked again without them.

    Returns:
        The accounts, and the items that close those of whom there is none.
    """
    outcomes = await _ask(client, visits, contributions=True)
    light = [i for i, outcome in enumerate(outcomes) if outcome.value is None and not outcome.settled]
    again = await _ask(client, [visits[i] for i in light], contributions=False)
    for position, outcome in zip(light, again, strict=True):
        outcomes[position] = outcome
    accounts: list[Account] = []
    closed: list[Item] = []
    for visit, outcome in zip(visits, outcomes, strict=True):
        account = _account(visit, outcome)
        if isinstance(account, Account):
            accounts.append(account)
        else:
            closed += account
    return accounts, closed


async def _ask(client: Client, visits: Sequence[Visit], *, contributions: bool) -> list[Outcome]:
    async def ask(some: Sequence[Visit]) -> list[Outcome]:
        nodes = [_node_id(visit) for visit in some]
        keys = {f"k{i}": node or visit.ref.login for i, (node, visit) in enumerate(zip(nodes, some, strict=True))}
        text = people([node is not None for node in nodes], contributions=contributions)
        reply = await client.ask(text, keys, many=len(some) > 1)
        return [reply.outcome(f"u{i}") for i in range(len(some))]

    if not contributions:
        return await answer_each(ask, visits, LIGHT_AT_ONCE)
    # Contributions that fail are asked for apart, not the whole person again.
    return await answer_each(ask, visits, PEOPLE_AT_ONCE, lambda one: one.settled or _is_about_contributions(one))


def _is_about_contributions(outcome: Outcome) -> bool:
    return bool(outcome.faults) and all(fault.path[:1] == (CONTRIBUTIONS,) for fault in outcome.faults)


def _node_id(visit: Visit) -> str | None:
    """The node id of an earlier look: it leads to the same account whatever its login is now."""
    memory = Memory.of(visit)
    return memory.id if memory else None


def gone_since(visit: Visit, outcome: Outcome) -> Gone | None:
    """Whether an answer says that there is no such person any more: deleted, no person, or another one."""
    found = outcome.value
    if outcome.missing:
        return Gone(visit.ref, "GitHub knows no such account")
    if isinstance(found, dict) and found.get("__typename") not in (None, "User"):
        return Gone(visit.ref, "no longer the account of a person")
    number = found.get("databaseId") if isinstance(found, dict) else None
    # A number that GitHub kept back says nothing of whose account it is.
    if number is not None and str(number) != visit.ref.uid:
        return Gone(visit.ref, "the login now belongs to another account")
    return None


def _account(visit: Visit, outcome: Outcome) -> Account | list[Item]:
    """The account of an answer, or what closes it where there is none."""
    gone = gone_since(visit, outcome)
    if gone is not None:
        return [gone]
    user = read(UserNode, outcome.value)
    # Asked for by login, only the number tells that it is still the same person.
    if user is None or (user.database_id is None and _node_id(visit) is None):
        unknown = [Unknown(visit.ref, what, outcome.reason) for what in ("profile", *KINDS)]
        memory = Memory.of(visit)
        state = memory.model_copy(update={"whole": False}).as_state() if memory else None
        return [*unknown, Done(visit.ref, state=state)]
    memory = Memory.of(visit)
    account = Account(Ref(SITE, visit.ref.uid, user.login), user, readme=memory.readme if memory else None)
    _fill(account, outcome)
    return account


def _fill(account: Account, outcome: Outcome) -> None:
    user = account.user
    heavy = tuple(fault for fault in outcome.faults if fault.path[:1] == (CONTRIBUTIONS,))
    # These are asked for once more, in shorter stretches of time, before they are unknown.
    account.is_short_of_reviews = bool(heavy) or user.contributions_collection is None
    account.miss_faults(tuple(fault for fault in outcome.faults if fault not in heavy))
    if user.repositories is not None:
        account.take(user.repositories)
    elif "repo.owned" not in account.unknown:
        account.miss("repo.owned", outcome.reason)
    if user.pull_requests is None and "pr.merged" not in account.unknown:
        account.miss("pr.merged", outcome.reason)
    if user.contributions_collection is not None:
        account.take_contributions(user.contributions_collection)
