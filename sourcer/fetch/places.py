"""Reads the places of :mod:`sourcer.fetch.policy`: ``header:NAME`` and ``json:PATH``."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

from sourcer.fetch.answer import Answer

__all__ = ["read_number", "read_place"]


def read_place(answer: Answer, place: str) -> list[Any]:
    """Every value that stands at ``place``; none where the answer has no such thing.

    Args:
        answer: Whose headers or JSON body are read.
        place: ``header:NAME``, ``json:a.b.*.c`` (``*`` walks a list), or empty for nowhere.

    Raises:
        ValueError: The place is neither: a fault of the policy.
    """
    if not place:
        return []
    scheme, _, path = place.partition(":")
    if scheme == "header":
        value = answer.headers.get(path.strip().lower())
        return [] if value is None else [value]
    if scheme == "json":
        return list(_walk(answer.json(), path.split("."))) if answer.is_json else []
    raise ValueError(f"{place!r} is no place; write header:NAME or json:PATH")


def _walk(value: Any, path: list[str]) -> Iterator[Any]:
    if not path:
        if value is not None:
            yield value
        return
    step, *rest = path
    if step == "*" and isinstance(value, list):
        for element in value:
            yield from _walk(element, rest)
    elif isinstance(value, dict) and step in value:
        yield from _walk(value[step], rest)


def read_number(answer: Answer, place: str) -> float | None:
    """The first number at ``place`` that is not negative; ``None`` for all else, so that nonsense stays unknown."""
    for value in read_place(answer, place):
        if isinstance(value, bool):
            continue
        try:
            number = float(value)
        except (TypeError, ValueError, OverflowError):
            continue
        if math.isfinite(number) and number >= 0:
            return number
    return None
