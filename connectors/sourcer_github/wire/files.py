"""Files and folders."""

from __future__ import annotations

from pydantic import Field

from sourcer_github.wire.base import Wire
from sourcer_github.wire.people import Languages, TopicsNode

__all__ = ["Blob", "Entry", "Folder", "LanguagesNode", "RootEntry", "ShownNode", "TreeNode"]


class Blob(Wire):
    """A file, or a folder where a file was asked for: ``kind`` tells. ``text`` is null where it is binary."""

    kind: str = Field("", alias="__typename")
    is_truncated: bool = False
    is_binary: bool | None = None
    text: str | None = None


class Entry(Wire):
    """A line of a folder: ``type`` is ``blob``, ``tree`` or ``commit`` (a submodule); ``size`` in bytes."""

    name: str
    type: str
    size: int = 0


class Folder(Wire):
    """A folder; empty where the path holds a file."""

    entries: tuple[Entry, ...] | None = None


class RootEntry(Entry):
    """A line of the root, with the lines of the folder that it is."""

    object: Folder | None = None


class Root(Wire):
    """The root of a repository."""

    entries: tuple[RootEntry, ...] | None = None


class _RepositoryNode(Wire):
    id: str
    name_with_owner: str
    url: str
    pushed_at: str | None = None


class TreeNode(_RepositoryNode):
    """The two upper levels of a repository; ``root`` is null where it is empty."""

    is_archived: bool = False
    is_mirror: bool = False
    is_template: bool = False
    root: Root | None = None
    workflows: Folder | None = None


class LanguagesNode(_RepositoryNode):
    """The languages of a repository."""

    languages: Languages | None = None


class ShownNode(TopicsNode):
    """A repository whose README stands on its owner's profile; ``readme`` is null where it has none."""

    readme: Blob | None = None
