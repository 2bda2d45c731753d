"""Holding queries and canned answers against the slice of GitHub's schema that lies in ``tests/schemas``."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache, lru_cache
from pathlib import Path
from typing import Any, Final

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    GraphQLEnumType,
    GraphQLError,
    GraphQLField,
    GraphQLInterfaceType,
    GraphQLList,
    GraphQLNamedType,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLOutputType,
    GraphQLSchema,
    GraphQLUnionType,
    InlineFragmentNode,
    IntValueNode,
    OperationDefinitionNode,
    SelectionSetNode,
    ValueNode,
    VariableNode,
    build_schema,
    get_named_type,
    get_variable_values,
    parse,
    validate,
)

__all__ = ["Cost", "checked", "cost", "schema", "validate_answer", "validate_query"]

SLICE: Final = Path(__file__).resolve().parents[1] / "schemas" / "github.graphql"

MOST_NODES: Final = 500_000
MOST_OF_A_PAGE: Final = 100


@cache
def schema() -> GraphQLSchema:
    """The slice; it is a schema that graphql-core itself finds no fault with."""
    return build_schema(SLICE.read_text(encoding="utf-8"))


@lru_cache(maxsize=512)
def checked(text: str) -> tuple[DocumentNode, tuple[GraphQLError, ...]]:
    """A query, parsed, and what is wrong with it: tests ask the same few over and over.

    Raises:
        GraphQLSyntaxError: It is no query at all.
    """
    document = parse(text)
    return document, tuple(validate(schema(), document))


def validate_query(text: str) -> list[str]:
    """What is wrong with a query, by GitHub's schema; empty when it is valid."""
    try:
        return [error.message for error in checked(text)[1]]
    except GraphQLError as error:
        return [error.message]


@dataclass(frozen=True, slots=True)
class _Query:
    """A parsed query: its operation and its fragments."""

    operation: OperationDefinitionNode
    fragments: Mapping[str, FragmentDefinitionNode]

    @classmethod
    def of(cls, text: str) -> _Query:
        definitions = checked(text)[0].definitions
        fragments = {one.name.value: one for one in definitions if isinstance(one, FragmentDefinitionNode)}
        return cls(next(one for one in definitions if isinstance(one, OperationDefinitionNode)), fragments)

    def fields(self, selected: SelectionSetNode, kind: GraphQLNamedType) -> Iterator[FieldNode]:
        """The fields that an object of the type ``kind`` answers, fragments flattened."""
        for one in selected.selections:
            if isinstance(one, FieldNode):
                yield one
                continue
            part = one if isinstance(one, InlineFragmentNode) else self.fragments[getattr(one, "name").value]  # noqa: B009
            if part.type_condition is None or _applies(part.type_condition.name.value, kind):
                yield from self.fields(part.selection_set, kind)


def _applies(condition: str, kind: GraphQLNamedType) -> bool:
    wanted = schema().type_map[condition]
    if isinstance(wanted, GraphQLInterfaceType | GraphQLUnionType) and isinstance(kind, GraphQLObjectType):
        return schema().is_sub_type(wanted, kind)
    return wanted is kind


# ---------------------------------------------------------------- answers


def validate_answer(query: str, variables: Mapping[str, Any], data: Mapping[str, Any]) -> list[str]:
    """What is wrong with the ``data`` of an answer: fields too many or too few, nulls where none may be, wrong shapes.

    The variables must fit their types, too.
    """
    parsed = _Query.of(query)
    wrong = list(_check_variables(parsed, variables))
    root = schema().query_type
    if root is None:
        return ["the slice has no query type"]
    return wrong + list(_check_object(parsed, parsed.operation.selection_set, root, data, "data"))


def _check_variables(parsed: _Query, variables: Mapping[str, Any]) -> Iterator[str]:
    defined = {one.variable.name.value: one for one in parsed.operation.variable_definitions or ()}
    yield from (f"${name} is not defined" for name in variables if name not in defined)
    coerced = get_variable_values(schema(), tuple(defined.values()), dict(variables))
    if isinstance(coerced, list):
        yield from (error.message for error in coerced)


def _check_object(
    parsed: _Query, selected: SelectionSetNode, kind: GraphQLNamedType, value: Any, path: str
) -> Iterator[str]:
    if not isinstance(value, Mapping):
        yield f"{path}: not an object"
        return
    if isinstance(kind, GraphQLInterfaceType | GraphQLUnionType):
        yield from _check_abstract(parsed, selected, kind, value, path)
        return
    wanted: dict[str, list[FieldNode]] = {}
    for one in parsed.fields(selected, kind):
        wanted.setdefault(one.alias.value if one.alias else one.name.value, []).append(one)
    yield from (f"{path}.{key}: was not asked for" for key in value if key not in wanted)
    for key, nodes in wanted.items():
        if key not in value:
            yield f"{path}.{key}: is missing"
        elif nodes[0].name.value == "__typename":
            if value[key] != kind.name:
                yield f"{path}.{key}: {value[key]!r} is not {kind.name}"
        else:
            definition = _definition(kind, nodes[0].name.value)
            inner = SelectionSetNode(
                selections=tuple(each for node in nodes if node.selection_set for each in node.selection_set.selections)
            )
            yield from _check_value(parsed, inner, definition.type, value[key], f"{path}.{key}")


def _check_abstract(
    parsed: _Query,
    selected: SelectionSetNode,
    kind: GraphQLInterfaceType | GraphQLUnionType,
    value: Mapping[str, Any],
    path: str,
) -> Iterator[str]:
    """The object must be one of the possible types: the one it names, else any that fits."""
    possible = {one.name: one for one in schema().get_possible_types(kind)}
    named = value.get("__typename")
    if named is not None:
        if named not in possible:
            yield f"{path}: {named!r} is no {kind.name}"
        else:
            yield from _check_object(parsed, selected, possible[named], value, path)
        return
    tries = [list(_check_object(parsed, selected, one, value, path)) for one in possible.values()]
    yield from min(tries, key=len)


def _definition(kind: GraphQLNamedType, name: str) -> GraphQLField:
    assert isinstance(kind, GraphQLObjectType)
    field_of: GraphQLField = kind.fields[name]
    return field_of


def _check_value(
    parsed: _Query, selected: SelectionSetNode, kind: GraphQLOutputType, value: Any, path: str
) -> Iterator[str]:
    if isinstance(kind, GraphQLNonNull):
        if value is None:
            yield f"{path}: may not be null"
            return
        kind = kind.of_type
    if value is None:
        return
    if isinstance(kind, GraphQLList):
        if not isinstance(value, list):
            yield f"{path}: not a list"
            return
        for position, item in enumerate(value):
            yield from _check_value(parsed, selected, kind.of_type, item, f"{path}[{position}]")
    elif selected.selections:
        yield from _check_object(parsed, selected, get_named_type(kind), value, path)
    elif not _is_leaf(get_named_type(kind), value):
        yield f"{path}: {value!r} is no {get_named_type(kind).name}"


def _is_leaf(kind: GraphQLNamedType, value: Any) -> bool:
    return value in kind.values if isinstance(kind, GraphQLEnumType) else SCALARS[kind.name](value)


_TIME: Final = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")

SCALARS: Final[Mapping[str, Callable[[Any], bool]]] = {
    "Boolean": lambda value: isinstance(value, bool),
    "DateTime": lambda value: isinstance(value, str) and _TIME.fullmatch(value) is not None,
    "ID": lambda value: isinstance(value, str),
    "Int": lambda value: isinstance(value, int) and not isinstance(value, bool) and -(2**31) <= value < 2**31,
    "String": lambda value: isinstance(value, str),
    "URI": lambda value: isinstance(value, str),
}
"""How GitHub writes each scalar. A URI is what people typed: it may lack its scheme or be empty."""


# ---------------------------------------------------------------- costs


@dataclass
class Cost:
    """What a query costs by GitHub's documented formula.

    ``requests``: for each connection, the number of objects that carry it. ``points``: requests through 100, rounded
    to the nearest, at least 1. ``nodes``: what the pages could hold. ``errors``: rules that are broken.
    """

    requests: int = 0
    nodes: int = 0
    errors: list[str] = field(default_factory=list)

    @property
    def points(self) -> int:
        """Charged against 5,000 an hour."""
        return max(1, math.floor(self.requests / 100 + 0.5))


def cost(query: str, variables: Mapping[str, Any] | None = None, lists: Mapping[str, int] | None = None) -> Cost:
    """Price a query.

    Args:
        query: Its text.
        variables: Page sizes that are variables.
        lists: How long each list variable is (``ids`` of ``nodes(ids:)``): what hangs below is multiplied by it.
    """
    found = Cost(errors=validate_query(query))
    if found.errors:
        return found
    parsed = _Query.of(query)
    walk = _Walk(parsed, variables or {}, lists or {}, found)
    walk.below(parsed.operation.selection_set, "Query", 1)
    if found.nodes > MOST_NODES:
        found.errors.append(f"{found.nodes} nodes are more than {MOST_NODES}")
    return found


@dataclass(frozen=True, slots=True)
class _Walk:
    parsed: _Query
    variables: Mapping[str, Any]
    lists: Mapping[str, int]
    found: Cost

    def below(self, selected: SelectionSetNode, kind: str, parents: int) -> None:
        """Add up what hangs below a selection; all fragments count, since one object may be any of the types."""
        for one in selected.selections:
            if isinstance(one, FieldNode):
                self._field(one, kind, parents)
            elif isinstance(one, InlineFragmentNode):
                self.below(one.selection_set, one.type_condition.name.value if one.type_condition else kind, parents)
            else:
                part = self.parsed.fragments[getattr(one, "name").value]  # noqa: B009
                self.below(part.selection_set, part.type_condition.name.value, parents)

    def _field(self, node: FieldNode, kind: str, parents: int) -> None:
        if node.selection_set is None:
            return
        definition = getattr(schema().type_map[kind], "fields")[node.name.value]  # noqa: B009
        target = get_named_type(definition.type).name
        given = {one.name.value: one.value for one in node.arguments or ()}
        children = parents
        if target.endswith("Connection"):
            page = self._number(given.get("first") or given.get("last"))
            if not 1 <= page <= MOST_OF_A_PAGE:
                self.found.errors.append(f"{node.name.value}: first or last must be 1 to {MOST_OF_A_PAGE}")
            children = parents * page
            self.found.requests += parents
            self.found.nodes += children
        for value in given.values():
            if isinstance(value, VariableNode):
                children *= self.lists.get(value.name.value, 1)
        self.below(node.selection_set, target, children)

    def _number(self, value: ValueNode | None) -> int:
        if isinstance(value, VariableNode):
            return int(self.variables.get(value.name.value, 0))
        return int(value.value) if isinstance(value, IntValueNode) else 0
