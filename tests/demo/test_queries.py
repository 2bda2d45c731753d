"""Every query of the connector is answered as GitHub would answer it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    InlineFragmentNode,
    Node,
    SelectionSetNode,
    VariableNode,
    Visitor,
    parse,
    visit,
)

from sourcer.demo.graphql import GraphQL
from sourcer.demo.model import World
from sourcer_github import queries
from support import graphql_schema


@pytest.fixture(scope="module")
def github(world: World) -> GraphQL:
    return GraphQL(world)


class _Uses(Visitor):
    """Where each variable stands: the field and the argument."""

    def __init__(self) -> None:
        super().__init__()
        self.found: dict[str, tuple[FieldNode, str]] = {}

    def enter_field(self, node: FieldNode, *_: object) -> None:
        for argument in node.arguments or ():
            if isinstance(argument.value, VariableNode):
                self.found[argument.value.name.value] = (node, argument.name.value)


def conditions(selections: SelectionSetNode | None, document: DocumentNode) -> Iterator[str]:
    """The types that a selection names."""
    fragments = {one.name.value: one for one in document.definitions if isinstance(one, FragmentDefinitionNode)}
    for one in selections.selections if selections is not None else ():
        inner: Node | None = one
        if isinstance(one, FragmentSpreadNode):
            inner = fragments[one.name.value]
        if isinstance(inner, FragmentDefinitionNode | InlineFragmentNode) and inner.type_condition is not None:
            yield inner.type_condition.name.value


def value(field: FieldNode, argument: str, document: DocumentNode, world: World) -> Any:
    user = next(one for one in world.accounts if one.kind == "User" and len(one.repositories) > 2)
    if argument in ("id", "ids"):
        wanted = set(conditions(field.selection_set, document))
        ids = [one.id for one in user.repositories] if "Repository" in wanted else [user.id]
        return ids if argument == "ids" else ids[0]
    return {
        ("organization", "login"): "kettlewright",
        ("user", "login"): user.login,
        ("repository", "owner"): "Kettlewright",
        ("repository", "name"): "flowmill",
        ("search", "query"): "repos:>2" if _searches_people(field) else "topic:mlops",
        ("search", "after"): None,
        ("object", "expression"): "HEAD:README.md",
        ("history", "since"): "2011-01-01T00:00:00Z",
        ("contributionsCollection", "from"): "2026-01-01T00:00:00Z",
        ("contributionsCollection", "to"): "2026-10-01T00:00:00Z",
    }.get((field.name.value, argument), {"first": 30, "after": "Y3Vyc29yOjE="}.get(argument))


def _searches_people(field: FieldNode) -> bool:
    return any(getattr(one.value, "value", "") == "USER" for one in field.arguments or ())


@pytest.mark.parametrize("number", range(len(queries.documents())))
def test_every_query_of_the_connector_is_answered_as_github_would(github: GraphQL, world: World, number: int) -> None:
    query = queries.documents()[number]
    document, uses = parse(query), _Uses()
    visit(document, uses)
    variables = {name: value(*use, document, world) for name, use in uses.found.items()}
    question = github.read(query, variables)
    assert question.errors == ()
    rate = {"cost": 1, "limit": 5000, "nodeCount": 1, "remaining": 1, "used": 1}
    body = github.answer(question, rate | {"resetAt": world.today})
    assert "errors" not in body
    assert graphql_schema.validate_answer(query, question.variables, body["data"]) == []
