"""The connector itself: it only picks its way."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from functools import cached_property
from pathlib import Path
from typing import ClassVar, Final

from pydantic import BaseModel

from sourcer.connect import CONTRACT, Checkpoint, Depth, Fetcher, Focus, Item, Plan, SitePolicy, Visit
from sourcer_kaggle.policy import POLICY
from sourcer_kaggle.settings import KaggleConfig, KaggleDiscover
from sourcer_kaggle.sites import SITE
from sourcer_kaggle.ways import Way

__all__ = ["Kaggle"]

FILES_BATCH: Final = 1_000
"""Visits at once where files are read."""


class Kaggle:
    """People on Kaggle: by their tier, and by what their notebooks are about.

    The uid is Kaggle's number of the user, the login the user name.
    """

    name: ClassVar[str] = "kaggle"
    contract: ClassVar[int] = CONTRACT
    config_model: ClassVar[type[BaseModel]] = KaggleConfig
    discover_model: ClassVar[type[BaseModel]] = KaggleDiscover
    policy: ClassVar[SitePolicy] = POLICY
    batch_size: ClassVar[int] = 50

    def __init__(self, config: BaseModel, fetcher: Fetcher) -> None:
        self.config = KaggleConfig.model_validate(config)
        self.fetcher = fetcher
        if self.config.meta_kaggle_dir:
            # Each batch is a pass over the files.
            vars(self)["batch_size"] = FILES_BATCH

    def sites(self) -> tuple[str, ...]:
        """Kaggle is one site."""
        return (SITE,)

    async def check(self) -> None:
        """Whether the source that is configured can be used; the API costs one request.

        Raises:
            NotConfigured: A token, a folder, a table or the query engine is missing.
            Denied: Kaggle refuses the token.
            SiteError: Kaggle gives no usable answer now.
        """
        await self._way.check()

    async def plan(self, discover: BaseModel) -> Plan:
        """What a crawl would spend, and how many people it would find; files cost no requests."""
        return await self._way.plan(KaggleDiscover.model_validate(discover))

    def discover(self, discover: BaseModel, after: Checkpoint | None) -> AsyncIterator[Item]:
        """Find people, best first, in an order that is the same each time."""
        return self._way.discover(KaggleDiscover.model_validate(discover), after)

    def revisits(self, discover: BaseModel) -> bool:
        """Whether whoever was found before and is not found now is looked at again.

        Only so it comes out who left, opted out of progression, or works for Kaggle now: discovery passes over them.
        A folder of saved pages holds nothing of those whom it does not find.
        """
        wish = KaggleDiscover.model_validate(discover)
        return bool(wish.tiers or wish.skills) and not self.config.saved_pages_dir

    def fetch(self, visits: Sequence[Visit], depth: Depth, focus: Focus) -> AsyncIterator[Item]:
        """Look at people."""
        return self._way.fetch(visits, depth, focus)

    @cached_property
    def _way(self) -> Way:
        """The one place that decides where the data come from. What a plan found out, discovery finds in it."""
        if self.config.meta_kaggle_dir:
            from sourcer_kaggle.meta import MetaKaggle  # noqa: PLC0415  # heavy, and most commands never look

            return MetaKaggle(Path(self.config.meta_kaggle_dir))
        if self.config.saved_pages_dir:
            from sourcer_kaggle.pages import SavedPages  # noqa: PLC0415  # heavy, and most commands never look

            return SavedPages(Path(self.config.saved_pages_dir))
        from sourcer_kaggle.api import Api  # noqa: PLC0415  # heavy, and most commands never look

        return Api(self.config, self.fetcher)
