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
from sourcer.score.role_features import Recipe
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


SHIPPED = ("file:Dockerfile", "file:tests/", "file:.github/workflows/ci.yml")
CLUSTER = ("resource:apps/deployment", "resource:core/service", "terraform:aws_eks_cluster", "terraform:aws_vpc")
PYTHON, NOTEBOOK = ("language:python",), ("language:jupyter notebook",)
PIPELINES = ("pypi:apache-airflow", "pypi:pyspark", "pypi:dbt-core")
PAPER = ("topic:deep-learning", "topic:arxiv")

PROFILES = {
    "torch, shipped": ("ml_engineer", PYTHON, ("pypi:torch",), SHIPPED),
    "tensorflow and keras, shipped": ("ml_engineer", PYTHON, ("pypi:tensorflow", "pypi:keras"), SHIPPED),
    "transformers, shipped": ("ml_engineer", PYTHON, ("pypi:transformers", "pypi:torch", "pypi:datasets"), SHIPPED),
    "language models, shipped": ("ml_engineer", PYTHON, ("pypi:langchain", "pypi:openai", "pypi:faiss-cpu"), SHIPPED),
    "scikit-learn, shipped": ("ml_engineer", PYTHON, ("pypi:scikit-learn", "pypi:pandas"), SHIPPED),
    "xgboost, shipped": ("ml_engineer", PYTHON, ("pypi:xgboost",), SHIPPED),
    "torch on clusters": ("ml_engineer", PYTHON, ("pypi:torch",), (*SHIPPED, *CLUSTER)),
    "scikit-learn on clusters": ("ml_engineer", PYTHON, ("pypi:scikit-learn",), (*SHIPPED, *CLUSTER)),
    "tracking on clusters": ("ml_engineer", PYTHON, ("pypi:mlflow", "pypi:kfp"), (*SHIPPED, *CLUSTER)),
    "models out of pipelines": ("ml_engineer", PYTHON, ("pypi:torch", "pypi:apache-airflow"), SHIPPED),
    "clusters": ("devops", ("language:hcl", "language:shell"), (), (*SHIPPED, *CLUSTER)),
    "clusters in Go": ("devops", ("language:go",), (), (*SHIPPED, "resource:apps/deployment")),
    "Terraform": ("devops", ("language:hcl",), (), CLUSTER[2:]),
    "pipelines": ("data_engineer", PYTHON, PIPELINES, SHIPPED),
    "pipelines on clusters": ("data_engineer", PYTHON, PIPELINES, (*SHIPPED, *CLUSTER)),
    "Airflow": ("data_engineer", PYTHON, ("pypi:apache-airflow",), SHIPPED),
    "streams": ("data_engineer", PYTHON, ("pypi:pyspark", "pypi:confluent-kafka"), SHIPPED),
    "notebooks": ("data_scientist", NOTEBOOK, ("pypi:pandas", "pypi:scikit-learn"), ("file:analysis.ipynb",)),
    "papers": ("researcher", PYTHON, ("pypi:torch", *PAPER), ("file:setup.py",)),
    "papers in containers": ("researcher", PYTHON, ("pypi:torch", *PAPER), ("file:setup.py", "file:Dockerfile")),
    "papers in JAX": ("researcher", PYTHON, ("pypi:jax", *PAPER), ("file:setup.py",)),
    "web pages": ("software_engineer", ("language:javascript", "language:css"), ("topic:react",), SHIPPED),
    "web services": ("software_engineer", ("language:python", "language:html"), ("pypi:django",), SHIPPED),
    "Java services": ("software_engineer", ("language:java",), (), SHIPPED),
    "torch alone": (None, PYTHON, ("pypi:torch",), ()),
    "nothing but tests, CI and containers": (None, PYTHON, (), SHIPPED),
}
"""By what their repositories have: the role, languages, what they depend on, and their files."""


def repositories(
    count: int, languages: tuple[str, ...], uses: tuple[str, ...], files: tuple[str, ...], *, first: int = 0
) -> list[StoredEvidence]:
    """Repositories that are alike, each with its languages, dependencies and files, numbered from ``first``."""
    parts = [("repo.languages", languages), ("repo.dependency", uses), ("repo.file", files)]
    return [
        evidence(10 * number + place, kind, terms, title=f"ada/r{number}: {kind}")
        for number in range(first, first + count)
        for place, (kind, terms) in enumerate(parts)
        if terms
    ]


@pytest.mark.parametrize("count", [3, 6])
@pytest.mark.parametrize("name", PROFILES)
def test_a_profile_has_its_role(name: str, count: int) -> None:
    role, *shows = PROFILES[name]
    found = roles(*repositories(count, *shows))
    assert likeliest_role(found) == role, found


@pytest.mark.parametrize("name", [name for name, (role, *_) in PROFILES.items() if role == "ml_engineer"])
def test_who_builds_models_and_ships_them_is_no_devops(name: str) -> None:
    _, *shows = PROFILES[name]
    for pieces in (repositories(6, *shows), [replace(piece, title="") for piece in repositories(6, *shows)]):
        found = roles(*pieces)
        assert found["devops"] < found["ml_engineer"] / 3, found


def test_one_model_makes_no_ml_engineer_of_an_operator_and_many_do() -> None:
    clusters = repositories(8, *PROFILES["clusters"][1:])
    one, many = (repositories(count, *PROFILES["torch, shipped"][1:], first=50) for count in (1, 8))
    assert likeliest_role(roles(*clusters, *one)) == "devops"
    assert likeliest_role(roles(*clusters, *many)) == "ml_engineer"


def test_one_model_that_is_shipped_makes_no_ml_engineer_of_who_explores_or_builds_pipelines() -> None:
    one = repositories(1, *PROFILES["scikit-learn, shipped"][1:], first=50)
    assert likeliest_role(roles(*repositories(8, *PROFILES["notebooks"][1:]), *one)) in (None, "data_scientist")
    assert likeliest_role(roles(*repositories(8, *PROFILES["pipelines"][1:]), *one)) == "data_engineer"


def test_competitions_are_a_data_scientists() -> None:
    results = [evidence(n, "competition.result", ["tag:tabular"], measure={"percentile": 90.0}) for n in range(4)]
    books = [evidence(50 + n, "notebook.published", ["tag:pytorch", "tag:xgboost"]) for n in range(4)]
    assert likeliest_role(roles(*results, *books)) == "data_scientist"


def test_little_evidence_is_unclear_and_much_is_not() -> None:
    few = roles(evidence(1, "repo.owned", ["language:python"]))
    assert likeliest_role(few) is None
    assert max(few.values()) < 0.25
    many = roles(*built_with("repo.dependency", "pypi:mlflow", "pypi:kfp", "pypi:torch", "pypi:bentoml"))
    assert likeliest_role(many) == "ml_engineer"
    assert likeliest_role(roles()) is None


@pytest.mark.parametrize(
    ("languages", "uses", "files"),
    [
        (("language:java",), (), ()),
        (("language:hcl",), (), ()),
        (PYTHON, ("pypi:torch",), ()),
        (PYTHON, ("pypi:scikit-learn",), ("file:Dockerfile",)),
    ],
)
def test_one_repository_leaves_a_role_unclear(
    languages: tuple[str, ...], uses: tuple[str, ...], files: tuple[str, ...]
) -> None:
    assert likeliest_role(roles(*repositories(1, languages, uses, files))) is None


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
    recipe = Recipe.of(hand)
    known = {f"skill:{skill}" for skill in load_lexicon().skills}
    known |= {f"kind:{kind}" for kind in load_rules().kinds} | recipe.names()
    for weights in hand["weights"].values():
        assert set(weights) <= known
    for weights in tools.values():
        assert {f"skill:{skill}" for skill in weights} <= known
    assert {skill for skills in recipe.groups.values() for skill in skills} <= load_lexicon().skills.keys()
    assert {part for parts in recipe.both.values() for part in parts} <= known
    asked = {name for rule in recipe.together.values() for names in rule.values() for name in names}
    assert asked | {name for line in recipe.about for name in line} <= recipe.groups.keys()
