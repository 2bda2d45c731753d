"""Which modules the source of a notebook imports, by its text alone: nothing is run, and nothing raises."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any, Final

__all__ = ["MOST_CHARACTERS", "imports_of"]

MOST_CHARACTERS: Final = 2_000_000
"""Of a source; a longer one is mostly the pictures that it drew."""

_MOST_CELLS: Final = 2_000
_MOST_IMPORTS: Final = 100
_NAME: Final = r"[A-Za-z_]\w{0,99}(?:\.\w{1,100}){0,9}"
_IMPORT: Final = re.compile(r"^[ \t]{0,40}import[ \t]+([^#\n;]{1,500})", re.MULTILINE | re.ASCII)
_FROM: Final = re.compile(rf"^[ \t]{{0,40}}from[ \t]+({_NAME})[ \t]+import\b", re.MULTILINE | re.ASCII)
_MODULE: Final = re.compile(rf"[ \t]*({_NAME})(?:[ \t]+as[ \t]+\w{{1,100}})?[ \t]*", re.ASCII)
_LIBRARY: Final = re.compile(
    r"^[ \t]{0,40}(?:library|require)\([ \t]*[\"']?([A-Za-z][A-Za-z0-9.]{1,100})[\"']?[ \t]*[,)]",
    re.MULTILINE | re.ASCII,
)


def imports_of(source: str, language: str | None) -> tuple[str, ...]:
    """The top-level modules of a Python source, or the packages of one in R, each once, in order of the alphabet.

    The source is a script, or a notebook as JSON. Of longer ones only the beginning is read.

    Args:
        source: As Kaggle gives it.
        language: As Kaggle names it; Python where it names none.
    """
    code = "\n".join(_cells(source[:MOST_CHARACTERS]))
    is_r = (language or "").lower() in ("r", "rmarkdown")
    modules = dict.fromkeys(_packages(code) if is_r else _modules(code))
    return tuple(sorted(modules)[:_MOST_IMPORTS])


def _packages(code: str) -> Iterator[str]:
    return (match[1] for match in _LIBRARY.finditer(code))


def _modules(code: str) -> Iterator[str]:
    for match in _IMPORT.finditer(code):
        for part in match[1].split(","):
            if module := _MODULE.fullmatch(part.rstrip("\r")):
                yield module[1].partition(".")[0]
    yield from (match[1].partition(".")[0] for match in _FROM.finditer(code))


def _cells(source: str) -> Iterator[str]:
    """The code of a notebook, cell by cell; what is no notebook is code as a whole."""
    try:
        notebook = json.loads(source) if source.lstrip()[:1] == "{" else None
    except (ValueError, RecursionError):
        notebook = None
    cells = notebook.get("cells") if isinstance(notebook, dict) else None
    if not isinstance(cells, list):
        yield source
        return
    for cell in cells[:_MOST_CELLS]:
        if isinstance(cell, dict) and cell.get("cell_type") == "code":
            yield _joined(cell.get("source"))


def _joined(lines: Any) -> str:
    if isinstance(lines, list):
        return "".join(line for line in lines if isinstance(line, str))
    return lines if isinstance(lines, str) else ""
