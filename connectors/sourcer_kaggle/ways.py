"""What the three ways to Kaggle's people have in common."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from typing import Protocol

from sourcer.connect import Checkpoint, Depth, Focus, Item, Plan, Visit
from sourcer_kaggle.settings import KaggleDiscover

__all__ = ["Way"]


class Way(Protocol):
    """One source of people: Meta Kaggle, saved pages, or the API."""

    async def check(self) -> None:
        """Whether it can be used."""
        ...

    async def plan(self, wish: KaggleDiscover) -> Plan:
        """What it would spend, and how many people it would find."""
        ...

    def discover(self, wish: KaggleDiscover, after: Checkpoint | None) -> AsyncIterator[Item]:
        """Find people."""
        ...

    def fetch(self, visits: Sequence[Visit], depth: Depth, focus: Focus) -> AsyncIterator[Item]:
        """Look at people."""
        ...
