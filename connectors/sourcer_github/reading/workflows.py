"""Workflows: the actions that GitHub runs, the stages of a DVC pipeline, the entry points of an MLflow project."""

from __future__ import annotations

import re
from typing import Final

from sourcer_github.reading.images import image_term, images_in
from sourcer_github.reading.plain_yaml import load_yaml
from sourcer_github.reading.requirements import pypi_terms
from sourcer_github.reading.shape import Reading, dependencies, file_terms, table, texts

__all__ = ["read_actions", "read_dvc", "read_mlproject", "read_packed"]

_USES: Final = re.compile(r"^[ \t]*(?:-[ \t]+)?[\"']?uses[\"']?:[ \t]*[\"']?(?P<what>[^\s\"'#]+)", re.MULTILINE)
_ACTION: Final = re.compile(r"(?P<name>[\w.-]+/[\w./-]+)@\S+")


def read_actions(text: str) -> Reading:
    """``action:owner/name`` for each action of a GitHub workflow, without its version, and images used as actions."""
    terms: list[str] = []
    for found in _USES.finditer(text):
        what = found["what"]
        action = _ACTION.fullmatch(what)
        if what.startswith("docker://"):
            terms += [term] if (term := image_term(what)) else []
        elif action and not what.startswith("."):
            terms.append(f"action:{action['name'].lower()}")
    return file_terms(terms, {"uses": len(terms)})


def read_dvc(text: str) -> Reading:
    """How many stages a DVC pipeline has."""
    documents = load_yaml(text)
    stages = sum(len(table(part, "stages")) for part in documents.tables())
    return file_terms((), {"stages": stages}, broken=documents.broken)


def read_mlproject(text: str) -> Reading:
    """How many entry points an MLflow project has, and the image that it runs in."""
    documents = load_yaml(text)
    points = sum(len(table(part, "entry_points")) for part in documents.tables())
    terms = [term for part in documents.parts for term in images_in(part)]
    return file_terms(terms, {"entry_points": points}, broken=documents.broken)


def read_packed(text: str) -> Reading:
    """The packages that a model is packed with: ``bentofile.yaml`` and ``cog.yaml``."""
    documents = load_yaml(text)
    names = [
        name
        for part in documents.tables()
        for listed in (table(part, "python").get("packages"), table(part, "build").get("python_packages"))
        for name in texts(listed)
    ]
    return dependencies(pypi_terms(names), broken=documents.broken)
