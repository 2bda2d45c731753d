"""Workflows of GitHub, DVC and MLflow; models that are packed."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from sourcer_github.reading.workflows import read_actions, read_dvc, read_mlproject, read_packed


def test_the_actions_of_a_workflow() -> None:
    text = """
on: push
jobs:
  ship:
    uses: Acme/Flows/.github/workflows/ship.yml@main
    steps:
      - uses: actions/checkout@v4
      - name: log in
        uses: "Azure/login@v2"
      # uses: nobody/commented@v1
      - run: echo "uses: nobody/here@v1"
      - uses: ./local
      - uses: docker://ghcr.io/acme/train:1
      - {name: x}
"""
    reading = read_actions(text)
    assert reading.terms == (
        "action:acme/flows/.github/workflows/ship.yml",
        "action:actions/checkout",
        "action:azure/login",
        "image:acme/train",
    )
    assert reading.measure == {"uses": 4}


@given(st.text(alphabet="uses: -/@'\"abc.\n\t#"))
def test_no_workflow_breaks_the_search_for_actions(text: str) -> None:
    assert all(term.partition(":")[2] for term in read_actions(text).terms)


def test_the_stages_of_dvc() -> None:
    reading = read_dvc("stages:\n  prepare: {cmd: a}\n  train: {foreach: [a, b], do: {cmd: c}}\n")
    assert (reading.terms, reading.measure) == ((), {"stages": 2})
    assert read_dvc("stages: 3").measure == {"stages": 0}
    assert read_dvc("stages: [").broken


def test_the_entry_points_of_a_project() -> None:
    reading = read_mlproject("name: x\ndocker_env: {image: acme/train:1}\nentry_points:\n  main: {command: a}\n")
    assert reading.terms == ("image:acme/train",)
    assert reading.measure == {"entry_points": 1}


def test_packed_models() -> None:
    assert read_packed("service: a\npython:\n  packages: [torch, 'mlflow>=2']\n").terms == ("pypi:torch", "pypi:mlflow")
    assert read_packed("build: {gpu: true, python_packages: [diffusers==1]}\n").terms == ("pypi:diffusers",)
