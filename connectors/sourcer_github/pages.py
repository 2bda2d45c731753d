"""What the ways of finding people have in common: each is read page by page."""

from __future__ import annotations

from collections.abc import Awaitable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Protocol, TypeVar

from pydantic import BaseModel

from sourcer.connect import AnswerError, Item, Json, Ref, SiteError
from sourcer_github.client import Client
from sourcer_github.wire.base import read

__all__ = ["Page", "Source", "or_nothing", "read_page"]

PAGE_SIZES: Final = (100, 50, 10)
"""A page that GitHub cannot answer in its ten seconds is asked again smaller."""

ATTEMPTS: Final = len(PAGE_SIZES)
"""Each part of a page is asked for so often, at last as small as can be."""

_Model = TypeVar("_Model", bound=BaseModel)
_Result = TypeVar("_Result")


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a source.

    Args:
        items: Who and what was found.
        rest: The steps that it leads to; the last one comes next.
    """

    items: Sequence[Item] = ()
    rest: Sequence[Json] = ()

    @classmethod
    def of(cls, found: Iterable[Item | None], rest: Sequence[Json] = ()) -> Page:
        """A page on which each account stands once; ``None`` is who is no person."""
        items: list[Item] = []
        given: set[Ref] = set()
        for item in found:
            if item is None or (isinstance(item, Ref) and item in given):
                continue
            if isinstance(item, Ref):
                given.add(item)
            items.append(item)
        return cls(items, rest)


class Source(Protocol):
    """One place where people are found. A step says, as JSON, which page comes; a checkpoint holds what is left."""

    @property
    def first(self) -> Json:
        """Its first step."""
        ...

    async def read(self, client: Client, step: Json) -> Page:
        """Read the page of a step.

        Raises:
            SiteError: The page cannot be had even when it is small.
        """
        ...


async def or_nothing(client: Client, asking: Awaitable[_Result]) -> _Result | None:
    """What is asked for, or ``None`` where it cannot be had although GitHub answers other questions.

    One page that never comes must not end the crawl: it is noted among the run's errors.

    Raises:
        SiteError: GitHub answers nothing, or refuses.
    """
    try:
        return await asking
    except SiteError as fault:
        if type(fault) is not SiteError or not await client.is_alive():
            raise
        client.note(AnswerError(str(fault), kind="not_answered"))
        return None


async def read_page(
    client: Client,
    query: str,
    variables: Mapping[str, Json],
    model: type[_Model],
    *,
    field: str,
    asked: str,
    inner: str = "",
    cursor: str = "after",
) -> _Model:
    """Ask for one page of 100, in smaller parts where GitHub cannot answer so much: what it holds is the same.

    Args:
        client: Asks.
        query: With the variable ``$first``.
        variables: The others, the cursor among them.
        model: The shape of what is asked for.
        field: Where in ``data`` it stands.
        asked: What is asked for, in words.
        inner: The attribute of the model that is the list; empty where the model is the list.
        cursor: The variable that says where the page begins.

    Raises:
        AnswerError: There is no such thing, or none that this token may see (its ``kind`` is ``not_found``).
        SiteError: There is no usable answer now.
    """
    whole: _Model | None = None
    nodes: tuple[Any, ...] = ()
    size = PAGE_SIZES[0]
    while True:
        left = PAGE_SIZES[0] - len(nodes)
        sizes = [one for one in PAGE_SIZES if one <= min(size, left)] or [left]
        sizes += [sizes[-1]] * (ATTEMPTS - len(sizes))
        part, size = await _read_part(client, query, variables, model, sizes=sizes, field=field, asked=asked)
        page: Any = getattr(part, inner) if inner else part
        nodes += page.nodes or ()
        info = page.page_info
        if len(nodes) >= PAGE_SIZES[0] or not page.nodes or not info.has_next_page or info.end_cursor is None:
            break
        whole = whole or part
        variables = {**variables, cursor: info.end_cursor}
    if whole is None:
        return part
    changed = {"nodes": nodes, "page_info": info}
    return whole.model_copy(update={inner: page.model_copy(update=changed)} if inner else changed)


async def _read_part(
    client: Client,
    query: str,
    variables: Mapping[str, Json],
    model: type[_Model],
    *,
    sizes: Sequence[int],
    field: str,
    asked: str,
) -> tuple[_Model, int]:
    """Ask for one part, smaller each time it fails; gives how many were asked for."""
    fault = ""
    for attempt, size in enumerate(sizes, 1):
        last = attempt == len(sizes)
        try:
            reply = await client.ask(query, {**variables, "first": size}, many=not last)
        except AnswerError as error:
            fault = str(error)
            continue
        outcome = reply.outcome(field)
        if outcome.absent:
            raise AnswerError(f"{asked}: {outcome.reason}", kind="not_found")
        page = read(model, outcome.value)
        if page is not None and (outcome.whole or last):
            if not outcome.whole:
                client.note(AnswerError(f"{asked}: a part was left out ({outcome.reason})", kind="incomplete_page"))
            return page, size
        fault = outcome.reason
    raise SiteError(f"GitHub gave no usable answer to {asked} ({fault}); the next crawl asks again")
