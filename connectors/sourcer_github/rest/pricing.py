"""What a crawl without credentials is expected to cost, in requests."""

from __future__ import annotations

from typing import Final

from sourcer.connect import AnswerError, SitePlan
from sourcer_github.policy import CORE, SEARCH
from sourcer_github.rest import cheap, deep
from sourcer_github.rest.asking import PER_PAGE, Rest
from sourcer_github.rest.finding import MOST_PAGES, searches_of
from sourcer_github.rest.wire import Results
from sourcer_github.settings import GitHubDiscover
from sourcer_github.slices import MOST_RESULTS, Slice
from sourcer_github.wire.base import read

__all__ = ["expected_plan"]

USUAL_AUTHORS: Final = 20
"""Of one repository's latest pull requests, for the plan: a rule of thumb."""

USUAL_MEMBERS: Final = 20
"""Of one organisation in public, for the plan: a rule of thumb."""


async def expected_plan(rest: Rest, discover: GitHubDiscover) -> SitePlan:
    """Count what each search finds, a request each, and price finding it and looking at everybody.

    All of it is empty where GitHub did not say how much there is.
    """
    found = []
    for what, search in searches_of(discover):
        try:
            told = await rest.get(
                rest.url(f"/search/{what}"), {"q": search.text(Slice()), "per_page": 1}, bucket=SEARCH
            )
        except AnswerError:
            return SitePlan()
        results = read(Results, told.value)
        if results is None:
            return SitePlan()
        found.append(results.total_count)
    requests = len(discover.accounts) + len(discover.organizations) + len(discover.repositories) * (1 + MOST_PAGES)
    people = len(discover.accounts) + sum(found) + USUAL_MEMBERS * len(discover.organizations)
    people += USUAL_AUTHORS * len(discover.repositories)
    return SitePlan(
        cheap={CORE: people * cheap.REQUESTS_EACH},
        deep={CORE: people * deep.REQUESTS_EACH},
        people=people,
        discover={CORE: requests, SEARCH: sum(map(_pages, found))},
    )


def _pages(number: int) -> int:
    """How many pages hold so many: one shows that there is nothing. Cutting a search takes about two for each part."""
    cuts = 2 * -(-number // MOST_RESULTS) - 1 if number > MOST_RESULTS else 0
    return max(1, -(-number // PER_PAGE)) + cuts
