"""Which files and folders of a repository say how the work is done. By names only; their meaning is left to the scorer.

Paths are those of the two upper levels and of the workflows; a folder's path ends in ``/``.
"""

from __future__ import annotations

import re
from typing import Final

__all__ = ["is_placeholder", "is_test", "is_third_party", "telling_name"]

MOST_NAME: Final = 120
"""Characters of a path; longer ones are no names that people give."""

_FILES: Final = re.compile(
    r"""
      (?:.+[.-])?dockerfile(?:[._-].+)? | containerfile | (?:docker-)?compose[\w.-]*\.ya?ml | \.dockerignore
    | (?:[\w.-]+[_-])?requirements[\w.-]*\.(?:txt|in) | pyproject\.toml | setup\.(?:py|cfg) | pipfile
    | environment[\w.-]*\.ya?ml | (?:conda|mamba|anaconda)[\w.-]*\.ya?ml | meta\.yaml
    | pom\.xml | build\.gradle(?:\.kts)? | build\.sbt | package\.json | go\.mod | cargo\.toml
    | dvc\.(?:yaml|lock) | .+\.dvc | \.dvcignore | params\.yaml | mlproject | mlmodel | bentofile\.yaml | cog\.yaml
    | feature_store\.yaml
    | config\.pbtxt | prefect\.ya?ml | metaflow\w*\.(?:py|ya?ml) | dbt_project\.yml | great_expectations\.yml
    | airflow\.cfg | airflow_settings\.yaml | webserver_config\.py | dagster(?:_cloud)?\.ya?ml | kedro_cli\.py
    | mlflow\.db | spark-defaults\.conf | kafka\.properties | databricks\.ya?ml | kedro\.yml | zenml[\w.-]*\.ya?ml
    | .+\.(?:tf|tfvars|bicep) | pulumi\.ya?ml | cdk\.json | chart\.yaml | values\.yaml | kustomization\.ya?ml
    | helmfile\.ya?ml | skaffold\.ya?ml
    | (?:k8s|kubernetes|deployment|service|ingress|statefulset|cronjob|inferenceservice|kserve|seldon)[\w.-]*\.ya?ml
    | serverless\.ya?ml | template\.ya?ml | cloudbuild\.ya?ml | buildspec\.ya?ml | prometheus\.ya?ml
    | terragrunt\.hcl | samconfig\.toml | ansible\.cfg | playbook\.ya?ml | alertmanager\.ya?ml
    | otel-collector-config\.ya?ml | \.drone\.ya?ml | appveyor\.ya?ml | bitbucket-pipelines\.ya?ml
    | manifest\.in | (?:poetry|uv)\.lock | tsconfig\.json
    | jenkinsfile | \.gitlab-ci\.yml | \.travis\.yml | azure-pipelines\.ya?ml
    | tox\.ini | pytest\.ini | noxfile\.py | conftest\.py | \.pre-commit-config\.yaml | makefile
    | mkdocs\.ya?ml | \.readthedocs\.ya?ml | contributing\.md
    | .+\.(?:cu|gguf|mar|onnx|rmd|safetensors|tflite) | modelfile | saved_model\.pb
    """,
    re.VERBOSE | re.IGNORECASE,
)

_PATHS: Final = re.compile(
    r"""
      \.github/workflows/[^/]+\.ya?ml | \.circleci/config\.yml | docs/conf\.py
    | (?:[^/]+/)?dags/[^/]+\.py | (?:[^/]+/)?(?:kubeflow|kfp)/[^/]+\.(?:py|ya?ml)
    | (?:[^/]+/)?(?:k8s|kubernetes|helm|kustomize|manifests)/[^/]+\.ya?ml
    | conf/base/catalog\.ya?ml | \.?(?:azure-?)?pipelines/[^/]+\.(?:py|ya?ml)
    """,
    re.VERBOSE | re.IGNORECASE,
)

_FOLDERS: Final = re.compile(
    r"""
      dags | airflow | k8s | kubernetes | manifests | kustomize | helm | charts | terraform | infra(?:structure)?
    | deploy(?:ment)?s? | docker | tests? | notebooks | \.?pipelines? | kubeflow | \.dvc | \.circleci | mlruns
    | great_expectations | feature_repo | wandb | monitoring | prometheus | grafana | serving | \.kedro
    | \.zen | \.buildkite | conda\.recipe | dbt_packages | components | docs
    """,
    re.VERBOSE | re.IGNORECASE,
)

_THIRD_PARTY: Final = frozenset(
    """
    vendor vendors third_party third-party thirdparty 3rdparty 3rd_party node_modules bower_components jspm_packages
    godeps pods carthage site-packages dist-packages venv .venv venv3 .virtualenv virtualenv .tox .nox .eggs __pycache__
    .ipynb_checkpoints
    """.split()  # noqa: SIM905  # as a list it has a line for each
)

_TESTS: Final = re.compile(
    r"(?:test_.+|.+_test|tests)\.(?:py|go|rs|r|jl|cc|cpp|cu|c)|.+(?:test|tests|spec)\.(?:java|kt|scala)|.+\.(?:test|spec)\.[jt]sx?",
    re.IGNORECASE,
)
_TEST_FOLDERS: Final = re.compile(r"tests?|__tests__|spec", re.IGNORECASE)
_CODE: Final = re.compile(r".+\.(?:py|java|kt|scala|go|rs|js|ts|jsx|tsx|c|cc|cpp|cu|rb|r|jl|sh)", re.IGNORECASE)
_NO_TESTS: Final = frozenset({"__init__.py", "conftest.py"})


def telling_name(path: str, kind: str) -> str | None:
    """The path as a term says it, or ``None`` where it tells nothing.

    Args:
        path: Of a file or folder.
        kind: ``blob`` or ``tree``, as GitHub says; submodules are somebody else's work.
    """
    if not path.isprintable() or len(path) > MOST_NAME:
        return None
    name = path.rpartition("/")[2]
    if kind == "blob" and (_FILES.fullmatch(name) or _PATHS.fullmatch(path)):
        return path
    if kind == "tree" and (_FOLDERS.fullmatch(name) or path.lower() == ".github/workflows"):
        return f"{path}/"
    return None


def is_third_party(path: str) -> bool:
    """Whether a path lies in a folder where people keep what others wrote."""
    parts = path.lower().split("/")
    return not _THIRD_PARTY.isdisjoint(parts) or any(part.endswith(".egg-info") for part in parts)


def is_placeholder(path: str) -> bool:
    """Whether a path has a name that is still to be filled in: it belongs to a template."""
    return "{{" in path or "{%" in path or "__cookiecutter" in path.lower()


def is_test(path: str) -> bool:
    """Whether a file is a test: by its name, or as code in a folder of tests. Fixtures beside tests are none."""
    folder, _, name = path.rpartition("/")
    if _TESTS.fullmatch(name):
        return True
    within = any(_TEST_FOLDERS.fullmatch(part) for part in folder.split("/"))
    return within and name not in _NO_TESTS and _CODE.fullmatch(name) is not None
