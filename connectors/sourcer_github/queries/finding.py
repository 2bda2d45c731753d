"""Finding people."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from sourcer_github.queries.common import RATE

__all__ = [
    "AUTHORS",
    "BEHIND",
    "COUNTS",
    "MEMBERS",
    "MERGED",
    "counts",
    "logins",
    "organizations",
    "searches",
]

_ACTOR: Final = "__typename login ... on User { databaseId }"
_USER: Final = "__typename login databaseId"
_PULL: Final = f"""
fragment pull on PullRequest {{
  id title url mergedAt updatedAt additions deletions changedFiles
  author {{ {_ACTOR} }}
}}
"""
_FACTS: Final = """
fragment facts on Repository {
  nameWithOwner stargazerCount primaryLanguage { name }
  repositoryTopics(first: 20) { nodes { topic { name } } }
}
"""
_MERGED_LAST: Final = "states: MERGED, orderBy: {field: UPDATED_AT, direction: DESC}"

BEHIND: Final = f"""
query Behind($ids: [ID!]!, $each: Int!) {{
  nodes(ids: $ids) {{
    __typename
    ... on Repository {{ ...facts pullRequests(first: $each, {_MERGED_LAST}) {{ nodes {{ ...pull }} }} }}
  }}
  {RATE}
}}
{_FACTS}{_PULL}"""
"""The people whose work repositories of organisations took lately: two connections each, 74 of them to the point."""

AUTHORS: Final = f"""
query Authors($ids: [ID!]!, $each: Int!, $since: GitTimestamp!) {{
  nodes(ids: $ids) {{
    __typename
    ... on Repository {{
      object(expression: "HEAD") {{
        ... on Commit {{ history(first: $each, since: $since) {{ nodes {{ author {{ user {{ {_USER} }} }} }} }} }}
      }}
    }}
  }}
  {RATE}
}}
"""
"""Who wrote the latest commits of repositories: one connection each, 148 of them to the point."""

_KINDS: Final = {
    "repositories": (
        "Search",
        "REPOSITORY",
        "total: repositoryCount",
        f"... on Repository {{ id nameWithOwner owner {{ {_ACTOR} }} }}",
    ),
    "people": ("SearchPeople", "USER", "total: userCount", "... on User { login databaseId }"),
}


def searches(kind: str, number: int) -> str:
    """A page of each of several searches ``$q0`` from a cursor ``$a0`` on, as ``s0``, and so on: one connection each.

    Args:
        kind: What is searched for: ``repositories`` and their owners, or ``people``.
        number: How many searches.
    """
    name, searched, total, wanted = _KINDS[kind]
    variables = ", ".join(f"$q{i}: String!, $a{i}: String" for i in range(number))
    fields = "\n".join(
        f"  s{i}: search(type: {searched}, query: $q{i}, first: $first, after: $a{i}) {{ ...page }}"
        for i in range(number)
    )
    return f"""
query {name}($first: Int!, {variables}) {{
{fields}
  {RATE}
}}
fragment page on SearchResultItemConnection {{
  {total}
  pageInfo {{ hasNextPage endCursor }}
  nodes {{ __typename {wanted} }}
}}
"""


MERGED: Final = f"""
query Merged($owner: String!, $name: String!, $first: Int!, $after: String) {{
  repository(owner: $owner, name: $name) {{
    ...facts
    pullRequests(first: $first, after: $after, {_MERGED_LAST}) {{
      pageInfo {{ hasNextPage endCursor }}
      nodes {{
        ...pull
        reviews(first: 5) {{ nodes {{ id url state submittedAt author {{ {_ACTOR} }} }} }}
      }}
    }}
  }}
  {RATE}
}}
{_FACTS}{_PULL}"""
"""One page of the pull requests that a repository merged, their authors and reviewers: 102 connections, 1 point."""

MEMBERS: Final = f"""
query Members($login: String!, $first: Int!, $after: String) {{
  organization(login: $login) {{
    membersWithRole(first: $first, after: $after) {{
      totalCount
      pageInfo {{ hasNextPage endCursor }}
      nodes {{ __typename login databaseId }}
    }}
  }}
  {RATE}
}}
"""
"""One page of an organisation's members, as far as they say so in public: 1 point."""


def logins(number: int) -> str:
    """The people of the logins ``$l0`` and so on, as ``u0`` and so on. No connection in it: 1 point."""
    return _aliases("Logins", number, "u{0}: user(login: $l{0}) {{ __typename login databaseId }}")


def organizations(number: int) -> str:
    """Whether the logins ``$l0`` and so on are organisations, as ``u0`` and so on. No connection in it: 1 point."""
    return _aliases("Organizations", number, "u{0}: organization(login: $l{0}) {{ __typename }}")


def _aliases(name: str, number: int, field: str) -> str:
    variables = ", ".join(f"$l{i}: String!" for i in range(number))
    fields = "\n".join(f"  {field.format(i)}" for i in range(number))
    return f"query {name}({variables}) {{\n{fields}\n  {RATE}\n}}"


COUNTS: Final = {
    "repositories": ("$q{0}: String!", "search(type: REPOSITORY, query: $q{0}, first: 1) {{ total: repositoryCount }}"),
    "people": ("$q{0}: String!", "search(type: USER, query: $q{0}, first: 1) {{ total: userCount }}"),
    "merged": (
        "$o{0}: String!, $n{0}: String!",
        "repository(owner: $o{0}, name: $n{0}) {{ listed: pullRequests(states: MERGED, first: 1) {{ totalCount }} }}",
    ),
    "members": (
        "$q{0}: String!",
        "organization(login: $q{0}) {{ listed: membersWithRole(first: 1) {{ totalCount }} }}",
    ),
}
"""What can be counted: the variables that it takes, and the question."""


def counts(kinds: Sequence[str]) -> str:
    """How much there is of several things, as ``c0`` and so on. One connection each: 1 point for 149 counts.

    Args:
        kinds: Keys of :data:`COUNTS`; of the first thing the variables end in ``0``, and so on.
    """
    variables = ", ".join(COUNTS[kind][0].format(i) for i, kind in enumerate(kinds))
    fields = "\n".join(f"  c{i}: {COUNTS[kind][1].format(i)}" for i, kind in enumerate(kinds))
    return f"query Counts({variables}) {{\n{fields}\n  {RATE}\n}}"
