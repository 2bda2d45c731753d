"""What reading a file gives, and the caps that hold for every format."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import islice
from typing import Any, Final, Literal

__all__ = [
    "MOST_CHARACTERS",
    "MOST_LINE",
    "MOST_TERMS",
    "Reading",
    "dependencies",
    "file_terms",
    "first_terms",
    "table",
    "tables",
    "texts",
]

MOST_CHARACTERS: Final = 200_000
"""Of one file; what comes after is not read."""

MOST_LINE: Final = 500
"""Of one line of a list: no package has a longer name."""

MOST_TERMS: Final = 300
_MOST_TERM: Final = 200

_MOST_ENTRIES: Final = 2_000
"""Of one manifest, looked at for its terms: lists repeat names."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What the content of one file tells.

    Args:
        kind: The kind of evidence that it is.
        terms: Raw terms ``scheme:value`` in the order of the file, each once.
        measure: Counts of what the format holds (``packages``, ``stages``, ``resources``, …).
        broken: Whether a part of the file could not be read: its terms are what the rest says.
    """

    kind: Literal["repo.dependency", "repo.file", "repo.readme"]
    terms: tuple[str, ...] = ()
    measure: Mapping[str, float] = field(default_factory=dict)
    broken: bool = False


def dependencies(terms: Iterable[str | None], *, broken: bool = False) -> Reading:
    """The reading of a manifest; ``None`` stands for an entry whose name could not be read."""
    named = list(islice(terms, _MOST_ENTRIES))
    kept = first_terms(term for term in named if term is not None)
    return Reading("repo.dependency", kept, {"packages": len(kept)}, broken or None in named)


def file_terms(terms: Iterable[str], measure: Mapping[str, float] | None = None, *, broken: bool = False) -> Reading:
    """The reading of a file that shows how the work is done."""
    return Reading("repo.file", first_terms(terms), measure or {}, broken)


def first_terms(terms: Iterable[str]) -> tuple[str, ...]:
    """The first different terms; overlong ones are no names."""
    return tuple(islice(dict.fromkeys(term for term in terms if len(term) <= _MOST_TERM), MOST_TERMS))


def table(data: Any, *path: str) -> Mapping[str, Any]:
    """The table at a path of keys; empty where there is none."""
    for key in path:
        data = data.get(key) if isinstance(data, dict) else None
    return data if isinstance(data, dict) else {}


def tables(value: Any) -> Iterator[Mapping[str, Any]]:
    """The tables in a list; nothing where it is none."""
    yield from (item for item in value if isinstance(item, dict)) if isinstance(value, list) else ()


def texts(value: Any) -> Iterator[str]:
    """The texts in a list; nothing where it is none."""
    yield from (item for item in value if isinstance(item, str)) if isinstance(value, list) else ()
