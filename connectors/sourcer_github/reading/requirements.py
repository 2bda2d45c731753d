"""Package names in lists of requirements, as pip reads them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Final

from packaging.requirements import InvalidRequirement, Requirement
from packaging.utils import canonicalize_name

from sourcer_github.reading.shape import MOST_LINE, Reading, dependencies

__all__ = ["is_address", "pypi_terms", "read_requirements", "requirement_name"]

_NAME: Final = re.compile(r"(?P<name>[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?)\s*(?P<rest>.*)")
_REST: Final = re.compile(r"(?:\[[^\]]*\]\s*)?(?:$|[<>=!~;(].*|@\s*[\w+]+:/.*)")
"""What may follow a name where the standard is not kept to: old specifiers, markers that nobody can evaluate."""

_EGG: Final = re.compile(r"[#&]egg=(?P<name>[A-Za-z0-9][A-Za-z0-9._-]*)")
_ADDRESS: Final = re.compile(r"[\w+.-]+(?:://|@[\w.-]+:)\S+")
_ACCOUNT: Final = re.compile(r"git@[\w.-]+:")
"""A repository by ssh, which the standard takes for a package called git."""

_COMMENT: Final = re.compile(r"(?:^|\s)#")
_EDITABLE: Final = ("-e ", "--editable ", "--editable=")
_ARCHIVES: Final = (".whl", ".tar.gz", ".zip")


def requirement_name(text: str) -> str | None:
    """The normalised package name (PEP 503) of a requirement (PEP 508), or ``None`` where there is none.

    What the standard refuses is read leniently: a name is worth more than its version.
    """
    text = text.strip()[:MOST_LINE]
    if _ACCOUNT.match(text):
        return None
    try:
        return canonicalize_name(Requirement(text).name)
    except (InvalidRequirement, RecursionError):
        return _lenient_name(text)


def is_address(text: str) -> bool:
    """Whether a requirement is the address of an archive or a repository: it need not name its package."""
    return _ADDRESS.match(text.strip()[:MOST_LINE]) is not None


def pypi_terms(requirements: Iterable[str]) -> Iterator[str | None]:
    """``pypi:name`` of each requirement, or ``None`` where it names no package but should."""
    for requirement in requirements:
        name = requirement_name(requirement)
        if name is not None:
            yield f"pypi:{name}"
        elif not is_address(requirement):
            yield None


def read_requirements(text: str) -> Reading:
    """Read a pip requirements file. Options (``-r``, ``--hash``) are passed over; ``-e`` with a name in it counts."""
    return dependencies(pypi_terms(_lines(text)))


def _lenient_name(text: str) -> str | None:
    found = _NAME.fullmatch(text)
    if found and _REST.fullmatch(found["rest"]):
        return canonicalize_name(found["name"])
    egg = _EGG.search(text) if "://" in text else None
    return canonicalize_name(egg["name"]) if egg else None


def _lines(text: str) -> Iterator[str]:
    for line in text.replace("\\\r\n", " ").replace("\\\n", " ").splitlines():
        # pip: a comment starts at the line's start or after white space, so "#egg=" is none.
        bare = _COMMENT.split(line, maxsplit=1)[0].strip()
        for option in _EDITABLE:
            bare = bare.removeprefix(option).strip()
        # A folder, a file or an option names no package.
        if bare and not bare.startswith(("-", ".", "/")) and not bare.lower().endswith(_ARCHIVES):
            yield re.split(r"\s--?[a-z]", bare, maxsplit=1)[0]
