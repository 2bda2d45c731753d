"""Features of roles say what work is about, and what stands together in one repository."""

from __future__ import annotations

import tomllib
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sourcer.score import Scorer, load_rules
from sourcer.score.role_features import Recipe, features_of
from sourcer.score.roles import ROLE_DATA
from sourcer.score.rules import read_data
from sourcer.skills import load_lexicon
from sourcer.store.reads import StoredEvidence
from support.facts import SEEN, a_brief, a_person, evidence

RECIPE = Recipe.of(tomllib.loads(read_data(ROLE_DATA[0])))
TORCH, CLUSTER = ["pypi:torch"], ["resource:apps/deployment"]


def features(*found: StoredEvidence) -> dict[str, float]:
    scorer = Scorer(a_brief(), load_lexicon(), load_rules(), SEEN.date())
    return features_of(scorer.score(a_person(*found)), RECIPE)


def shares(*found: StoredEvidence) -> dict[str, float]:
    return {name: value for name, value in features(*found).items() if name.startswith("share:")}


def dependency(number: int, terms: list[str], repository: str = "ada/a") -> StoredEvidence:
    return evidence(number, "repo.dependency", terms, title=f"{repository}: requirements.txt")


def file(number: int, terms: list[str], repository: str = "ada/a") -> StoredEvidence:
    return evidence(number, "repo.file", terms, title=f"{repository}: deploy.yaml")


def test_the_cluster_that_a_model_runs_on_is_work_with_models() -> None:
    assert shares(dependency(1, TORCH), file(2, CLUSTER)) == {"share:models": 1}
    apart = shares(dependency(1, TORCH), file(2, CLUSTER, "ada/b"))
    assert apart == {"share:models": 0.5, "share:infrastructure": 0.5}


def test_a_repository_that_shows_two_things_alike_is_about_both() -> None:
    languages = evidence(1, "repo.languages", ["language:java"], title="ada/a: languages")
    assert shares(languages, file(2, CLUSTER))["share:software"] == pytest.approx(0.5, abs=0.2)


@pytest.mark.parametrize(
    "changed",
    [{"happened_at": datetime(2016, 1, 1, tzinfo=UTC)}, {"measure": {"fork": 1}}, {"terms": ("text:kubernetes",)}],
)
def test_what_is_old_or_copied_or_only_said_hardly_counts(changed: dict[str, object]) -> None:
    before = shares(dependency(1, TORCH), file(2, CLUSTER, "ada/b"))
    after = shares(dependency(1, TORCH), replace(file(2, CLUSTER, "ada/b"), **changed))  # type: ignore[arg-type]
    assert after.get("share:infrastructure", 0.0) < before["share:infrastructure"] / 2


def test_models_are_shipped_where_both_stand_in_one_repository() -> None:
    together = features(dependency(1, TORCH), file(2, ["file:Dockerfile"]))
    apart = features(dependency(1, TORCH), file(2, ["file:Dockerfile"], "ada/b"))
    assert together["together:shipped"] > 0 == apart["together:shipped"]
    assert together["group:ships"] == apart["group:ships"] > 0


def test_what_belongs_to_no_repository_may_belong_together() -> None:
    answers = [evidence(number, "answer.accepted", [tag]) for number, tag in enumerate(["tag:pytorch", "tag:docker"])]
    assert features(*answers)["together:shipped"] > 0
    assert features(answers[0])["together:shipped"] == 0


@pytest.mark.parametrize("paper", ["topic:arxiv", "topic:cvpr"])
def test_the_code_of_a_paper_is_no_work_that_is_shipped(paper: str) -> None:
    sign = evidence(3, "repo.owned", [paper], title="ada/a")
    found = features(dependency(1, TORCH), file(2, ["file:Dockerfile"]), sign)
    assert found["together:papers"] > 0 == found["together:shipped"]


def test_more_repositories_say_more() -> None:
    def shipped(count: int) -> float:
        names = [f"ada/r{number}" for number in range(count)]
        pieces = [
            (dependency(n, TORCH, name), file(100 + n, ["file:Dockerfile"], name)) for n, name in enumerate(names)
        ]
        return features(*(piece for pair in pieces for piece in pair))["together:shipped"]

    assert 0 < shipped(1) < shipped(3) < shipped(6) < 1


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["pypi:torch", "pypi:mlflow", "file:Dockerfile", "topic:arxiv", "language:java"]),
            st.sampled_from(["ada/a", "ada/b", ""]),
        ),
        max_size=12,
    )
)
def test_features_lie_between_0_and_1(shown: list[tuple[str, str]]) -> None:
    found = features(
        *(evidence(number, "repo.file", [term], title=place) for number, (term, place) in enumerate(shown))
    )
    assert all(0 <= value <= 1 + 1e-12 for value in found.values())
    told = [value for name, value in found.items() if name.startswith("share:")]
    assert sum(told) == pytest.approx(1) or not told
