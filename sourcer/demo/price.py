"""What a query costs, by the formula that GitHub documents."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    GraphQLNamedType,
    GraphQLSchema,
    InlineFragmentNode,
    OperationDefinitionNode,
    SelectionSetNode,
    get_named_type,
    value_from_ast_untyped,
)

__all__ = ["MOST_NODES", "Price", "price"]

MOST_NODES: Final = 500_000
"""Nodes that one query may ask for."""

_REPOSITORIES: Final = 25
"""``maxRepositories`` where it is not given."""


@dataclass(frozen=True, slots=True)
class Price:
    """``points`` are taken from the hour's quota; ``nodes`` is how many a query could return at most."""

    points: int
    nodes: int


@dataclass(slots=True)
class _Meter:
    schema: GraphQLSchema
    fragments: Mapping[str, FragmentDefinitionNode]
    variables: dict[str, Any]
    requests: int = 0
    nodes: int = 0

    def walk(self, selections: SelectionSetNode | None, parent: GraphQLNamedType | None, parents: int) -> None:
        """Count what a selection asks of ``parents`` objects of a type."""
        for selection in selections.selections if selections is not None else ():
            if isinstance(selection, FieldNode):
                self._field(selection, parent, parents)
            elif isinstance(selection, InlineFragmentNode):
                condition = selection.type_condition
                inner = self.schema.get_type(condition.name.value) if condition is not None else parent
                self.walk(selection.selection_set, inner, parents)
            else:
                fragment = self.fragments[selection.name.value]  # type: ignore[attr-defined]  # the third kind of three
                self.walk(fragment.selection_set, self.schema.get_type(fragment.type_condition.name.value), parents)

    def _field(self, node: FieldNode, parent: GraphQLNamedType | None, parents: int) -> None:
        field = getattr(parent, "fields", {}).get(node.name.value)
        if field is None:
            return
        kind = get_named_type(field.type)
        args = {one.name.value: value_from_ast_untyped(one.value, self.variables) for one in node.arguments or ()}
        if kind.name.endswith("Connection"):
            wanted = args.get("first") or args.get("last") or 0
            self.requests += parents
            self.nodes += parents * wanted
            parents *= wanted
        elif isinstance(ids := args.get("ids"), list):
            # The page does not say how lists of ids count; each id is taken as a parent.
            parents *= len(ids)
        elif "maxRepositories" in field.args:
            # Nor how plain lists count; each item is taken as a parent.
            parents *= args.get("maxRepositories") or _REPOSITORIES
        self.walk(node.selection_set, kind, parents)


def price(schema: GraphQLSchema, document: DocumentNode, variables: Mapping[str, Any]) -> Price:
    """Price a valid query.

    For each connection the number of objects that may carry it, summed, through 100, rounded; at least one point.
    Source: docs.github.com, "Rate limits and query limits for the GraphQL API".
    """
    fragments = {one.name.value: one for one in document.definitions if isinstance(one, FragmentDefinitionNode)}
    operation = next(one for one in document.definitions if isinstance(one, OperationDefinitionNode))
    given = dict(variables)
    for definition in operation.variable_definitions or ():
        if definition.default_value is not None:
            given.setdefault(definition.variable.name.value, value_from_ast_untyped(definition.default_value))
    meter = _Meter(schema, fragments, given)
    meter.walk(operation.selection_set, schema.query_type, 1)
    return Price(max(1, math.floor(meter.requests / 100 + 0.5)), meter.nodes)
