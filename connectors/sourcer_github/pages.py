"""What the ways of finding people have in common: each is read page by page."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Protocol, TypeVar

from pydantic import BaseModel

from sourcer.connect import AnswerError, Item, Json, Ref, SiteError
from sourcer_github.client import Client
from sourcer_github.wire.base import read

__all__ = ["Page", "Source", "read_page"]

PAGE_SIZES: Final = (100, 50, 10)
"""A page that GitHub cannot answer in its ten seconds is asked again smaller."""

_Model = TypeVar("_Model", bound=BaseModel)


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


async def read_page(
    client: Client, query: str, variables: Mapping[str, Json], model: type[_Model], *, field: str, asked: str
) -> _Model:
    """Ask for one page, smaller each time it fails; results that a fault kept back are lost only at the smallest size.

    Args:
        client: Asks.
        query: With the variable ``$first``.
        variables: The others.
        model: The shape of what is asked for.
        field: Where in ``data`` it stands.
        asked: What is asked for, in words.

    Raises:
        AnswerError: There is no such thing, or none that this token may see (its ``kind`` is ``not_found``).
        SiteError: There is no usable answer now.
    """
    fault = ""
    for size in PAGE_SIZES:
        last = size == PAGE_SIZES[-1]
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
            return page
        fault = outcome.reason
    raise SiteError(f"GitHub gave no usable answer to {asked} ({fault}); the next crawl asks again")
