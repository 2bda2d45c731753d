"""YAML of strangers as plain texts, lists and tables.

Built from the parser's events, one after the other: no tag makes an object, no merge key is expanded, an alias of
anything but a text is left out, and depth and number of nodes are capped. So neither nesting nor aliases of aliases
cost anything, and what stands before a fault is kept.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import yaml

__all__ = ["MOST_YAML", "Documents", "is_template", "load_yaml", "walk"]

MOST_YAML: Final = 60_000
"""Characters of one file: manifests are short, and reading YAML is slow."""

_MOST_NODES: Final = 20_000
_MOST_DEPTH: Final = 60
_TEMPLATE: Final = re.compile(r"\{\{|\{%")

# The parser in C is thirty times as fast and yields the same events; not every platform's PyYAML has it.
_LOADER: Final[Any] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(frozen=True, slots=True)
class Documents:
    """What a file holds.

    Args:
        parts: Each document: texts (numbers and dates too), lists, and tables with texts as keys.
        broken: Whether the file could not be read to its end.
    """

    parts: tuple[Any, ...]
    broken: bool = False

    def tables(self) -> Iterator[Mapping[str, Any]]:
        """The documents that are tables."""
        yield from (part for part in self.parts if isinstance(part, dict))


class _TooMuch(Exception):
    """The file is deeper or larger than any honest one."""


@dataclass(slots=True)
class _Builder:
    """Puts events together; ``stack`` holds what is open, each with the key that waits for its value."""

    parts: list[Any] = field(default_factory=list)
    stack: list[tuple[list[Any] | dict[str, Any], list[str | None]]] = field(default_factory=list)
    anchors: dict[str, str] = field(default_factory=dict)
    nodes: int = 0

    def take(self, event: yaml.Event) -> None:
        if isinstance(event, yaml.ScalarEvent):
            if event.anchor:
                self.anchors[event.anchor] = event.value
            self._add(event.value)
        elif isinstance(event, yaml.AliasEvent):
            self._add(self.anchors.get(event.anchor or ""))
        elif isinstance(event, yaml.MappingStartEvent):
            self._open({})
        elif isinstance(event, yaml.SequenceStartEvent):
            self._open([])
        elif isinstance(event, yaml.CollectionEndEvent):
            self.stack.pop()
        elif isinstance(event, yaml.DocumentStartEvent):
            self.anchors.clear()

    def _open(self, node: list[Any] | dict[str, Any]) -> None:
        if len(self.stack) >= _MOST_DEPTH:
            raise _TooMuch
        self._add(node)
        self.stack.append((node, []))

    def _add(self, node: Any) -> None:
        self.nodes += 1
        if self.nodes > _MOST_NODES:
            raise _TooMuch
        if not self.stack:
            self.parts.append(node)
            return
        parent, key = self.stack[-1]
        if isinstance(parent, list):
            parent.append(node)
        elif not key:
            key.append(node if isinstance(node, str) else None)
        elif (name := key.pop()) is not None:
            parent[name] = node


def load_yaml(text: str) -> Documents:
    """All documents of a file; what cannot be read ends it."""
    builder = _Builder()
    broken = len(text) > MOST_YAML
    try:
        for event in yaml.parse(_whole_lines(text), Loader=_LOADER):
            builder.take(event)
    except (yaml.YAMLError, _TooMuch, ValueError, RecursionError):
        broken = True
    return Documents(tuple(builder.parts), broken)


def is_template(text: str) -> bool:
    """Whether the file is filled in by a program before anybody reads it as YAML."""
    return _TEMPLATE.search(text) is not None


def walk(data: Any) -> Iterator[Mapping[str, Any]]:
    """Every table in a document, in the order of the file."""
    waiting = [data]
    while waiting:
        node = waiting.pop()
        if isinstance(node, dict):
            yield node
        inner = node.values() if isinstance(node, dict) else node if isinstance(node, list) else ()
        waiting += reversed([item for item in inner if isinstance(item, dict | list)])


def _whole_lines(text: str) -> str:
    return text if len(text) <= MOST_YAML else text[: text.rfind("\n", 0, MOST_YAML) + 1]
