"""Tells a refusal from an answer, by the site's policy and then by what every site means."""

from __future__ import annotations

from http import HTTPStatus
from typing import Final

from sourcer.fetch.answer import Answer
from sourcer.fetch.places import read_place
from sourcer.fetch.policy import Refusal, SitePolicy

__all__ = ["classify", "is_good", "reason_of"]

_LOOKED_THROUGH: Final = 2000
_DEFAULTS: Final = (
    Refusal(status=(HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE), means="limit"),
    Refusal(status=(HTTPStatus.UNAUTHORIZED,), means="denied"),
    Refusal(status=tuple(range(500, 600)), means="retry"),
)
_MESSAGES: Final = ("json:message", "json:error_message", "json:errors.*.message", "json:error")


def classify(policy: SitePolicy, answer: Answer) -> Refusal | None:
    """The refusal that this answer is: the policy's first that matches, else the usual one; ``None`` for an answer."""
    for refusal in (*policy.refusals, *_DEFAULTS):
        if _matches(refusal, answer):
            return refusal
    return None


def _matches(refusal: Refusal, answer: Answer) -> bool:
    if answer.status not in refusal.status:
        return False
    if refusal.equals is not None:
        place, wanted = refusal.equals
        if wanted not in [str(value) for value in read_place(answer, place)]:
            return False
    return not refusal.words or _holds_a_word(refusal, answer)


def _holds_a_word(refusal: Refusal, answer: Answer) -> bool:
    if refusal.where:
        texts = [str(value) for value in read_place(answer, refusal.where)]
    else:
        texts = [answer.body[:_LOOKED_THROUGH].decode("utf-8", errors="replace")]
    lowered = [text.lower() for text in texts]
    return any(word.lower() in text for word in refusal.words for text in lowered)


def is_good(answer: Answer) -> bool:
    """Whether the answer carries a body that must be what was expected (a 2xx that is not empty by definition)."""
    if answer.status in (HTTPStatus.NO_CONTENT, HTTPStatus.RESET_CONTENT):
        return False
    # 202 is "not ready yet" and comes with any body or none (statistics of GitHub).
    return answer.status // 100 == HTTPStatus.OK // 100 and answer.status != HTTPStatus.ACCEPTED


def reason_of(answer: Answer) -> str:
    """``HTTP 403`` and what the site said about it, on one line."""
    for place in _MESSAGES:
        for value in read_place(answer, place):
            if isinstance(value, str) and value.strip():
                return f"HTTP {answer.status}: {' '.join(value.split())[:200]}"
    return f"HTTP {answer.status}"
