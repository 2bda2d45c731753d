"""Packages of conda: environment files, recipes, and the dependency files that services take."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from sourcer_github.reading.plain_yaml import Documents
from sourcer_github.reading.requirements import pypi_terms
from sourcer_github.reading.shape import MOST_LINE, Reading, dependencies, table, texts

__all__ = ["conda_terms", "read_environment"]

_PACKAGE: Final = re.compile(r"(?:[\w./:-]+::)?(?P<name>[A-Za-z0-9_][A-Za-z0-9._-]*)\s*(?:$|[<>=!~\s\[].*)")
_SECTIONS: Final = ("build", "host", "run")


def conda_terms(packages: Iterable[str]) -> Iterator[str | None]:
    """``conda:name`` of each match specification, without its channel and version; ``None`` where it names nothing."""
    for package in packages:
        found = _PACKAGE.fullmatch(package.strip()[:MOST_LINE])
        yield f"conda:{found['name'].lower()}" if found else None


def read_environment(documents: Documents) -> Reading | None:
    """Read an environment (``dependencies``, with the ``pip`` list in it) or a recipe (``requirements``).

    ``None`` where the documents are neither.
    """
    lists = [listed for data in documents.tables() for listed in _lists(data) if isinstance(listed, list)]
    if not lists:
        return None
    return dependencies((term for listed in lists for term in _packages(listed)), broken=documents.broken)


def _lists(data: Mapping[str, Any]) -> Iterator[Any]:
    yield data.get("dependencies")
    yield from (table(data, "requirements").get(section) for section in _SECTIONS)


def _packages(entries: list[Any]) -> Iterator[str | None]:
    for entry in entries:
        if isinstance(entry, str):
            yield from conda_terms([entry])
        # Options such as "-r more.txt" stand in the list as they would on pip's command line.
        yield from pypi_terms(line for line in texts(table(entry).get("pip")) if not line.startswith(("-", ".")))
