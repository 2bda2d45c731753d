"""Dependencies of Java and Scala: pom.xml, Gradle's and sbt's build files. Terms are ``maven:group:artifact``."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from lxml import etree

from sourcer_github.reading.shape import Reading, dependencies

__all__ = ["read_gradle", "read_pom", "read_sbt"]

_PART: Final = re.compile(r"[A-Za-z0-9_][\w.-]*")
_PROPERTY: Final = re.compile(r"[._-]*\$.*", re.DOTALL)

_DECLARED: Final = re.compile(
    r"""["'](?P<group>[A-Za-z][\w.-]{0,99}):(?P<name>[A-Za-z0-9][\w.-]{0,99})(?::[^"'\n]*)?["']"""
)
_IN_PARTS: Final = re.compile(
    r"""\bgroup\s*[:=]\s*["'](?P<group>[\w.-]{1,100})["']\s*,\s*name\s*[:=]\s*["'](?P<name>[\w.-]{1,100})["']"""
)
_SBT: Final = re.compile(r'"(?P<group>[\w.-]{1,100})"\s{0,9}%{1,3}\s{0,9}"(?P<name>[\w.-]{1,100})"')
_COMMENTS: Final = re.compile(r"/\*.*?\*/|^[ \t]*//[^\n]*", re.DOTALL | re.MULTILINE)


def read_pom(text: str) -> Reading:
    """Every ``dependency`` of a Maven project, managed ones and those of profiles and plug-ins too.

    Properties are not resolved: what follows one in an artifact's name is cut off. Entities are not expanded and
    nothing is loaded from anywhere.
    """
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, recover=True, encoding="utf-8"
    )
    try:
        root = etree.fromstring(text.encode("utf-8", "replace"), parser)
    except (etree.XMLSyntaxError, ValueError):
        return dependencies((), broken=True)
    if root is None:
        return dependencies((), broken=True)
    return dependencies(_of_pom(root), broken=len(parser.error_log) > 0)


def read_gradle(text: str) -> Reading:
    """Coordinates that stand in quotes in a Gradle build file, Groovy or Kotlin."""
    text = _COMMENTS.sub("", text)
    found = [*_DECLARED.finditer(text), *_IN_PARTS.finditer(text)]
    return dependencies(f"maven:{one['group']}:{one['name']}" for one in sorted(found, key=lambda one: one.start()))


def read_sbt(text: str) -> Reading:
    """Modules of an sbt build: ``"group" %% "name" % version``."""
    return dependencies(f"maven:{one['group']}:{one['name']}" for one in _SBT.finditer(_COMMENTS.sub("", text)))


def _of_pom(root: etree._Element) -> Iterator[str | None]:
    for element in root.iter("{*}dependency"):
        group, artifact = (_text(element, name) for name in ("groupId", "artifactId"))
        # Modules of the project itself are named by property.
        if "$" in group:
            continue
        name = _PROPERTY.sub("", artifact)
        yield f"maven:{group}:{name}" if _PART.fullmatch(group) and _PART.fullmatch(name) else None


def _text(element: etree._Element, name: str) -> str:
    return (element.findtext(f"{{*}}{name}") or "").strip()
