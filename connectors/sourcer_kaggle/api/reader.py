"""The API way of the connector."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence

from sourcer.connect import AnswerError, Checkpoint, Depth, Fetcher, Focus, Item, Plan, SiteError, SitePlan, Visit
from sourcer_kaggle.api.cheap import look_cheap
from sourcer_kaggle.api.client import Client
from sourcer_kaggle.api.deep import REQUESTS_EACH, look_deep
from sourcer_kaggle.api.discovery import PAGE, SEARCH, count_found, discover_people, sources_of
from sourcer_kaggle.policy import BUCKET
from sourcer_kaggle.settings import KaggleConfig, KaggleDiscover
from sourcer_kaggle.sites import SITE

__all__ = ["Api"]


class Api:
    """Kaggle's API for one configuration."""

    def __init__(self, config: KaggleConfig, fetcher: Fetcher) -> None:
        self._client = Client(config, fetcher)

    async def check(self) -> None:
        """See that there is a token and that Kaggle takes it; one request.

        Raises:
            NotConfigured: There is no token.
            Denied: Kaggle refuses it.
            SiteError: Kaggle gives no usable answer now.
        """
        self._client.require_token()
        try:
            await self._client.call(SEARCH, {"filters": {"documentTypes": ["USER"]}, "pageSize": 1}, "documents")
        except AnswerError as fault:
            raise SiteError(f"Kaggle gives no usable answer: {fault}") from fault

    async def plan(self, wish: KaggleDiscover) -> Plan:
        """Count what each search would find: one request each, which discovery then need not ask.

        ``people`` is an upper bound: notebooks may share an author, and staff are left out. ``deep`` is for everybody.
        """
        people = pages = 0
        for source in sources_of(wish):
            try:
                with self._client.remembering():
                    count = await count_found(self._client, source)
            except AnswerError:
                count = None
            if count is None:
                return Plan({SITE: SitePlan()})
            # A search by name finds others, too.
            found = count[0] if source.what != "NAMED" else min(count[0], max(1, len(source.uids)))
            people, pages = people + found, pages + min(count[1], source.most_pages)
        # Who was found by tier alone has been told whole by the search.
        cheap = -(-people // PAGE) if wish.skills else 0
        return Plan({SITE: SitePlan({BUCKET: cheap}, {BUCKET: people * REQUESTS_EACH}, people, {BUCKET: pages})})

    def discover(self, wish: KaggleDiscover, after: Checkpoint | None) -> AsyncIterator[Item]:
        """Find people by search."""
        return discover_people(self._client, wish, after)

    def fetch(self, visits: Sequence[Visit], depth: Depth, focus: Focus) -> AsyncIterator[Item]:
        """Look at people."""
        return look_cheap(self._client, visits) if depth == "cheap" else look_deep(self._client, visits, focus)
