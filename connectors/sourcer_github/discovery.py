"""Finding people: by the topics of their repositories, and by the pull requests that well-known repositories merged.

Sources take turns page by page, so that a crawl that may take in few people sees something of each. Repositories come
first in each round: a page of pull requests has few authors, and says more of them than that they own something.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from typing import Any

from sourcer.connect import Checkpoint, Item, Json
from sourcer_github.client import Client
from sourcer_github.merged import MergedPullRequests
from sourcer_github.pages import Source
from sourcer_github.settings import GitHubDiscover
from sourcer_github.topics import Topic

__all__ = ["discover_people"]


async def discover_people(client: Client, discover: GitHubDiscover, after: Checkpoint | None) -> AsyncIterator[Item]:
    """Yield a :class:`Ref` for each person, evidence where a source has some, a :class:`Checkpoint` after each page.

    The checkpoint holds whose turn it is and, for each source, the steps that are left.

    Raises:
        SiteError: A page cannot be had even when it is small; discovery goes on from the last checkpoint.
    """
    sources: list[Source] = [MergedPullRequests(name) for name in discover.repositories]
    sources += [Topic(topic, discover.min_stars) for topic in discover.topics]
    left, turn = _start(sources, after)
    while any(left):
        while not left[turn % len(left)]:
            turn += 1
        at = turn % len(left)
        page = await sources[at].read(client, left[at].pop())
        for item in page.items:
            yield item
        left[at].extend(page.rest)
        turn = at + 1
        yield Checkpoint({"turn": turn, "left": [list(steps) for steps in left]})


def _start(sources: list[Source], after: Checkpoint | None) -> tuple[list[list[Json]], int]:
    state: Mapping[str, Any] = after.state if after else {}
    stored = state.get("left")
    if stored is None or len(stored) != len(sources):
        return [[source.first] for source in sources], 0
    return [list(steps) for steps in stored], int(state.get("turn", 0))
