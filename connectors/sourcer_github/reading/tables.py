"""Dependencies in TOML: pyproject.toml in its dialects, Pipfile, pixi.toml, Cargo.toml."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, Final

from sourcer_github.reading.conda import conda_terms
from sourcer_github.reading.requirements import pypi_terms
from sourcer_github.reading.shape import Reading, dependencies, table, texts

__all__ = ["read_cargo", "read_pipfile", "read_pixi", "read_pyproject"]

_MOST_PARTS: Final = 50
"""Of a dotted key."""

_QUOTED: Final = re.compile(r"\"[^\"]*\"|'[^']*'")


def read_pyproject(text: str) -> Reading:
    """PEP 621 with extras, PEP 735 groups, and the tables of Poetry, PDM, Hatch, uv, Flit and Pixi."""
    return _read(text, _pyproject)


def read_pipfile(text: str) -> Reading:
    """Both lists of a Pipfile, and those of its own categories."""
    return _read(text, _pipfile)


def read_pixi(text: str) -> Reading:
    """The packages of a pixi.toml, from conda and from the Python index."""
    return _read(text, _pixi)


def read_cargo(text: str) -> Reading:
    """The crates of a Cargo.toml, its workspace's and those of single targets."""
    return _read(text, _cargo)


def _read(text: str, terms: Callable[[Mapping[str, Any]], Iterable[str | None]]) -> Reading:
    if any(_is_bomb(line) for line in text.split("\n")):
        return dependencies((), broken=True)
    try:
        data = tomllib.loads(text)
    except (ValueError, RecursionError):
        return dependencies((), broken=True)
    return dependencies(terms(data))


def _is_bomb(line: str) -> bool:
    """Whether a key has so many parts that the parser, which takes their square in steps, would not come back."""
    return line.count(".") > _MOST_PARTS and _QUOTED.sub("", line).count(".") > _MOST_PARTS


def _pyproject(data: Mapping[str, Any]) -> Iterator[str | None]:
    yield from pypi_terms(_standard(data))
    yield from pypi_terms(_poetry(table(data, "tool", "poetry")))
    yield from pypi_terms(_other_tools(table(data, "tool")))
    yield from _pixi(table(data, "tool", "pixi"))


def _standard(data: Mapping[str, Any]) -> Iterator[str]:
    project = table(data, "project")
    yield from texts(project.get("dependencies"))
    for extra in table(project, "optional-dependencies").values():
        yield from texts(extra)
    # Groups may hold tables: {include-group = "test"}.
    for group in table(data, "dependency-groups").values():
        yield from texts(group)


def _poetry(poetry: Mapping[str, Any]) -> Iterator[str]:
    groups = [table(group, "dependencies") for group in table(poetry, "group").values()]
    for names in (table(poetry, "dependencies"), table(poetry, "dev-dependencies"), *groups):
        yield from (name for name in names if name.lower() != "python")


def _other_tools(tool: Mapping[str, Any]) -> Iterator[str]:
    for group in table(tool, "pdm", "dev-dependencies").values():
        yield from texts(group)
    for environment in table(tool, "hatch", "envs").values():
        yield from texts(table(environment).get("dependencies"))
        yield from texts(table(environment).get("extra-dependencies"))
    yield from texts(table(tool, "uv").get("dev-dependencies"))
    yield from texts(table(tool, "flit", "metadata").get("requires"))


def _pipfile(data: Mapping[str, Any]) -> Iterator[str | None]:
    for section, names in data.items():
        if section not in ("source", "requires", "scripts", "pipenv"):
            yield from pypi_terms(table(names))


def _pixi(data: Mapping[str, Any]) -> Iterator[str | None]:
    for part in (data, *table(data, "feature").values()):
        yield from conda_terms(table(part, "dependencies"))
        yield from pypi_terms(table(part, "pypi-dependencies"))


def _cargo(data: Mapping[str, Any]) -> Iterator[str]:
    for part in (data, table(data, "workspace"), *table(data, "target").values()):
        for section in ("dependencies", "dev-dependencies", "build-dependencies"):
            yield from (f"cargo:{name}" for name in table(part, section) if name and not name[0].isspace())
