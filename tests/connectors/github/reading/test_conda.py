"""Packages of conda."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sourcer_github.reading import Reading, read_file
from sourcer_github.reading.conda import conda_terms


def read(text: str) -> Reading:
    reading = read_file("environment.yml", text)
    assert reading is not None
    return reading


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
      - git+https://example.org/x.git
  - cudatoolkit
variables:
  - nothing
"""
    terms = ("conda:python", "conda:numpy", "conda:pytorch", "conda:pip", "pypi:mlflow", "conda:cudatoolkit")
    assert read(text) == Reading("repo.dependency", terms, {"packages": 6})


@pytest.mark.parametrize(
    "text",
    [
        "dependencies:\n- numpy\n- pip:\n  - dvc\n",
        "{dependencies: [numpy, {pip: [dvc]}]}",
        "dependencies: [numpy,{pip: [dvc]}]",
    ],
)
def test_in_any_style(text: str) -> None:
    assert read(text).terms == ("conda:numpy", "pypi:dvc")


def test_a_recipe() -> None:
    reading = read_file("recipe/meta.yaml", "requirements:\n  host: [python]\n  run:\n    - pytorch >=2\n")
    assert reading is not None
    assert reading.terms == ("conda:python", "conda:pytorch")


def test_a_recipe_that_a_program_fills_in_is_broken() -> None:
    reading = read_file("meta.yaml", "{% set version = '1' %}\npackage:\n  name: x\n")
    assert reading is not None
    assert reading.broken


def test_what_stands_before_a_fault_is_kept() -> None:
    reading = read("dependencies:\n  - numpy\n  - scipy\n <<<<<<< HEAD\n")
    assert reading.terms == ("conda:numpy", "conda:scipy")
    assert reading.broken


@pytest.mark.parametrize("text", ["", "- a\n- b\n", "name: x\n", "dependencies: 3\n"])
def test_a_file_of_that_name_without_packages_tells_nothing(text: str) -> None:
    assert read_file("environment.yml", text) is None


@pytest.mark.parametrize(
    ("package", "term"),
    [
        ("numpy=1.20=py37_0", "conda:numpy"),
        ("python 3.8.*", "conda:python"),
        ("pytorch[version='>=2']", "conda:pytorch"),
        ("https://example.org/x.tar.bz2", None),
        ("", None),
    ],
)
def test_the_name_in_a_match_specification(package: str, term: str | None) -> None:
    assert list(conda_terms([package])) == [term]


NAME = st.text("abz09_.-", max_size=8).map("p{}".format)


@given(st.lists(NAME, min_size=1, max_size=20), st.sampled_from(["", "=1.0", ">=2,<3", "=1=py_0"]))
def test_an_environment_that_was_written_is_read_back(names: list[str], rest: str) -> None:
    text = "name: x\ndependencies:\n" + "".join(f"  - {json.dumps(name + rest)}\n" for name in names)
    assert read(text).terms == tuple(dict.fromkeys(f"conda:{name}" for name in names))
