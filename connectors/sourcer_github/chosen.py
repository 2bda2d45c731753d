"""Which files of a repository are worth asking for: few, small, of many kinds, the best proof first."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice, zip_longest
from typing import Final

from sourcer_github.files import MOST_NAME, is_placeholder, is_test, is_third_party
from sourcer_github.reading import is_read
from sourcer_github.trees import File, Tree

__all__ = ["MOST_BYTES", "MOST_EACH", "MOST_FILES", "Choice", "Chosen", "choose"]

MOST_FILES: Final = 12
"""Of one repository."""

MOST_EACH: Final = 100_000
"""Bytes of one file."""

MOST_BYTES: Final = 200_000
"""Bytes of one repository's files together: those of forty stay well below what one answer may hold."""


MOST_OF_A_FOLDER: Final = 300
"""Files of one folder among which is chosen."""

_TEXT: Final = re.compile(
    r"^[\w-]+$|docker|\.(?:py|ya?ml|toml|txt|in|pip|cfg|md|markdown|rst|adoc|org|xml|gradle|kts|sbt|scala|tf|json|mod|pbtxt|lock)$",
    re.IGNORECASE,
)
"""Names that a reader may have."""


@dataclass(frozen=True, slots=True)
class Chosen:
    """A file to ask for, and the kind of evidence that it is."""

    path: str
    size: int
    kind: str


@dataclass(frozen=True, slots=True)
class Choice:
    """The files to ask for, those that would have been but are too large, and those whose name alone tells enough."""

    files: tuple[Chosen, ...] = ()
    too_large: tuple[Chosen, ...] = ()
    named: tuple[Chosen, ...] = ()


@dataclass(frozen=True, slots=True)
class Group:
    """Files that prove the same kind of thing.

    Args:
        kind: The kind of evidence.
        most: How many of them are asked for.
        patterns: What their paths look like, the best ones first.
    """

    kind: str
    most: int
    patterns: tuple[re.Pattern[str], ...]

    def of(self, files: Iterable[File], *, read: bool = True) -> list[Chosen]:
        """Its files, the best first; those that have a reader, or those that have none."""
        ranked = [(rank, file) for file in files if (rank := self._rank(file)) is not None]
        ranked.sort(key=lambda one: (_is_aside(one[1].path), one[0], one[1].depth, len(one[1].path), one[1].path))
        with_reader = (file for _, file in ranked if is_read(file.path) is read)
        return [Chosen(file.path, file.size, self.kind) for file in islice(with_reader, self.most)]

    def _rank(self, file: File) -> int | None:
        return next((rank for rank, known in enumerate(self.patterns) if known.fullmatch(file.path)), None)


def _group(most: int, *patterns: str, kind: str = "repo.file") -> Group:
    return Group(kind, most, tuple(re.compile(pattern, re.VERBOSE | re.IGNORECASE) for pattern in patterns))


_ANY: Final = r"(?:[^/]+/)?"
"""A folder, or none."""

_GROUPS: Final = (
    # What only machine learning has.
    _group(2, rf"{_ANY}(?:dvc\.yaml|mlproject|bentofile\.ya?ml|cog\.ya?ml)"),
    # What the work stands on: Python and conda.
    _group(
        3,
        r"pyproject\.toml | requirements\.(?:txt|in) | environment\.ya?ml | conda\.ya?ml | pipfile",
        rf"{_ANY}(?:pyproject\.toml | requirements\.(?:txt|in) | pipfile | (?:environment|conda)[\w.-]*\.ya?ml)",
        rf"{_ANY}(?:setup\.(?:cfg|py) | [\w.-]*requirements[\w.-]*\.(?:txt|in)) | requirements/[^/]+\.(?:txt|in)",
        kind="repo.dependency",
    ),
    _group(
        1,
        r"readme\.(?:md|markdown|rst|txt|adoc|org) | readme",
        r"(?:docs|\.github)/readme\.(?:md|rst)",
        kind="repo.readme",
    ),
    # How it is built, tested and brought out.
    _group(
        2,
        r"\.github/workflows/[^/]*(?:train|model|serv|deploy|pipeline|(?<![a-z])(?:c?ml|cd)(?![a-z]))[^/]*\.ya?ml",
        r"\.github/workflows/[^/]*(?:test|build|docker|main|release|publish|(?<![a-z])ci(?![a-z]))[^/]*\.ya?ml",
        r"\.gitlab-ci\.ya?ml | azure-pipelines\.ya?ml | \.?(?:azure-?)?pipelines/[^/]+\.ya?ml | jenkinsfile"
        r"| \.circleci/config\.yml | cloudbuild\.ya?ml | \.travis\.yml | [^/]+/(?:cloudbuild|buildspec)\.ya?ml",
        r"\.github/workflows/[^/]+\.ya?ml",
    ),
    # What runs in order: Airflow, Kubeflow and the like.
    _group(
        2,
        rf"{_ANY}dags/[^/]+\.py",
        rf"{_ANY}(?:kubeflow|kfp)/[^/]+\.(?:py|ya?ml)",
        rf"{_ANY}[\w-]*(?:pipeline|workflow|flow|dag)s?\.py | {_ANY}pipelines?/[^/]+\.(?:py|ya?ml)",
        rf"{_ANY}[\w-]*pipeline[\w-]*\.ya?ml",
    ),
    # What it runs in.
    _group(2, r"dockerfile", rf"{_ANY}(?:dockerfile(?:\.[\w.-]+)? | [\w-]+\.dockerfile | containerfile)"),
    _group(
        2,
        rf"{_ANY}(?:inferenceservice|kserve|seldon)[\w.-]*\.ya?ml",
        rf"{_ANY}(?:k8s|kubernetes|kserve|kustomize|manifests)/[^/]+\.ya?ml",
        rf"{_ANY}(?:deploy(?:ment)?s?|serving|infra|helm|charts)/[^/]+\.ya?ml | {_ANY}chart\.yaml"
        rf"| {_ANY}(?:deployment|service|statefulset|cronjob|kustomization|skaffold)[\w.-]*\.ya?ml",
    ),
    # The work itself.
    _group(1, rf"{_ANY}(?:train|training|trainer|finetune|fine_tune|fit|tune)(?:[_-]\w+)?\.py"),
    _group(1, rf"{_ANY}(?:serve|serving|server|predict|prediction|inference|score|deploy|app|api)(?:[_-]\w+)?\.py"),
    _group(
        2,
        rf"{_ANY}(?:models?|evaluate|evaluation|features?|preprocess|etl|ingest|monitor|monitoring)\.py",
        rf"{_ANY}main\.py",
    ),
    _group(1, rf"{_ANY}(?:docker-)?compose[\w.-]*\.ya?ml"),
    _group(
        1,
        r"pom\.xml | build\.gradle(?:\.kts)? | build\.sbt",
        rf"{_ANY}(?:pom\.xml|build\.gradle(?:\.kts)?|build\.sbt)",
        kind="repo.dependency",
    ),
    _group(1, r"main\.tf", rf"{_ANY}[^/]+\.tf"),
    _group(1, r"package\.json | go\.mod | cargo\.toml", kind="repo.dependency"),
    # Whatever else of a cluster or a cloud has a reader.
    _group(2, r"(?!\.github/)(?:[^/]+/)*(?![\w.-]*(?:conda|environment|compose))[^/]+\.ya?ml"),
)
"""The best proof first; within each the plainest name and the shortest way."""

_NAMED: Final = _group(
    3,
    rf"{_ANY}(?:dbt_project\.ya?ml | feature_store\.ya?ml | databricks\.ya?ml | prefect\.ya?ml | airflow\.cfg"
    r"| great_expectations\.ya?ml | mlmodel | config\.pbtxt | kedro\.yml | zenml[\w.-]*\.ya?ml | dvc\.lock)",
)
"""What only work with data and models has, and what says no more by its content."""

_ASIDE: Final = frozenset(
    {
        "benchmark",
        "benchmarks",
        "demo",
        "demos",
        "doc",
        "docs",
        "etc",
        "example",
        "examples",
        "fixtures",
        "sample",
        "samples",
        "site",
        "spec",
        "test",
        "tests",
        "tutorials",
        "website",
        ".devcontainer",
    }
)
"""Folders whose files are not what a repository is about."""

_LARGEST: Final = 2
"""Of the Python files whose names tell nothing: the largest hold most of the work."""


def choose(tree: Tree) -> Choice:
    """The files of a repository to ask for; the same for the same tree."""
    files: list[Chosen] = []
    too_large: list[Chosen] = []
    total = 0
    work = _work(tree.files)
    for file in _ordered(work):
        if file.size > MOST_EACH:
            too_large.append(file)
        elif len(files) < MOST_FILES and total + file.size <= MOST_BYTES:
            files.append(file)
            total += file.size
    return Choice(tuple(files), tuple(too_large), tuple(_NAMED.of(work, read=False)))


def _ordered(files: Sequence[File]) -> list[Chosen]:
    """One of each group, then a second of each, and so on, and code whose name tells nothing; each file once."""
    groups = [group.of(files) for group in _GROUPS]
    first: dict[str, Chosen] = {}
    for file in (*(file for turn in zip_longest(*groups) for file in turn if file), *_largest(files)):
        first.setdefault(file.path, file)
    return list(first.values())


def _largest(files: Sequence[File]) -> Iterator[Chosen]:
    code = [file for file in files if file.name.endswith(".py") and not _is_aside(file.path)]
    code = [file for file in code if file.size <= MOST_EACH and file.name not in ("__init__.py", "setup.py")]
    for file in sorted(code, key=lambda file: (-file.size, file.path))[:_LARGEST]:
        yield Chosen(file.path, file.size, "repo.file")


def _work(files: Iterable[File]) -> list[File]:
    """The files that may show work, not too many of one folder: there may be thousands that hold data."""
    folders: Counter[str] = Counter()
    found = []
    for file in files:
        folder = file.path.rpartition("/")[0]
        if folders[folder] < MOST_OF_A_FOLDER and _is_work(file):
            folders[folder] += 1
            found.append(file)
    return found


def _is_work(file: File) -> bool:
    """Whether a file may show work: not that of others, nor a template's; tests are only counted."""
    if not 0 < len(file.path) <= MOST_NAME or not file.path.isprintable() or not file.size:
        return False
    if not _TEXT.search(file.name) or is_third_party(file.path) or is_placeholder(file.path):
        return False
    return not (file.name.endswith(".py") and is_test(file.path))


def _is_aside(path: str) -> bool:
    return not _ASIDE.isdisjoint(path.lower().split("/")[:-1])
