"""What somebody did for others, seen from their side."""

from __future__ import annotations

from typing import Any

import pytest

from sourcer.demo.graphql import GraphQL
from sourcer.demo.model import TODAY, Account, World


@pytest.fixture(scope="module")
def github(world: World) -> GraphQL:
    return GraphQL(world)


def ask(github: GraphQL, query: str, **variables: Any) -> Any:
    return github.answer(github.read(query, variables), {})


def data(github: GraphQL, query: str, **variables: Any) -> Any:
    body = ask(github, query, **variables)
    assert "errors" not in body, body["errors"]
    return body["data"]


PERSON = """query($login: String!, $from: DateTime, $to: DateTime) { user(login: $login) {
  pullRequests(states: MERGED, first: 100, orderBy: {field: CREATED_AT, direction: DESC}) { totalCount
    nodes { id state authorAssociation repository { nameWithOwner } } }
  repositoriesContributedTo(first: 100) { nodes { nameWithOwner } }
  organizations(first: 10) { nodes { login } }
  contributionsCollection(from: $from, to: $to) {
    startedAt endedAt contributionYears totalPullRequestContributions totalPullRequestReviewContributions
    pullRequestContributionsByRepository(maxRepositories: 100) {
      repository { nameWithOwner } contributions(first: 100) { totalCount nodes { occurredAt pullRequest { id } } } }
    pullRequestReviewContributions(first: 100) { totalCount nodes { occurredAt repository { nameWithOwner }
      pullRequestReview { id state submittedAt url author { login } } pullRequest { title author { login } } } }
  } } }"""


def reviewer(world: World) -> Account:
    return max((one for one in world.accounts if not one.is_gone), key=lambda one: len(one.reviews))


def test_what_others_took_from_a_person_seen_from_their_side(github: GraphQL, world: World) -> None:
    author = max((one for one in world.accounts if not one.is_gone), key=lambda one: len(one.pull_requests))
    user = data(github, PERSON, login=author.login)["user"]
    merged = [one for one in author.pull_requests if one.state == "MERGED"]
    assert {one["id"] for one in user["pullRequests"]["nodes"]} == {one.id for one in merged}
    names = {one.repository.name_with_owner for one in merged if one.repository.owner is not author}
    assert {one["nameWithOwner"] for one in user["repositoriesContributedTo"]["nodes"]} == names
    assert {one["authorAssociation"] for one in user["pullRequests"]["nodes"]} <= {"CONTRIBUTOR", "MEMBER", "OWNER"}


def test_contributions_of_a_span(github: GraphQL, world: World) -> None:
    account = reviewer(world)
    span = {"from": "2024-01-01T00:00:00Z", "to": "2024-12-30T00:00:00Z"}
    found = data(github, PERSON, login=account.login, **span)["user"]["contributionsCollection"]
    assert (found["startedAt"], found["endedAt"]) == (span["from"], span["to"])
    reviews = [one for one in account.reviews if one.submitted_at.year == 2024]
    given = found["pullRequestReviewContributions"]
    assert given["totalCount"] == found["totalPullRequestReviewContributions"] == len(reviews)
    times = [one["occurredAt"] for one in given["nodes"]]
    assert times == sorted(times, reverse=True)
    assert {one["pullRequestReview"]["author"]["login"] for one in given["nodes"]} <= {account.login}
    by_repository = found["pullRequestContributionsByRepository"]
    assert sum(one["contributions"]["totalCount"] for one in by_repository) == found["totalPullRequestContributions"]
    assert {one.submitted_at.year for one in account.reviews} <= set(found["contributionYears"])
    assert found["contributionYears"] == sorted(found["contributionYears"], reverse=True)


def test_contributions_without_a_span_are_those_of_the_last_year(github: GraphQL, world: World) -> None:
    found = data(github, PERSON, login=reviewer(world).login)["user"]["contributionsCollection"]
    assert found["endedAt"] == f"{TODAY:%Y-%m-%dT%H:%M:%SZ}"
    assert found["startedAt"] == "2025-11-01T00:00:00Z"


def test_a_span_of_contributions_is_a_year_at_most(github: GraphQL, world: World) -> None:
    span = {"from": "2023-01-01T00:00:00Z", "to": "2024-06-01T00:00:00Z"}
    assert "must not exceed 1 year" in ask(github, PERSON, login=reviewer(world).login, **span)["errors"][0]["message"]
