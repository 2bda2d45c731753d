"""People by what their profile says: the language of most of their repositories, where they live, who follows them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product

from sourcer_github.settings import GitHubDiscover
from sourcer_github.slices import Search

__all__ = ["PeopleSearch", "people_searches"]


@dataclass(frozen=True, slots=True)
class PeopleSearch:
    """People of one language and one place; either may be empty."""

    language: str = ""
    location: str = ""
    min_followers: int = 0

    @property
    def search(self) -> Search:
        """The search. Without ``type:user`` it would find organisations, too."""
        wanted = (("language", self.language), ("location", self.location))
        words = ["type:user", *(f"{name}:{_quoted(value)}" for name, value in wanted if value)]
        return Search(" ".join(words), "followers", self.min_followers)


def people_searches(discover: GitHubDiscover) -> Iterator[PeopleSearch]:
    """Every language in every place."""
    if discover.languages or discover.locations:
        for language, location in product(discover.languages or ("",), discover.locations or ("",)):
            yield PeopleSearch(language, location, discover.min_followers)


def _quoted(value: str) -> str:
    return value if value.isalnum() else f'"{value}"'
