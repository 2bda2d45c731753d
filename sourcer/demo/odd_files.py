"""Repositories whose files are hostile, broken, huge or deep: they must cost a crawler nothing."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from sourcer.demo.build import Builder
from sourcer.demo.model import TODAY, Account
from sourcer.demo.pulls import people_of

__all__ = ["plant_files"]

_PUSHED: Final = TODAY - timedelta(days=9)
_README: Final = "# Notes\n"
_BOMB_WIDTH: Final = 9


def _yaml_bomb() -> str:
    """Nine levels of nine references each: half a billion items when they are written out."""
    levels = ['a0: &a0 ["x", "x", "x", "x", "x", "x", "x", "x", "x"]']
    for number in range(1, _BOMB_WIDTH):
        items = ", ".join(f"*a{number - 1}" for _ in range(_BOMB_WIDTH))
        levels.append(f"a{number}: &a{number} [{items}]")
    return "\n".join((*levels, "services: *a8", ""))


def _xml_bomb() -> str:
    further = range(1, _BOMB_WIDTH)
    levels = "".join(f'<!ENTITY e{number} "{f"&e{number - 1};" * _BOMB_WIDTH}">' for number in further)
    kind = f'<!DOCTYPE project [<!ENTITY e0 "x">{levels}]>'
    return f"<?xml version='1.0'?>\n{kind}\n<project><name>&e8;</name></project>\n"


def _deep() -> dict[str, str]:
    """Work that lies deeper than two levels, and a folder with many files."""
    found = {f"src/parts/part_{number:03}.py": "import torch\n" for number in range(300)}
    return found | {
        "deploy/clusters/eu/west/k8s/inference.yaml": "apiVersion: serving.kserve.io/v1beta1\nkind: InferenceService\n",
        "a/b/c/d/e/f/Dockerfile": "FROM python:3.12\n",
        "jobs/nightly/dags/retrain.py": "from airflow import DAG\n",
    }


_ODD: Final = {
    "hostile_files": {
        "docker-compose.yml": _yaml_bomb(),
        "dvc.yaml": _yaml_bomb(),
        "environment.yml": _yaml_bomb(),
        "pom.xml": _xml_bomb(),
        "requirements.txt": "-r ../../etc/passwd\n-r requirements.txt\n--index-url https://pins.example/simple\ntorch\n",
    },
    "broken_files": {
        "requirements.txt": "numpy==\n??? not a line\ntorch==2.1.0\n\\\n<<<<<<< HEAD\npandas>=2\n=======\n",
        "pyproject.toml": '[project\nname = "unfinished\n',
        "environment.yml": "dependencies:\n  - python=3.11\n - broken\n\t- tab\n",
        "setup.cfg": "[options\ninstall_requires = numpy\n",
        "pom.xml": "<project><dependencies><dependency></project>",
        ".github/workflows/ci.yml": "jobs: [unclosed\n",
        "notebooks/01.ipynb": '{"cells": [',
    },
    "huge_files": {
        "README.md": "# Log\n\n<script>alert(1)</script>\n" + "All work and no play. " * 32_000,
        "requirements.txt": "numpy\n" * 60_000,
    },
    "deep_files": _deep(),
    "binary_files": {
        "Dockerfile": "FROM scratch\0\1\2\n",
        "models/best.onnx": "\0ONNX\0",
        "data/Übersicht 2026 (neu).csv": "a,b\n1,2\n",
        "requirements.txt": "\ufeffnumpy\r\ntorch\r\n",
    },
}


def plant_files(builder: Builder) -> None:
    """Give one MLOps engineer a repository of each kind."""
    owner: Account = next(account for person, account in people_of(builder, "mlops") if not person.traps)
    for trap, files in _ODD.items():
        repository = builder.repository(
            owner, trap.replace("_", "-"), owner.created_at, _PUSHED,
            description="Odds and ends", topics=("mlops",), languages={"Python": 9_000},
            files=dict(sorted(({"README.md": _README} | files).items())),
        )  # fmt: skip
        builder.mark(trap, repository)
