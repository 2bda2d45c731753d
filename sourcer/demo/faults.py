"""What goes wrong on a real network and a busy site, planted at chosen requests."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Any, Final

from sourcer.demo.model import dice

__all__ = ["Fault", "Faults", "strike_out"]


class Fault(StrEnum):
    """One way in which a request comes to nothing, or to less."""

    BAD_GATEWAY = "bad_gateway"
    """502 with the page of a proxy."""
    HALF = "half"
    """200 whose body stops in the middle."""
    PARTIAL = "partial"
    """200 with ``RESOURCE_LIMITS_EXCEEDED``: the first field of the query stays empty."""
    RATE_LIMITED = "rate_limited"
    """200 with ``RATE_LIMITED`` although points are left, as has been reported; ``retry-after`` says for how long."""
    RESET = "reset"
    """The connection breaks before an answer."""
    SECONDARY = "secondary"
    """403 of the secondary limit, with ``retry-after``."""
    SECONDARY_OK = "secondary_ok"
    """200 whose only content is the secondary limit's message, with ``retry-after``."""
    TIMEOUT = "timeout"
    """502 with GitHub's own words about a query that took too long; its points are gone."""
    TOO_MANY = "too_many"
    """429, with ``retry-after``."""


_SHARED: Final = (
    Fault.BAD_GATEWAY,
    Fault.HALF,
    Fault.PARTIAL,
    Fault.RESET,
    Fault.SECONDARY,
    Fault.TIMEOUT,
    Fault.TOO_MANY,
)


class Faults:
    """A schedule of faults by request number, the first being 1: the same each time.

    Args:
        at: Which fault strikes at which request.
        share: The share of all further requests that fail.
        kinds: What those fail with.
        seed: Names the choice.
        retry_after: Seconds that ``retry-after`` says.
    """

    def __init__(
        self,
        at: Mapping[int, Fault] | None = None,
        *,
        share: float = 0.0,
        kinds: Sequence[Fault] = _SHARED,
        seed: int = 0,
        retry_after: int = 1,
    ) -> None:
        self.at = dict(at or {})
        self.share = share
        self.kinds = tuple(kinds)
        self.seed = seed
        self.retry_after = retry_after

    def of(self, number: int) -> Fault | None:
        """What happens to a request, ``None`` for nothing."""
        if number in self.at:
            return self.at[number]
        rng = dice(self.seed, "fault", number)
        return rng.choice(self.kinds) if rng.random() < self.share else None


def strike_out(body: Mapping[str, Any]) -> dict[str, Any]:
    """An answer without its first field (of a list: without its first item), and the error that says so.

    Nothing is struck out of an answer that holds nothing but ``rateLimit``.
    """
    data = dict(body.get("data") or {})
    name = next((name for name, value in data.items() if name != "rateLimit" and value is not None), None)
    if name is None:
        return dict(body)
    value = data[name]
    path: list[str | int] = [name]
    if isinstance(value, list):
        path.append(0)
        data[name] = [None, *value[1:]]
    elif isinstance(value, dict) and isinstance(value.get("nodes"), list):
        # A search may not be null: its first hits are.
        path.append("nodes")
        data[name] = value | {"nodes": None}
    else:
        data[name] = None
    error = {"type": "RESOURCE_LIMITS_EXCEEDED", "path": path, "message": "Resource limits for this query exceeded."}
    return dict(body) | {"data": data, "errors": [*body.get("errors", ()), error]}
