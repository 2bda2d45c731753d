"""The people whose pull requests a repository has merged and who reviewed them, with both as evidence."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sourcer.connect import AnswerError, Item, Json, parse_time
from sourcer_github.client import Client
from sourcer_github.observe import RepositoryAbout, pull_request_evidence, ref_of, review_evidence
from sourcer_github.pages import Page, read_page
from sourcer_github.queries.finding import MERGED
from sourcer_github.wire.finding import MergedNode, PullRequestNode, RepositoryFacts

__all__ = ["MOST_PULL_REQUESTS", "MergedPullRequests", "oldest_merge", "work_for"]

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
            node = await read_page(
                client, MERGED, variables, MergedNode, field="repository", asked=asked, inner="pull_requests"
            )
        except AnswerError as fault:
            client.note(fault)
            return Page()
        since = oldest_merge(client)
        pulls = node.pull_requests
        taken = (pulls.nodes or ())[: MOST_PULL_REQUESTS - before]
        count = before + len(taken)
        # Nothing is merged after its last update, so what comes after a page that ends before the window is older, too.
        times = (parse_time(pull.updated_at) for pull in pulls.present)
        ended = any(time is not None and time < since for time in times)
        more = pulls.page_info.has_next_page and pulls.page_info.end_cursor is not None
        rest = ([pulls.page_info.end_cursor, count],) if more and not ended and count < MOST_PULL_REQUESTS else ()
        return Page.of(work_for(node, (pull for pull in taken if pull is not None), since), rest)


def oldest_merge(client: Client) -> datetime:
    """From when on merges count: by the crawl's day, so that a resumed run and a replay stop at the same page."""
    return client.fetcher.now() - WINDOW


def work_for(facts: RepositoryFacts, pulls: Iterable[PullRequestNode], since: datetime) -> Iterator[Item]:
    """Who wrote and who reviewed what a repository merged, with the evidence; an account may come more than once.

    What somebody did in a repository of their own proves nothing, and neither does a review of one's own work.
    """
    about = RepositoryAbout.of(facts)
    owner = about.owner.lower()
    for pull in pulls:
        merged_at = parse_time(pull.merged_at)
        if merged_at is None or merged_at < since:
            continue
        author = ref_of(pull.author)
        if author is not None:
            yield author
            if author.login.lower() != owner:
                yield pull_request_evidence(author, pull, about)
        for review in pull.reviews.present if pull.reviews is not None else ():
            reviewer = ref_of(review.author)
            if reviewer is None or reviewer == author:
                continue
            yield reviewer
            if reviewer.login.lower() != owner:
                yield review_evidence(reviewer, review, pull.title, about)
