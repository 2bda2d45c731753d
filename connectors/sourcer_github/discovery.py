"""Finding people: named ones, those whose work well-known repositories took, members, owners by topic, and by search.

Sources take turns page by page, so that a crawl that may take in few people sees something of each. Those come first in
each round that say most of the people they find.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator, Sequence
from typing import Final

from sourcer.connect import Checkpoint, Item, Json
from sourcer_github.client import Client
from sourcer_github.members import Members
from sourcer_github.merged import MergedPullRequests
from sourcer_github.named import NamedAccounts
from sourcer_github.pages import Page, Source, or_nothing
from sourcer_github.searches import people_searches
from sourcer_github.searching import Searching
from sourcer_github.settings import GitHubDiscover
from sourcer_github.topics import Topic

__all__ = ["discover_people", "take_turns"]

SHAPE: Final = 3
"""Of the steps in a checkpoint: one that holds other steps is not gone on from."""


def discover_people(client: Client, discover: GitHubDiscover, after: Checkpoint | None) -> AsyncIterator[Item]:
    """Find people over GraphQL; see :func:`take_turns`."""
    return take_turns(client, list(_sources(discover)), after, SHAPE)


async def take_turns(
    client: Client, sources: Sequence[Source], after: Checkpoint | None, shape: Json
) -> AsyncIterator[Item]:
    """Yield a :class:`Ref` for each person, evidence where a source has some, a :class:`Checkpoint` after each page.

    The checkpoint holds whose turn it is and, for each source, the steps that are left, which have this ``shape``.

    Raises:
        SiteError: A page cannot be had even when it is small; discovery goes on from the last checkpoint.
    """
    left, turn = _start(sources, after, shape)
    while any(left):
        while not left[turn % len(left)]:
            turn += 1
        at = turn % len(left)
        page = await or_nothing(client, sources[at].read(client, left[at].pop())) or Page()
        for item in page.items:
            yield item
        left[at].extend(page.rest)
        turn = at + 1
        yield Checkpoint({"shape": shape, "turn": turn, "left": [list(steps) for steps in left]})


def _sources(discover: GitHubDiscover) -> Iterator[Source]:
    if discover.accounts:
        yield NamedAccounts(discover.accounts)
    yield from (MergedPullRequests(name) for name in discover.repositories)
    yield from (Members(login) for login in discover.organizations)
    topics = tuple(Topic(topic, discover.min_stars).search for topic in discover.topics)
    people = tuple(one.search for one in people_searches(discover))
    if topics:
        yield Searching("repositories", topics)
    if people:
        yield Searching("people", people)


def _start(sources: Sequence[Source], after: Checkpoint | None, shape: Json) -> tuple[list[list[Json]], int]:
    state = after.state if after else {}
    stored = state.get("left")
    if state.get("shape") != shape or stored is None or len(stored) != len(sources):
        return [[source.first] for source in sources], 0
    return [list(steps) for steps in stored], int(state.get("turn", 0))
