"""Which files of a repository say how the work is done. Names only; what they mean is the scorer's business."""

from __future__ import annotations

import re
from typing import Final

__all__ = ["telling_name"]

_FILES: Final = re.compile(
    r"""
      (?:.+[.-])?dockerfile(?:\..+)? | (?:docker-)?compose[\w.-]*\.ya?ml | \.dockerignore
    | requirements[\w.-]*\.(?:txt|in) | pyproject\.toml | setup\.(?:py|cfg) | pipfile | environment[\w.-]*\.ya?ml
    | conda[\w.-]*\.ya?ml | pom\.xml | build\.gradle(?:\.kts)? | build\.sbt | package\.json | go\.mod | cargo\.toml
    | dvc\.(?:yaml|lock) | params\.yaml | mlproject | bentofile\.yaml | cog\.yaml | feature_store\.yaml
    | dbt_project\.yml | great_expectations\.yml | airflow\.cfg | databricks\.yml | kedro\.yml | zenml[\w.-]*\.ya?ml
    | .+\.(?:tf|tfvars|bicep) | chart\.yaml | values\.yaml | kustomization\.ya?ml | helmfile\.ya?ml | skaffold\.ya?ml
    | (?:k8s|kubernetes|deployment|service|ingress|statefulset|cronjob)[\w.-]*\.ya?ml
    | serverless\.ya?ml | template\.ya?ml | cloudbuild\.ya?ml | buildspec\.ya?ml | prometheus\.ya?ml
    | jenkinsfile | \.gitlab-ci\.yml | \.travis\.yml | azure-pipelines\.ya?ml | tox\.ini | noxfile\.py
    | \.pre-commit-config\.yaml | makefile | .+\.ipynb
    """,
    re.VERBOSE | re.IGNORECASE,
)

_FOLDERS: Final = re.compile(
    r"""
      dags | airflow | k8s | kubernetes | manifests | helm | charts | terraform | infra(?:structure)?
    | deploy(?:ment)?s? | tests? | notebooks | pipelines? | \.dvc | \.circleci | mlruns | great_expectations
    | feature_repo | monitoring    | serving | \.kedro | components
    """,
    re.VERBOSE | re.IGNORECASE,
)


def telling_name(name: str, kind: str) -> str | None:
    """The name as a term says it (a folder ends in ``/``), or ``None`` where it tells nothing.

    Args:
        name: Of a file or folder in the root.
        kind: ``blob`` or ``tree``, as GitHub says; submodules are somebody else's work.
    """
    if kind == "blob" and _FILES.fullmatch(name):
        return name
    if kind == "tree" and _FOLDERS.fullmatch(name):
        return f"{name}/"
    return None
