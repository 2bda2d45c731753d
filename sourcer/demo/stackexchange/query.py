"""One question to the API, taken apart, and the order that it asks for."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, TypeVar

from sourcer.demo.model import World
from sourcer.demo.stackexchange.refusal import Refused, no_method, wrong
from sourcer.demo.stackexchange.site import Site

__all__ = ["MOST_IDS", "Query", "epoch"]

MOST_IDS: Final = 100
_MOST_TAGS: Final = 5
_MOST_ID: Final = 2_147_483_647
_LAST_FREE_PAGE: Final = 25
_PAGE: Final = 30

_Row = TypeVar("_Row")


def epoch(at: datetime | None) -> int | None:
    """A time as the API tells it."""
    return None if at is None else int(at.timestamp())


@dataclass(frozen=True, slots=True)
class Query:
    """A question.

    Args:
        sites: All sites by name.
        named: What stands in the places of the path that have names: ``ids``, ``tags`` ….
        params: Its parameters.
        world: What is shown.
        has_key: Whether it came with a key.
    """

    sites: Mapping[str, Site]
    named: Mapping[str, str]
    params: Mapping[str, str]
    world: World
    has_key: bool

    @property
    def site(self) -> Site:
        """The site that is asked.

        Raises:
            Refused: There is none of that name.
        """
        name = self.params.get("site")
        if not name:
            raise wrong("site is required")
        for site in self.sites.values():
            if name.lower() in (site.community.name, site.community.host):
                return site
        raise Refused(400, f"No site found for name `{name}`")

    @property
    def ids(self) -> list[int]:
        """The ids of the path, each once.

        Raises:
            Refused: They are no numbers, too great, or too many.
        """
        texts = [one for one in self.named["ids"].split(";") if one]
        if not texts or not all(one.removeprefix("-").isdecimal() for one in texts):
            raise no_method()
        ids = list(dict.fromkeys(map(int, texts)))
        if len(ids) > MOST_IDS or max(ids) > _MOST_ID:
            raise wrong("ids")
        return ids

    @property
    def id(self) -> int:
        """The only id of the path.

        Raises:
            Refused: There are several.
        """
        ids = self.ids
        if len(ids) > 1:
            raise wrong("id")
        return ids[0]

    def tags(self, most: int = _MOST_TAGS) -> list[str]:
        """The tags of the path.

        Raises:
            Refused: There are more than ``most``.
        """
        tags = [one.lower() for one in self.named["tags"].split(";") if one]
        if not tags or len(tags) > most:
            raise wrong("tags")
        return tags

    def page(self, items: list[_Row], *, endless: bool = False) -> tuple[list[_Row], bool]:
        """The page that is asked for, and whether there is another one.

        Raises:
            Refused: A page that is only given to those with a key, or one that is too long.
        """
        number, size = self._number("page", 1), self._number("pagesize", _PAGE)
        if number < 1:
            raise wrong("page")
        if size < 0 or (size > MOST_IDS and not endless):
            raise wrong("pagesize")
        if number > _LAST_FREE_PAGE and not self.has_key:
            raise Refused(403, "page above 25 requires access token or app key")
        return items[(number - 1) * size : number * size], number * size < len(items)

    def _number(self, name: str, default: int) -> int:
        text = self.params.get(name, "")
        if not text:
            return default
        if not text.removeprefix("-").isdecimal():
            raise wrong(name)
        return int(text)

    def arranged(
        self,
        rows: Iterable[_Row],
        sorts: Mapping[str, Callable[[_Row], Any]],
        when: Callable[[_Row], datetime] | None = None,
    ) -> list[_Row]:
        """The rows that ``fromdate``, ``todate``, ``min`` and ``max`` let pass, in the order of ``sort``.

        Args:
            rows: Those of equal rank keep their order.
            sorts: What can be sorted by; the first is the default.
            when: What the dates are held against.

        Raises:
            Refused: It cannot be sorted by that.
        """
        name = self.params.get("sort") or next(iter(sorts))
        if name not in sorts or self.params.get("order", "desc") not in ("asc", "desc"):
            raise wrong("sort" if name not in sorts else "order")
        key = sorts[name]
        if when is not None:
            since, until = self._number("fromdate", 0), self._number("todate", _MOST_ID)
            rows = [row for row in rows if since <= when(row).timestamp() < until + 1]
        kept = [row for row in rows if self._is_between(key(row))]
        return sorted(kept, key=key, reverse=self.params.get("order", "desc") == "desc")

    def _is_between(self, value: Any) -> bool:
        low, high = self.params.get("min"), self.params.get("max")
        if isinstance(value, str):
            return (not low or low <= value) and (not high or value <= high)
        plain = value.timestamp() if isinstance(value, datetime) else value
        return (not low or float(low) <= plain) and (not high or plain <= float(high))
