"""Dependencies of JavaScript, Go and R: they show what somebody does besides, or instead."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Final

from sourcer_github.reading.shape import Reading, dependencies, table

__all__ = ["read_description", "read_go_mod", "read_package_json"]

_NPM: Final = re.compile(r"(?:@[\w.~-]+/)?[\w.~-]+")
_SECTIONS: Final = ("dependencies", "devDependencies", "peerDependencies", "optionalDependencies")

_REQUIRE: Final = re.compile(
    r"^[ \t]*(?:require[ \t]+)?(?P<module>[A-Za-z0-9][\w-]{0,99}\.[\w.~/-]{1,200})[ \t]+v\d[^\n]*$", re.MULTILINE
)
_INDIRECT: Final = "// indirect"

_FIELD: Final = re.compile(r"^(?:Depends|Imports|Suggests|LinkingTo):(?P<names>[^\n]*(?:\n[ \t][^\n]*)*)", re.MULTILINE)
_CRAN: Final = re.compile(r"[A-Za-z][A-Za-z0-9.]*")


def read_package_json(text: str) -> Reading:
    """The packages that a package.json names, for use and for development."""
    try:
        data = json.loads(text)
    except (ValueError, RecursionError):
        return dependencies((), broken=True)
    names = (name for section in _SECTIONS for name in table(data, section))
    return dependencies(f"npm:{name}" if _NPM.fullmatch(name) else None for name in names)


def read_go_mod(text: str) -> Reading:
    """The modules that a go.mod asks for itself, not those that these ask for."""
    found = (one for one in _REQUIRE.finditer(text) if _INDIRECT not in one[0])
    return dependencies(f"go:{one['module']}" for one in found)


def read_description(text: str) -> Reading | None:
    """The packages of an R package's DESCRIPTION; ``None`` where it is another file of that name."""
    return dependencies(_cran(text)) if re.search(r"^Package:", text, re.MULTILINE) else None


def _cran(text: str) -> Iterator[str]:
    for field in _FIELD.finditer(text):
        for entry in field["names"].split(","):
            name = _CRAN.match(entry.strip())
            if name and name[0] != "R":
                yield f"cran:{name[0]}"
