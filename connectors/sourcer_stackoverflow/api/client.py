"""Asking the API: one page, and what a refusal that is no limit means."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Final, Generic, TypeVar
from urllib.parse import quote

from sourcer.connect import Answer, AnswerError, Denied, Fetcher, Json, NotConfigured
from sourcer_stackoverflow.api.wire import Filter, Wire, read
from sourcer_stackoverflow.policy import BUCKET
from sourcer_stackoverflow.settings import StackOverflowConfig

__all__ = ["AT_ONCE", "LAST_PAGE", "Client", "Page", "joined"]

AT_ONCE: Final = 100
"""Ids in one request, and items on one page: the most that the API takes and gives."""

LAST_PAGE: Final = 25
"""Without a key no page after this one is given."""

_FIELDS: Final = (
    "user.about_me",
    "user.website_url",
    "user.answer_count",
    "user.question_count",
    "user.view_count",
    "user.up_vote_count",
    "user.down_vote_count",
    "answer.tags",
    "answer.title",
    "answer.awarded_bounty_amount",
)
"""What is read and is not in the default filter."""

_FILTER: Final[Mapping[str, Json]] = {"include": ";".join(_FIELDS), "base": "default", "unsafe": "false"}
_MAKE: Final = "filters/create"

_OK: Final = 200
_Model = TypeVar("_Model", bound=Wire)


class _Useless(AnswerError):
    """An answer came that the fetcher took for good; what came to nothing on the way it counts itself."""


@dataclass(frozen=True, slots=True)
class Page(Generic[_Model]):
    """One page of a list.

    Args:
        items: Those that could be read.
        has_more: There is another page.
        unread: How many could not be read: one bad item does not lose the others.
    """

    items: tuple[_Model, ...]
    has_more: bool
    unread: int = 0


def joined(ids: Iterable[int | str]) -> str:
    """Ids or tags as a path holds them: ``c++;pandas`` is ``c%2B%2B;pandas``."""
    return ";".join(quote(str(one), safe="") for one in ids)


class Client:
    """The API for one configuration.

    Keeps what a plan was told until discovery asks the same: the API wants nothing asked twice within a minute. The
    filter for all that is read is made once: the fetcher keeps it from one crawl to the next, for these very fields.
    """

    def __init__(self, config: StackOverflowConfig, fetcher: Fetcher) -> None:
        self.config = config
        self._fetcher = fetcher
        self._filter = ""
        self._renewed = False
        self._remembers = False
        self._told: dict[str, dict[str, Any]] = {}

    @contextmanager
    def remembering(self) -> Iterator[None]:
        """Keep what is asked in here for whoever asks the same next."""
        self._remembers = True
        try:
            yield
        finally:
            self._remembers = False

    @property
    def has_key(self) -> bool:
        """Whether requests carry a key: 10,000 requests a day instead of 300, and no last page."""
        return self.config.key.reveal() is not None

    @property
    def room(self) -> int | None:
        """How many items of one list are shown; ``None`` is all."""
        return None if self.has_key else LAST_PAGE * AT_ONCE

    def shows(self, page: int) -> bool:
        """Whether the API gives a page of this number."""
        return self.has_key or page <= LAST_PAGE

    @property
    def now(self) -> int:
        """When the crawl began, seconds since 1970."""
        return int(self._fetcher.now().timestamp())

    def note(self, fault: AnswerError) -> None:
        """Let the run show a fault among its errors, where the crawl goes on without what was asked for.

        What :meth:`page` and :meth:`total` raise is among them already.
        """
        self._fetcher.usage.add_error(fault)

    @contextmanager
    def _noting(self) -> Iterator[None]:
        try:
            yield
        except _Useless as fault:
            self.note(fault)
            raise

    async def page(
        self,
        model: type[_Model],
        method: str,
        path: str,
        *,
        site: str = "",
        params: Mapping[str, Json] | None = None,
        detailed: bool = False,
    ) -> Page[_Model]:
        """Ask for one page.

        Args:
            model: What its items are.
            method: The documented method, ``users/{ids}``: when an answer demands a pause, it is this one that rests.
            path: Its path with ids.
            site: The site, where the method has one.
            params: Further parameters.
            detailed: With the fields of the filter that is made for this.

        Raises:
            AnswerError: Nothing usable came.
            NotConfigured: The API demands a key, or knows no such site.
            Denied: It refuses the key.
        """
        asked = {"site": site or None, "pagesize": AT_ONCE, **(params or {})}
        with self._noting():
            body = await (self._ask_detailed if detailed else self._ask)(method, path, asked)
            items = body.get("items")
            if not isinstance(items, list):
                raise _Useless(f"{path}: the answer has no items", kind="bad_body")
        found = tuple(one for one in (read(model, item) for item in items) if one is not None)
        unread = len(items) - len(found)
        if unread:
            self.note(AnswerError(f"{method}: {unread} of {len(items)} items cannot be read", kind="bad_item"))
        # "has_more" is seen to be true with an empty page, too: nothing comes after that.
        return Page(found, body.get("has_more") is True and bool(items), unread)

    async def total(self, method: str, path: str, *, site: str = "", params: Mapping[str, Json]) -> int:
        """How many items a list has. Costs a request, but no page of items.

        Raises:
            AnswerError: The API did not say; others as for :meth:`page`.
        """
        with self._noting():
            body = await self._ask(method, path, {"site": site or None, "filter": "total", **params})
            total = body.get("total")
            if isinstance(total, bool) or not isinstance(total, int) or total < 0:
                raise _Useless(f"{path}: the answer has no total", kind="bad_body")
            return total

    async def _ask_detailed(self, method: str, path: str, params: dict[str, Json]) -> dict[str, Any]:
        try:
            return await self._ask(method, path, {**params, "filter": await self._detailed()})
        except AnswerError as fault:
            # No filter is ever taken back, says the documentation; should it be, a new one is made, once.
            if self._renewed or not _is_about_filter(fault):
                raise
        await self._forget_filter()
        self._renewed = True
        return await self._ask(method, path, {**params, "filter": await self._detailed()})

    async def _detailed(self) -> str:
        """The id of the filter for all that is read."""
        if not self._filter:
            body = await self._fetched(_MAKE, _MAKE, _FILTER, lasting=True)
            items = body.get("items")
            made = read(Filter, items[0]) if isinstance(items, list) and items else None
            if made is None:
                await self._forget_filter()
                raise _Useless(f"{_MAKE}: the answer has no filter", kind="bad_body")
            self._filter = made.filter
        return self._filter

    async def _forget_filter(self) -> None:
        self._filter = ""
        await self._fetcher.forget(self._address(_MAKE), params=self._with_key(_FILTER))

    async def _ask(self, method: str, path: str, params: dict[str, Json]) -> dict[str, Any]:
        question = json.dumps([path, params], sort_keys=True)
        told = self._told.pop(question, None)
        if told is None:
            told = await self._fetched(method, path, params)
        if self._remembers:
            self._told[question] = told
        return told

    async def _fetched(
        self, method: str, path: str, params: Mapping[str, Json], *, lasting: bool = False
    ) -> dict[str, Any]:
        answer = await self._fetcher.get(
            self._address(path), params=self._with_key(params), bucket=BUCKET, lane=method, lasting=lasting
        )
        body = answer.json() if answer.is_json else None
        if not isinstance(body, dict):
            said = f"the answer is not a JSON object: {answer.excerpt()!r}"
            raise _Useless(f"{path}: {said}", kind="bad_body", status=answer.status)
        if answer.status != _OK or "error_id" in body:
            raise _refused(path, answer, body)
        return body

    def _address(self, path: str) -> str:
        return f"{self.config.api_url}/{path}"

    def _with_key(self, params: Mapping[str, Json]) -> dict[str, Json]:
        return {**params, "key": self.config.key.reveal()}


def _refused(path: str, answer: Answer, body: dict[str, Any]) -> _Useless | Denied | NotConfigured:
    """What is left when the fetcher has dealt with limits, faults that pass and refused credentials."""
    error, words = body.get("error_id"), str(body.get("error_message") or body.get("error_name") or "no reason given")
    reason = " ".join(words.split())[:200]
    match error:
        case 401 | 405:
            return NotConfigured(f"the API demands a key ({reason}): set key in [connectors.stackoverflow]")
        case 400 if "site" in reason.lower():
            return NotConfigured(f"{reason}: correct sites in [connectors.stackoverflow]")
        case 400 if "key" in reason.lower():
            return Denied(f"the API refuses the key ({reason}): correct key in [connectors.stackoverflow]")
        case _:
            kind = str(body.get("error_name") or f"http_{answer.status}")
            return _Useless(f"{path}: {error or answer.status} {reason}", kind=kind, status=answer.status)


def _is_about_filter(fault: AnswerError) -> bool:
    return fault.kind == "bad_parameter" and "filter" in str(fault)
