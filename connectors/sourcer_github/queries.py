"""Every GraphQL text that the connector sends; ``tests/schemas`` holds them against GitHub's published schema.

Prices in points follow the documented formula: for each connection the number of its parents, summed, through 100. The
listing of a person has three connections, so a batch of ten costs one point; topics and languages are asked apart
(:data:`DETAILS`), for the repositories that exist instead of for full pages that are paid for and stay empty.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

__all__ = [
    "DETAILS",
    "FILES",
    "LIMITS",
    "MERGED",
    "PAGE",
    "SEARCH",
    "counts",
    "documents",
    "listings",
    "people",
]

PAGE: Final = 50
"""Repositories in one listing."""

_RATE: Final = "rateLimit { cost limit remaining resetAt }"


def _repositories(after: str = "") -> str:
    start = f" after: {after}," if after else ""
    order = "orderBy: {field: PUSHED_AT, direction: DESC}"
    return f"repositories(first: {PAGE},{start} ownerAffiliations: OWNER, privacy: PUBLIC, {order}) {{ ...listing }}"


_LISTING: Final = """
fragment listing on RepositoryConnection {
  totalCount
  pageInfo { hasNextPage endCursor }
  nodes {
    id databaseId nameWithOwner description url isFork isArchived isMirror isTemplate
    stargazerCount forkCount pushedAt primaryLanguage { name }
  }
}
"""

# The e-mail address is never asked for.
_PERSON: Final = f"""
fragment person on User {{
  id databaseId login url name bio company location websiteUrl twitterUsername isHireable createdAt
  followers(first: 1) {{ totalCount }}
  socialAccounts(first: 10) {{ nodes {{ provider url }} }}
  {_repositories()}
}}
{_LISTING}"""

SEARCH: Final = f"""
query Search($q: String!, $first: Int!, $after: String) {{
  search(type: REPOSITORY, query: $q, first: $first, after: $after) {{
    repositoryCount
    pageInfo {{ hasNextPage endCursor }}
    nodes {{
      __typename
      ... on Repository {{ owner {{ __typename login ... on User {{ databaseId }} }} }}
    }}
  }}
  {_RATE}
}}
"""
"""One page of repositories and their owners: 1 point."""

MERGED: Final = f"""
query Merged($owner: String!, $name: String!, $first: Int!, $after: String) {{
  repository(owner: $owner, name: $name) {{
    nameWithOwner stargazerCount primaryLanguage {{ name }}
    repositoryTopics(first: 20) {{ nodes {{ topic {{ name }} }} }}
    pullRequests(states: MERGED, first: $first, after: $after, orderBy: {{field: UPDATED_AT, direction: DESC}}) {{
      pageInfo {{ hasNextPage endCursor }}
      nodes {{
        id title url mergedAt updatedAt additions deletions changedFiles
        author {{ __typename login ... on User {{ databaseId }} }}
      }}
    }}
  }}
  {_RATE}
}}
"""
"""One page of the pull requests that a repository merged, and their authors: 1 point."""

DETAILS: Final = f"""
query Details($ids: [ID!]!) {{
  nodes(ids: $ids) {{
    __typename
    ... on Repository {{
      id
      repositoryTopics(first: 20) {{ nodes {{ topic {{ name }} }} }}
      languages(first: 10, orderBy: {{field: SIZE, direction: DESC}}) {{ totalSize edges {{ size node {{ name }} }} }}
      latestRelease {{ publishedAt }}
    }}
  }}
  {_RATE}
}}
"""
"""Topics, languages and releases of repositories: 74 of them to the point."""

FILES: Final = f"""
query Files($ids: [ID!]!) {{
  nodes(ids: $ids) {{
    __typename
    ... on Repository {{
      id nameWithOwner url pushedAt
      root: object(expression: "HEAD:") {{ __typename ... on Tree {{ entries {{ name type size }} }} }}
      workflows: object(expression: "HEAD:.github/workflows") {{
        __typename
        ... on Tree {{ entries {{ name type object {{ __typename ...source }} }} }}
      }}
      requirements: object(expression: "HEAD:requirements.txt") {{ __typename ...source }}
      pyproject: object(expression: "HEAD:pyproject.toml") {{ __typename ...source }}
      environment: object(expression: "HEAD:environment.yml") {{ __typename ...source }}
    }}
  }}
  {_RATE}
}}
fragment source on Blob {{ byteSize isTruncated isBinary text }}
"""
"""Files that show how the work is done. No connection in it: 1 point however many repositories."""

LIMITS: Final = f"query Limits {{ {_RATE} }}"
"""The cheapest question there is."""


def people(by_node: Sequence[bool]) -> str:
    """Profiles and first listings as the aliases ``u0`` and so on.

    Args:
        by_node: For each person, whether it is asked for by node id (``$k0``, which survives a change of login) or by
            login.
    """
    variables = ", ".join(f"$k{i}: {'ID!' if node else 'String!'}" for i, node in enumerate(by_node))
    fields = "\n".join(
        f"  u{i}: node(id: $k{i}) {{ __typename ...person }}"
        if node
        else f"  u{i}: user(login: $k{i}) {{ __typename ...person }}"
        for i, node in enumerate(by_node)
    )
    return f"query People({variables}) {{\n{fields}\n  {_RATE}\n}}\n{_PERSON}"


def listings(number: int) -> str:
    """The next repositories of ``number`` people, by node id ``$k0`` and cursor ``$a0``, as ``u0``, and so on."""
    variables = ", ".join(f"$k{i}: ID!, $a{i}: String!" for i in range(number))
    fields = "\n".join(
        f"  u{i}: node(id: $k{i}) {{ __typename ... on User {{ {_repositories(f'$a{i}')} }} }}" for i in range(number)
    )
    return f"query Listings({variables}) {{\n{fields}\n  {_RATE}\n}}\n{_LISTING}"


def counts(topics: int, repositories: int = 0) -> str:
    """How much there is to find.

    Args:
        topics: How many searches ``$q0`` and so on; the repositories that each finds stand as ``t0`` and so on.
        repositories: How many repositories ``$o0``/``$n0`` and so on; what each has merged stands as ``r0`` and so on.
    """
    variables = [f"$q{i}: String!" for i in range(topics)]
    variables += [f"$o{i}: String!, $n{i}: String!" for i in range(repositories)]
    fields = [f"t{i}: search(type: REPOSITORY, query: $q{i}, first: 1) {{ repositoryCount }}" for i in range(topics)]
    merged = "pullRequests(states: MERGED, first: 1) { totalCount }"
    fields += [f"r{i}: repository(owner: $o{i}, name: $n{i}) {{ {merged} }}" for i in range(repositories)]
    lines = "\n".join(f"  {field}" for field in fields)
    return f"query Counts({', '.join(variables)}) {{\n{lines}\n  {_RATE}\n}}"


def documents() -> tuple[str, ...]:
    """One text of every kind: what the slice of GitHub's schema must be able to check."""
    return (SEARCH, MERGED, DETAILS, FILES, LIMITS, people([False, True]), listings(2), counts(2, 2))
