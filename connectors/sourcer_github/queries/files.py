"""The files of repositories."""

from __future__ import annotations

from typing import Final

from sourcer_github.queries.common import RATE

__all__ = ["FILES"]

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
  {RATE}
}}
fragment source on Blob {{ byteSize isTruncated isBinary text }}
"""
"""Files that show how the work is done. No connection in it: 1 point however many repositories."""
