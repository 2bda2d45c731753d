"""Package names out of dependency files that strangers wrote: nothing is run, nothing raises, everything is capped."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

__all__ = ["PARSERS", "Manifest", "read_environment", "read_pyproject", "read_requirements", "requirement_name"]

MOST_CHARACTERS: Final = 200_000
MOST_LINE: Final = 1_000
MOST_TERMS: Final = 300

_MARK: Final = "\ufeff"
"""Windows editors put it in front."""

_NAME: Final = re.compile(r"(?P<name>[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?)\s*(?P<rest>.*)")
_REST: Final = re.compile(r"(?:\[[^\]]*\]\s*)?(?:$|[<>=!~;(].*|@\s*[\w+]+:/.*)")
_EGG: Final = re.compile(r"[#&]egg=(?P<name>[A-Za-z0-9][A-Za-z0-9._-]*)")
_SEPARATORS: Final = re.compile(r"[-_.]+")
_CONDA: Final = re.compile(r"(?:[\w./:-]+::)?(?P<name>[A-Za-z0-9_][A-Za-z0-9._-]*)\s*(?:$|[<>=!~\s\[].*)")
_ITEM: Final = re.compile(r"(?P<indent>\s*)-\s+(?P<text>\S.*)")


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a file names: ``pypi:`` and ``conda:`` terms in its order, and whether a part of it could not be read."""

    terms: tuple[str, ...] = ()
    broken: bool = False


def requirement_name(line: str) -> str | None:
    """The normalised package name (PEP 503) of a requirement (PEP 508), or ``None`` where there is none."""
    text = line.strip()[:MOST_LINE]
    found = _NAME.fullmatch(text)
    if found and _REST.fullmatch(found["rest"]):
        return _normal(found["name"])
    egg = _EGG.search(text) if "://" in text else None
    return _normal(egg["name"]) if egg else None


def read_requirements(text: str) -> Manifest:
    """Read a pip requirements file. Options (``-r``, ``--hash``) are passed over; ``-e`` with a name in it counts."""
    return _collect(_requirement_lines(text.removeprefix(_MARK)), "pypi", requirement_name)


def read_pyproject(text: str) -> Manifest:
    """Read the dependencies of a pyproject.toml: PEP 621 with extras, PEP 735 groups, and Poetry's tables."""
    try:
        data = tomllib.loads(text.removeprefix(_MARK))
    except (tomllib.TOMLDecodeError, RecursionError, ValueError):
        return Manifest(broken=True)
    return _collect(_pyproject_requirements(data), "pypi", requirement_name)


def read_environment(text: str) -> Manifest:
    """Read the dependencies of a conda environment file, and those of the ``pip`` list in it.

    Line by line: the block style is what conda writes and nearly everybody keeps, and a line cannot be a YAML bomb.
    """
    terms: list[str] = []
    broken = inside = False
    pip_indent: int | None = None
    for line in text.removeprefix(_MARK).splitlines():
        bare = line.split(" #")[0].rstrip()[:MOST_LINE]
        if not bare or bare.lstrip().startswith("#"):
            continue
        if not bare[0].isspace() and not bare.startswith("-"):
            inside, pip_indent = bare == "dependencies:", None
            broken |= bare.startswith("dependencies:") and not inside
            continue
        item = _ITEM.fullmatch(bare)
        if not inside or item is None:
            continue
        indent, entry = len(item["indent"]), item["text"].strip("\"' ")
        if entry == "pip:":
            pip_indent = indent
            continue
        in_pip = pip_indent is not None and indent > pip_indent
        term = _pip_term(entry) if in_pip else _conda_term(entry)
        broken |= term is None and not entry.startswith("-")
        terms += [term] if term else []
    return _manifest(terms, broken=broken)


PARSERS: Final[Mapping[str, Callable[[str], Manifest]]] = {
    "requirements.txt": read_requirements,
    "pyproject.toml": read_pyproject,
    "environment.yml": read_environment,
}
"""By the file's name in the root. Each takes any text and never raises."""


def _pip_term(entry: str) -> str | None:
    name = requirement_name(entry)
    return f"pypi:{name}" if name else None


def _conda_term(entry: str) -> str | None:
    found = _CONDA.fullmatch(entry)
    return f"conda:{found['name'].lower()}" if found else None


def _normal(name: str) -> str:
    return _SEPARATORS.sub("-", name).lower()


def _collect(requirements: Iterable[str], scheme: str, read: Callable[[str], str | None]) -> Manifest:
    terms: list[str] = []
    broken = False
    for requirement in requirements:
        name = read(requirement)
        broken |= name is None
        terms += [f"{scheme}:{name}"] if name else []
    return _manifest(terms, broken=broken)


def _manifest(terms: Iterable[str], *, broken: bool) -> Manifest:
    return Manifest(tuple(dict.fromkeys(terms))[:MOST_TERMS], broken)


def _requirement_lines(text: str) -> Iterator[str]:
    for line in text.replace("\\\r\n", " ").replace("\\\n", " ").splitlines():
        # pip: a comment starts at the line's start or after white space, so "#egg=" is none.
        bare = re.split(r"(?:^|\s)#", line, maxsplit=1)[0].strip()
        for option in ("-e ", "--editable ", "--editable="):
            bare = bare.removeprefix(option).strip()
        # A folder, a file or an option names no package.
        if bare and not bare.startswith(("-", ".", "/")) and not bare.lower().endswith((".whl", ".tar.gz", ".zip")):
            yield re.split(r"\s--?[a-z]", bare, maxsplit=1)[0]


def _pyproject_requirements(data: Mapping[str, Any]) -> Iterator[str]:
    project = _table(data, "project")
    yield from _texts(project.get("dependencies"))
    for extra in _table(project, "optional-dependencies").values():
        yield from _texts(extra)
    for group in _table(data, "dependency-groups").values():
        yield from _texts(group)
    poetry = _table(data, "tool", "poetry")
    groups = [_table(group, "dependencies") for group in _table(poetry, "group").values() if isinstance(group, dict)]
    for table in (_table(poetry, "dependencies"), _table(poetry, "dev-dependencies"), *groups):
        yield from (name for name in table if name.lower() != "python")


def _table(data: Mapping[str, Any], *path: str) -> Mapping[str, Any]:
    for key in path:
        value = data.get(key)
        data = value if isinstance(value, dict) else {}
    return data


def _texts(value: Any) -> Iterator[str]:
    # Groups may hold tables: {include-group = "test"}.
    yield from (item for item in value if isinstance(item, str)) if isinstance(value, list) else ()
