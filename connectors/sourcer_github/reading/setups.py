"""Dependencies in setup.cfg and setup.py; the latter is parsed and never run."""

from __future__ import annotations

import ast
import configparser
import re
import warnings
from collections.abc import Iterator, Mapping
from typing import Final

from sourcer_github.reading.requirements import pypi_terms
from sourcer_github.reading.shape import MOST_LINE, Reading, dependencies

__all__ = ["read_setup_cfg", "read_setup_py"]

_LISTS: Final = ("install_requires", "setup_requires", "tests_require")
_WANTED: Final = (*_LISTS, "extras_require")

_MOST_SOURCE: Final = 50_000
"""Characters of a setup.py; Python's own parser refuses brackets that are nested too deep."""

_LIST: Final = re.compile(r"\b(?:install_requires|tests_require)\s*=\s*\[(?P<items>[^\]]{0,5000})\]")
_QUOTED: Final = re.compile(r"""(["'])(?P<text>[^"'\n]{1,300})\1""")


def read_setup_cfg(text: str) -> Reading:
    """The lists of setuptools' declarative configuration, with extras."""
    parser = configparser.ConfigParser(interpolation=None, strict=False, delimiters=("=", ":"))
    try:
        parser.read_string(text)
    except (configparser.Error, ValueError, AttributeError):
        return dependencies((), broken=True)
    values = [parser.get("options", name, fallback="") or "" for name in _LISTS]
    if parser.has_section("options.extras_require"):
        values += [value or "" for _, value in parser.items("options.extras_require")]
    # setuptools: a list is written on lines of its own, or on one with semicolons between.
    entries = (entry for value in values for entry in _lines(value, "\n" if "\n" in value else ";"))
    return dependencies(pypi_terms(entries))


def read_setup_py(text: str) -> Reading:
    """The lists of literals that ``setup()`` is called with, also by the name of a list above it."""
    tree = _parse(text)
    if tree is None:
        found = (item["text"] for listed in _LIST.finditer(text) for item in _QUOTED.finditer(listed["items"]))
        return dependencies(pypi_terms(found), broken=True)
    return dependencies(pypi_terms(_Setup(tree).requirements()))


def _lines(value: str, separator: str = "\n") -> Iterator[str]:
    for line in value.split(separator):
        bare = line.partition("#")[0].strip()[:MOST_LINE]
        if bare and not bare.startswith(("file:", "-")):
            yield bare


def _parse(text: str) -> ast.Module | None:
    if len(text) > _MOST_SOURCE:
        return None
    with warnings.catch_warnings():
        # A stranger's invalid escape sequence is no warning about this program.
        warnings.simplefilter("ignore")
        try:
            return ast.parse(text)
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            return None


class _Setup:
    """The requirements in the calls of ``setup`` of a module."""

    def __init__(self, tree: ast.Module) -> None:
        self._calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call) and _is_setup(node.func)]
        self._named: Mapping[str, ast.expr] = {
            target.id: statement.value
            for statement in tree.body
            if isinstance(statement, ast.Assign)
            for target in statement.targets
            if isinstance(target, ast.Name)
        }

    def requirements(self) -> Iterator[str]:
        for call in self._calls:
            for keyword in call.keywords:
                if keyword.arg in _WANTED:
                    yield from self._texts(keyword.value)

    def _texts(self, value: ast.expr) -> Iterator[str]:
        """The texts in lists, in sums of lists and in the values of a dictionary."""
        waiting, left = [value], 1_000
        while waiting and left:
            node, left = waiting.pop(0), left - 1
            if isinstance(node, ast.Constant):
                # A single requirement may stand without its list; several stand on lines of their own.
                yield from _lines(node.value) if isinstance(node.value, str) else ()
            elif isinstance(node, ast.List | ast.Tuple | ast.Set):
                waiting[:0] = node.elts
            elif isinstance(node, ast.Dict):
                waiting[:0] = node.values
            elif isinstance(node, ast.BinOp):
                waiting[:0] = [node.left, node.right]
            elif isinstance(node, ast.Starred):
                waiting.insert(0, node.value)
            elif isinstance(node, ast.Name) and node.id in self._named:
                waiting.insert(0, self._named[node.id])


def _is_setup(func: ast.expr) -> bool:
    return (isinstance(func, ast.Name) and func.id == "setup") or (
        isinstance(func, ast.Attribute) and func.attr == "setup"
    )
