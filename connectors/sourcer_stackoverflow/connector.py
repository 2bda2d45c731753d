"""The connector itself: it only picks its way."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar, Final

from pydantic import BaseModel

from sourcer.connect import Checkpoint, Depth, Fetcher, Focus, Item, Plan, SitePolicy, Visit
from sourcer_stackoverflow.policy import POLICY
from sourcer_stackoverflow.settings import StackOverflowConfig, StackOverflowDiscover

if TYPE_CHECKING:
    from sourcer_stackoverflow.api import ApiWay
    from sourcer_stackoverflow.dump import DumpReader

__all__ = ["DUMP_BATCH", "StackOverflow"]

DUMP_BATCH: Final = 1_000
"""Visits at once where a dump is read: each batch is a pass over it, and its people are in memory together."""


class StackOverflow:
    """People who answer on Stack Overflow and the other Stack Exchange sites.

    The API finds the best of each tag and looks at them for a few requests; one site's official data dump tells of
    everybody at once. The uid is the site's user id, and the login is the same text.
    """

    name: ClassVar[str] = "stackoverflow"
    contract: ClassVar[int] = 1
    config_model: ClassVar[type[BaseModel]] = StackOverflowConfig
    discover_model: ClassVar[type[BaseModel]] = StackOverflowDiscover
    policy: ClassVar[SitePolicy] = POLICY
    batch_size: ClassVar[int] = 100
    told_kinds: ClassVar[tuple[str, ...]] = ("tag.score", "badge.tag")
    """What discovery tells of somebody and the deep look then need not ask."""

    def __init__(self, config: StackOverflowConfig, fetcher: Fetcher) -> None:
        self._config = config
        self._way = _way(config, fetcher)
        if config.dump_dir:
            vars(self)["batch_size"] = DUMP_BATCH

    def sites(self) -> tuple[str, ...]:
        """The sites that are asked, or the one whose dump it is."""
        return (self._config.dump_site,) if self._config.dump_dir else self._config.sites

    async def check(self) -> None:
        """Whether the dump's tables are there, or the API answers; that is one request.

        Raises:
            NotConfigured: A table is missing, or the API knows no such site.
            Denied: The API refuses the key.
            SiteError: The API gives no usable answer now.
        """
        await self._way.check()

    async def plan(self, discover: BaseModel) -> Plan:
        """How many people the brief's tags hold and what a crawl of them would spend; a dump costs no requests."""
        return await self._way.plan(StackOverflowDiscover.model_validate(discover))

    def discover(self, discover: BaseModel, after: Checkpoint | None) -> AsyncIterator[Item]:
        """People who answered in the brief's tags, best first; a dump closes them with all their evidence."""
        return self._way.discover(StackOverflowDiscover.model_validate(discover), after)

    def revisits(self, discover: BaseModel) -> bool:
        """Whoever was found before and is not found now is looked at again: only so it comes out who left the site."""
        return bool(StackOverflowDiscover.model_validate(discover).tags)

    def fetch(self, visits: Sequence[Visit], depth: Depth, focus: Focus) -> AsyncIterator[Item]:
        """Look at accounts that discovery named and did not close."""
        return self._way.fetch(visits, depth, focus)


def _way(config: StackOverflowConfig, fetcher: Fetcher) -> ApiWay | DumpReader:
    """The one place that decides where the data come from."""
    if config.dump_dir:
        from sourcer_stackoverflow.dump import DumpReader  # noqa: PLC0415  # heavy, and most commands never look

        return DumpReader(Path(config.dump_dir), config.dump_site)
    from sourcer_stackoverflow.api import ApiWay  # noqa: PLC0415  # heavy, and most commands never look

    return ApiWay(config, fetcher)
