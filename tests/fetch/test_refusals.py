from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from sourcer.fetch.answer import Answer
from sourcer.fetch.policy import Bucket, Refusal, SitePolicy
from sourcer.fetch.refusals import classify, is_good, reason_of

POLICY = SitePolicy(
    buckets=(Bucket("core"),),
    refusals=(
        Refusal((200,), "limit", equals=("json:errors.*.type", "RATE_LIMITED")),
        Refusal((400,), "limit", equals=("json:error_id", "502")),
        Refusal((403,), "limit", where="json:message", words=("Secondary Rate limit", "abuse")),
        Refusal((403, 500), "denied", words=("blocked",)),
        Refusal((503,), "item", equals=("header:x-kind", "gone")),
    ),
)


def answer(status: int, body: Any = "", **headers: str) -> Answer:
    content = body.encode() if isinstance(body, str) else json.dumps(body).encode()
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Answer("https://api.example.org/x", status, named, content, datetime(2026, 11, 23, tzinfo=UTC))


def meaning(given: Answer, policy: SitePolicy = POLICY) -> str | None:
    refusal = classify(policy, given)
    return refusal.means if refusal else None


@pytest.mark.parametrize(
    ("given", "means"),
    [
        (answer(200, {"data": None, "errors": [{"type": "RATE_LIMITED"}]}), "limit"),
        (answer(200, {"data": None, "errors": [{"type": "NOT_FOUND"}]}), None),
        (answer(200, {"errors": "odd"}), None),
        (answer(400, {"error_id": 502}), "limit"),
        (answer(400, {"error_id": 400}), None),
        (answer(403, {"message": "You have exceeded a SECONDARY rate limit"}), "limit"),
        (answer(403, {"message": "Repository access blocked"}), "denied"),
        (answer(403, {"message": "Forbidden"}), None),
        (answer(500, "blocked"), "denied"),
        (answer(503, x_kind="gone"), "item"),
        (answer(503), "limit"),
        (answer(429), "limit"),
        (answer(401), "denied"),
        (answer(500), "retry"),
        (answer(502), "retry"),
        (answer(504), "retry"),
        (answer(404), None),
        (answer(422), None),
        (answer(304), None),
    ],
)
def test_the_policy_decides_and_then_the_custom_of_all_sites(given: Answer, means: str | None) -> None:
    assert meaning(given) == means


def test_words_are_only_sought_at_the_beginning_of_a_body() -> None:
    assert meaning(answer(500, "x" * 2000 + "blocked")) == "retry"


def test_words_at_a_place_are_not_sought_elsewhere() -> None:
    assert meaning(answer(403, {"message": "no", "other": "abuse"})) is None


def test_the_first_that_matches_decides() -> None:
    policy = SitePolicy(buckets=(), refusals=(Refusal((401,), "item"), Refusal((401,), "denied")))
    assert meaning(answer(401), policy) == "item"


@pytest.mark.parametrize(
    ("status", "good"), [(200, True), (201, True), (202, False), (204, False), (304, False), (404, False)]
)
def test_only_a_good_answer_has_a_body_to_be_believed(status: int, good: bool) -> None:
    assert is_good(answer(status)) is good


def test_the_reason_is_the_sites_own_words_on_one_line() -> None:
    assert reason_of(answer(401, {"message": "Bad\n credentials"})) == "HTTP 401: Bad credentials"
    assert reason_of(answer(400, {"error_message": "no method"})) == "HTTP 400: no method"
    assert reason_of(answer(500, "<html>")) == "HTTP 500"
