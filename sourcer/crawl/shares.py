"""How the people of a brief are shared out among its connectors."""

from __future__ import annotations

from collections.abc import Sequence

__all__ = ["shared_limits"]


def shared_limits(limit: int, connectors: Sequence[str]) -> dict[str, int]:
    """How many people each connector may take in: evenly, the first ones get what is left over."""
    each, over = divmod(limit, len(connectors))
    return {name: each + (place < over) for place, name in enumerate(connectors)}
