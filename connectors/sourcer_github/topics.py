"""The owners of repositories with a topic.

A search gives at most 1,000 results. One that finds more is cut into halves by the day of creation until each part
fits; a single day is taken as it is.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from sourcer.connect import Json
from sourcer_github.client import Client
from sourcer_github.observe import ref_of
from sourcer_github.pages import Page, read_page
from sourcer_github.queries.finding import SEARCH
from sourcer_github.wire.finding import SearchNode

__all__ = ["Topic"]

MOST_RESULTS: Final = 1_000
"""Of one search, whatever its ``repositoryCount`` says."""

FIRST_DAY: Final = date(2007, 10, 1)
"""No repository is older."""


@dataclass(frozen=True, slots=True)
class Span:
    """A part of one topic's results: repositories created from one day to another, from a cursor on.

    Without days it is the whole topic.
    """

    days: tuple[date, date] | None = None
    cursor: str | None = None

    def halves(self, today: date) -> tuple[Span, ...]:
        """The older and the newer half, or nothing where one day is left."""
        first, last = self.days or (FIRST_DAY, today)
        if first >= last:
            return ()
        middle = first + (last - first) // 2
        return Span((first, middle)), Span((middle + timedelta(days=1), last))

    def as_json(self) -> list[str | None]:
        """How a checkpoint holds it."""
        first, last = (day.isoformat() for day in self.days) if self.days else (None, None)
        return [first, last, self.cursor]

    @classmethod
    def from_json(cls, value: Json) -> Span:
        """The span that a checkpoint holds."""
        first, last, cursor = value
        return cls((date.fromisoformat(first), date.fromisoformat(last)) if first and last else None, cursor)


@dataclass(frozen=True, slots=True)
class Topic:
    """One topic, and the fewest stars that a repository of it must have."""

    name: str
    min_stars: int = 0

    @property
    def first(self) -> Json:
        """All of it."""
        return Span().as_json()

    def search_text(self, days: tuple[date, date] | None = None) -> str:
        """The search. Forks are left out by GitHub unless a search asks for them."""
        words = [f"topic:{self.name}"]
        if self.min_stars:
            words.append(f"stars:>={self.min_stars}")
        if days:
            words.append(f"created:{days[0].isoformat()}..{days[1].isoformat()}")
        return " ".join(words)

    async def read(self, client: Client, step: Json) -> Page:
        """Read one page.

        Raises:
            SiteError: It cannot be had even when it is small.
        """
        span = Span.from_json(step)
        text = self.search_text(span.days)
        variables = {"q": text, "after": span.cursor}
        found = await read_page(client, SEARCH, variables, SearchNode, field="search", asked=f"the search {text!r}")
        refs = (ref_of(node.owner) for node in found.present)
        items = tuple(dict.fromkeys(ref for ref in refs if ref is not None))
        # The day of the crawl's beginning, not of this request: a resumed run and a replay search for the same.
        today = client.fetcher.now().date()
        if span.cursor is None and found.repository_count > MOST_RESULTS and (halves := span.halves(today)):
            return Page(items, tuple(half.as_json() for half in halves))
        cursor = found.page_info.end_cursor if found.page_info.has_next_page else None
        return Page(items, (Span(span.days, cursor).as_json(),) if cursor is not None else ())
