"""The lexicon: complete, consistent, quick to load, and open to a user's own file."""

from __future__ import annotations

from pathlib import Path

import pytest

from sourcer.config import Config, load_config
from sourcer.domain import DIMENSIONS
from sourcer.errors import UsageError
from sourcer.skills import lexicon_markdown, lexicon_of, load_lexicon

WANTED = (
    "python", "java", "pytorch", "tensorflow", "keras", "jax", "scikit-learn", "xgboost", "lightgbm", "transformers",
    "llm", "onnx", "cuda", "mlflow", "kubeflow", "dvc", "wandb", "zenml", "metaflow", "bentoml", "kserve", "torchserve",
    "triton-inference-server", "ray", "feast", "model-monitoring", "great-expectations", "mlops", "model-serving",
    "sagemaker", "vertex-ai", "azure-ml", "databricks", "docker", "kubernetes", "terraform", "aws", "gcp", "azure",
    "airflow", "prefect", "dagster", "spark", "delta-lake", "iceberg", "hudi", "kafka", "dbt", "flink", "beam",
    "testing", "ci-cd", "monitoring", "machine-learning", "deep-learning", "nlp", "computer-vision",
    "reinforcement-learning",
)  # fmt: skip


def test_the_lexicon_covers_what_is_sought() -> None:
    lexicon = load_lexicon()
    assert set(WANTED) <= lexicon.skills.keys()
    assert {skill.dimension for skill in lexicon.skills.values()} == set(DIMENSIONS)


@pytest.mark.parametrize(
    "name",
    [
        "TensorFlow", "Keras", "XGBoost", "LightGBM", "LLM", "CUDA", "Triton", "Weights & Biases", "Seldon", "KServe",
        "Triton Inference Server", "Evidently", "Great Expectations", "Vertex AI", "AI Platform", "Azure ML", "AWS",
        "GCP", "Delta Lake", "CI/CD", "testing", "monitoring", "ML", "AI", "Go", "C++",
    ],
)  # fmt: skip
def test_what_recruiters_write_names_a_skill(name: str) -> None:
    assert load_lexicon().find(name)


def test_tools_are_proven_by_topics_tags_and_packages() -> None:
    tools = [skill for skill in load_lexicon().skills.values() if skill.id in WANTED and skill.relevance == 1]
    assert len(tools) > 30
    for skill in tools:
        assert {"topic", "tag"} <= skill.terms.keys(), skill.id
        assert skill.id == "mlops" or {"pypi", "maven"} & skill.terms.keys(), skill.id


def test_every_term_finds_its_own_skill() -> None:
    lexicon = load_lexicon()
    for skill in lexicon.skills.values():
        for scheme, terms in skill.terms.items():
            for term in terms:
                found = lexicon.skills_of(
                    (f"{scheme}:{term.removesuffix('?')}", *(f"x:{word}" for word in skill.context.near))
                )
                assert skill.id in found, f"{scheme}:{term}"


def test_every_ambiguous_term_has_a_context() -> None:
    for skill in load_lexicon().skills.values():
        ambiguous = [term for terms in (*skill.terms.values(), skill.aliases) for term in terms if term.endswith("?")]
        assert skill.context.near or not ambiguous, skill.id


@pytest.mark.parametrize(
    ("name", "skill"),
    [("PyTorch", "pytorch"), ("k8s", "kubernetes"), ("Weights & Biases", "wandb"), ("scikit_learn", "scikit-learn")],
)
def test_skills_are_found_by_any_name(name: str, skill: str) -> None:
    assert load_lexicon().find(name) == skill


def test_an_unknown_skill_names_the_nearest() -> None:
    with pytest.raises(UsageError, match="did you mean pytorch"):
        load_lexicon().find("pytorhc")
    with pytest.raises(UsageError, match="is not a skill"):
        load_lexicon().find("   ")


def test_alternatives_are_split() -> None:
    assert load_lexicon().alternatives("PyTorch | tensorflow|torchvision") == ("pytorch", "tensorflow")


def test_a_users_file_extends_the_lexicon(tmp_path: Path) -> None:
    own = tmp_path / "own.toml"
    own.write_text(
        '[skills.pytorch]\npypi = ["acme-torch"]\n'
        '[skills.acme]\nname = "Acme ML"\ndimension = "cloud"\naliases = ["acme?"]\ncontext = ["$acme"]\n'
        '[contexts]\nacme = ["cloud"]\n[strength]\ntext = 0.1\n',
        encoding="utf-8",
    )
    lexicon = load_lexicon(own)
    assert "pytorch" in lexicon.skills_of(("pypi:acme-torch",))
    assert "pytorch" in lexicon.skills_of(("pypi:torch",))
    assert lexicon.skills_of(("text:acme cloud",))["acme"].strength == 0.1
    assert lexicon.skills_of(("text:acme anvils",)) == {}
    assert lexicon.digest != load_lexicon().digest
    assert "acme" not in load_lexicon().skills


def test_a_users_file_takes_terms_out_and_makes_them_sure(tmp_path: Path) -> None:
    own = tmp_path / "own.toml"
    own.write_text(
        '[skills.pytorch]\naliases = ["!libtorch"]\n[skills.ray]\naliases = ["ray"]\nunless = ["sunshine"]\n'
        '[skills.feast]\nunless = ["wedding"]\n',
        encoding="utf-8",
    )
    lexicon = load_lexicon(own)
    assert "pytorch" in load_lexicon().skills_of(("text:libtorch",))
    assert lexicon.skills_of(("text:libtorch",)) == {}
    assert "ray" in lexicon.skills_of(("text:a ray",))
    assert "feast" in lexicon.skills_of(("text:a feast with many features",))
    assert lexicon.skills_of(("text:a wedding feast with many features",)) == {}
    assert "feast" not in lexicon.skills_of(("topic:feast", "topic:machine-learning", "topic:wedding"))


def test_the_example_in_the_documentation_is_one(tmp_path: Path) -> None:
    page = (Path(__file__).parents[2] / "docs" / "sourcers.md").read_text(encoding="utf-8")
    own = tmp_path / "own.toml"
    own.write_text(page.split("```toml\n[skills.pytorch]", 1)[1].split("```", 1)[0].join(("[skills.pytorch]", "")))
    assert "acme-serving" in load_lexicon(own).skills_of(("text:Acme for model serving",))


def test_the_configuration_names_a_users_file(tmp_path: Path) -> None:
    (tmp_path / "own.toml").write_text('[skills.pytorch]\npypi = ["acme-torch"]\n', encoding="utf-8")
    (tmp_path / "sourcer.toml").write_text('lexicon = "own.toml"\n', encoding="utf-8")
    assert "pytorch" in lexicon_of(load_config(tmp_path / "sourcer.toml")).skills_of(("pypi:acme-torch",))
    assert lexicon_of(Config()) is load_lexicon()
    (tmp_path / "own.toml").unlink()
    with pytest.raises(UsageError, match=r"own\.toml"):
        lexicon_of(load_config(tmp_path / "sourcer.toml"))


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ('[skill.x]\nname = "X"\n', "did you mean skills"),
        ('[skills.x]\nname = "X"\n', "dimension is missing"),
        ('[skills.x]\nname = "X"\ndimension = "clod"\n', "did you mean cloud"),
        ('[skills.x]\nname = "X"\ndimension = "cloud"\npypii = ["x"]\n', "did you mean pypi"),
        ('[skills.x]\nname = "X"\ndimension = "cloud"\ntopic = "x"\n', "list of texts"),
        ('[skills.x]\nname = "X"\ndimension = "cloud"\ncontext = ["$mll"]\n', "did you mean ml"),
        ('[skills.x]\nname = "X"\ndimension = "cloud"\nrelevance = 2\n', "from 0 to 1"),
        ('[skills.x]\nname = "PyTorch"\ndimension = "cloud"\n', "a name of both"),
        ('[skills.pytroch]\npypi = ["x"]\n', "did you mean pytorch"),
        ('[skills.pytorch]\naliases = ["!libtorhc"]\n', "did you mean libtorch"),
        ("[strength]\npypy = 1\n", "did you mean pypi"),
        ("[strength]\npypi = 7\n", "from 0 to 1"),
        ("skills = 1\n", "must be a table"),
        ("[skills]\nx = 1\n", "must be a table"),
        ("[skills", "not valid TOML"),
    ],
)
def test_a_users_file_that_is_wrong_is_complained_about(tmp_path: Path, text: str, complaint: str) -> None:
    own = tmp_path / "own.toml"
    own.write_text(text, encoding="utf-8")
    with pytest.raises(UsageError, match=complaint):
        load_lexicon(own)


def test_the_table_lists_every_skill() -> None:
    lexicon = load_lexicon()
    table = lexicon_markdown(lexicon)
    assert all(f"| `{skill}` |" in table for skill in lexicon.skills)
    assert "`mlflow-skinny`" in table
