"""The connector: GitHub over GraphQL."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from typing import ClassVar, Final

from pydantic import BaseModel

from sourcer.connect import (
    CONTRACT,
    AnswerError,
    Checkpoint,
    Depth,
    Fetcher,
    Focus,
    Item,
    Plan,
    SiteError,
    SitePlan,
    SitePolicy,
    Visit,
)
from sourcer_github.cheap import DETAILS_AT_ONCE, look_cheap
from sourcer_github.client import Client, Outcome
from sourcer_github.deep import FILES_AT_ONCE, REPOSITORIES_EACH, look_deep
from sourcer_github.discovery import discover_people
from sourcer_github.merged import MOST_PULL_REQUESTS
from sourcer_github.policy import BUCKET, POLICY, SITE
from sourcer_github.queries.common import LIMITS
from sourcer_github.queries.finding import counts
from sourcer_github.settings import GitHubConfig, GitHubDiscover
from sourcer_github.topics import Topic
from sourcer_github.wire.base import read
from sourcer_github.wire.finding import MergedCount

__all__ = ["GitHub"]

USUAL_REPOSITORIES: Final = 10
"""Of one person, for the plan: half of the people who have any have fewer."""

USUAL_PULL_REQUESTS: Final = 5
"""Of one author among those that a repository merged lately, for the plan: a rule of thumb."""


class GitHub:
    """People on GitHub: owners of repositories with a brief's topics, and those whose work its repositories took."""

    name: ClassVar[str] = "github"
    contract: ClassVar[int] = CONTRACT
    config_model: ClassVar[type[BaseModel]] = GitHubConfig
    discover_model: ClassVar[type[BaseModel]] = GitHubDiscover
    policy: ClassVar[SitePolicy] = POLICY
    batch_size: ClassVar[int] = 10

    def __init__(self, config: BaseModel, fetcher: Fetcher) -> None:
        self.client = Client(GitHubConfig.model_validate(config), fetcher)

    def sites(self) -> tuple[str, ...]:
        """GitHub is one site."""
        return (SITE,)

    async def check(self) -> None:
        """See that there is a token and that GitHub takes it; costs 1 point.

        Raises:
            NotConfigured: There is no token.
            Denied: GitHub refuses it.
            SiteError: GitHub gives no usable answer now.
        """
        self.client.require_token()
        try:
            await self.client.ask(LIMITS)
        except AnswerError as fault:
            raise SiteError(f"GitHub gives no usable answer: {fault}") from fault

    async def plan(self, discover: BaseModel) -> Plan:
        """Count the repositories of each topic and what each repository merged; price by the documented formula.

        ``people`` is the number of repositories of the topics, no fewer than their owners, and an author for every
        :data:`USUAL_PULL_REQUESTS` pull requests that will be read. ``deep`` is for everybody.
        """
        wanted = GitHubDiscover.model_validate(discover)
        counted = await self._count(wanted)
        if counted is None:
            return Plan({SITE: SitePlan()})
        found, merged = counted
        pages = sum(-(-number // 100) for number in (*found, *merged))
        people = sum(found) + -(-sum(merged) // USUAL_PULL_REQUESTS)
        batches = -(-people // self.batch_size)
        details = -(-people * USUAL_REPOSITORIES // DETAILS_AT_ONCE)
        deep = -(-people * REPOSITORIES_EACH // FILES_AT_ONCE)
        return Plan({SITE: SitePlan({BUCKET: pages + batches + details}, {BUCKET: deep}, people)})

    async def _count(self, wanted: GitHubDiscover) -> tuple[list[int], list[int]] | None:
        """How many repositories each topic has, and how many pull requests will be read of each repository.

        ``None`` where GitHub did not say.
        """
        topics = [Topic(name, wanted.min_stars) for name in wanted.topics]
        variables = {f"q{i}": topic.search_text() for i, topic in enumerate(topics)}
        for i, (owner, _, name) in enumerate(one.partition("/") for one in wanted.repositories):
            variables |= {f"o{i}": owner, f"n{i}": name}
        try:
            reply = await self.client.ask(counts(len(topics), len(wanted.repositories)), variables)
        except AnswerError:
            return None
        found = [reply.outcome(f"t{i}", "repositoryCount").value for i in range(len(topics))]
        merged = [_total(reply.outcome(f"r{i}")) for i in range(len(wanted.repositories))]
        if not all(isinstance(number, int) for number in (*found, *merged)):
            return None
        return found, [min(number, MOST_PULL_REQUESTS) for number in merged if number is not None]

    def discover(self, discover: BaseModel, after: Checkpoint | None) -> AsyncIterator[Item]:
        """Find people, in an order that is the same each time."""
        return discover_people(self.client, GitHubDiscover.model_validate(discover), after)

    def fetch(self, visits: Sequence[Visit], depth: Depth, focus: Focus) -> AsyncIterator[Item]:
        """Look at people."""
        look = look_cheap if depth == "cheap" else look_deep
        return look(self.client, visits, focus)


def _total(repository: Outcome) -> int | None:
    """How many pull requests a repository has merged: none where it does not exist."""
    if repository.absent:
        return 0
    node = read(MergedCount, repository.value)
    return node.pull_requests.total_count if node is not None else None
