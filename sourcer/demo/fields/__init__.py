"""How each field of GitHub's schema is answered from the invented world.

A field without an entry here is read from the attribute of the same name (``createdAt`` from ``created_at``).
"""

from __future__ import annotations

from typing import Any, Final

from sourcer.demo.fields.common import Table
from sourcer.demo.fields.contributions import CONTRIBUTIONS, collection
from sourcer.demo.fields.owners import OWNERS
from sourcer.demo.fields.pulls import PULLS
from sourcer.demo.fields.repositories import REPOSITORIES
from sourcer.demo.fields.trees import TREES
from sourcer.demo.model import Account

__all__ = ["FIELDS", "collection", "type_of"]

FIELDS: Final[dict[str, Table]] = {**OWNERS, **REPOSITORIES, **PULLS, **CONTRIBUTIONS, **TREES}
"""By type and field: from the object and the arguments to the value."""

_NAMED_OTHERWISE: Final = {"Review": "PullRequestReview"}


def type_of(source: Any) -> str:
    """The name of the GraphQL type that an object of the world has."""
    if isinstance(source, Account):
        return source.kind
    name = type(source).__name__
    return _NAMED_OTHERWISE.get(name, name)
