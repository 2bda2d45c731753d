"""What a Python file imports: found line by line, never parsed or run."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from sourcer_github.reading.shape import Reading, file_terms

__all__ = ["read_imports"]

_NAMESPACES: Final = frozenset({"google", "azure", "databricks", "tensorflow", "airflow", "ts", "snowflake"})
"""Top-level packages in which the next two names tell the product; of all others the first name does."""

_MOST_PARTS: Final = 3

_ONE: Final = r"[A-Za-z_][\w.]*(?:[ \t]+as[ \t]+\w+)?"
_IMPORT: Final = re.compile(
    rf"^[ \t]*import[ \t]+(?P<modules>{_ONE}(?:[ \t]*,[ \t]*{_ONE})*)[ \t]*(?:$|[#;])"
    r"|^[ \t]*from[ \t]+(?P<package>[A-Za-z_][\w.]*)[ \t]+import[ \t]+"
    r"(?:\((?P<many>[^()]{0,2000})\)|(?P<names>[^\n#;(]{1,500}))",
    re.MULTILINE,
)
_WORD: Final = re.compile(r"\w+")


def read_imports(text: str) -> Reading | None:
    """``import:module`` of each module that is imported anywhere in the file, but not of its own package.

    ``None`` where nothing is imported.
    """
    terms = list(dict.fromkeys(f"import:{module}" for module in _modules(text.replace("\r\n", "\n"))))
    return file_terms(terms, {"imports": len(terms)}) if terms else None


def _modules(text: str) -> Iterator[str]:
    for found in _IMPORT.finditer(text):
        if found["modules"]:
            for entry in found["modules"].split(","):
                yield _telling(entry.split()[0])
            continue
        package = found["package"]
        names = [line.partition("#")[0] for line in (found["many"] or found["names"]).splitlines()]
        for entry in ",".join(names).split(","):
            word = _WORD.match(entry.strip())
            yield _telling(f"{package}.{word[0]}" if word and _is_module(word[0]) else package)


def _is_module(name: str) -> bool:
    """Classes and constants are written with capitals, modules without."""
    return name.islower()


def _telling(module: str) -> str:
    parts = module.strip(".").split(".")
    return ".".join(parts[: _MOST_PARTS if parts[0] in _NAMESPACES else 1])
