"""Kaggle's performance tiers, in the spellings of all its years.

Four generations are in use: a number in the oldest profiles (2014: 10 was Master, the numbers mean something else than
today's), lower-case names in page states of the years after, upper-case names since 2022 and in the API
(``"GRANDMASTER"``), and today's numbers (0 to 5, 11, 21) in Meta Kaggle and wherever the API gives enums as integers.
Titles and images of pages spell them ``Expert``.
"""

from __future__ import annotations

from typing import Any, Final

__all__ = ["NOBODY", "TIERS", "UNTOLD", "is_person", "read_tier", "tier_number"]

TIERS: Final = ("NOVICE", "CONTRIBUTOR", "EXPERT", "MASTER", "GRANDMASTER")
"""The tiers of people; a tier's number is its place."""

NOBODY: Final = {"STAFF": 5, "ORGANIZATION": 11}
"""Who is no candidate: people who work for Kaggle, and organisations."""

UNTOLD: Final = {"RECALC": 21}
"""Stands where Kaggle is counting again: the tier is not known now."""

_NUMBERS: Final = {name: number for number, name in enumerate(TIERS)} | NOBODY | UNTOLD
_PREFIX: Final = "USER_ACHIEVEMENT_TIER_"


def read_tier(value: Any) -> int | None:
    """Today's number of a tier that is given by name in any spelling or by today's number; ``None`` for all else."""
    if isinstance(value, bool):
        return None
    if isinstance(value, int):
        return value if value in _NUMBERS.values() else None
    if not isinstance(value, str):
        return None
    name = value.strip().upper().replace(" ", "").removeprefix(_PREFIX)
    return read_tier(int(name)) if name.isascii() and name.isdecimal() and len(name) < 3 else _NUMBERS.get(name)  # noqa: PLR2004  # two digits


def tier_number(tier: int | None) -> int | None:
    """The number as a person's tier, 0 to 4, or ``None`` where it is none."""
    return tier if tier is not None and 0 <= tier < len(TIERS) else None


def is_person(tier: int | None) -> bool:
    """Whether an account with this tier may be a candidate's; an unknown tier may."""
    return tier not in NOBODY.values()
