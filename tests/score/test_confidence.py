"""What was looked at, and how far the data bears a score."""

from __future__ import annotations

from datetime import date

import pytest

from sourcer.score import Scorer, load_rules
from sourcer.score.confidence import Confidence, confidence_of, looked_at
from sourcer.score.seeing import coverage_of
from sourcer.skills import load_lexicon
from sourcer.store.facts import PersonFacts
from support.facts import a_brief, a_look, a_person, an_unknown, evidence

SCORER = Scorer(a_brief(), load_lexicon(), load_rules(), date(2026, 6, 1))
TEN = [evidence(n, "repo.owned", ["topic:mlflow"], title=f"ada/r{n}") for n in range(10)]
CHEAP, DEEP = a_look("repo.owned", "profile.text"), a_look("repo.file", "repo.tree", depth="deep")


def confidence(facts: PersonFacts) -> Confidence:
    return confidence_of(facts, SCORER.score(facts), coverage_of(facts))


def test_high_needs_a_deep_look_answers_and_evidence() -> None:
    assert confidence(a_person(*TEN, looks=[CHEAP, DEEP])) == Confidence("high", ())
    assert confidence(a_person(*TEN, looks=[CHEAP])) == Confidence("fair", ("no deep look yet",))
    little = confidence(a_person(*TEN[:4], looks=[CHEAP, DEEP]))
    assert little == Confidence("fair", ("little public evidence for this brief",))
    some = confidence(a_person(*TEN, looks=[CHEAP, DEEP], unknowns=[an_unknown("repo.file")]))
    assert some == Confidence("fair", ("some questions were not answered",))


@pytest.mark.parametrize(
    "facts",
    [
        a_person(*TEN[:2], looks=[CHEAP, DEEP]),
        a_person(*TEN, looks=[CHEAP], unknowns=[an_unknown("repo.*"), an_unknown("pr.*")]),
        a_person(*TEN),
    ],
    ids=["hardly any evidence", "hardly any answers", "nobody looked"],
)
def test_low_is_said_with_its_reason(facts: PersonFacts) -> None:
    found = confidence(facts)
    assert found.level == "low"
    assert found.because


def test_where_nobody_looked_no_question_is_called_unanswered() -> None:
    assert confidence(a_person(*TEN)).because == ("nobody looked at the accounts yet, only discovery met them",)


def test_a_bulk_file_shows_everything_at_once() -> None:
    whole = a_look("answer.*", depth="discover")
    assert confidence(a_person(*TEN, looks=[whole])).level == "high"


def test_what_was_looked_at_and_what_was_not_answered() -> None:
    merged = evidence(99, "pr.merged", ["topic:mlflow"])
    (looked,) = looked_at(a_person(merged, looks=[CHEAP, DEEP], unknowns=[an_unknown("repo.file")]))
    assert looked.deep
    assert looked.in_words() == "github: merged changes, the profile, repositories, folders; no answer for files"
    assert looked.as_json()["unanswered"] == ["repo.file"]
