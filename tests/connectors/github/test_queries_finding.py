"""What finding people costs by GitHub's documented point formula."""

from __future__ import annotations

import pytest

from sourcer_github.behind import MOST_REPOSITORIES
from sourcer_github.pricing import COUNTS_AT_ONCE
from sourcer_github.queries import finding
from sourcer_github.searching import SEARCHES_AT_ONCE
from support.graphql_schema import cost


@pytest.mark.parametrize("kind", ["repositories", "people"])
def test_pages_of_several_searches_cost_one_point(kind: str) -> None:
    found = cost(finding.searches(kind, SEARCHES_AT_ONCE), {"first": 100})
    assert (found.errors, found.requests, found.points) == ([], SEARCHES_AT_ONCE, 1)
    assert cost(finding.searches(kind, 1), {"first": 100}).points == 1


def test_as_many_organisations_are_followed_up_as_cost_one_point() -> None:
    found = cost(finding.BEHIND, {"each": 20}, {"ids": MOST_REPOSITORIES})
    assert (found.errors, found.requests, found.points) == ([], 148, 1)
    assert cost(finding.BEHIND, {"each": 20}, {"ids": MOST_REPOSITORIES + 1}).points == 2
    assert cost(finding.AUTHORS, {"each": 20, "since": "2026-01-01T00:00:00Z"}, {"ids": MOST_REPOSITORIES}).points == 1


def test_a_page_of_pull_requests_and_their_reviews_costs_one_point() -> None:
    found = cost(finding.MERGED, {"first": 100})
    assert (found.errors, found.requests, found.points) == ([], 102, 1)


def test_a_page_of_members_costs_one_point() -> None:
    found = cost(finding.MEMBERS, {"first": 100})
    assert (found.errors, found.requests, found.points) == ([], 1, 1)


def test_whose_accounts_a_hundred_logins_are_costs_one_point() -> None:
    for text in (finding.logins(100), finding.organizations(100)):
        found = cost(text)
        assert (found.errors, found.requests, found.points) == ([], 0, 1)


def test_all_that_is_counted_at_once_costs_one_point() -> None:
    kinds = list(finding.COUNTS) * (COUNTS_AT_ONCE // len(finding.COUNTS))
    found = cost(finding.counts(kinds))
    assert (found.errors, found.requests, found.points) == ([], len(kinds), 1)
