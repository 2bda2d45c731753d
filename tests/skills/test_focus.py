"""Focus tells where a deep look pays."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sourcer.config import CrawlConfig
from sourcer.errors import UsageError
from sourcer.skills import focus, load_lexicon
from support.facts import a_brief

TERMS = ("language:python", "topic:mlops", "pypi:mlflow", "topic:react", "tag:pytorch", "file:Dockerfile")


def test_a_language_alone_says_little() -> None:
    relevance = focus(load_lexicon(), a_brief(must=["mlflow"]))
    assert 0 < relevance(["language:python"]) <= 0.15
    assert relevance(["language:javascript", "topic:react"]) == 0
    assert relevance(["topic:mlops"]) > 0.7
    assert relevance([]) == 0


def test_a_named_skill_counts_in_full() -> None:
    plain, named = (focus(load_lexicon(), a_brief(nice=nice)) for nice in ([], ["terraform"]))
    assert named(["topic:terraform"]) > plain(["topic:terraform"])


def test_a_dimension_without_weight_gives_nothing() -> None:
    relevance = focus(load_lexicon(), a_brief(weights={"cloud": 0}))
    assert relevance(["topic:kubernetes"]) == 0


def test_an_unknown_skill_is_refused() -> None:
    with pytest.raises(UsageError, match="did you mean mlflow"):
        focus(load_lexicon(), a_brief(must=["mlfow"]))


DEVOPS = ("topic:kubernetes", "topic:docker", "topic:terraform", "language:hcl", "text:helm charts behind grid-load")
PYTHON = ("language:python", "topic:docker", "text:parcel-eta-api")
ML = ("language:python", "topic:pytorch", "topic:machine-learning", "text:churn-training")


def test_a_name_in_a_bio_moves_no_focus_and_a_description_may_begin_with_a_tool() -> None:
    relevance = focus(load_lexicon(), a_brief(must=["ray"]))
    named, other = (
        relevance.of_person([("profile.text", [f"text:{name} Liu, machine learning in Python"])])
        for name in ("Ray", "Ann")
    )
    assert named == other > 0
    assert relevance(["text:Ray on Kubernetes"]) > relevance(["text:Jobs on Kubernetes"])


def of_person(*repositories: tuple[str, ...], **asked: Sequence[str]) -> float:
    relevance = focus(load_lexicon(), a_brief(**asked))  # type: ignore[arg-type]
    return relevance.of_person(("repo.owned", terms) for terms in repositories)


def test_machine_learning_stands_above_what_only_runs_it() -> None:
    asked = {"must": ["mlflow | kubeflow", "kubernetes | docker"], "nice": ["pytorch"]}
    devops, python = of_person(*[DEVOPS] * 10, **asked), of_person(*[PYTHON] * 10, **asked)
    dabbler, engineer = of_person(*[PYTHON] * 9, ML, **asked), of_person(*[DEVOPS] * 7, *[ML] * 3, **asked)
    assert devops == 0
    assert 0 < python < CrawlConfig().deep_bar < dabbler < engineer
    # Beside machine learning, what runs it counts.
    assert of_person((*ML, *DEVOPS), **asked) > of_person(ML, **asked)


def test_a_brief_of_general_skills_is_about_those() -> None:
    assert of_person(*[DEVOPS] * 10, must=["kubernetes"], nice=["terraform"]) > 0.5


def test_the_share_of_the_work_counts_beside_its_strength() -> None:
    other = ("language:javascript", "topic:react")
    assert of_person(*[ML] * 5) > of_person(*[ML] * 5, *[other] * 20) > of_person(ML, *[other] * 4)
    assert of_person(*[ML] * 5, *[other] * 20) > CrawlConfig().deep_bar > of_person(ML, *[other] * 24)


def test_each_kind_of_evidence_counts_for_itself() -> None:
    relevance = focus(load_lexicon(), a_brief())
    bio = ("profile.text", ("text:Machine learning engineer",))
    plain = [("repo.owned", PYTHON)] * 30
    assert relevance.of_person([*plain, bio]) > relevance.of_person(plain)
    assert relevance.of_person([]) == 0


def test_names_in_humps_are_read() -> None:
    assert of_person(("text:MachineLearningNotes",)) == of_person(("text:machine-learning-notes",)) > 0


def test_relevance_of_people_compares_between_briefs() -> None:
    assert of_person(*[ML] * 3, weights={"lifecycle": 3.0}) == pytest.approx(of_person(*[ML] * 3))  # type: ignore[arg-type]


@given(st.lists(st.tuples(st.sampled_from(("a", "b")), st.lists(st.sampled_from(TERMS)))))
def test_the_order_of_the_work_does_not_matter(work: list[tuple[str, list[str]]]) -> None:
    relevance = focus(load_lexicon(), a_brief())
    assert 0 <= relevance.of_person(work) <= 1
    assert relevance.of_person(reversed(work)) == pytest.approx(relevance.of_person(work))


@given(st.lists(st.sampled_from(TERMS)), st.sampled_from(TERMS))
def test_more_terms_never_lower_it(terms: list[str], more: str) -> None:
    relevance = focus(load_lexicon(), a_brief())
    assert 0 <= relevance(terms) <= relevance([*terms, more]) + 1e-12 <= 1 + 1e-12
