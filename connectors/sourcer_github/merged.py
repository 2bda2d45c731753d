"""The people whose pull requests a repository has merged, and the pull requests as evidence."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sourcer.connect import AnswerError, Item, Json, Ref, parse_time
from sourcer_github.client import Client
from sourcer_github.observe import pull_request_evidence, ref_of
from sourcer_github.pages import Page, read_page
from sourcer_github.queries.finding import MERGED
from sourcer_github.wire.finding import MergedNode

__all__ = ["MOST_PULL_REQUESTS", "MergedPullRequests"]

MOST_PULL_REQUESTS: Final = 1_000
"""Read of one repository, those updated last: ten pages."""

WINDOW: Final = timedelta(days=3 * 365)
"""Pull requests that were merged longer than this before the crawl are left out."""


@dataclass(frozen=True, slots=True)
class MergedPullRequests:
    """What one repository, ``owner/name``, has merged. A step is a cursor and how many were read before it."""

    repository: str

    @property
    def first(self) -> Json:
        """The pull requests that were updated last."""
        return [None, 0]

    async def read(self, client: Client, step: Json) -> Page:
        """Read one page. A repository that does not exist is noted among the run's errors and left out.

        Raises:
            SiteError: The page cannot be had even when it is small.
        """
        cursor, before = step
        owner, _, name = self.repository.partition("/")
        variables = {"owner": owner, "name": name, "after": cursor}
        asked = f"the merged pull requests of {self.repository}"
        try:
            node = await read_page(client, MERGED, variables, MergedNode, field="repository", asked=asked)
        except AnswerError as fault:
            client.note(fault)
            return Page()
        # Not this request's day: a resumed run and a replay stop at the same page.
        since = client.fetcher.now() - WINDOW
        pulls = node.pull_requests
        count = before + len(pulls.nodes or ())
        # Nothing is merged after its last update, so what comes after a page that ends before the window is older, too.
        times = (parse_time(pull.updated_at) for pull in pulls.present)
        ended = any(time is not None and time < since for time in times)
        more = pulls.page_info.has_next_page and pulls.page_info.end_cursor is not None
        rest = ([pulls.page_info.end_cursor, count],) if more and not ended and count < MOST_PULL_REQUESTS else ()
        return Page(tuple(_items(node, since)), rest)


def _items(node: MergedNode, since: datetime) -> Iterator[Item]:
    """Each author once, and their pull requests. What somebody merged into a repository of their own proves nothing."""
    owner = node.name_with_owner.partition("/")[0].lower()
    given: set[Ref] = set()
    for pull in node.pull_requests.present:
        ref, merged_at = ref_of(pull.author), parse_time(pull.merged_at)
        if ref is None or merged_at is None or merged_at < since:
            continue
        if ref not in given:
            given.add(ref)
            yield ref
        if ref.login.lower() != owner:
            yield pull_request_evidence(ref, pull, node)
