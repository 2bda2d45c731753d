"""Every text the connector sends, held against GitHub's schema and its documented point formula."""

from __future__ import annotations

import re

import pytest

from sourcer_github import GitHub, queries
from sourcer_github.accounts import LIGHT_AT_ONCE, PEOPLE_AT_ONCE
from sourcer_github.contents import TREES_AT_ONCE
from sourcer_github.contributions import AT_ONCE
from sourcer_github.owned import LISTINGS_AT_ONCE, TOPICS_AT_ONCE
from sourcer_github.queries.common import id_lists
from sourcer_github.queries.files import LANGUAGES_AT_ONCE
from sourcer_github.queries.people import reviews, revisit, topics
from sourcer_github.revisit import PROBES_AT_ONCE
from support.graphql_schema import cost, validate_query


def lengths(number: int) -> dict[str, int]:
    lists = id_lists(["R_1"] * number)
    assert sum(map(len, lists.values())) == number
    assert max(map(len, lists.values())) <= 100, "GitHub takes at most 100 ids in a list"
    return {name: len(ids) for name, ids in lists.items()}


@pytest.mark.parametrize("text", queries.documents())
def test_it_is_valid(text: str) -> None:
    assert validate_query(text) == []


@pytest.mark.parametrize("text", queries.documents())
def test_it_asks_what_it_cost_and_never_for_an_address(text: str) -> None:
    assert re.search(r"rateLimit(\(dryRun: true\))? \{ cost limit remaining resetAt \}", text)
    assert "email" not in text.lower()


def test_as_many_people_are_asked_as_cost_one_point() -> None:
    found = cost(queries.people([False] * PEOPLE_AT_ONCE))
    assert (found.errors, found.requests, found.points) == ([], 145, 1)
    assert cost(queries.people([False] * (PEOPLE_AT_ONCE + 1))).points == 2


def test_by_node_costs_what_by_login_costs() -> None:
    assert cost(queries.people([True] * 10)).requests == cost(queries.people([False] * 10)).requests


def test_people_without_contributions_cost_one_point() -> None:
    assert cost(queries.people([True] * LIGHT_AT_ONCE, contributions=False)).points == 1
    assert cost(queries.people([True] * (LIGHT_AT_ONCE + 1), contributions=False)).points == 2


def test_a_batch_is_as_large_as_one_question_whether_anybody_moved() -> None:
    assert GitHub.batch_size == PROBES_AT_ONCE
    found = cost(revisit(PROBES_AT_ONCE), lists=lengths(PROBES_AT_ONCE))
    assert (found.errors, found.requests, found.points) == ([], 148, 1)
    assert cost(revisit(PROBES_AT_ONCE + 1), lists=lengths(PROBES_AT_ONCE + 1)).points == 2


def test_topics_fill_their_point() -> None:
    found = cost(topics(TOPICS_AT_ONCE), lists=lengths(TOPICS_AT_ONCE))
    assert (found.errors, found.requests, found.points) == ([], 148, 1)


def test_readmes_of_profiles_ride_along_at_no_points() -> None:
    lists = {**lengths(TOPICS_AT_ONCE - 40), "p0": 40}
    assert cost(topics(TOPICS_AT_ONCE - 40, 40), lists=lists).requests == TOPICS_AT_ONCE


def test_what_is_asked_for_apart_costs_one_point() -> None:
    assert cost(queries.listings(LISTINGS_AT_ONCE)).points == 1
    assert cost(reviews(AT_ONCE)).points == 1


def test_files_and_trees_cost_one_point_however_many_and_languages_ride_along() -> None:
    text = queries.deep(trees=True, files=[20] * TREES_AT_ONCE, languages=True)
    found = cost(text, lists={"trees": TREES_AT_ONCE, "languages": LANGUAGES_AT_ONCE})
    assert (found.errors, found.requests, found.points) == ([], 100, 1)
    # GitHub takes at most 100 ids in a list.
    assert max(TREES_AT_ONCE, LANGUAGES_AT_ONCE) <= 100


def test_a_page_of_pull_requests_costs_one_point() -> None:
    found = cost(queries.MERGED, {"first": 100})
    assert (found.errors, found.requests, found.points) == ([], 102, 1)


def test_a_cheap_look_at_people_with_ten_repositories_costs_little() -> None:
    """Three questions for 74 people, and five for the topics of their 740 repositories."""
    people = 3 * cost(queries.people([False] * 25)).points
    asked = -(-740 // TOPICS_AT_ONCE) * cost(topics(TOPICS_AT_ONCE), lists=lengths(TOPICS_AT_ONCE)).points
    assert (people + asked) / 74 <= 0.11
