"""Every text the connector sends, held against GitHub's schema and its documented point formula."""

from __future__ import annotations

import pytest

from sourcer_github import GitHub, queries
from sourcer_github.cheap import DETAILS_AT_ONCE
from sourcer_github.deep import FILES_AT_ONCE
from support.graphql_schema import cost, validate_query


@pytest.mark.parametrize("text", queries.documents())
def test_it_is_valid(text: str) -> None:
    assert validate_query(text) == []


@pytest.mark.parametrize("text", queries.documents())
def test_it_asks_what_it_cost_and_never_for_an_address(text: str) -> None:
    assert "rateLimit { cost limit remaining resetAt }" in text
    assert "email" not in text.lower()


def test_a_batch_of_people_costs_one_point() -> None:
    found = cost(queries.people([False] * GitHub.batch_size))
    assert (found.errors, found.requests, found.points) == ([], 30, 1)


def test_by_node_costs_what_by_login_costs() -> None:
    assert cost(queries.people([True] * 10)).requests == cost(queries.people([False] * 10)).requests


def test_details_fill_their_point() -> None:
    assert cost(queries.DETAILS, lists={"ids": DETAILS_AT_ONCE}).points == 1
    assert cost(queries.DETAILS, lists={"ids": DETAILS_AT_ONCE + 1}).points == 2


def test_files_cost_one_point_however_many() -> None:
    found = cost(queries.FILES, lists={"ids": FILES_AT_ONCE})
    assert (found.requests, found.points) == (0, 1)


def test_a_page_of_a_search_costs_one_point() -> None:
    assert cost(queries.SEARCH, {"first": 100}).points == 1


def test_a_page_of_pull_requests_costs_one_point() -> None:
    found = cost(queries.MERGED, {"first": 100})
    assert (found.errors, found.requests, found.points) == ([], 2, 1)


def test_a_person_with_ten_repositories_costs_less_than_a_third_of_a_point() -> None:
    """Of 10 people: 1 point for profiles and listings, 100 repositories' details, no files."""
    batch = cost(queries.people([False] * 10)).points
    details = -(-100 // DETAILS_AT_ONCE) * cost(queries.DETAILS, lists={"ids": DETAILS_AT_ONCE}).points
    assert (batch + details) / 10 <= 0.3
