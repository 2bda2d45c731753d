"""The slice of GitHub's schema, the tool that cuts it, and the checks that stand on it."""

from __future__ import annotations

from typing import Any

import pytest
from graphql import validate_schema

from schemas.cut_slice import FULL_SCHEMA, SLICE, cut, read_full
from sourcer_github.queries import documents
from support.graphql_schema import cost, schema, validate_answer, validate_query


def test_the_slice_is_a_schema_without_faults() -> None:
    assert validate_schema(schema()) == []


def test_its_source_and_licence_are_told() -> None:
    head = SLICE.read_text(encoding="utf-8").partition("\n\n")[0]
    assert "octokit/graphql-schema" in head
    assert "LICENSE.github-schema.txt" in head
    assert "Permission is hereby granted" in (SLICE.parent / "LICENSE.github-schema.txt").read_text(encoding="utf-8")


def test_the_slice_is_what_the_queries_touch() -> None:
    # Without the full schema the slice stands as it is: that the queries are valid is tested against it all the same.
    full = read_full(FULL_SCHEMA) if FULL_SCHEMA.exists() else SLICE.read_text(encoding="utf-8")
    assert cut(full, documents()) == SLICE.read_text(encoding="utf-8")


def test_a_query_with_a_field_that_is_not_there_is_invalid() -> None:
    assert validate_query("{ rateLimit { costs } }") != []
    assert validate_query("{ user { id } }") != []
    assert validate_query("{ nonsense") != []


PEOPLE = "query($l: String!) { a: user(login: $l) { databaseId isHireable repositories(first: 1) { nodes { id } } } }"
SEARCH = """{ search(type: REPOSITORY, query: "x", first: 1) {
  repositoryCount nodes { __typename ... on Repository { id owner { login } pushedAt } } } }"""


def person(**changed: Any) -> dict[str, Any]:
    return {"a": {"databaseId": 1, "isHireable": False, "repositories": {"nodes": [{"id": "R_1"}, None]}} | changed}


def repository(**changed: Any) -> dict[str, Any]:
    node = {"__typename": "Repository", "id": "R_1", "owner": {"login": "ada"}, "pushedAt": None} | changed
    return {"search": {"repositoryCount": 1, "nodes": [node]}}


@pytest.mark.parametrize(
    ("query", "data"),
    [
        (PEOPLE, person()),
        (PEOPLE, {"a": None}),
        (PEOPLE, person(databaseId=None)),
        (SEARCH, repository()),
        (SEARCH, repository(pushedAt="2026-01-31T12:00:00Z")),
        (SEARCH, {"search": {"repositoryCount": 0, "nodes": [{"__typename": "User"}]}}),
    ],
)
def test_good_answers_pass(query: str, data: dict[str, Any]) -> None:
    assert validate_answer(query, {"l": "ada"} if query == PEOPLE else {}, data) == []


@pytest.mark.parametrize(
    ("query", "data", "complaint"),
    [
        (PEOPLE, person(databaseId="1"), "data.a.databaseId: '1' is no Int"),
        (PEOPLE, person(databaseId=2**31), "is no Int"),
        (PEOPLE, person(isHireable=None), "data.a.isHireable: may not be null"),
        (PEOPLE, person(isHireable=1), "is no Boolean"),
        (PEOPLE, person(repositories={"nodes": {}}), "data.a.repositories.nodes: not a list"),
        (PEOPLE, person(repositories={"nodes": [{}]}), "data.a.repositories.nodes[0].id: is missing"),
        (PEOPLE, person(repositories=[]), "data.a.repositories: not an object"),
        (PEOPLE, person(name="Ada"), "data.a.name: was not asked for"),
        (PEOPLE, {}, "data.a: is missing"),
        (SEARCH, repository(pushedAt="31.01.2026"), "is no DateTime"),
        (SEARCH, repository(__typename="Gist"), "'Gist' is no SearchResultItem"),
        (SEARCH, repository(owner=None), "owner: may not be null"),
    ],
)
def test_wrong_answers_are_told(query: str, data: dict[str, Any], complaint: str) -> None:
    found = validate_answer(query, {"l": "ada"} if query == PEOPLE else {}, data)
    assert any(complaint in line for line in found), found


def test_variables_are_checked() -> None:
    assert validate_answer(PEOPLE, {}, person()) != []
    assert len(validate_answer(PEOPLE, {"l": 3}, person())) == 1
    assert validate_answer(PEOPLE, {"l": "ada", "m": 1}, person()) == ["$m is not defined"]


def test_costs_follow_the_documented_formula() -> None:
    nested = """query($n: Int!) { user(login: "x") {
        repositories(first: 50) { nodes { languages(first: $n) { totalSize } } } } }"""
    found = cost(nested, {"n": 10})
    assert (found.requests, found.nodes, found.points, found.errors) == (51, 550, 1, [])
    assert cost(nested, {"n": 101}).errors == ["languages: first or last must be 1 to 100"]
    assert cost("{ nonsense }").errors != []
    hundreds = """query($ids: [ID!]!) { nodes(ids: $ids) { ... on User { followers(first: 1) { totalCount } } } }"""
    assert cost(hundreds, lists={"ids": 150}).points == 2
    assert cost(hundreds, lists={"ids": 149}).points == 1
    assert cost(hundreds, lists={"ids": 600_000}).errors == ["600000 nodes are more than 500000"]
