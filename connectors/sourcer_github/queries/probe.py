"""Questions about GitHub itself: what a question would cost, and whether it answers as this connector takes it to."""

from __future__ import annotations

from typing import Final

from sourcer_github.queries.common import RATE

__all__ = ["NOBODY", "PROBE", "SORTED", "priced"]

NOBODY: Final = "--"
"""Cannot be a login: those begin with a letter or a digit."""

SORTED: Final = "topic:mlops sort:stars-desc"

PROBE: Final = f"""
query Probe($nobody: String!, $sorted: String!) {{
  ghost: user(login: "ghost") {{ databaseId }}
  nobody: user(login: $nobody) {{ id }}
  sorted: search(type: REPOSITORY, query: $sorted, first: 10) {{
    nodes {{
      __typename
      ... on Repository {{
        stargazerCount
        repositoryTopics(first: 20) {{ totalCount nodes {{ topic {{ name }} }} }}
        owner {{ __typename ... on User {{ socialAccounts(first: 1) {{ totalCount }} }} }}
      }}
    }}
  }}
  {RATE}
}}
"""
"""What is not documented and yet relied on: 21 connections, 1 point."""

_PRICED: Final = RATE.replace("rateLimit {", "rateLimit(dryRun: true) {")


def priced(query: str) -> str:
    """The same question, asked for its price alone: GitHub does not run it."""
    return query.replace(RATE, _PRICED)
