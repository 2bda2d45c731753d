"""Which files are asked for."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sourcer_github.chosen import MOST_BYTES, MOST_EACH, MOST_FILES, Choice, choose
from sourcer_github.files import is_third_party
from sourcer_github.trees import File, Tree

NAMES = st.sampled_from([
    "README.md",
    "requirements.txt",
    "requirements-dev.txt",
    "pyproject.toml",
    "environment.yml",
    "Dockerfile",
    "Dockerfile.gpu",
    "compose.yaml",
    "train.py",
    "serve.py",
    "util.py",
    "main.tf",
    "deployment.yaml",
    "dvc.yaml",
    "pom.xml",
    "a.yml",
    "b.yml",
    "test_a.py",
    "feature_store.yaml",
    "logo.png",
])  # fmt: skip
FOLDERS = st.sampled_from(["", "src/", "dags/", "k8s/", "docs/", "tests/", "vendor/", ".github/workflows/", "{{x}}/"])
FILES = st.builds(lambda folder, name, size: File(folder + name, size), FOLDERS, NAMES, st.integers(0, 2 * MOST_EACH))


def chosen(*paths: str, size: int = 100) -> list[str]:
    return [file.path for file in choose(Tree(tuple(File(path, size) for path in paths))).files]


@given(st.lists(FILES, max_size=60, unique_by=lambda file: file.path), st.randoms(use_true_random=False))
def test_few_small_and_always_the_same(files: list[File], random: object) -> None:
    choice = choose(Tree(tuple(files)))
    paths = [file.path for file in choice.files]
    sizes = {file.path: file.size for file in files}
    assert len(paths) == len(set(paths)) <= MOST_FILES
    assert sum(sizes[path] for path in paths) <= MOST_BYTES
    assert all(0 < sizes[path] <= MOST_EACH for path in paths)
    assert all(sizes[file.path] > MOST_EACH for file in choice.too_large)
    told = [*paths, *(file.path for file in (*choice.too_large, *choice.named))]
    assert len(told) == len(set(told))
    assert not any(is_third_party(path) or "{{" in path or path.endswith("test_a.py") for path in told)
    assert choose(Tree(tuple(reversed(files)))) == choice


def test_nothing_makes_no_choice() -> None:
    assert choose(Tree()) == Choice()
    assert chosen("logo.png", "LICENSE") == []


def test_many_kinds_come_before_many_of_a_kind() -> None:
    manifests = [f"{part}/requirements.txt" for part in "abcdefgh"]
    found = chosen(
        *manifests, "README.md", "Dockerfile", "dvc.yaml", "dags/a.py", ".github/workflows/ci.yml", "src/train.py"
    )
    assert set(found[:7]) == {
        "dvc.yaml",
        "a/requirements.txt",
        "README.md",
        ".github/workflows/ci.yml",
        "dags/a.py",
        "Dockerfile",
        "src/train.py",
    }
    assert sum(path.endswith("requirements.txt") for path in found) == 3


@pytest.mark.parametrize(
    ("better", "worse"),
    [
        ("requirements.txt", "docs/requirements.txt"),
        ("requirements.txt", "requirements-dev.txt"),
        ("src/requirements.txt", "examples/requirements.txt"),
        (".github/workflows/train.yml", ".github/workflows/stale.yml"),
        (".github/workflows/ci.yml", ".github/workflows/labeler.yml"),
        ("Dockerfile", "Dockerfile.dev"),
        ("k8s/api.yaml", "deploy/api.yaml"),
    ],
)
def test_the_plainer_one_comes_first(better: str, worse: str) -> None:
    assert chosen(worse, better)[0] == better


@pytest.mark.parametrize(
    "path",
    [
        "MLproject",
        "bentofile.yaml",
        "conda.yaml",
        "setup.cfg",
        "Pipfile",
        "build.gradle.kts",
        "pom.xml",
        "pipelines/train.py",
        "kubeflow/pipeline.yaml",
        "k8s/deployment.yaml",
        "charts/Chart.yaml",
        "kserve/model.yaml",
        "compose.yaml",
        "infra/main.tf",
        ".gitlab-ci.yml",
        "azure-pipelines.yml",
        "flows/nightly_flow.py",
        "src/serve.py",
        "cloudformation/template.yaml",
    ],
)
def test_proofs_are_asked_for(path: str) -> None:
    assert chosen(path) == [path]


def test_code_without_a_telling_name_is_asked_for_by_size() -> None:
    files = [File("lstm.py", 500), File("util.py", 900), File("small.py", 10), File("docs/conf.py", 5_000)]
    assert [file.path for file in choose(Tree(tuple(files))).files] == ["util.py", "lstm.py"]


def test_what_is_too_large_is_said_and_takes_nobodys_place() -> None:
    choice = choose(Tree((File("requirements.txt", MOST_EACH + 1), File("Dockerfile", 10))))
    assert [file.path for file in choice.files] == ["Dockerfile"]
    assert [(file.path, file.kind) for file in choice.too_large] == [("requirements.txt", "repo.dependency")]


def test_all_together_stay_below_the_cap() -> None:
    files = tuple(File(path, MOST_EACH - 1) for path in ("dvc.yaml", "requirements.txt", "Dockerfile"))
    small = File("main.tf", 2)
    assert [file.path for file in choose(Tree((*files, small))).files] == ["dvc.yaml", "requirements.txt", "main.tf"]


def test_names_that_tell_all_are_not_asked_for() -> None:
    choice = choose(Tree((File("dbt_project.yml", 10), File("serving/config.pbtxt", 10))))
    assert choice.files == ()
    assert {file.path for file in choice.named} == {"dbt_project.yml", "serving/config.pbtxt"}


def test_unprintable_paths_are_never_asked_for() -> None:
    assert chosen("\ud800/Dockerfile", "a\nb/Dockerfile") == []
