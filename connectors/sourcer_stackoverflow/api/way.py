"""The API way of the connector: nothing but picking what answers each call."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence

from sourcer.connect import (
    AnswerError,
    Checkpoint,
    Depth,
    Fetcher,
    Focus,
    Item,
    NotConfigured,
    Plan,
    SiteError,
    Visit,
)
from sourcer_stackoverflow.api.cheap import look_cheap
from sourcer_stackoverflow.api.client import Client
from sourcer_stackoverflow.api.deep import look_deep
from sourcer_stackoverflow.api.discovery import discover_people
from sourcer_stackoverflow.api.planning import plan_crawl
from sourcer_stackoverflow.api.wire import SiteName
from sourcer_stackoverflow.settings import StackOverflowConfig, StackOverflowDiscover

__all__ = ["ApiWay"]


class ApiWay:
    """The sites of a configuration over the API."""

    def __init__(self, config: StackOverflowConfig, fetcher: Fetcher) -> None:
        self._sites = config.sites
        self._client = Client(config, fetcher)

    async def check(self) -> None:
        """Whether the API answers and knows the sites; one request.

        Raises:
            NotConfigured: A site does not exist.
            Denied: The API refuses the key.
            SiteError: It gives no usable answer now.
        """
        try:
            page = await self._client.page(SiteName, "sites", "sites", params={"pagesize": 1000})
        except AnswerError as fault:
            raise SiteError(f"the Stack Exchange API gives no usable answer: {fault}") from fault
        known = {one.api_site_parameter.lower() for one in page.items}
        missing = [site for site in self._sites if site not in known]
        if known and missing and not page.has_more:
            raise NotConfigured(f"no such site: {', '.join(missing)}; correct sites in [connectors.stackoverflow]")

    async def plan(self, wish: StackOverflowDiscover) -> Plan:
        """What a crawl is expected to spend; costs two requests a tag and site, and three more."""
        return await plan_crawl(self._client, self._sites, wish)

    def discover(self, wish: StackOverflowDiscover, after: Checkpoint | None) -> AsyncIterator[Item]:
        """Find people who answer in the tags."""
        return discover_people(self._client, self._sites, wish, after)

    def fetch(self, visits: Sequence[Visit], depth: Depth, focus: Focus) -> AsyncIterator[Item]:
        """Look at people."""
        if depth == "cheap":
            return look_cheap(self._client, self._sites, visits)
        return look_deep(self._client, visits, focus)
