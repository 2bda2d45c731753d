"""Finding people by search: by tier, by what their public notebooks are about, and by name.

Sources take turns page by page, so that a crawl that may take in few people sees something of each.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal

from sourcer.connect import AnswerError, Checkpoint, Done, Item, Json, Ref, SiteError, Unknown
from sourcer_kaggle.api.client import Client
from sourcer_kaggle.api.observe import found_notebook, profile_of, ref_of
from sourcer_kaggle.api.wire import Document, items_of, total_of
from sourcer_kaggle.settings import KaggleDiscover

__all__ = ["NOT_TOLD", "PAGE", "SEARCH", "Source", "count_found", "discover_people", "sources_of"]

SEARCH: Final = "search.SearchApiService/ListEntities"

PAGE: Final = 50
"""Documents asked for at once; the API may give fewer."""

MOST_PAGES: Final = 1_000
"""Of one source: a search that never ends is a fault."""

_NAMED_PAGES: Final = 5
"""Of a search by name: the API may give fewer at once than it was asked for."""

NOT_TOLD: Final = {
    "competition.result": "Kaggle's API tells no results of competitions; Meta Kaggle does",
    "profile.medals": "Kaggle's API counts no medals and tells no tiers by category; Meta Kaggle does",
}
"""What this way cannot know."""


@dataclass(frozen=True, slots=True)
class Source:
    """One search: people of a tier, best first by their rank in competitions, notebooks about a skill, or named people.

    Args:
        what: What is searched for.
        word: The tier, the skill, or a user name.
        uids: Named people by their numbers, in place of a word.
        closes: Whether people are closed at once: the search tells all that a cheap look would. Not where another
            search may give evidence of the same person.
    """

    what: Literal["USER", "KERNEL", "NAMED"]
    word: str = ""
    closes: bool = False
    uids: tuple[int, ...] = ()

    def body(self, size: int, token: str = "") -> dict[str, Json]:
        """What is asked. Defaults are left out, as the API itself does."""
        filters: dict[str, Json]
        order: dict[str, Json] = {}
        if self.uids:
            filters = {"documentTypes": ["USER"], "userFilters": {"userIds": list(self.uids)}}
        elif self.what == "NAMED":
            filters = {"query": self.word, "documentTypes": ["USER"]}
        elif self.what == "USER":
            filters = {"documentTypes": ["USER"], "userFilters": {"tier": self.word}}
            order = {"usersOrderBy": "SEARCH_USERS_ORDER_BY_COMPETITION_RANKING"}
        else:
            filters = {"query": self.word, "documentTypes": ["KERNEL"]}
            order = {"canonicalOrderBy": "LIST_SEARCH_CONTENT_ORDER_BY_VOTES"}
        return {"filters": filters, **order, "pageSize": size, **({"pageToken": token} if token else {})}

    @property
    def most_pages(self) -> int:
        """How many pages are read. Who is named stands on the first ones, or is not there."""
        return _NAMED_PAGES if self.what == "NAMED" else MOST_PAGES

    @property
    def asked(self) -> str:
        """What is asked, in words."""
        words = {"USER": f"people of tier {self.word}", "KERNEL": f"notebooks about {self.word!r}"}
        return words.get(self.what, f"the account {self.word}" if self.word else "named accounts")

    def items(self, documents: Iterable[Document]) -> Iterator[Item]:
        """Who and what a page shows."""
        for document in documents:
            ref = ref_of(document.owner_user)
            if ref is None or (self.what == "NAMED" and self.word and ref.login.lower() != self.word):
                continue
            yield ref
            if self.what != "KERNEL":
                yield profile_of(ref, document)
                yield from _ends(ref) if self.closes else ()
            elif (evidence := found_notebook(ref, document)) is not None:
                yield evidence


def _ends(ref: Ref) -> Iterator[Item]:
    yield from (Unknown(ref, what, reason) for what, reason in NOT_TOLD.items())
    yield Done(ref)


def sources_of(wish: KaggleDiscover) -> list[Source]:
    """The searches of a brief: named people, then skills, for they say more of a person than a tier does."""
    skills = [Source("KERNEL", skill) for skill in wish.skills]
    parts = (wish.uids[start : start + PAGE] for start in range(0, len(wish.uids), PAGE))
    named = [Source("NAMED", closes=not skills, uids=part) for part in parts]
    named += [Source("NAMED", login, closes=not skills) for login in wish.logins]
    return [*named, *skills, *(Source("USER", tier, closes=not skills) for tier in wish.tiers)]


async def count_found(client: Client, source: Source) -> tuple[int, int] | None:
    """How many documents a search would find, and on how many pages; ``None`` where the API does not say."""
    answer = await client.call(SEARCH, source.body(PAGE), "documents")
    total = total_of(answer)
    if total is None:
        return None
    # The API may give fewer at once than it was asked for.
    at_once = sum(1 for _ in items_of(Document, answer, "documents")) or PAGE
    return total, max(1, -(-total // at_once))


async def discover_people(client: Client, wish: KaggleDiscover, after: Checkpoint | None) -> AsyncIterator[Item]:
    """Yield who is found, page by page, with a checkpoint after each page.

    The checkpoint holds whose turn it is and, for each source, the token of its next page and how many were read.

    Raises:
        SiteError: A page cannot be had; discovery goes on from the last checkpoint.
    """
    sources = sources_of(wish)
    left, turn = _start(len(sources), after)
    while any(step is not None for step in left):
        while left[turn % len(left)] is None:
            turn += 1
        at = turn % len(left)
        token, pages = left[at] or ("", 0)
        documents, following = await _read_page(client, sources[at], token)
        for item in sources[at].items(documents):
            yield item
        # A page that leads to itself would be read for ever.
        more = following and following != token and pages + 1 < sources[at].most_pages
        left[at] = (following, pages + 1) if more else None
        turn = at + 1
        yield Checkpoint({"turn": turn, "left": [list(step) if step else None for step in left]})


def _start(count: int, after: Checkpoint | None) -> tuple[list[tuple[str, int] | None], int]:
    state: Mapping[str, Any] = after.state if after else {}
    stored = state.get("left")
    if not isinstance(stored, list) or len(stored) != count:
        return [("", 0)] * count, 0
    return [(str(step[0]), int(step[1])) if step else None for step in stored], int(state.get("turn", 0))


async def _read_page(client: Client, source: Source, token: str) -> tuple[list[Document], str]:
    try:
        answer = await client.call(SEARCH, source.body(PAGE, token), "documents")
    except AnswerError as fault:
        raise SiteError(f"Kaggle gave no page of {source.asked} ({fault}); run it again to go on there") from fault
    documents = [document for document in items_of(Document, answer, "documents") if document is not None]
    following = answer.get("nextPageToken", "")
    return documents, following if documents and isinstance(following, str) else ""
