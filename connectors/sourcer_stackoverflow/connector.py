"""The connector itself: it only picks its way."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from pathlib import Path
from typing import ClassVar

from pydantic import BaseModel

from sourcer.connect import Checkpoint, Depth, Fetcher, Focus, Item, NotConfigured, Plan, SitePolicy, Visit
from sourcer_stackoverflow.dump import DumpReader
from sourcer_stackoverflow.policy import POLICY
from sourcer_stackoverflow.settings import StackOverflowConfig, StackOverflowDiscover

__all__ = ["StackOverflow"]


class StackOverflow:
    """People who answer on Stack Overflow and the other Stack Exchange sites, from one site's official data dump.

    A person is found by the questions they answered; the uid is the site's user id, and the login is the same text.
    """

    name: ClassVar[str] = "stackoverflow"
    contract: ClassVar[int] = 1
    config_model: ClassVar[type[BaseModel]] = StackOverflowConfig
    discover_model: ClassVar[type[BaseModel]] = StackOverflowDiscover
    policy: ClassVar[SitePolicy] = POLICY
    batch_size: ClassVar[int] = 100

    def __init__(self, config: StackOverflowConfig, fetcher: Fetcher) -> None:  # noqa: ARG002  # a dump needs no request
        self._config = config

    def sites(self) -> tuple[str, ...]:
        """The site whose dump it is."""
        return (self._config.dump_site,) if self._config.dump_dir else self._config.sites

    async def check(self) -> None:
        """Whether the dump's tables are there.

        Raises:
            NotConfigured: ``dump_dir`` is not set, or a table is missing in it.
        """
        await self._way().check()

    async def plan(self, discover: BaseModel) -> Plan:
        """How many people answered in the brief's tags; a dump costs no requests."""
        return await self._way().plan(StackOverflowDiscover.model_validate(discover))

    def discover(self, discover: BaseModel, after: Checkpoint | None) -> AsyncIterator[Item]:
        """People who answered in the brief's tags, best first, closed with all their evidence."""
        return self._way().discover(StackOverflowDiscover.model_validate(discover), after)

    def fetch(self, visits: Sequence[Visit], depth: Depth, focus: Focus) -> AsyncIterator[Item]:
        """Accounts that no discovery found, looked up in the dump."""
        return self._way().fetch(visits, depth, focus)

    def _way(self) -> DumpReader:
        """The one place that decides where the data come from."""
        if not self._config.dump_dir:
            raise NotConfigured(
                "no data dump: set dump_dir in [connectors.stackoverflow] to the folder of a site's official data dump "
                "(Posts and Users as .xml, .xml.gz or .7z), and dump_site to the site's name"
            )
        return DumpReader(Path(self._config.dump_dir), self._config.dump_site)
