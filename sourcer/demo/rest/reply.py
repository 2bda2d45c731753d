"""What a REST endpoint answers before it becomes bytes, and the refusals that belong to it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from sourcer.demo.loopback import Asked

__all__ = ["MOST", "Refused", "Reply", "listed", "moment", "paged"]

MOST: Final = 100
"""Items on a page."""
_USUAL: Final = 30
_DOCS: Final = "https://docs.github.com/rest"


@dataclass(slots=True)
class Reply:
    """``value`` becomes JSON; ``raw`` is sent as it is. 204 and 304 have neither."""

    value: Any = None
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    raw: bytes | None = None


class Refused(Exception):
    """An endpoint says no, in GitHub's words."""

    def __init__(self, status: int, message: str, **more: Any) -> None:
        super().__init__(message)
        body = {"message": message, "documentation_url": _DOCS, "status": str(status)} | more
        self.reply = Reply(body, status)


def moment(at: datetime | None) -> str | None:
    """A time as REST writes it."""
    return f"{at:%Y-%m-%dT%H:%M:%SZ}" if at is not None else None


def _number(query: Mapping[str, str], name: str, usual: int) -> int:
    text = query.get(name, "")
    return int(text) if text.isdecimal() and int(text) > 0 else usual


def _place(asked: Asked) -> tuple[int, int]:
    return _number(asked.query, "page", 1), min(MOST, _number(asked.query, "per_page", _USUAL))


def paged(asked: Asked, items: Sequence[Any], most: int | None = None) -> tuple[Sequence[Any], dict[str, str]]:
    """One page of ``items``, and the header ``link`` that leads to the others.

    Args:
        asked: Holds ``page`` and ``per_page``.
        items: All of them.
        most: How many of them may be given at all.

    Raises:
        Refused: 422: the page lies beyond ``most``.
    """
    page, size = _place(asked)
    if most is not None and (page - 1) * size >= most:
        raise Refused(422, f"Only the first {most} search results are available")
    last = max(1, -(-len(items[:most]) // size))
    links: dict[str, int] = {}
    if page < last:
        links |= {"next": page + 1, "last": last}
    if page > 1:
        links |= {"first": 1, "prev": min(page - 1, last)}
    text = ", ".join(f'<{_link(asked, number)}>; rel="{name}"' for name, number in links.items())
    shown = items[:most][(page - 1) * size : page * size]
    return shown, {"link": text} if text else {}


def listed(asked: Asked, items: Sequence[Any]) -> Reply:
    """One page of ``items``, with the way to the others."""
    page, links = paged(asked, items)
    return Reply(list(page), headers=links)


def _link(asked: Asked, page: int) -> str:
    kept = [one for one in asked.target.partition("?")[2].split("&") if one and not one.startswith("page=")]
    return f"{asked.base}{asked.path}?{'&'.join([*kept, f'page={page}'])}"
