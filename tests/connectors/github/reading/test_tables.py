"""Dependencies in TOML."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sourcer_github.reading.shape import Reading
from sourcer_github.reading.tables import read_cargo, read_pipfile, read_pixi, read_pyproject


def pypi(*names: str) -> tuple[str, ...]:
    return tuple(f"pypi:{name}" for name in names)


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
Scikit_Learn = { version = "1", extras = ["x"] }
[tool.poetry.dev-dependencies]
black = "*"
[tool.poetry.group.docs.dependencies]
mkdocs = "*"
[tool.pdm.dev-dependencies]
test = ["nox"]
[tool.hatch.envs.default]
dependencies = ["tox"]
[tool.hatch.envs.types]
extra-dependencies = ["mypy"]
[tool.uv]
dev-dependencies = ["ruff"]
[tool.flit.metadata]
requires = ["requests"]
[tool.pixi.dependencies]
PyTorch = "*"
[tool.pixi.feature.cuda.pypi-dependencies]
jax = "*"
"""
    names = ("mlflow", "torch", "fastapi", "pytest", "dvc", "scikit-learn", "black", "mkdocs", "nox", "tox", "mypy")
    terms = (*pypi(*names, "ruff", "requests"), "conda:pytorch", "pypi:jax")
    assert read_pyproject(text) == Reading("repo.dependency", terms, {"packages": len(terms)})


@pytest.mark.parametrize(
    ("text", "broken"),
    [
        ("", False),
        ("[project", True),
        ("a = " + "[" * 5_000, True),
        ("a." * 50_000 + "a = 1", True),
        ("'a'." * 500 + "a = 1", True),
        ("a = " + "9" * 5_000, True),
        ('project = "x"', False),
        ("[project]\ndependencies = 3", False),
        ('[project]\ndescription = "' + "a. " * 500 + '"', False),
        ("[tool.poetry]\ngroup = 3", False),
        ("[tool.poetry.group]\nx = 3", False),
        ('[project]\ndependencies = ["no package at all"]', True),
    ],
)
def test_a_pyproject_without_packages(text: str, broken: bool) -> None:
    assert read_pyproject(text) == Reading("repo.dependency", (), {"packages": 0}, broken)


def test_a_pipfile() -> None:
    text = """
[[source]]
url = "https://example.org/simple"
[packages]
mlflow = "*"
Torch = {version = ">=2"}
[dev-packages]
pytest = "*"
[docs]
sphinx = "*"
[requires]
python_version = "3.11"
"""
    assert read_pipfile(text).terms == pypi("mlflow", "torch", "pytest", "sphinx")


def test_a_pixi_file() -> None:
    text = '[dependencies]\npytorch = "*"\n[feature.x.pypi-dependencies]\nmlflow = "*"\n'
    assert read_pixi(text).terms == ("conda:pytorch", "pypi:mlflow")


def test_a_cargo_file() -> None:
    text = """
[dependencies]
candle-core = "0.3"
[dev-dependencies]
tempfile = "3"
[workspace.dependencies]
serde = { version = "1" }
[target.'cfg(unix)'.dependencies]
libc = "0.2"
"""
    assert read_cargo(text).terms == ("cargo:candle-core", "cargo:tempfile", "cargo:serde", "cargo:libc")


NAME = st.text("abz09", min_size=1, max_size=8)
NAMES = st.lists(NAME, unique=True, max_size=8)


@given(NAMES, st.dictionaries(NAME, NAMES, max_size=3), NAMES)
def test_a_pyproject_that_was_written_is_read_back(
    names: list[str], extras: dict[str, list[str]], poetry: list[str]
) -> None:
    lines = ["[project]", f"dependencies = {json.dumps([f'{name}>=1' for name in names])}"]
    lines += ["[project.optional-dependencies]", *(f'"{key}" = {json.dumps(extra)}' for key, extra in extras.items())]
    lines += ["[tool.poetry.dependencies]", *(f'"{name}" = "*"' for name in poetry)]
    wanted = [*names, *(name for extra in extras.values() for name in extra), *poetry]
    assert read_pyproject("\n".join(lines)).terms == tuple(dict.fromkeys(pypi(*wanted)))
