from __future__ import annotations

from urllib.parse import urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sourcer.connect import Ref
from sourcer.connect.items import check_item
from sourcer_github.observe import (
    RepositoryAbout,
    profile_of,
    pull_request_evidence,
    ref_of,
    repository_evidence,
    review_evidence,
)
from sourcer_github.wire.base import Actor
from sourcer_github.wire.finding import MergedNode
from sourcer_github.wire.people import OwnPullRequest, RepositoryNode, ReviewContribution, UserNode

ADA = Ref("github", "1", "ada")
TYPED = st.one_of(
    st.text(),
    st.from_regex(r"(https?://)?[a-z@:/.\[\]?#%-]{0,30}", fullmatch=True),
    st.from_regex(r".{0,9}https?://[^ ]{0,30}.{0,9}", fullmatch=True),
)


@given(bio=TYPED, website=TYPED, twitter=TYPED)
def test_whatever_people_type_gives_a_profile_that_can_be_stored(bio: str, website: str, twitter: str) -> None:
    user = UserNode(
        id="U_1", login="ada", url="https://github.com/ada", bio=bio, website_url=website, twitter_username=twitter
    )
    profile = profile_of(ADA, user)
    assert check_item(profile, ("github",)) is None
    for link in profile.links:
        parts = urlsplit(link.url)
        assert parts.scheme in ("http", "https")
        assert parts.hostname
        assert "@" not in parts.netloc


def test_addresses_in_a_bio_lose_the_marks_around_them() -> None:
    bio = "Docs (https://ada.example.org/docs), code <https://example.org/a_(b)>. Mail: ada@example.org"
    user = UserNode(id="U_1", login="ada", url="https://github.com/ada", bio=bio)
    assert [link.url for link in profile_of(ADA, user).links] == [
        "https://ada.example.org/docs",
        "https://example.org/a_",
    ]


def test_years_of_contribution_are_counted_and_unknown_years_are_not_none() -> None:
    user = UserNode(id="U_1", login="ada", url="https://github.com/ada")
    assert profile_of(ADA, user, [2026, 2019, 2024]).measure == {"contribution_years": 3, "since_year": 2019}
    assert profile_of(ADA, user).measure == {}


PULL = {"id": "PR_1", "title": " Speed\n up ", "url": "https://github.com/orchard/press/pull/1"} | {
    "mergedAt": "2026-09-01T00:00:00Z",
    "additions": 10,
    "deletions": 2,
    "changedFiles": 3,
}
REVIEW = {"id": "PRR_7", "url": f"{PULL['url']}#pullrequestreview-7", "state": "APPROVED"} | {
    "submittedAt": "2026-09-02T00:00:00Z"
}
FACTS = {"nameWithOwner": "orchard/press", "stargazerCount": 2_000, "primaryLanguage": {"name": "Python"}}
TOPICS = {"nodes": [{"topic": {"name": "mlops"}}, None, {"topic": {"name": "mlops"}}]}


def test_work_is_the_same_piece_seen_at_the_repository_and_at_the_person() -> None:
    reviews = {"nodes": [REVIEW]}
    there = MergedNode.model_validate(
        FACTS | {"repositoryTopics": TOPICS, "pullRequests": {"nodes": [PULL | {"reviews": reviews}]}}
    )
    taker = FACTS | {"id": "R_1"}
    mine = OwnPullRequest.model_validate(PULL | {"repository": taker})
    said = ReviewContribution.model_validate({"pullRequestReview": REVIEW, "pullRequest": PULL, "repository": taker})
    (pull,) = there.pull_requests.present
    about = RepositoryAbout.of(there)
    merged = pull_request_evidence(ADA, pull, about)
    assert merged == pull_request_evidence(ADA, mine, RepositoryAbout.of(mine.repository, ["mlops", "mlops"]))
    assert merged.terms == ("topic:mlops", "language:python", "text:Speed up")
    assert pull.reviews is not None
    (review,) = pull.reviews.present
    reviewed = review_evidence(ADA, review, pull.title, about)
    mine_too = RepositoryAbout.of(said.repository, ["mlops"])
    assert reviewed == review_evidence(ADA, said.pull_request_review, said.pull_request.title, mine_too)
    assert reviewed.measure == {"stars": 2_000, "approved": 1}
    assert about.owner == "orchard"


def test_a_repository_tells_when_it_was_made_and_whether_it_was_released() -> None:
    node = {"id": "R_1", "nameWithOwner": "ada/a", "url": "https://github.com/ada/a"}
    bare = repository_evidence(ADA, RepositoryNode.model_validate(node))
    assert bare.measure["released"] == 0
    assert "created_year" not in bare.measure
    assert bare.key == "R_1"
    full = node | {"databaseId": 5, "createdAt": "2021-02-03T00:00:00Z", "latestRelease": {"publishedAt": None}}
    told = repository_evidence(ADA, RepositoryNode.model_validate(full), ["mlops"])
    assert (told.measure["released"], told.measure["created_year"], told.key) == (1, 2021, "5")
    assert told.terms == ("topic:mlops", "text:a")


@pytest.mark.parametrize("login", ["a[bot]", "retrain-bot", "nightly_bot", "ci-robot", "digestbot", "bots-bots"])
def test_machines_that_are_plain_users_are_left_out(login: str) -> None:
    assert ref_of(Actor.model_validate({"__typename": "User", "login": login, "databaseId": 7})) is None


@pytest.mark.parametrize("login", ["anna-talbot", "abbot", "cabot", "botanist", "ada"])
def test_people_with_such_names_are_not(login: str) -> None:
    assert ref_of(Actor.model_validate({"__typename": "User", "login": login, "databaseId": 7})) is not None
