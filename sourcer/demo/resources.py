"""Cuts an answer that holds too much, as GitHub does: what comes too late is left out, and errors say what."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

__all__ = ["cap", "weigh"]

_EXCEEDED: Final = "Resource limits for this query exceeded."


def weigh(value: Any) -> int:
    """The number of objects in an answer."""
    if isinstance(value, dict):
        return 1 + sum(weigh(one) for one in value.values())
    if isinstance(value, list):
        return sum(weigh(one) for one in value)
    return 0


def cap(body: Mapping[str, Any], most: int) -> dict[str, Any]:
    """Leave out, from the first field or item on that goes beyond ``most`` objects, each further one.

    ``rateLimit`` stays. Lists lose items, searches their hits, everything else is ``null``.
    """
    data = body.get("data") or {}
    left, kept, errors = most, {}, []
    for name, value in data.items():
        if name == "rateLimit":
            kept[name] = value
            continue
        kept[name], paths, used = _cut(value, left, [name])
        errors += [{"type": "RESOURCE_LIMITS_EXCEEDED", "path": path, "message": _EXCEEDED} for path in paths]
        left = max(0, left - used)
    if not errors:
        return dict(body)
    return dict(body) | {"data": kept, "errors": [*body.get("errors", ()), *errors]}


def _cut(value: Any, left: int, path: list[str | int]) -> tuple[Any, list[list[str | int]], int]:
    """What stays of a field, the places of what does not, and how many objects stay."""
    weight = weigh(value)
    if weight <= left:
        return value, [], weight
    if isinstance(value, list):
        kept, paths, used = [], [], 0
        for place, one in enumerate(value):
            fits = used + weigh(one) <= left
            used += weigh(one) if fits else 0
            kept.append(one if fits else None)
            if not fits:
                paths.append([*path, place])
        return kept, paths, used
    if isinstance(value, dict) and isinstance(value.get("nodes"), list):
        return value | {"nodes": None}, [[*path, "nodes"]], 1
    return None, [path], 0
