"""Every GraphQL text that the connector sends; ``tests/schemas`` holds them against GitHub's published schema."""

from __future__ import annotations

from sourcer_github.queries.common import LIMITS
from sourcer_github.queries.files import deep
from sourcer_github.queries.finding import (
    AUTHORS,
    BEHIND,
    COUNTS,
    MEMBERS,
    MERGED,
    counts,
    logins,
    organizations,
    searches,
)
from sourcer_github.queries.people import listings, people, reviews, revisit, topics
from sourcer_github.queries.probe import PROBE, priced

__all__ = ["LIMITS", "MERGED", "counts", "deep", "documents", "listings", "people"]


def documents() -> tuple[str, ...]:
    """One text of every kind: what the slice of GitHub's schema must be able to check."""
    return (*_finding(), *_people(), LIMITS, PROBE, priced(LIMITS), *_deep())


def _finding() -> tuple[str, ...]:
    fixed = (AUTHORS, BEHIND, MERGED, MEMBERS, searches("repositories", 2), searches("people", 2))
    return (*fixed, logins(2), organizations(2), counts(tuple(COUNTS)))


def _deep() -> tuple[str, ...]:
    return (deep(trees=True), deep(files=[2, 1]), deep(languages=True), deep(trees=True, files=[1], languages=True))


def _people() -> tuple[str, ...]:
    both = [False, True]
    return people(both), people(both, contributions=False), listings(2), reviews(2), topics(51, 2), revisit(51)
