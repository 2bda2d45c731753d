"""Files and folders."""

from __future__ import annotations

from pydantic import Field

from sourcer_github.wire.base import Wire

__all__ = ["Blob", "Entry", "FilesNode", "Tree"]


class Blob(Wire):
    """A file, or a folder where a file was asked for: ``kind`` tells. ``text`` is null where it is binary."""

    kind: str = Field("", alias="__typename")
    byte_size: int = 0
    is_truncated: bool = False
    is_binary: bool | None = None
    text: str | None = None


class Entry(Wire):
    """A line of a tree: ``type`` is ``blob``, ``tree`` or ``commit`` (a submodule)."""

    name: str
    type: str
    size: int = 0
    object: Blob | None = None


class Tree(Wire):
    """A folder; empty where the path holds a file."""

    entries: tuple[Entry, ...] | None = None


class FilesNode(Wire):
    """The files of a repository that were asked for; each is null where it does not exist."""

    id: str
    name_with_owner: str
    url: str
    pushed_at: str | None = None
    root: Tree | None = None
    workflows: Tree | None = None
    requirements: Blob | None = None
    pyproject: Blob | None = None
    environment: Blob | None = None
