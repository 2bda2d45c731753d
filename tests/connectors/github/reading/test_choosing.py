"""Which files are read, and that no text at all breaks a reader."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sourcer.connect import Evidence, Ref
from sourcer.connect.items import check_item
from sourcer_github.reading import MOST_CHARACTERS, MOST_TERMS, Reading, is_read, read_file

pytestmark = pytest.mark.slow

PATHS = (
    "README.md", "docs/Readme.rst", "requirements.txt", "requirements/dev.txt", "dev-requirements.in",
    "constraints.txt",
    "pyproject.toml", "setup.cfg", "setup.py", "Pipfile", "pixi.toml", "environment.yml", "app/conda_dependencies.yml",
    "meta.yaml", "pom.xml", "core/pom.xml", "build.gradle", "build.gradle.kts", "build.sbt", "package.json", "go.mod",
    "Cargo.toml", "DESCRIPTION", ".github/workflows/ci.yml", "Dockerfile", "docker/Dockerfile.gpu", "train.dockerfile",
    "docker-compose.prod.yml", "compose.yaml", ".gitlab-ci.yml", ".circleci/config.yml", "cloudbuild.yaml", "dvc.yaml",
    "MLproject", "bentofile.yaml", "cog.yaml", "Chart.yaml", "charts/x/values.yaml", "kustomization.yaml",
    "k8s/anything.yaml", "deploy/overlays/prod/patch.yml", "deployment.yaml", "my-inferenceservice.yaml", "main.tf",
    "infra/network.tf", "dags/daily.py", "train.py", "src/train_model.py", "pipelines/steps.py", "serve.py",
)  # fmt: skip


@pytest.mark.parametrize("path", PATHS)
def test_files_that_tell_how_the_work_is_done_are_read(path: str) -> None:
    assert is_read(path)


OTHERS = (
    "", "/", "LICENSE", "src/utils.py", "notes.txt", "data/README.md", "README-old.md", "node_modules/x/package.json",
    "vendor/x/Dockerfile", "tests/train.py", "test_train.py", "k8s", "k8s/", "dags", "data.csv", "train.ipynb",
    ".github/dependabot.yml", "Dockerfile/x.md", "a/" * 300 + "train.py", "requirements.md", "dvc.lock",
)  # fmt: skip


@pytest.mark.parametrize("path", OTHERS)
def test_other_files_are_not(path: str) -> None:
    assert not is_read(path)


def test_a_readme_below_the_root_can_be_read_but_is_not_asked_for() -> None:
    reading = read_file("data/README.md", "# Words")
    assert reading is not None
    assert reading.kind == "repo.readme"


def test_a_mark_at_the_start_is_passed_over() -> None:
    assert read_file("requirements.txt", "\ufeffmlflow\n") == Reading(
        "repo.dependency", ("pypi:mlflow",), {"packages": 1}
    )


def test_what_is_beyond_the_cap_is_not_read() -> None:
    reading = read_file("requirements.txt", "#" * MOST_CHARACTERS + "\nmlflow\n")
    assert reading is not None
    assert reading.terms == ()


def test_the_same_name_is_read_in_any_case() -> None:
    assert read_file("DOCKERFILE", "FROM python") == read_file("dockerfile", "FROM python") is not None


ONE_EACH = (
    "README.md", "requirements.txt", "pyproject.toml", "setup.cfg", "setup.py", "environment.yml", "pom.xml",
    "build.gradle", "build.sbt", "package.json", "go.mod", "Cargo.toml", "DESCRIPTION", ".github/workflows/ci.yml",
    "Dockerfile", "compose.yaml", "MLproject", "Chart.yaml", "kustomization.yaml", "k8s/x.yaml", "main.tf", "train.py",
)  # fmt: skip

HOSTILE = (
    "[" * 10_000, "{" * 10_000, "[" * 10_000 + "]" * 10_000, "a = " + "[" * 10_000, '{"a":' * 10_000, "<a>" * 10_000,
    "a" * 5_000_000, "a." * 100_000 + "a = 1", '"' * 100_000, "\n" * 100_000, " " * 200_000, "\t" * 200_000,
    "\0" * 1_000, "\ud800" * 1_000, "\u202e" * 1_000, "mlflow\n" * 50_000, "x: &x [*x, *x]\n" * 1_000,
    "FROM " * 40_000, "RUN pip install " + "a " * 90_000, "import " + "a, " * 60_000, "from a import (" * 10_000,
    "<!--" * 50_000, "[a](" * 50_000, "![" * 50_000, "<" * 200_000, "_" * 200_000, "\\\n" * 50_000, "---\n" * 10_000,
    "{{ " * 50_000, "require " * 20_000, "[options]\ninstall_requires =\n" + " a\n" * 20_000, "[[a]]\n" * 10_000,
    "a; " + "(" * 400, "'\"" * 100_000, "Package: x\nImports: " + "a, " * 60_000, "/*" * 100_000,
    "x = " + "-" * 40_000 + "1", "<!DOCTYPE a [" * 1_000,
)  # fmt: skip


@pytest.mark.parametrize("path", ONE_EACH)
def test_nothing_hostile_breaks_a_reader(path: str) -> None:
    for text in HOSTILE:
        assert_good(read_file(path, text))


@given(st.sampled_from(PATHS), st.text())
def test_no_text_breaks_a_reader(path: str, text: str) -> None:
    assert_good(read_file(path, text))


PIECES = (
    "dependencies", "FROM", "RUN pip install", "apiVersion: v1", "kind: Pod", "image:", "- ", ": ", "\n", "  ", "[",
    "{", "}", '"', "'", "=", "#", "<dependency>", "</dependency>", "<groupId>", "a", "${x}", "{{", "import", "*a", "|",
    "]", "uses: a/b@c", "[project]", "setup(", "install_requires", ")", "resource", "pip:", "&a", "---", "\\\n",
    "<!--", "![",
)  # fmt: skip


@given(st.sampled_from(PATHS), st.lists(st.sampled_from(PIECES), max_size=40).map("".join))
def test_no_pieces_of_its_own_language_break_a_reader(path: str, text: str) -> None:
    assert_good(read_file(path, text))


@given(st.text())
def test_any_path_is_judged(path: str) -> None:
    if is_read(path):
        assert_good(read_file(path, ""))


def assert_good(reading: Reading | None) -> None:
    """What is read can be stored as it is."""
    if reading is None:
        return
    assert len(reading.terms) == len(set(reading.terms)) <= MOST_TERMS
    evidence = Evidence(
        Ref("github", "2000000001", "ada"),
        reading.kind,
        "https://github.com/ada/models",
        terms=reading.terms,
        measure=dict(reading.measure),
        happened_at=datetime(2026, 1, 1, tzinfo=UTC),
    )
    assert check_item(evidence, ("github",)) is None
    assert all(term == term.strip() and term.encode() for term in reading.terms)
