"""What the shapes of GitHub's answers have in common. Lists may hold nulls; they are skipped."""

from __future__ import annotations

from typing import Any, Generic, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from pydantic.alias_generators import to_camel

__all__ = ["Actor", "Connection", "Named", "PageInfo", "TopicNode", "Wire", "read"]

_Node = TypeVar("_Node")
_Model = TypeVar("_Model", bound=BaseModel)


def read(model: type[_Model], value: Any) -> _Model | None:
    """A value in the shape of ``model``, or ``None`` where it has another."""
    try:
        return model.model_validate(value)
    except ValidationError:
        return None


class Wire(BaseModel):
    """The base: camelCase outside, unknown keys ignored, since GitHub adds some every month."""

    model_config = ConfigDict(frozen=True, extra="ignore", alias_generator=to_camel, populate_by_name=True)


class PageInfo(Wire):
    """Where a connection goes on."""

    has_next_page: bool = False
    end_cursor: str | None = None


class Connection(Wire, Generic[_Node]):
    """A page of a list. ``total_count`` counts the whole list; ``None`` where it was not asked."""

    total_count: int | None = None
    page_info: PageInfo = PageInfo()
    nodes: tuple[_Node | None, ...] | None = None

    @property
    def present(self) -> tuple[_Node, ...]:
        """The nodes that are there."""
        return tuple(node for node in self.nodes or () if node is not None)


class Named(Wire):
    """A topic or a language."""

    name: str


class TopicNode(Wire):
    """A topic of a repository."""

    topic: Named


class Actor(Wire):
    """Who owns or wrote something: ``kind`` is ``User``, ``Organization``, ``Bot`` … Only a user has an id here."""

    kind: str = Field("", alias="__typename")
    login: str = ""
    database_id: int | None = None
