"""What the two upper levels of a repository say: counts, and the paths that tell how the work is done.

What lies deeper is unknown and counted as ``unread``; what others wrote is left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, TypeVar

from sourcer_github.files import is_placeholder, is_test, is_third_party, telling_name
from sourcer_github.wire.files import Entry, Folder, TreeNode

__all__ = ["File", "Tree", "read_tree"]

WORKFLOWS: Final = ".github/workflows"
MOST_TELLING: Final = 60
"""Paths of one repository that are kept as terms."""

MANY: Final = 4
"""Numbered folders that make a row of lessons; three may be the steps of one piece of work."""

_NUMBERED: Final = re.compile(
    r"\d{1,3}[-_. ].+"
    r"|(?:week|day|lesson|lecture|module|chapter|session|unit|lab|exercise|assignment|homework|hw)[-_ ]?\d+.*",
    re.IGNORECASE,
)
_DAG: Final = re.compile(r"(?:[^/]+/)*dags/[^/]+\.py", re.IGNORECASE)
_README: Final = re.compile(r"readme(?:\.\w+)?", re.IGNORECASE)
_RUNS_ALONE: Final = re.compile(
    r"requirements.*\.txt|pyproject\.toml|package\.json|go\.mod|pom\.xml|dockerfile|(?:docker-)?compose.*\.ya?ml",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class File:
    """A file that a tree lists; ``size`` in bytes."""

    path: str
    size: int

    @property
    def depth(self) -> int:
        """In how many folders it lies."""
        return self.path.count("/")

    @property
    def name(self) -> str:
        """The last part of the path."""
        return self.path.rpartition("/")[2]


@dataclass(frozen=True, slots=True)
class Tree:
    """The files and folders of the two upper levels and the workflows, upper ones first.

    ``unread`` counts the folders whose content was not read; ``chapters`` the numbered folders of the root, and
    ``projects`` those of the root that hold a project of their own, with a README.
    """

    files: tuple[File, ...] = ()
    folders: tuple[str, ...] = ()
    unread: int = 0
    chapters: int = 0
    projects: int = 0

    def telling(self, apart: Iterable[str] = ()) -> tuple[str, ...]:
        """Paths as terms say them, folders with ``/``, but for those ``apart`` and single workflows."""
        known = {*apart}
        folders = [path for path in self.folders if self._holds_something(path)]
        named = [telling_name(path, "tree") for path in folders]
        named += [telling_name(file.path, "blob") for file in self.files if not file.path.startswith(f"{WORKFLOWS}/")]
        found = (path for path in named if path is not None and path not in known and not is_placeholder(path))
        return tuple(found)[:MOST_TELLING]

    def _holds_something(self, folder: str) -> bool:
        """Whether a folder is what its name says: one of tests that holds no test is for something else."""
        if folder.rpartition("/")[2].lower() not in ("test", "tests"):
            return True
        inside = [path for path in self.folders if path.startswith(f"{folder}/")]
        return bool(inside) or any(file.path.startswith(f"{folder}/") and is_test(file.path) for file in self.files)

    def measure(self) -> dict[str, float]:
        """How much of what there is, in what was read."""
        names = [file.name.lower() for file in self.files]
        return {
            "files": len(self.files),
            "folders": len(self.folders),
            "unread": self.unread,
            "python": sum(name.endswith(".py") for name in names),
            "notebooks": sum(name.endswith(".ipynb") for name in names),
            "tests": sum(is_test(file.path) for file in self.files),
            "dags": sum(_DAG.fullmatch(file.path) is not None for file in self.files),
            "projects": self.projects,
        }

    def flags(self) -> dict[str, float]:
        """What makes each of its files prove less: a row of lessons, names that are still to be filled in."""
        lessons: dict[str, float] = {"chapters": self.chapters} if self.chapters >= MANY else {}
        return lessons | ({"template": 1} if any(is_placeholder(path) for path in self.folders) else {})


def read_tree(node: TreeNode) -> Tree:
    """The tree of an answer."""
    root = [one for one in _by_name(node.root.entries if node.root else None) if not _is_others(one.name, one.object)]
    lower = [(f"{one.name}/{inner.name}", inner) for one in root for inner in _by_name(_entries(one.object))]
    listed: list[tuple[str, Entry]] = [(one.name, one) for one in root]
    listed += [(path, entry) for path, entry in lower if not is_third_party(path)]
    flows = _entries(node.workflows)
    files = [File(path, entry.size) for path, entry in listed if entry.type == "blob"]
    files += [File(f"{WORKFLOWS}/{entry.name}", entry.size) for entry in _by_name(flows) if entry.type == "blob"]
    folders = [path for path, entry in listed if entry.type == "tree"]
    opened = {one.name for one in root if _entries(one.object) is not None} | (
        {WORKFLOWS} if flows is not None else set()
    )
    return Tree(
        files=tuple(files),
        folders=tuple(folders),
        unread=len(set(folders) - opened),
        chapters=sum(_NUMBERED.fullmatch(one.name) is not None for one in root if one.type == "tree"),
        projects=sum(_is_project(one.object) for one in root),
    )


_Line = TypeVar("_Line", bound=Entry)


def _by_name(entries: Iterable[_Line] | None) -> list[_Line]:
    return sorted(entries or (), key=lambda one: one.name)


def _entries(folder: Folder | None) -> tuple[Entry, ...] | None:
    return folder.entries if folder else None


def _is_others(name: str, folder: Folder | None) -> bool:
    return is_third_party(name) or any(entry.name == "pyvenv.cfg" for entry in _entries(folder) or ())


def _is_project(folder: Folder | None) -> bool:
    names = [entry.name for entry in _entries(folder) or () if entry.type == "blob"]
    return any(_README.fullmatch(name) for name in names) and any(_RUNS_ALONE.fullmatch(name) for name in names)
