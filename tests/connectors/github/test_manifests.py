from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sourcer_github.manifests import (
    PARSERS,
    Manifest,
    read_environment,
    read_pyproject,
    read_requirements,
    requirement_name,
)
from sourcer_github.workflows import actions_in


@pytest.mark.parametrize(
    ("line", "name"),
    [
        ("mlflow", "mlflow"),
        ("mlflow==2.9.2", "mlflow"),
        ("Scikit_Learn>=1.0,<2", "scikit-learn"),
        ("zope.interface ~= 5", "zope-interface"),
        ("ray[serve, tune]>=2", "ray"),
        ("torch ; python_version < '3.12'", "torch"),
        ("dvc (>=3)", "dvc"),
        ("kfp @ https://example.org/kfp.whl", "kfp"),
        ("kfp@git+https://example.org/kfp", "kfp"),
        ("git+https://example.org/x/y.git@main#egg=Feast_Store", "feast-store"),
        ("git+https://example.org/x/y.git", None),
        ("https://example.org/x.whl", None),
        ("git@example.org:x/y.git", None),
        ("two words", None),
        ("<<<<<<< HEAD", None),
        ("", None),
        ("-", None),
        ("mlflow-", None),
    ],
)
def test_the_name_of_a_requirement(line: str, name: str | None) -> None:
    assert requirement_name(line) == name


def test_a_requirements_file() -> None:
    text = """
# models
mlflow==2.9.2 \\
    --hash=sha256:00
--pre
-r base.txt
-e .
-e git+https://example.org/x.git#egg=feast
./vendored
vendored.whl
torch>=2 # keep
torch>=2.1
"""
    assert read_requirements(text) == Manifest(("pypi:mlflow", "pypi:feast", "pypi:torch"))


def test_windows_lines_and_a_mark_at_the_start() -> None:
    assert read_requirements("mlflow\r\ntorch\r\n") == Manifest(("pypi:mlflow", "pypi:torch"))
    assert read_requirements("\ufeffmlflow\r\n") == Manifest(("pypi:mlflow",))


def test_a_pyproject_in_all_its_dialects() -> None:
    text = """
[project]
dependencies = ["mlflow>=2", "torch"]
[project.optional-dependencies]
serve = ["fastapi"]
[dependency-groups]
dev = ["pytest", {include-group = "lint"}]
[tool.poetry.dependencies]
python = "^3.11"
dvc = "*"
[tool.poetry.dev-dependencies]
black = "*"
[tool.poetry.group.docs.dependencies]
mkdocs = "*"
"""
    names = ["mlflow", "torch", "fastapi", "pytest", "dvc", "black", "mkdocs"]
    assert read_pyproject(text) == Manifest(tuple(f"pypi:{name}" for name in names))


@pytest.mark.parametrize(
    ("text", "broken"),
    [
        ("", False),
        ("[project", True),
        ("a = " + "[" * 5_000, True),
        ('project = "x"', False),
        ("[project]\ndependencies = 3", False),
        ("[tool.poetry]\ngroup = 3", False),
        ("[tool.poetry.group]\nx = 3", False),
    ],
)
def test_a_pyproject_without_packages(text: str, broken: bool) -> None:
    assert read_pyproject(text) == Manifest(broken=broken)


def test_an_environment_file() -> None:
    text = """
name: train
channels:
  - conda-forge
dependencies:
  - python=3.11  # newest
  - "numpy>=1.20"
  - conda-forge::PyTorch
  - pip
  - pip:
      - mlflow==2.9
      - -r more.txt
  - cudatoolkit
variables:
  - nothing
"""
    terms = ("conda:python", "conda:numpy", "conda:pytorch", "conda:pip", "pypi:mlflow", "conda:cudatoolkit")
    assert read_environment(text) == Manifest(terms)


def test_an_environment_file_without_indents() -> None:
    assert read_environment("dependencies:\n- numpy\n- pip:\n  - dvc\n") == Manifest(("conda:numpy", "pypi:dvc"))


def test_an_environment_in_another_style_is_told_to_be_unreadable() -> None:
    assert read_environment("dependencies: [numpy, scipy]\n") == Manifest(broken=True)


def test_a_file_names_at_most_so_many() -> None:
    manifest = read_requirements("\n".join(f"package-{i}" for i in range(5_000)))
    assert len(manifest.terms) == 300


@given(st.sampled_from(sorted(PARSERS)), st.text())
def test_no_text_breaks_a_parser(name: str, text: str) -> None:
    for term in PARSERS[name](text).terms:
        scheme, _, package = term.partition(":")
        assert scheme in ("pypi", "conda")
        assert package == package.strip() != ""


REQUIREMENT = st.from_regex(r"[A-Za-z0-9]([A-Za-z0-9._-]{0,20}[A-Za-z0-9])?", fullmatch=True)
REST = st.sampled_from(["", "==1.0", " >=1,<2", "[extra]", " ; python_version<'3'", "~=1", " @ https://example.org/x"])


@given(REQUIREMENT, REST)
def test_a_name_is_found_whatever_follows(name: str, rest: str) -> None:
    found = requirement_name(name + rest)
    assert found is not None
    assert found == requirement_name(found)
    assert found.replace("-", "") == name.lower().replace("-", "").replace("_", "").replace(".", "")


@given(st.text(alphabet="uses: -/@'\"abc.\n\t#"))
def test_no_workflow_breaks_the_search_for_actions(text: str) -> None:
    assert all(action.startswith("action:") and "/" in action for action in actions_in(text))


def test_actions_of_a_folder_keep_their_path() -> None:
    assert actions_in("  - uses: Owner/Repo/sub/dir@v1\n  uses: ./local\n  uses: docker://alpine:3\n") == (
        "action:owner/repo/sub/dir",
    )
