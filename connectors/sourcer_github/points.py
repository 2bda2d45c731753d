"""The documented price of a question: for each connection the number of its parents, summed, through 100, rounded.

Source: docs.github.com, "Rate limits and query limits for the GraphQL API". It is GitHub's estimate beforehand; what an
answer says it cost is what counts.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from graphql import (
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    InlineFragmentNode,
    IntValueNode,
    ListTypeNode,
    NamedTypeNode,
    NonNullTypeNode,
    OperationDefinitionNode,
    SelectionSetNode,
    TypeNode,
    ValueNode,
    VariableNode,
    parse,
)

from sourcer.connect import Json

__all__ = ["SAMPLE_ID", "connections", "points", "with_everything"]

_LEAST: Final = 1
_SIZES: Final = ("first", "last")

SAMPLE_ID: Final = "MDQ6VXNlcjE="
"""Has the form of a node id; no question with it is ever run."""

_SAMPLES: Final[Mapping[str, Json]] = {
    "String": "example",
    "ID": SAMPLE_ID,
    "Int": 100,
    "DateTime": "2026-01-01T00:00:00Z",
    "Boolean": True,
}


def points(query: str, variables: Mapping[str, Json]) -> int:
    """What a question costs: at least 1."""
    return max(_LEAST, (connections(query, variables) + 50) // 100)


def connections(query: str, variables: Mapping[str, Json]) -> int:
    """How many lists GitHub may have to read, every page taken as full."""
    definitions = parse(query).definitions
    fragments = {one.name.value: one for one in definitions if isinstance(one, FragmentDefinitionNode)}
    operation = _operation(definitions)
    return _Counter(fragments, variables).count(operation.selection_set, 1)


def with_everything(query: str, given: Mapping[str, Json]) -> dict[str, Json]:
    """A value for each variable of a question: those ``given``, and samples for the others."""
    operation = _operation(parse(query).definitions)
    defined = {one.variable.name.value: one.type for one in operation.variable_definitions or ()}
    return {name: given.get(name, _sample(kind)) for name, kind in defined.items()}


def _operation(definitions: Sequence[Any]) -> OperationDefinitionNode:
    return next(one for one in definitions if isinstance(one, OperationDefinitionNode))


def _sample(kind: TypeNode) -> Json:
    if isinstance(kind, NonNullTypeNode):
        return _sample(kind.type)
    if isinstance(kind, ListTypeNode):
        return [_sample(kind.type)]
    return _SAMPLES.get(kind.name.value) if isinstance(kind, NamedTypeNode) else None


class _Counter:
    def __init__(self, fragments: Mapping[str, FragmentDefinitionNode], variables: Mapping[str, Json]) -> None:
        self._fragments = fragments
        self._variables = variables

    def count(self, selected: SelectionSetNode | None, parents: int) -> int:
        total = 0
        for one in selected.selections if selected is not None else ():
            if isinstance(one, FieldNode):
                total += self._field(one, parents)
            elif isinstance(one, InlineFragmentNode):
                total += self.count(one.selection_set, parents)
            elif isinstance(one, FragmentSpreadNode):
                total += self.count(self._fragments[one.name.value].selection_set, parents)
        return total

    def _field(self, field: FieldNode, parents: int) -> int:
        given = {argument.name.value: argument.value for argument in field.arguments or ()}
        size = next((self._number(given[name]) for name in _SIZES if name in given), None)
        if size is not None:
            return parents + self.count(field.selection_set, parents * size)
        ids = self._value(given["ids"]) if "ids" in given else None
        return self.count(field.selection_set, parents * (len(ids) if isinstance(ids, list) else 1))

    def _number(self, value: ValueNode) -> int:
        found = int(value.value) if isinstance(value, IntValueNode) else self._value(value)
        return found if isinstance(found, int) else 0

    def _value(self, value: ValueNode) -> Json:
        return self._variables.get(value.name.value) if isinstance(value, VariableNode) else None
