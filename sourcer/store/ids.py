"""Ids that follow from what they name: two crawls of the same world give the same people and evidence the same ids."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping
from typing import TypeVar

__all__ = ["claim", "evidence_id", "person_id"]

_Name = TypeVar("_Name")


def person_id(site: str, uid: str) -> int:
    """The 48-bit id of the person whose first known account this is."""
    return _hash_bits(f"{site}:{uid}", 48)


def evidence_id(site: str, uid: str, kind: str, key: str) -> int:
    """The 53-bit id of a piece of evidence: exact in JSON and spreadsheets, whose numbers are floats."""
    return _hash_bits(f"{site}\0{uid}\0{kind}\0{key}", 53)


def claim(
    wanted: Mapping[_Name, int], owners_of: Callable[[Iterable[int]], Mapping[int, _Name | None]]
) -> dict[_Name, int]:
    """Give every name its id: the one it wants, or the next that is not another's.

    Args:
        wanted: The ids that the names' hashes give; two names may have one hash.
        owners_of: Which of these ids are taken, and by what name; ``None`` is: by another one.
    """
    owners = dict(owners_of(wanted.values()))
    claimed: dict[_Name, int] = {}
    for name, number in wanted.items():
        free = number
        while owners.setdefault(free, name) != name:
            free += 1
            if free not in owners:
                owners.update(owners_of((free,)))
        claimed[name] = free
    return claimed


def _hash_bits(text: str, bits: int) -> int:
    digest = hashlib.sha256(text.encode()).digest()
    return int.from_bytes(digest[:8], "big") >> (64 - bits)
