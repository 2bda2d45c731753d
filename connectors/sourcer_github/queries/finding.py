"""Finding people."""

from __future__ import annotations

from typing import Final

from sourcer_github.queries.common import RATE

__all__ = ["MERGED", "SEARCH", "counts"]

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
  {RATE}
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
  {RATE}
}}
"""
"""One page of the pull requests that a repository merged, and their authors: 1 point."""


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
    return f"query Counts({', '.join(variables)}) {{\n{lines}\n  {RATE}\n}}"
