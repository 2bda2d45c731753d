"""People by searches: several searches are asked about in one question, since each is one connection only.

Searches take turns, and each is read page by page; one that finds more than GitHub gives is cut.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal

from sourcer.connect import AnswerError, Item, Json
from sourcer_github.behind import people_behind
from sourcer_github.client import Client
from sourcer_github.observe import ref_of
from sourcer_github.pages import PAGE_SIZES, Page, or_nothing, read_page
from sourcer_github.queries.finding import searches
from sourcer_github.slices import MOST_RESULTS, Search, Slice
from sourcer_github.wire.base import read
from sourcer_github.wire.finding import Found, FoundPeople, FoundRepositories

__all__ = ["SEARCHES_AT_ONCE", "Searching"]

SEARCHES_AT_ONCE: Final = 4
"""In one question: points allow 149, GitHub's ten seconds do not."""

_SHAPES: Final[dict[str, type[Found[Any]]]] = {"repositories": FoundRepositories, "people": FoundPeople}


@dataclass(frozen=True, slots=True)
class _Part:
    """A slice of one of the searches."""

    which: int
    slice: Slice

    def as_json(self) -> Json:
        return [self.which, *self.slice.as_json()]

    @classmethod
    def from_json(cls, value: Json) -> _Part:
        return cls(value[0], Slice.from_json(value[1:]))


@dataclass(frozen=True, slots=True)
class Searching:
    """Searches for repositories, whose owners are found, or for people.

    A step is how many searches are asked about at once, and the slices that are left in the order of their turns.
    """

    kind: Literal["repositories", "people"]
    searches: Sequence[Search]

    @property
    def first(self) -> Json:
        """All of each search."""
        return [SEARCHES_AT_ONCE, [_Part(which, Slice()).as_json() for which in range(len(self.searches))]]

    async def read(self, client: Client, step: Json) -> Page:
        """Read a page of each of the next searches.

        Raises:
            SiteError: One cannot be had even when it is small.
        """
        size, waiting = step
        # Always as many in a turn, whatever went wrong before: in which order people are found must not depend on it.
        parts = [_Part.from_json(value) for value in waiting[:SEARCHES_AT_ONCE]]
        pages: list[Found[Any] | None] = []
        for start in range(0, len(parts), size):
            pages += await self._ask_together(client, parts[start : start + size])
        # Too much for GitHub at once: fewer from now on. It is part of the step, so that a replay asks the same.
        failed = size > 1 and None in pages[: len(parts) // size * size]
        size = max(1, size // 2) if failed else min(SEARCHES_AT_ONCE, size + 1)
        rest: list[Json] = waiting[len(parts) :]
        items: list[Any] = []
        for part, page in zip(parts, pages, strict=True):
            found = page or await or_nothing(client, self._ask_alone(client, part))
            if found is None:
                continue
            items += found.present
            rest += [each.as_json() for each in self._rest_of(client, part, found)]
        return Page.of(await self._people(client, items), [[size, rest]] if rest else ())

    async def _ask_together(self, client: Client, parts: Sequence[_Part]) -> list[Found[Any] | None]:
        """A page of each search; ``None`` where it did not come whole, and of a single one, which is asked alone."""
        if len(parts) == 1:
            return [None]
        variables: dict[str, Json] = {"first": PAGE_SIZES[0]}
        for i, part in enumerate(parts):
            variables |= {f"q{i}": self._text(part), f"a{i}": part.slice.cursor}
        try:
            reply = await client.ask(searches(self.kind, len(parts)), variables, many=True)
        except AnswerError:
            return [None] * len(parts)
        outcomes = [reply.outcome(f"s{i}") for i in range(len(parts))]
        return [read(_SHAPES[self.kind], one.value) if one.whole else None for one in outcomes]

    async def _ask_alone(self, client: Client, part: _Part) -> Found[Any]:
        text = self._text(part)
        variables = {"q0": text, "a0": part.slice.cursor}
        query, shape = searches(self.kind, 1), _SHAPES[self.kind]
        asked = f"the search {text!r}"
        return await read_page(client, query, variables, shape, field="s0", asked=asked, cursor="a0")

    def _text(self, part: _Part) -> str:
        return self.searches[part.which].text(part.slice)

    def _rest_of(self, client: Client, part: _Part, found: Found[Any]) -> list[_Part]:
        """What a page leads to: the next one, or the halves of a part that finds too much."""
        if part.slice.cursor is None and found.total > MOST_RESULTS:
            # The day of the crawl's beginning, not of this request: a resumed run and a replay search for the same.
            halves = self.searches[part.which].halves(part.slice, client.fetcher.now().date())
            if halves:
                return [_Part(part.which, half) for half in reversed(halves)]
            lost = f"the search {self._text(part)!r} finds {found.total}, of which GitHub gives {MOST_RESULTS}"
            client.note(AnswerError(lost, kind="incomplete_results"))
        cursor = found.page_info.end_cursor if found.page_info.has_next_page else None
        return [] if cursor is None else [_Part(part.which, part.slice.at(cursor))]

    async def _people(self, client: Client, found: Sequence[Any]) -> list[Item | None]:
        """Those who were found; where an organisation owns a repository, those behind the work."""
        if self.kind == "people":
            return [ref_of(person) for person in found]
        owned = {one.id: one for one in found if one.owner is not None and one.owner.kind == "Organization"}
        behind = await or_nothing(client, people_behind(client, list(owned.values())))
        return [*(ref_of(one.owner) for one in found), *(behind or ())]
