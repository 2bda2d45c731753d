"""What tests of the fetcher talk about."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, TypeAlias

from sourcer.fetch import Fetcher
from sourcer.fetch.policy import Quota

__all__ = ["API", "HEADER_QUOTA", "MakeFetcher", "limits"]

MakeFetcher: TypeAlias = Callable[..., Fetcher]
"""The fixture ``make``: (policy, settings, keyword arguments of the fetcher)."""

API: Final = "https://api.example.org"

HEADER_QUOTA: Final = Quota(
    limit="header:X-RateLimit-Limit", remaining="header:x-ratelimit-remaining", reset="header:x-ratelimit-reset"
)


def limits(limit: object, remaining: object, reset: object = "") -> dict[str, str]:
    """The headers that :data:`HEADER_QUOTA` reads."""
    told = {"x-ratelimit-limit": limit, "x-ratelimit-remaining": remaining, "x-ratelimit-reset": reset}
    return {name: str(value) for name, value in told.items() if value != ""}
