"""What goes wrong on a real network and a busy site, planted at chosen requests."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Any, Final

from sourcer.demo.strikes import Strikes

__all__ = ["EVERY", "Fault", "Faults", "null_out", "strike_out"]


class Fault(StrEnum):
    """One way in which a request comes to nothing, or to less. Those of GraphQL alone leave REST in peace."""

    BAD_GATEWAY = "bad_gateway"
    """502 with the page of a proxy."""
    GATEWAY_TIMEOUT = "gateway_timeout"
    """504 with the page of a proxy."""
    HALF = "half"
    """200 whose body stops in the middle."""
    INCOMPLETE = "incomplete"
    """REST: a search that timed out and gives half of what it found, with ``incomplete_results``."""
    NULLS = "nulls"
    """GraphQL: 200 with ``RESOURCE_LIMITS_EXCEEDED``; one item of an inner list is ``null``."""
    PARTIAL = "partial"
    """GraphQL: 200 with ``RESOURCE_LIMITS_EXCEEDED``; the first field of the query stays empty."""
    PRIMARY = "primary"
    """403: nothing is left until the reset, which is told; no ``retry-after``."""
    PRIMARY_TOO_MANY = "primary_too_many"
    """429: the same."""
    RATE_LIMIT = "rate_limit"
    """GraphQL: 200 with ``RATE_LIMIT``, the other spelling, and no ``retry-after``."""
    RATE_LIMITED = "rate_limited"
    """GraphQL: 200 with ``RATE_LIMITED`` although points are left, as has been reported; with ``retry-after``."""
    RESET = "reset"
    """The connection breaks before an answer."""
    SECONDARY = "secondary"
    """403 of the secondary limit, with ``retry-after``."""
    SECONDARY_OK = "secondary_ok"
    """GraphQL: 200 whose only content is the secondary limit's message, with ``retry-after``."""
    SECONDARY_SILENT = "secondary_silent"
    """403 of the secondary limit that does not say for how long: a minute at least."""
    SERVER_ERROR = "server_error"
    """500 in JSON."""
    TIMEOUT = "timeout"
    """502 with GitHub's own words about a query that took too long; its points are gone."""
    TOO_MANY = "too_many"
    """429 of the secondary limit, with ``retry-after``."""
    TOO_MANY_SILENT = "too_many_silent"
    """429 of the secondary limit that does not say for how long."""
    UNAVAILABLE = "unavailable"
    """503 in JSON."""
    WRONG = "wrong"
    """GraphQL: 200 with GitHub's words about a query that took too long, and no data."""


_SHARED: Final = (
    Fault.BAD_GATEWAY,
    Fault.HALF,
    Fault.PARTIAL,
    Fault.RESET,
    Fault.SECONDARY,
    Fault.TIMEOUT,
    Fault.TOO_MANY,
)

EVERY: Final = tuple(Fault)
"""All of them; some make a client wait for a minute."""


class Faults(Strikes[Fault]):
    """What goes wrong at the copy of GitHub: :class:`Strikes` that fail with what GraphQL and REST share by default.

    ``retry_after`` are the seconds that such a header says, and after which a used-up quota is said to be full again.
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
        super().__init__(at, share=share, kinds=kinds, seed=seed, retry_after=retry_after)


_EXCEEDED: Final = "Resource limits for this query exceeded."


def _exceeded(path: Sequence[str | int]) -> dict[str, Any]:
    return {"type": "RESOURCE_LIMITS_EXCEEDED", "path": list(path), "message": _EXCEEDED}


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
    return dict(body) | {"data": data, "errors": [*body.get("errors", ()), _exceeded(path)]}


def null_out(body: Mapping[str, Any]) -> dict[str, Any]:
    """An answer in which the first item of the first inner list is ``null``, and the error that says so."""
    data = body.get("data") or {}
    path = next((path for name in data for path in _lists(data[name], [name])), None)
    if path is None:
        return dict(body)
    return dict(body) | {"data": _without(data, path), "errors": [*body.get("errors", ()), _exceeded(path)]}


def _lists(value: Any, path: list[str | int]) -> list[list[str | int]]:
    """The places of the first items of all pages of connections, the outer ones first."""
    found: list[list[str | int]] = []
    if isinstance(value, dict):
        nodes = value.get("nodes")
        if isinstance(nodes, list) and nodes and nodes[0] is not None:
            found.append([*path, "nodes", 0])
        for name, inner in value.items():
            found += _lists(inner, [*path, name])
    elif isinstance(value, list):
        for place, inner in enumerate(value):
            found += _lists(inner, [*path, place])
    return found


def _without(value: Any, path: Sequence[str | int]) -> Any:
    if not path:
        return None
    if isinstance(value, list):
        return [_without(one, path[1:]) if place == path[0] else one for place, one in enumerate(value)]
    return {name: _without(one, path[1:]) if name == path[0] else one for name, one in value.items()}
