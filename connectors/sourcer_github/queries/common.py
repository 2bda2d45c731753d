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


def by_ids(name: str, **asked: tuple[str, int]) -> str:
    """A query about things by their node ids, in lists ``n0`` and so on, whose variables are called alike.

    Args:
        name: Of the operation.
        asked: By the letter of the lists: what is asked of each thing, and how many things there are.
    """
    lists = {
        f"{letter}{i}": selection
        for letter, (selection, number) in asked.items()
        for i in range(-(-number // MOST_IDS))
    }
    variables = ", ".join(f"${one}: [ID!]!" for one in lists)
    fields = "\n".join(f"  {one}: nodes(ids: ${one}) {{ __typename {selection} }}" for one, selection in lists.items())
    return f"query {name}({variables}) {{\n{fields}\n  {RATE}\n}}\n"


def id_lists(ids: Sequence[str], letter: str = "n") -> dict[str, list[str]]:
    """The variables of :func:`by_ids`."""
    starts = range(0, len(ids), MOST_IDS)
    return {f"{letter}{i}": list(ids[start : start + MOST_IDS]) for i, start in enumerate(starts)}


def place_of(position: int, letter: str = "n") -> tuple[str, int]:
    """Where the answer about one of the things stands."""
    return f"{letter}{position // MOST_IDS}", position % MOST_IDS
