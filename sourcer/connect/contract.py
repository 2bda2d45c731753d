"""What a connector must offer, version 1."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from typing import ClassVar, Final, Protocol, runtime_checkable

from pydantic import BaseModel

from sourcer.domain import Checkpoint, Depth, Focus, Item, Plan, Visit
from sourcer.fetch.policy import SitePolicy

__all__ = ["CONTRACT", "Connector"]

CONTRACT: Final = 1
"""The version of this contract. A connector that was written for another one is reported as broken."""


@runtime_checkable
class Connector(Protocol):
    """One source of people. Built as ``cls(config, fetcher)``; holds no other state.

    A connector observes: it stores raw terms, never skills or scores. It never sleeps, retries or counts requests:
    ``policy`` says the site's manners and the fetcher keeps to them.
    """

    name: ClassVar[str]
    """Its section ``[connectors.NAME]`` of the configuration and its part of a brief's ``[discover]``."""
    contract: ClassVar[int]
    """The contract version it was written for: 1."""
    config_model: ClassVar[type[BaseModel]]
    """Its section of the configuration, checked before the connector is built."""
    discover_model: ClassVar[type[BaseModel]]
    """Its part of a brief's ``[discover]``."""
    policy: ClassVar[SitePolicy]
    """The site's manners as data."""
    batch_size: ClassVar[int]
    """Most visits handed to one :meth:`fetch`."""

    def sites(self) -> tuple[str, ...]:
        """The sites it serves, with this configuration."""
        ...

    async def check(self) -> None:
        """Say whether it could work now.

        Raises:
            NotConfigured: What is missing and what to set, in words a person understands.
        """
        ...

    async def plan(self, discover: BaseModel) -> Plan:
        """What a crawl is expected to spend, by bucket. May itself spend a few cheap requests on counts."""
        ...

    def discover(self, discover: BaseModel, after: Checkpoint | None) -> AsyncIterator[Item]:
        """Find accounts, in an order that is the same each time.

        Yields a :class:`Ref` for each account; it is fetched later, unless this discovery also closes it with
        :class:`Done`. A :class:`Checkpoint` is a point from which discovery can go on: ``after`` is the last one that
        was stored.
        """
        ...

    def fetch(self, visits: Sequence[Visit], depth: Depth, focus: Focus) -> AsyncIterator[Item]:
        """Look at accounts, and close each with :class:`Done` or :class:`Gone`.

        ``cheap`` is asked for everybody, then ``deep`` for those where it pays. A connector that has no deep look
        closes each account at once with an empty scope.
        """
        ...
