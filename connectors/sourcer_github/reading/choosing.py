"""Which reader a file has, by its name and folder; never by whose it is."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Final

from sourcer_github.reading.clusters import (
    read_chart,
    read_compose,
    read_conda,
    read_images,
    read_kustomization,
    read_yaml,
)
from sourcer_github.reading.docker import read_dockerfile
from sourcer_github.reading.imports import read_imports
from sourcer_github.reading.java import read_gradle, read_pom, read_sbt
from sourcer_github.reading.others import read_description, read_go_mod, read_package_json
from sourcer_github.reading.readme import read_readme
from sourcer_github.reading.requirements import read_requirements
from sourcer_github.reading.setups import read_setup_cfg, read_setup_py
from sourcer_github.reading.shape import MOST_CHARACTERS, Reading
from sourcer_github.reading.tables import read_cargo, read_pipfile, read_pixi, read_pyproject
from sourcer_github.reading.terraform import read_terraform
from sourcer_github.reading.workflows import read_actions, read_dvc, read_mlproject, read_packed

__all__ = ["is_read", "read_file"]

_Reader = Callable[[str], Reading | None]

_MARK: Final = "\ufeff"
"""Windows editors put it in front."""

_MOST_PATH: Final = 500

_README_FOLDERS: Final = ("", ".github", "docs")
"""Where GitHub looks for the README of a repository."""

_README: Final = r"readme(?:\.(?:md|markdown|mkd|rst|txt|adoc|org))?"

# Folders whose YAML is looked into, whatever the names of the files.
_CLUSTER: Final = (
    r"k8s|kubernetes|kube|manifests?|deploy(?:ment)?s?|helm|charts?|templates|kustomize|base|overlays|kserve|seldon"
    r"|kubeflow|kfp|argo(?:cd|-\w+)?|gitops|clusters?|serving|inference|infra(?:structure)?|cloudformation|cfn"
    r"|components?|pipelines?|jobs|ml|mlops|aml|azureml|ray|kuberay|spark|monitoring|env(?:ironment)?s?|conda"
)
_RESOURCE: Final = (
    r"k8s|kubernetes|deployments?|services?|svc|ingress|statefulsets?|daemonsets?|cronjobs?|jobs?|pods?|kfdef"
    r"|(?:pytorch|tf|mpi|ray|spark)[_-]?(?:job|cluster|service|application)s?|inference[_-]?service|isvc|kserve|seldon"
    r"|workflows?|pipelines?|components?|experiment|katib|values|template|serverless|application|helmfile|endpoint"
)

# Folders and names of Python files that say what models are trained, served or scheduled with.
_WORK: Final = (
    r"dags?|airflow|pipelines?|flows?|orchestration|kubeflow|kfp|components?|steps|train(?:ing|er)?|serving|inference"
    r"|deploy(?:ment)?s?|feature_repo|jobs"
)
_STEP: Final = (
    r"train(?:er|ing)?|models?|predict(?:or|ion)?|inference|infer|serv(?:e|er|ing)|pipelines?|dags?|flows?|deploy"
    r"|evaluat(?:e|ion)|eval|fine_?tun(?:e|ing)|features?|etl|register|monitor(?:ing)?|drift|experiment|main|app|api"
    r"|fit|tun(?:e|ing)|scor(?:e|ing)|ingest(?:ion)?|preprocess(?:ing)?|retrain|batch|transform|embed|workflows?"
)

_OTHERS: Final = re.compile(r"(?:^|/)(?:node_modules|vendor|third[_-]party|external|site-packages|\.?venv|dist)/")
"""Folders that hold the work of others."""

_TESTS: Final = re.compile(r"(?:^|/)(?:tests?/|test_|conftest\.py|setup\.py$|__init__\.py$)")


def _named(name: str, folders: str = "") -> re.Pattern[str]:
    """Paths whose last part is such a name, and of whose folders one is among those asked for."""
    inside = f"(?:{folders})/(?:.*/)?" if folders else ""
    return re.compile(f"(?:.*/)?{inside}(?:{name})")


_READERS: Final[Sequence[tuple[re.Pattern[str], _Reader]]] = (
    (_named(_README), read_readme),
    (_named(r"(?:[\w.-]*[._-])?(?:requirements|constraints)[\w.-]*\.(?:txt|in|pip)"), read_requirements),
    (_named(r"[\w.-]+\.(?:txt|in)", r"requirements|reqs"), read_requirements),
    (_named(r"pyproject\.toml"), read_pyproject),
    (_named(r"setup\.cfg"), read_setup_cfg),
    (_named(r"setup\.py"), read_setup_py),
    (_named(r"pipfile"), read_pipfile),
    (_named(r"pixi\.toml"), read_pixi),
    (_named(r"pom\.xml"), read_pom),
    (_named(r"[\w.-]*\.gradle(?:\.kts)?"), read_gradle),
    (_named(r"[\w.-]*\.sbt|dependencies\.scala"), read_sbt),
    (_named(r"package\.json"), read_package_json),
    (_named(r"go\.mod"), read_go_mod),
    (_named(r"cargo\.toml"), read_cargo),
    (_named(r"description"), read_description),
    (_named(r"[\w.-]+\.ya?ml", r"\.github/workflows"), read_actions),
    (_named(r"(?:[\w.-]*[._-])?(?:docker|container)file(?:[._-][\w.-]+)?"), read_dockerfile),
    (_named(r"(?:docker-)?compose[\w.-]*\.ya?ml"), read_compose),
    (_named(r"\.gitlab-ci\.ya?ml|azure-pipelines[\w.-]*\.ya?ml|cloudbuild[\w.-]*\.ya?ml"), read_images),
    (_named(r"bitbucket-pipelines\.ya?ml|\.drone\.ya?ml"), read_images),
    (_named(r"config\.ya?ml", r"\.circleci"), read_images),
    (_named(r"dvc\.yaml"), read_dvc),
    (_named(r"mlproject"), read_mlproject),
    (_named(r"bentofile\.ya?ml|cog\.ya?ml"), read_packed),
    (_named(r"chart\.ya?ml"), read_chart),
    (_named(r"kustomization\.ya?ml"), read_kustomization),
    (_named(r"(?:[\w.-]*[._-])?(?:conda|env|environment)[\w.-]*\.ya?ml|meta\.ya?ml"), read_conda),
    (_named(rf"(?:[\w.-]*[._-])?(?:{_RESOURCE})(?:[._-][\w.-]*)?\.ya?ml"), read_yaml),
    (_named(r"[\w.-]+\.ya?ml", _CLUSTER), read_yaml),
    (_named(r"[\w.-]+\.tf"), read_terraform),
    (_named(rf"(?:[\w-]*_)?(?:{_STEP})(?:_[\w-]*)?\.py"), read_imports),
    (_named(r"[\w-]+\.py", _WORK), read_imports),
)
"""By the whole path in small letters; the first that holds."""


def is_read(path: str) -> bool:
    """Whether the content of such a path is worth asking for; of READMEs only the repository's own is."""
    reader = _reader(path)
    if reader is None or _OTHERS.search(path.lower()):
        return False
    if reader is read_readme:
        return path.lower().rpartition("/")[0] in _README_FOLDERS
    return reader is not read_imports or _TESTS.search(path.lower()) is None


def read_file(path: str, text: str) -> Reading | None:
    """What a file's content tells, or ``None`` where it tells nothing.

    Args:
        path: In the repository, with ``/`` between its parts.
        text: The content; it may be anything. What is beyond :data:`MOST_CHARACTERS` is not read.

    Raises:
        Nothing: what cannot be read is told to be broken.
    """
    reader = _reader(path)
    return reader(_clean(text)) if reader else None


def _reader(path: str) -> _Reader | None:
    small = path.lower()
    if len(small) > _MOST_PATH:
        return None
    return next((reader for pattern, reader in _READERS if pattern.fullmatch(small)), None)


def _clean(text: str) -> str:
    """The part that is read, without halves of surrogate pairs: JSON may hold them, no encoding can."""
    return text[:MOST_CHARACTERS].removeprefix(_MARK).encode("utf-8", "replace").decode("utf-8")
