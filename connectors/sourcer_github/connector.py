"""The connector: GitHub over GraphQL, or without credentials over REST."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from typing import ClassVar

from pydantic import BaseModel

from sourcer.connect import CONTRACT, Checkpoint, Depth, Fetcher, Focus, Item, Plan, SitePolicy, Visit
from sourcer_github.client import Client
from sourcer_github.policy import POLICY, SITE
from sourcer_github.settings import GitHubConfig, GitHubDiscover

__all__ = ["GitHub"]


class GitHub:
    """People on GitHub: owners of repositories with a brief's topics, and those whose work its repositories took."""

    name: ClassVar[str] = "github"
    contract: ClassVar[int] = CONTRACT
    config_model: ClassVar[type[BaseModel]] = GitHubConfig
    discover_model: ClassVar[type[BaseModel]] = GitHubDiscover
    policy: ClassVar[SitePolicy] = POLICY
    batch_size: ClassVar[int] = 74

    def __init__(self, config: BaseModel, fetcher: Fetcher) -> None:
        from sourcer_github.ways import GraphQLWay, RestWay, Way  # noqa: PLC0415  # heavy, and most commands never look

        self.client = Client(GitHubConfig.model_validate(config), fetcher)
        self.way: Way = GraphQLWay(self.client, type(self).batch_size)
        if self.client.auth.anonymous:
            self.way = RestWay(self.client)
            # Requests are so few that each small batch is stored when it is done.
            vars(self)["batch_size"] = self.way.batch_size

    def sites(self) -> tuple[str, ...]:
        """GitHub is one site."""
        return (SITE,)

    async def check(self) -> None:
        """See that there are credentials, or that none are meant, and that GitHub takes them; costs 1 point at most.

        Raises:
            NotConfigured: There is no token.
            Denied: GitHub refuses it.
            SiteError: GitHub gives no usable answer now.
        """
        await self.way.check()

    async def findings(self) -> Sequence[str]:
        """What an operator should know before a crawl; costs a few points."""
        from sourcer_github.findings import findings  # noqa: PLC0415  # reads queries with graphql-core, seldom needed

        return await findings(self.client)

    async def plan(self, discover: BaseModel) -> Plan:
        """Count what there is to find, cheaply, and price finding it and looking at all of it."""
        return Plan({SITE: await self.way.plan(GitHubDiscover.model_validate(discover))})

    def discover(self, discover: BaseModel, after: Checkpoint | None) -> AsyncIterator[Item]:
        """Find people, in an order that is the same each time."""
        return self.way.discover(GitHubDiscover.model_validate(discover), after)

    def fetch(self, visits: Sequence[Visit], depth: Depth, focus: Focus) -> AsyncIterator[Item]:
        """Look at people."""
        return self.way.fetch(visits, depth, focus)
