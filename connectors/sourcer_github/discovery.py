"""Finding people: the owners of repositories with a topic.

A search gives at most 1,000 results. One that finds more is cut into halves by the day of creation until each part
fits; a single day is taken as it is. Topics take turns page by page, so that a crawl that may take in few people sees
something of each topic.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

from pydantic import ValidationError

from sourcer.connect import AnswerError, Checkpoint, Item, Json, Ref, SiteError
from sourcer_github.client import Client, Reply
from sourcer_github.policy import SITE
from sourcer_github.queries import SEARCH
from sourcer_github.settings import GitHubDiscover
from sourcer_github.wire import PageInfo

__all__ = ["discover_by_topic", "search_text"]

MOST_RESULTS: Final = 1_000
"""Of one search, whatever its ``repositoryCount`` says."""

FIRST_DAY: Final = date(2007, 10, 1)
"""No repository is older."""

PAGE_SIZES: Final = (100, 50, 10)
"""A page that GitHub cannot answer in its ten seconds is asked again smaller."""

GHOST: Final = "ghost"
"""Stands in for every deleted account."""


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
class Page:
    """One page of a search."""

    found: int
    refs: tuple[Ref, ...]
    next_cursor: str | None


def search_text(topic: str, discover: GitHubDiscover, days: tuple[date, date] | None = None) -> str:
    """The search for one topic. Forks are left out by GitHub unless a search asks for them."""
    words = [f"topic:{topic}"]
    if discover.min_stars:
        words.append(f"stars:>={discover.min_stars}")
    if days:
        words.append(f"created:{days[0].isoformat()}..{days[1].isoformat()}")
    return " ".join(words)


async def discover_by_topic(client: Client, discover: GitHubDiscover, after: Checkpoint | None) -> AsyncIterator[Item]:
    """Yield a :class:`Ref` for each owner that is a person, and a :class:`Checkpoint` after each page.

    The checkpoint holds whose turn it is and, for each topic, the spans that are left.

    Raises:
        SiteError: A page cannot be had even when it is small; discovery goes on from the last checkpoint.
    """
    # The day of the crawl's beginning, not of this request: a resumed run and a replay search for the same.
    today = client.fetcher.now().date()
    left, turn = _start(discover, after)
    while any(left):
        while not left[turn % len(left)]:
            turn += 1
        at = turn % len(left)
        span = left[at].pop()
        page = await _page(client, discover.topics[at], discover, span)
        for ref in page.refs:
            yield ref
        halves = span.halves(today) if span.cursor is None and page.found > MOST_RESULTS else ()
        if halves:
            left[at].extend(halves)
        elif page.next_cursor is not None:
            left[at].append(Span(span.days, page.next_cursor))
        turn = at + 1
        yield Checkpoint({"turn": turn, "left": [[span.as_json() for span in spans] for spans in left]})


def _start(discover: GitHubDiscover, after: Checkpoint | None) -> tuple[list[list[Span]], int]:
    state: Mapping[str, Any] = after.state if after else {}
    stored = state.get("left")
    if stored is None or len(stored) != len(discover.topics):
        return [[Span()] for _ in discover.topics], 0
    return [[Span.from_json(span) for span in spans] for spans in stored], int(state.get("turn", 0))


async def _page(client: Client, topic: str, discover: GitHubDiscover, span: Span) -> Page:
    """One page; null results are skipped, and results that a fault kept back are lost only at the smallest size."""
    text = search_text(topic, discover, span.days)
    fault: Exception | str = ""
    for size in PAGE_SIZES:
        try:
            reply = await client.ask(SEARCH, {"q": text, "first": size, "after": span.cursor})
            if reply.data.get("search") is not None and (not reply.faults or size == PAGE_SIZES[-1]):
                return _read_page(reply)
            fault = ", ".join(fault.type for fault in reply.faults)
        except (AnswerError, ValidationError) as error:
            fault = error
    raise SiteError(f"GitHub gave no usable answer to the search {text!r} ({fault}); the next crawl asks again")


def _read_page(reply: Reply) -> Page:
    search = reply.data["search"]
    info = PageInfo.model_validate(search["pageInfo"])
    refs = dict.fromkeys(_people(search.get("nodes") or ()))
    return Page(int(search["repositoryCount"]), tuple(refs), info.end_cursor if info.has_next_page else None)


def _people(nodes: Any) -> Iterator[Ref]:
    """The owners that are people. Organisations and apps have other types; some bots are plain users."""
    for node in nodes:
        owner = (node or {}).get("owner") or {}
        login, uid = owner.get("login"), owner.get("databaseId")
        if owner.get("__typename") == "User" and uid is not None and login and not _is_machine(login):
            yield Ref(SITE, str(uid), login)


def _is_machine(login: str) -> bool:
    name = login.lower()
    return name == GHOST or name.endswith(("[bot]", "-bot", "-bots", "-robot"))
