"""What a crawl is expected to cost, counted beforehand and priced by the documented formula."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Final, NamedTuple

from sourcer.connect import SitePlan
from sourcer_github.accounts import PEOPLE_AT_ONCE
from sourcer_github.behind import MOST_REPOSITORIES
from sourcer_github.client import Client, Outcome
from sourcer_github.contents import TREES_AT_ONCE
from sourcer_github.deep import REPOSITORIES_EACH
from sourcer_github.merged import MOST_PULL_REQUESTS
from sourcer_github.named import LOGINS_AT_ONCE
from sourcer_github.owned import TOPICS_AT_ONCE
from sourcer_github.policy import BUCKET, CORE
from sourcer_github.queries.finding import COUNTS, counts
from sourcer_github.searches import people_searches
from sourcer_github.searching import SEARCHES_AT_ONCE
from sourcer_github.settings import GitHubDiscover
from sourcer_github.sizing import answer_each
from sourcer_github.slices import MOST_RESULTS, Slice
from sourcer_github.topics import Topic
from sourcer_github.wire.base import read
from sourcer_github.wire.finding import Counted

__all__ = ["expected_plan"]

COUNTS_AT_ONCE: Final = 40
"""Points allow 149, GitHub's ten seconds do not: each is a search of its own."""

PAGE: Final = 100

USUAL_REPOSITORIES: Final = 10
"""Of one person, for the plan: half of the people who have any have fewer."""

USUAL_OWNERS: Final = 3
"""Of a topic's repositories, one in so many belongs to an organisation, for the plan: a rule of thumb."""

USUAL_PULL_REQUESTS: Final = 5
"""Of one author among those that a repository merged lately, for the plan: a rule of thumb."""


class _Count(NamedTuple):
    """Something to be counted: its kind, a key of ``COUNTS``, and the variables of the question by their letters."""

    kind: str
    variables: Mapping[str, str]


async def expected_plan(client: Client, discover: GitHubDiscover, batch_size: int) -> SitePlan:
    """Count what there is to find, and price finding it and looking at everybody.

    ``people`` is an upper bound: each repository of a topic stands for its owner, and nobody is found twice; of what a
    repository merged there is an author for every :data:`USUAL_PULL_REQUESTS` pull requests. ``deep`` is for everybody:
    the caller knows how many are looked at deep. All of it is empty where GitHub did not say how much there is.

    Raises:
        SiteError: GitHub refuses to answer, or a limit is reached.
    """
    found = await _count(client, discover)
    if found is None:
        return SitePlan()
    merged = [min(number, MOST_PULL_REQUESTS) for number in found["merged"]]
    by_number = sum(name.startswith("#") for name in discover.accounts)
    points = -(-(len(discover.accounts) - by_number) // LOGINS_AT_ONCE)
    points += sum(max(1, -(-number // PAGE)) for number in (*merged, *found["members"]))
    points += _questions(found["people"]) + _questions(found["repositories"]) + _follow_ups(found["repositories"])
    people = len(discover.accounts) + sum((*found["repositories"], *found["people"], *found["members"]))
    people += -(-sum(merged) // USUAL_PULL_REQUESTS)
    batches = [batch_size] * (people // batch_size) + [people % batch_size]
    return SitePlan(
        cheap={BUCKET: sum(map(_cheap, batches))},
        deep={BUCKET: sum(map(_deep, batches))},
        people=people,
        discover={BUCKET: points} | ({CORE: by_number} if by_number else {}),
    )


def _cheap(people: int) -> int:
    """Points for the cheap look at one batch: accounts, and the topics of their repositories."""
    return -(-people // PEOPLE_AT_ONCE) + -(-people * USUAL_REPOSITORIES // TOPICS_AT_ONCE)


def _deep(people: int) -> int:
    """Points for the deep look at one batch: each question brings files, and the trees of the next one's."""
    return -(-people * REPOSITORIES_EACH // TREES_AT_ONCE) + 1 if people else 0


async def _count(client: Client, discover: GitHubDiscover) -> dict[str, list[int]] | None:
    """How much each place holds, by kind; ``None`` where GitHub did not say."""
    places = list(_places(discover))

    async def ask(some: Sequence[_Count]) -> list[Outcome]:
        variables = {f"{letter}{i}": value for i, one in enumerate(some) for letter, value in one.variables.items()}
        reply = await client.ask(counts([one.kind for one in some]), variables, many=len(some) > 1)
        return [reply.outcome(f"c{i}") for i in range(len(some))]

    found: dict[str, list[int]] = {kind: [] for kind in COUNTS}
    for place, outcome in zip(places, await answer_each(ask, places, COUNTS_AT_ONCE), strict=True):
        counted = Counted(total=0) if outcome.absent else read(Counted, outcome.value)
        if counted is None or counted.number is None:
            return None
        found[place.kind].append(counted.number)
    return found


def _places(discover: GitHubDiscover) -> Iterator[_Count]:
    for topic in discover.topics:
        yield _Count("repositories", {"q": Topic(topic, discover.min_stars).search.text(Slice())})
    for search in people_searches(discover):
        yield _Count("people", {"q": search.search.text(Slice())})
    for owner, _, name in (repository.partition("/") for repository in discover.repositories):
        yield _Count("merged", {"o": owner, "n": name})
    for login in discover.organizations:
        yield _Count("members", {"q": login})


def _questions(found: Sequence[int]) -> int:
    """How many questions searches take that are asked about together: the pages of one part come one by one."""
    lengths = [pages for number in found for pages in _pages(number)]
    return max(*lengths, -(-sum(lengths) // SEARCHES_AT_ONCE)) if len(lengths) > 1 else sum(lengths)


def _follow_ups(found: Sequence[int]) -> int:
    """How many questions lead to those behind the organisations' repositories, at the most.

    Two for each question that finds some: whose work was taken, and where nobody's was, who wrote the latest commits.
    """
    return 2 * max(_questions(found), -(-sum(found) // (USUAL_OWNERS * MOST_REPOSITORIES)))


def _pages(number: int) -> list[int]:
    """How many pages hold so many, part by part: one page shows that there is nothing, or that a part is to be cut."""
    parts = -(-number // MOST_RESULTS)
    if parts > 1:
        return [MOST_RESULTS // PAGE] * parts + [1] * (2 * parts - 1)
    return [max(1, -(-number // PAGE))]
