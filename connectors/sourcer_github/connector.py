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
from sourcer_github.client import Client
from sourcer_github.deep import FILES_AT_ONCE, REPOSITORIES_EACH, look_deep
from sourcer_github.discovery import discover_by_topic, search_text
from sourcer_github.policy import BUCKET, POLICY, SITE
from sourcer_github.queries import LIMITS, counts
from sourcer_github.settings import GitHubConfig, GitHubDiscover

__all__ = ["GitHub"]

USUAL_REPOSITORIES: Final = 10
"""Of one person, for the plan: half of the people who have any have fewer."""


class GitHub:
    """People on GitHub: owners of repositories with the topics of a brief."""

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
        """Count the repositories of each topic and price the looks by the documented formula.

        ``people`` is the number of repositories found: no fewer than their owners. ``deep`` is for everybody.
        """
        wanted = GitHubDiscover.model_validate(discover)
        found = await self._count(wanted)
        if found is None:
            return Plan({SITE: SitePlan()})
        pages = sum(-(-number // 100) for number in found)
        people = sum(found)
        batches = -(-people // self.batch_size)
        details = -(-people * USUAL_REPOSITORIES // DETAILS_AT_ONCE)
        deep = -(-people * REPOSITORIES_EACH // FILES_AT_ONCE)
        return Plan({SITE: SitePlan({BUCKET: pages + batches + details}, {BUCKET: deep}, people)})

    async def _count(self, wanted: GitHubDiscover) -> list[int] | None:
        """How many repositories each topic has; ``None`` where GitHub did not say."""
        texts = {f"q{i}": search_text(topic, wanted) for i, topic in enumerate(wanted.topics)}
        try:
            reply = await self.client.ask(counts(len(texts)), texts)
        except AnswerError:
            return None
        found = [reply.outcome(f"t{i}", "repositoryCount").value for i in range(len(texts))]
        return found if all(isinstance(number, int) for number in found) else None

    def discover(self, discover: BaseModel, after: Checkpoint | None) -> AsyncIterator[Item]:
        """Find the owners, in an order that is the same each time."""
        return discover_by_topic(self.client, GitHubDiscover.model_validate(discover), after)

    def fetch(self, visits: Sequence[Visit], depth: Depth, focus: Focus) -> AsyncIterator[Item]:
        """Look at people."""
        look = look_cheap if depth == "cheap" else look_deep
        return look(self.client, visits, focus)
