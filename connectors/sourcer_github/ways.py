"""The two ways to GitHub: over GraphQL with credentials, over REST without."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from typing import Final, Protocol

from sourcer.connect import AnswerError, Checkpoint, Depth, Focus, Item, SiteError, SitePlan, Visit
from sourcer_github import cheap, deep, pricing
from sourcer_github.client import Client
from sourcer_github.discovery import discover_people, take_turns
from sourcer_github.queries.common import LIMITS
from sourcer_github.rest import cheap as rest_cheap
from sourcer_github.rest import deep as rest_deep
from sourcer_github.rest import pricing as rest_pricing
from sourcer_github.rest.asking import Rest
from sourcer_github.rest.finding import sources_of
from sourcer_github.settings import GitHubDiscover

__all__ = ["GraphQLWay", "RestWay", "Way"]

REST_STEPS: Final = "rest"
"""The shape of the steps in a checkpoint of a crawl over REST."""


class Way(Protocol):
    """What the connector does, done in one way. See :class:`sourcer.connect.Connector`."""

    batch_size: int

    async def check(self) -> None:
        """See that GitHub can be asked this way."""
        ...

    async def plan(self, discover: GitHubDiscover) -> SitePlan:
        """What a crawl would spend."""
        ...

    def discover(self, discover: GitHubDiscover, after: Checkpoint | None) -> AsyncIterator[Item]:
        """Find people."""
        ...

    def fetch(self, visits: Sequence[Visit], depth: Depth, focus: Focus) -> AsyncIterator[Item]:
        """Look at people."""
        ...


class GraphQLWay:
    """With a token or an App: many people in one question."""

    def __init__(self, client: Client, batch_size: int) -> None:
        self.client = client
        self.batch_size = batch_size

    async def check(self) -> None:
        """Ask for the limits; costs 1 point."""
        self.client.auth.require()
        try:
            await self.client.ask(LIMITS)
        except AnswerError as fault:
            raise SiteError(f"GitHub gives no usable answer: {fault}") from fault

    async def plan(self, discover: GitHubDiscover) -> SitePlan:
        """Count what there is to find, in about one point."""
        return await pricing.expected_plan(self.client, discover, self.batch_size)

    def discover(self, discover: GitHubDiscover, after: Checkpoint | None) -> AsyncIterator[Item]:
        """Find people."""
        return discover_people(self.client, discover, after)

    def fetch(self, visits: Sequence[Visit], depth: Depth, focus: Focus) -> AsyncIterator[Item]:
        """Look at people."""
        look = cheap.look_cheap if depth == "cheap" else deep.look_deep
        return look(self.client, visits, focus)


class RestWay:
    """Without credentials: some requests a person."""

    batch_size = 5
    """What a killed crawl asks again at most: an hour is worth about ten people."""

    def __init__(self, client: Client) -> None:
        self.client = client
        self.rest = Rest(client)

    async def check(self) -> None:
        """Ask for the limits; costs nothing."""
        try:
            await self.rest.check()
        except AnswerError as fault:
            raise SiteError(f"GitHub gives no usable answer: {fault}") from fault

    async def plan(self, discover: GitHubDiscover) -> SitePlan:
        """Count what there is to find, in a few searches."""
        return await rest_pricing.expected_plan(self.rest, discover)

    def discover(self, discover: GitHubDiscover, after: Checkpoint | None) -> AsyncIterator[Item]:
        """Find people."""
        return take_turns(self.client, list(sources_of(discover)), after, REST_STEPS)

    def fetch(self, visits: Sequence[Visit], depth: Depth, focus: Focus) -> AsyncIterator[Item]:
        """Look at people."""
        look = rest_cheap.look_cheap if depth == "cheap" else rest_deep.look_deep
        return look(self.rest, visits, focus)
