"""Profiles and the repositories of people.

Prices in points follow the documented formula: for each connection the number of its parents, summed, through 100. The
listing of a person has three connections, so a batch of ten costs one point; topics and languages are asked apart
(:data:`DETAILS`), for the repositories that exist instead of for full pages that are paid for and stay empty.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from sourcer_github.queries.common import RATE

__all__ = ["DETAILS", "PAGE", "listings", "people"]

PAGE: Final = 50
"""Repositories in one listing."""


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
  {RATE}
}}
"""
"""Topics, languages and releases of repositories: 74 of them to the point."""


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
    return f"query People({variables}) {{\n{fields}\n  {RATE}\n}}\n{_PERSON}"


def listings(number: int) -> str:
    """The next repositories of ``number`` people, by node id ``$k0`` and cursor ``$a0``, as ``u0``, and so on."""
    variables = ", ".join(f"$k{i}: ID!, $a{i}: String!" for i in range(number))
    fields = "\n".join(
        f"  u{i}: node(id: $k{i}) {{ __typename ... on User {{ {_repositories(f'$a{i}')} }} }}" for i in range(number)
    )
    return f"query Listings({variables}) {{\n{fields}\n  {RATE}\n}}\n{_LISTING}"
