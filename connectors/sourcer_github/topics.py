"""Repositories with a topic."""

from __future__ import annotations

from dataclasses import dataclass

from sourcer_github.slices import Search

__all__ = ["Topic"]


@dataclass(frozen=True, slots=True)
class Topic:
    """One topic, and the fewest stars that a repository of it must have."""

    name: str
    min_stars: int = 0

    @property
    def search(self) -> Search:
        """The search. Forks are left out by GitHub unless a search asks for them."""
        return Search(f"topic:{self.name}", "stars", self.min_stars)
