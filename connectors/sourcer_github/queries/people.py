"""People: what they say of themselves, what they own, and what others took from them.

Prices in points follow the documented formula: for each connection the number of its parents, summed, through 100,
rounded. A person has five connections, so 29 people cost a point. Topics are asked apart (:func:`topics`), for the
repositories that exist, instead of for full pages that are paid for and stay empty.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from sourcer_github.queries.common import RATE, by_ids

__all__ = ["PAGE", "listings", "people", "reviews", "revisit", "topics"]

PAGE: Final = 50
"""Repositories in one listing. A connection costs the same with any page; time grows with what it holds."""

_PUBLIC: Final = "ownerAffiliations: OWNER, privacy: PUBLIC, orderBy: {field: PUSHED_AT, direction: DESC}"
# Not by the last update: a late comment would bring an old pull request to the front.
_MERGED: Final = "states: MERGED, orderBy: {field: CREATED_AT, direction: DESC}"


def _repositories(after: str = "") -> str:
    start = f"after: {after}, " if after else ""
    return f"repositories(first: {PAGE}, {start}{_PUBLIC}) {{ ...listing }}"


_LISTING: Final = """
fragment listing on RepositoryConnection {
  totalCount
  pageInfo { hasNextPage endCursor }
  nodes {
    id databaseId nameWithOwner description url isFork isArchived isMirror isTemplate
    stargazerCount forkCount createdAt pushedAt primaryLanguage { name } latestRelease { publishedAt }
  }
}
"""

_TAKER: Final = """
fragment taker on Repository {
  id nameWithOwner stargazerCount isFork isPrivate primaryLanguage { name }
}
"""

_REVIEWS: Final = """
fragment reviews on ContributionsCollection {
  contributionYears
  pullRequestReviewContributions(first: 25, orderBy: {direction: DESC}) {
    nodes {
      pullRequestReview { id url state submittedAt }
      pullRequest { title author { __typename login } }
      repository { ...taker }
    }
  }
}
"""

# The e-mail address is never asked for.
_PERSON: Final = f"""
fragment person on User {{
  id databaseId login url name bio company location websiteUrl twitterUsername isHireable createdAt updatedAt
  followers(first: 1) {{ totalCount }}
  socialAccounts(first: 10) {{ nodes {{ provider url }} }}
  {_repositories()}
  pullRequests(first: 50, {_MERGED}) {{
    totalCount
    nodes {{ id title url mergedAt additions deletions changedFiles repository {{ ...taker }} }}
  }}
}}
{_LISTING}{_TAKER}"""

_TOPICS: Final = "... on Repository { id repositoryTopics(first: 20) { nodes { topic { name } } } }"

# A file is no connection: it rides along at no points.
_SHOWN: Final = f"""{_TOPICS} ... on Repository {{
    readme: object(expression: "HEAD:README.md") {{ __typename ... on Blob {{ isTruncated isBinary text }} }}
  }}"""

_STANDING: Final = f"""... on User {{
    id databaseId login updatedAt
    repositories(first: 1, {_PUBLIC}) {{ totalCount nodes {{ id pushedAt }} }}
    pullRequests(first: 1, {_MERGED}) {{ totalCount nodes {{ id }} }}
  }}"""


def topics(number: int, shown: int = 0) -> str:
    """Topics of repositories by node id: 149 of them to the point.

    Of ``shown`` further ones, in lists ``p0`` and so on, also the README, which GitHub shows on their owner's profile.
    """
    return by_ids("Topics", n=(_TOPICS, number), p=(_SHOWN, shown))


def revisit(number: int) -> str:
    """Who has moved since the last look, by node id: 74 people to the point."""
    return by_ids("Revisit", n=(_STANDING, number))


def people(by_node: Sequence[bool], *, contributions: bool = True) -> str:
    """Profiles, first listings, merged pull requests and reviews as the aliases ``u0`` and so on.

    Args:
        by_node: For each person, whether it is asked for by node id (``$k0``, which survives a change of login) or by
            login.
        contributions: Whether to ask for reviews and the years of contribution, which GitHub has to compute.
    """
    variables = ", ".join(f"$k{i}: {'ID!' if node else 'String!'}" for i, node in enumerate(by_node))
    more = " ... on User { contributionsCollection { ...reviews } }" if contributions else ""
    fields = "\n".join(
        f"  u{i}: {'node(id:' if node else 'user(login:'} $k{i}) {{ __typename ...person{more} }}"
        for i, node in enumerate(by_node)
    )
    tail = _REVIEWS if contributions else ""
    return f"query People({variables}) {{\n{fields}\n  {RATE}\n}}\n{_PERSON}{tail}"


def listings(number: int) -> str:
    """The next repositories of ``number`` people, by node id ``$k0`` and cursor ``$a0``, as ``u0``, and so on."""
    variables = ", ".join(f"$k{i}: ID!, $a{i}: String!" for i in range(number))
    fields = "\n".join(
        f"  u{i}: node(id: $k{i}) {{ __typename ... on User {{ {_repositories(f'$a{i}')} }} }}" for i in range(number)
    )
    return f"query Listings({variables}) {{\n{fields}\n  {RATE}\n}}\n{_LISTING}"


def reviews(number: int) -> str:
    """The reviews of ``number`` people between ``$f0`` and ``$t0``, at most a year, by node id ``$k0``, as ``u0``."""
    variables = ", ".join(f"$k{i}: ID!, $f{i}: DateTime!, $t{i}: DateTime!" for i in range(number))
    fields = "\n".join(
        f"  u{i}: node(id: $k{i}) {{ __typename ... on User {{ "
        f"contributionsCollection(from: $f{i}, to: $t{i}) {{ ...reviews }} }} }}"
        for i in range(number)
    )
    return f"query Reviews({variables}) {{\n{fields}\n  {RATE}\n}}\n{_REVIEWS}{_TAKER}"
