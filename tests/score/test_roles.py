"""Role probabilities follow the evidence and sum to 1."""

from __future__ import annotations

import tomllib
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sourcer.brief import Brief
from sourcer.domain import ROLES
from sourcer.score import Scorer, load_rules
from sourcer.score.roles import ROLE_DATA, likeliest_role, role_in_words, role_probabilities
from sourcer.score.rules import read_data
from sourcer.skills import load_lexicon
from sourcer.store.reads import StoredEvidence
from support.facts import a_brief, a_person, evidence


def roles(*found: StoredEvidence, brief: Brief | None = None) -> dict[str, float]:
    scorer = Scorer(brief or a_brief(), load_lexicon(), load_rules(), date(2026, 6, 1))
    return role_probabilities(scorer.score(a_person(*found)))


def built_with(kind: str, *terms: str) -> list[StoredEvidence]:
    return [evidence(100 * place + number, kind, [term]) for place, term in enumerate(terms) for number in range(3)]


def test_without_evidence_all_roles_are_equally_likely() -> None:
    found = roles()
    assert set(found) == set(ROLES)
    assert all(value == pytest.approx(1 / 6, abs=1e-5) for value in found.values())


@pytest.mark.parametrize(
    ("role", "kind", "terms"),
    [
        ("ml_engineer", "repo.dependency", ("pypi:mlflow", "pypi:kfp", "pypi:torch", "pypi:bentoml", "topic:mlops")),
        ("data_scientist", "notebook.published", ("tag:data-science", "tag:statistics", "language:jupyter notebook")),
        (
            "researcher",
            "repo.owned",
            ("topic:jax", "topic:reinforcement-learning", "topic:deep-learning", "topic:arxiv"),
        ),
        ("data_engineer", "repo.dependency", ("pypi:apache-airflow", "pypi:pyspark", "pypi:dbt-core", "pypi:psycopg")),
        ("devops", "repo.file", ("topic:kubernetes", "topic:terraform", "topic:prometheus", "topic:ci-cd")),
        ("software_engineer", "repo.owned", ("language:java", "language:go", "language:c++", "topic:unit-testing")),
    ],
)
def test_evidence_of_a_role_makes_it_the_likeliest(role: str, kind: str, terms: tuple[str, ...]) -> None:
    found = roles(*built_with(kind, *terms))
    assert max(found, key=lambda name: found[name]) == role


@given(
    st.lists(st.sampled_from(["pypi:torch", "topic:kubernetes", "tag:r", "language:java", "topic:react"]), max_size=9)
)
def test_probabilities_sum_to_one(terms: list[str]) -> None:
    found = roles(*(evidence(number, terms=[term]) for number, term in enumerate(terms, 1)))
    assert abs(sum(found.values()) - 1) <= 1e-9
    assert all(0 <= value <= 1 for value in found.values())


def test_what_the_brief_weighs_does_not_move_them() -> None:
    found = built_with("repo.owned", "topic:kubernetes", "topic:pytorch")
    assert roles(*found) == roles(*found, brief=a_brief(must=["kubernetes"], weights={"coding": 9.0}))


def test_who_runs_models_on_clusters_is_an_ml_engineer_and_no_devops() -> None:
    clusters = (
        "topic:kubernetes",
        "pypi:boto3",
        "file:Dockerfile",
        "resource:core/service",
        "file:.github/workflows/ci.yml",
    )
    infrastructure = built_with("repo.file", *clusters)
    models = built_with("repo.dependency", "pypi:mlflow", "pypi:kfp", "pypi:torch")
    moved = [replace(piece, id=5000 + piece.id) for piece in models]
    assert likeliest_role(roles(*infrastructure)) == "devops"
    assert likeliest_role(roles(*infrastructure, *moved)) == "ml_engineer"


def test_little_evidence_is_unclear_and_much_is_not() -> None:
    few = roles(evidence(1, "repo.owned", ["language:python"]))
    assert likeliest_role(few) is None
    assert max(few.values()) < 0.25
    many = roles(*built_with("repo.dependency", "pypi:mlflow", "pypi:kfp", "pypi:torch", "pypi:bentoml"))
    assert likeliest_role(many) == "ml_engineer"
    assert likeliest_role(roles()) is None


def test_a_role_is_told_in_words() -> None:
    told = [role_in_words(role) for role in ("ml_engineer", "data_scientist", "devops", None)]
    assert told == ["likely ML engineer", "likely data scientist", "likely DevOps engineer", "role unclear"]


@pytest.mark.parametrize(
    "more",
    ["pypi:mlflow", "pypi:bentoml", "chart:kserve", "pypi:evidently", "file:Dockerfile", "terraform:aws_sagemaker"],
)
def test_work_that_runs_speaks_for_engineers_and_against_explorers(more: str) -> None:
    before = built_with("notebook.published", "tag:pytorch", "tag:xgboost", "language:jupyter notebook")
    after = roles(*before, *(evidence(900 + number, "repo.file", [more]) for number in range(3)))
    assert after["data_scientist"] < roles(*before)["data_scientist"]


def test_every_weight_names_a_known_feature() -> None:
    hand, tools = (tomllib.loads(read_data(name)) for name in ROLE_DATA)
    assert 1 / 6 < hand["unclear_below"] < 1
    assert set(hand["weights"]) == set(ROLES)
    assert set(tools) | set(hand["like"]) == set(ROLES)
    known = {f"skill:{skill}" for skill in load_lexicon().skills} | {f"group:{name}" for name in hand["groups"]}
    known |= {f"kind:{kind}" for kind in load_rules().kinds}
    for weights in hand["weights"].values():
        assert set(weights) <= known
    for weights in tools.values():
        assert {f"skill:{skill}" for skill in weights} <= known
    assert {skill for skills in hand["groups"].values() for skill in skills} <= load_lexicon().skills.keys()
