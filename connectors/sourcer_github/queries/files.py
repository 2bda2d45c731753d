"""What repositories hold: their trees, two levels deep, chosen files, and languages, together in one question.

Only languages are a connection. So a question costs one point with any number of trees and files, and with languages of
up to :data:`LANGUAGES_AT_ONCE` repositories.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from sourcer_github.queries.common import RATE

__all__ = ["LANGUAGES_AT_ONCE", "deep"]

LANGUAGES_AT_ONCE: Final = 100
"""One connection each, and the most ids that GitHub takes in a list."""

_TREES: Final = """\
  trees: nodes(ids: $trees) { __typename ...tree }"""

_TREE: Final = """
fragment tree on Repository {
  id nameWithOwner url pushedAt isArchived isMirror isTemplate
  root: object(expression: "HEAD:") {
    __typename
    ... on Tree { entries { name type size object { ... on Tree { entries { name type size } } } } }
  }
  workflows: object(expression: "HEAD:.github/workflows") {
    __typename
    ... on Tree { entries { name type size } }
  }
}
"""

_LANGUAGES: Final = """\
  languages: nodes(ids: $languages) { __typename ...languages }"""

_LANGUAGES_OF: Final = """
fragment languages on Repository {
  id nameWithOwner url pushedAt
  languages(first: 10, orderBy: {field: SIZE, direction: DESC}) { totalSize edges { size node { name } } }
}
"""

_SOURCE: Final = """
fragment source on Blob { isTruncated isBinary text }
"""


def deep(*, trees: bool = False, files: Sequence[int] = (), languages: bool = False) -> str:
    """The question.

    Args:
        trees: Whether to ask for the trees of the repositories ``$trees``, which stand as ``trees``.
        files: For each repository ``$i0`` and so on, how many files of it to ask for. It stands as ``r0`` and so on;
            its files have the expressions ``$e0_0`` and so on and stand in it as ``f0`` and so on.
        languages: Whether to ask for the languages of the repositories ``$languages``, which stand as ``languages``.
    """
    variables = ["$trees: [ID!]!"] * trees + ["$languages: [ID!]!"] * languages
    fields, fragments = [_TREES] * trees, [_TREE] * trees
    for i, number in enumerate(files):
        variables += [f"$i{i}: ID!", *(f"$e{i}_{j}: String!" for j in range(number))]
        # Paths are strangers' texts: they go as variables, never into the question.
        blobs = " ".join(f"f{j}: object(expression: $e{i}_{j}) {{ __typename ...source }}" for j in range(number))
        fields.append(f"  r{i}: node(id: $i{i}) {{ __typename ... on Repository {{ id {blobs} }} }}")
    fields += [_LANGUAGES] * languages
    fragments += [_SOURCE] * bool(files) + [_LANGUAGES_OF] * languages
    lines = "\n".join([*fields, f"  {RATE}"])
    return f"query Deep({', '.join(variables)}) {{\n{lines}\n}}\n{''.join(fragments)}"
