"""What every query ends with, and the cheapest question there is."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

__all__ = ["LIMITS", "MOST_IDS", "RATE", "by_ids", "id_lists", "place_of"]

MOST_IDS: Final = 50
"""In one list of ids. GitHub refuses more than 100; several shorter lists in one question cost the same."""

RATE: Final = "rateLimit { cost limit remaining resetAt }"

LIMITS: Final = f"query Limits {{ {RATE} }}"
"""The cheapest question there is."""


def by_ids(name: str, selection: str, number: int) -> str:
    """A query about things by their node ids, in lists ``n0`` and so on, whose variables are called alike.

    Args:
        name: Of the operation.
        selection: What is asked of each.
        number: How many things there are.
    """
    lists = range(max(1, -(-number // MOST_IDS)))
    variables = ", ".join(f"$n{i}: [ID!]!" for i in lists)
    fields = "\n".join(f"  n{i}: nodes(ids: $n{i}) {{ __typename {selection} }}" for i in lists)
    return f"query {name}({variables}) {{\n{fields}\n  {RATE}\n}}\n"


def id_lists(ids: Sequence[str]) -> dict[str, list[str]]:
    """The variables of :func:`by_ids`."""
    return {f"n{i}": list(ids[start : start + MOST_IDS]) for i, start in enumerate(range(0, len(ids), MOST_IDS))}


def place_of(position: int) -> tuple[str, int]:
    """Where the answer about one of the things stands."""
    return f"n{position // MOST_IDS}", position % MOST_IDS
