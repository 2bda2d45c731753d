"""Finding people by search: by tier, by what their public notebooks are about, and by name.

Sources take turns page by page, so that a crawl that may take in few people sees something of each.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal

from sourcer.connect import AnswerError, Checkpoint, Done, Gone, Item, Json, Ref, SiteError, Unknown
from sourcer_kaggle.api.client import Client
from sourcer_kaggle.api.observe import found_notebook, is_nobody, profile_of, ref_of
from sourcer_kaggle.api.wire import Document, Owner, items_of, total_of
from sourcer_kaggle.settings import KaggleDiscover
from sourcer_kaggle.sites import SITE

__all__ = ["NOBODY", "NOT_TOLD", "PAGE", "SEARCH", "Source", "count_found", "discover_people", "sources_of"]

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

NOBODY: Final = "no candidate: staff, an organisation, or opted out of Kaggle's progression"


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
            named = self.named(document.owner_user)
            if self.what == "NAMED" and not named:
                continue
            if ref is None:
                if named and document.owner_user is not None and is_nobody(document.owner_user):
                    yield Gone(Ref(SITE, str(document.owner_user.id)), NOBODY)
                continue
            yield ref
            if self.what != "KERNEL":
                yield profile_of(ref, document)
                yield from _ends(ref) if self.closes else ()
            elif (evidence := found_notebook(ref, document)) is not None:
                yield evidence

    @property
    def names(self) -> list[str]:
        """Who is named, as a brief writes it."""
        return [f"#{uid}" for uid in self.uids] or ([self.word] if self.what == "NAMED" else [])

    def named(self, owner: Owner | None) -> str:
        """The name under which a brief asks for this owner, or an empty text."""
        if owner is None or not owner.id or owner.id < 0:
            return ""
        name = f"#{owner.id}" if self.uids else (owner.user_name or "").lower()
        return name if name in self.names else ""


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


@dataclass(slots=True)
class _Way:
    """How far a discovery has come.

    Args:
        left: For each source the token of its next page and how many were read; ``None`` where it has ended.
        turn: Whose turn it is.
        missing: Named people who have not come yet.
    """

    left: list[tuple[str, int] | None]
    missing: dict[str, None]
    turn: int = 0

    @classmethod
    def of(cls, sources: list[Source], after: Checkpoint | None) -> _Way:
        """From where a checkpoint left it."""
        names = [name for source in sources for name in source.names]
        state: Mapping[str, Any] = after.state if after else {}
        stored, missing = state.get("left"), state.get("missing")
        if not isinstance(stored, list) or len(stored) != len(sources):
            return cls([("", 0)] * len(sources), dict.fromkeys(names))
        left = [(str(step[0]), int(step[1])) if step else None for step in stored]
        return cls(left, dict.fromkeys(missing if isinstance(missing, list) else ()), int(state.get("turn", 0)))

    def next(self) -> int | None:
        """The place of the source whose turn it is; ``None`` at the end."""
        places = (place % len(self.left) for place in range(self.turn, self.turn + len(self.left)))
        return next((place for place in places if self.left[place] is not None), None)

    def checkpoint(self) -> Checkpoint:
        """Where to go on."""
        left = [list(step) if step else None for step in self.left]
        return Checkpoint({"turn": self.turn, "left": left, **({"missing": [*self.missing]} if self.missing else {})})


async def discover_people(client: Client, wish: KaggleDiscover, after: Checkpoint | None) -> AsyncIterator[Item]:
    """Yield who is found, page by page, with a checkpoint after each page.

    Named people whom the search does not show are named among the run's errors.

    Raises:
        SiteError: A page cannot be had; discovery goes on from the last checkpoint.
    """
    sources = sources_of(wish)
    way = _Way.of(sources, after)
    while (at := way.next()) is not None:
        source, (token, pages) = sources[at], way.left[at] or ("", 0)
        documents, following = await _read_page(client, source, token)
        for item in source.items(documents):
            yield item
        for owner in (document.owner_user for document in documents):
            name = source.named(owner)
            way.missing.pop(name, None)
            if name and owner is not None and is_nobody(owner):
                client.note(AnswerError(f"{name}: {NOBODY}", kind="no_person"))
        # A page that leads to itself would be read for ever.
        more = following and following != token and pages + 1 < source.most_pages
        way.left[at] = (following, pages + 1) if more else None
        way.turn = at + 1
        yield way.checkpoint()
    for _ in way.missing:
        # The first message of a kind is what a run shows of it: it names them all.
        client.note(AnswerError(f"Kaggle's search shows no such account: {', '.join(way.missing)}", kind="no_account"))


async def _read_page(client: Client, source: Source, token: str) -> tuple[list[Document], str]:
    try:
        answer = await client.call(SEARCH, source.body(PAGE, token), "documents")
    except AnswerError as fault:
        raise SiteError(f"Kaggle gave no page of {source.asked} ({fault}); run it again to go on there") from fault
    documents = [document for document in items_of(Document, answer, "documents") if document is not None]
    following = answer.get("nextPageToken", "")
    return documents, following if documents and isinstance(following, str) else ""
