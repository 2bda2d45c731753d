"""Dockerfiles: what images are built on, and what is installed in them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice
from typing import Final

from sourcer_github.reading.conda import conda_terms
from sourcer_github.reading.images import image_term
from sourcer_github.reading.requirements import is_address, requirement_name
from sourcer_github.reading.shape import Reading, file_terms

__all__ = ["read_dockerfile"]

_JOIN: Final = re.compile(r"[\\`][ \t]*\r?\n(?:[ \t]*(?:#[^\n]*)?\r?\n)*")
_FROM: Final = re.compile(
    r"[ \t]*FROM[ \t]+(?:--\w+=\S+[ \t]+)*(?P<image>\S+)(?:[ \t]+AS[ \t]+(?P<stage>\S+))?", re.IGNORECASE
)
_COPY: Final = re.compile(r"[ \t]*(?:COPY|ADD)[ \t]+(?:--\S+[ \t]+)*?--from=(?P<image>\S+)", re.IGNORECASE)
_INSTALL: Final = re.compile(
    r"\b(?P<tool>pip|conda|(?:micro)?mamba)[\d.]*[ \t]+(?:install|create)\b(?P<rest>[^\n;&|]*)"
)
_WORD: Final = re.compile(r"\"[^\"\n]*\"|'[^'\n]*'|\S+")
_VALUED: Final = frozenset(
    [
        "-r",
        "-c",
        "-i",
        "-f",
        "-t",
        "-e",
        "-n",
        "-p",
        "--requirement",
        "--constraint",
        "--index-url",
        "--extra-index-url",
        "--find-links",
        "--trusted-host",
        "--target",
        "--editable",
        "--name",
        "--prefix",
        "--file",
        "--channel",
        "--platform",
        "--python-version",
        "--cache-dir",
        "--root",
        "--src",
    ]
)
"""Options whose value stands in the next word."""

_MOST_LINES: Final = 2_000
_MOST_WORDS: Final = 200


def read_dockerfile(text: str) -> Reading:
    """Images of ``FROM`` and ``COPY --from`` that are no stages of the file itself, and what pip and conda install."""
    lines = [line for line in _JOIN.sub(" ", text).splitlines()[:_MOST_LINES] if not line.lstrip().startswith("#")]
    stages: set[str] = set()
    terms: list[str] = []
    count = 0
    for line in lines:
        if base := _FROM.match(line):
            count += 1
            terms += _image(base["image"], stages)
            stages.add((base["stage"] or "").lower())
        elif copied := _COPY.match(line):
            # Stages without a name are numbered.
            terms += () if copied["image"].isdigit() else _image(copied["image"], stages)
        else:
            terms += _installed(line)
    return file_terms(terms, {"stages": count}, broken=count == 0)


def _image(reference: str, stages: set[str]) -> Iterator[str]:
    term = image_term(reference)
    if term and reference.lower() not in stages:
        yield term


def _installed(line: str) -> Iterator[str]:
    for found in islice(_INSTALL.finditer(line), _MOST_WORDS):
        words = _packages(found["rest"])
        if found["tool"] == "pip":
            names = (requirement_name(word) for word in words if not is_address(word))
            yield from (f"pypi:{name}" for name in names if name)
        else:
            yield from (term for term in conda_terms(words) if term)


def _packages(arguments: str) -> Iterator[str]:
    skip = False
    for found in islice(_WORD.finditer(arguments), _MOST_WORDS):
        word = _name_part(found[0])
        if word.startswith("-"):
            skip = word in _VALUED
        elif skip:
            skip = False
        elif word and not word.startswith((".", "/")) and not word.endswith((".whl", ".txt")):
            yield word


def _name_part(word: str) -> str:
    """What stands before a variable, without extras that the variable cuts off."""
    fixed = word.strip("\"'").partition("$")[0]
    return fixed if "]" in fixed else fixed.partition("[")[0]
