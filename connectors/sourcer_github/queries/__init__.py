"""Every GraphQL text that the connector sends; ``tests/schemas`` holds them against GitHub's published schema."""

from __future__ import annotations

from sourcer_github.queries.common import LIMITS
from sourcer_github.queries.files import FILES
from sourcer_github.queries.finding import MERGED, SEARCH, counts
from sourcer_github.queries.people import DETAILS, listings, people

__all__ = ["DETAILS", "FILES", "LIMITS", "MERGED", "SEARCH", "counts", "documents", "listings", "people"]


def documents() -> tuple[str, ...]:
    """One text of every kind: what the slice of GitHub's schema must be able to check."""
    return (SEARCH, MERGED, DETAILS, FILES, LIMITS, people([False, True]), listings(2), counts(2, 2))
