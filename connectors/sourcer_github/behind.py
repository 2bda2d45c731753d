"""The people behind repositories that belong to organisations: those whose work was taken lately.

Where nobody's was, because members push without asking, it is those who wrote the latest commits.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from sourcer.connect import AnswerError, Item, SiteError
from sourcer_github.client import Client, Outcome
from sourcer_github.merged import oldest_merge, work_for
from sourcer_github.observe import ref_of
from sourcer_github.queries.finding import AUTHORS, BEHIND
from sourcer_github.sizing import answer_each
from sourcer_github.wire.base import read
from sourcer_github.wire.finding import AuthorsNode, MergedNode, OwnedRepository

__all__ = ["people_behind"]

MOST_REPOSITORIES: Final = 74
"""Two connections each: 148 requests, the most that are rounded to 1 point."""

EACH: Final = 13
"""Pull requests: some 1,000 in the longest answer, since GitHub takes ten seconds at most. Always as many, however few
repositories a page holds: who is found must not depend on how a search was cut."""


async def people_behind(client: Client, repositories: Sequence[OwnedRepository]) -> list[Item]:
    """Whose pull requests repositories merged lately, with these as evidence, or else who wrote their latest commits.

    What GitHub cannot tell of a repository is noted among the run's errors and left out.

    Raises:
        SiteError: There is no usable answer now.
    """
    if not repositories:
        return []

    async def ask(some: Sequence[OwnedRepository]) -> list[Outcome]:
        variables = {"ids": [one.id for one in some], "each": EACH}
        reply = await client.ask(BEHIND, variables, many=len(some) > 1)
        return [reply.outcome("nodes", position) for position in range(len(some))]

    outcomes = await answer_each(ask, repositories, MOST_REPOSITORIES)
    nodes = [read(MergedNode, outcome.value) for outcome in outcomes]
    if len(nodes) > 1 and not any(node or outcome.missing for node, outcome in zip(nodes, outcomes, strict=True)):
        raise SiteError(f"GitHub gave no usable answer to what organisations merged ({outcomes[0].reason})")
    items: list[Item] = []
    silent: list[OwnedRepository] = []
    since = oldest_merge(client)
    for one, node, outcome in zip(repositories, nodes, outcomes, strict=True):
        work = list(work_for(node, node.pull_requests.present, since)) if node is not None else []
        items += work
        if node is not None and not work:
            silent.append(one)
        elif node is None and not outcome.missing:
            _note(client, f"the merged pull requests of {one.name_with_owner}", outcome)
    return [*items, *await _authors(client, silent, since)]


async def _authors(client: Client, repositories: Sequence[OwnedRepository], since: datetime) -> list[Item]:
    """The accounts of those who wrote the latest commits. That alone is no evidence: they may have written one line."""

    async def ask(some: Sequence[OwnedRepository]) -> list[Outcome]:
        variables = {"ids": [one.id for one in some], "each": EACH, "since": f"{since:%Y-%m-%dT%H:%M:%SZ}"}
        reply = await client.ask(AUTHORS, variables, many=len(some) > 1)
        return [reply.outcome("nodes", position) for position in range(len(some))]

    found: list[Item] = []
    outcomes = await answer_each(ask, repositories, MOST_REPOSITORIES)
    for one, outcome in zip(repositories, outcomes, strict=True):
        node = read(AuthorsNode, outcome.value)
        if node is not None:
            found += [ref for actor in node.actors if (ref := ref_of(actor)) is not None]
        elif not outcome.missing:
            _note(client, f"the latest commits of {one.name_with_owner}", outcome)
    return found


def _note(client: Client, what: str, outcome: Outcome) -> None:
    client.note(AnswerError(f"{what}: {outcome.reason}", kind="not_answered"))
