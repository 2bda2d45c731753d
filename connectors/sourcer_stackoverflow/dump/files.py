"""Which files of a folder hold which table of a dump, in whatever form the site packed them."""

from __future__ import annotations

import gzip
import hashlib
import re
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Protocol

from sourcer.connect import NotConfigured
from sourcer_stackoverflow.dump.sevenzip import archive_members, open_member

__all__ = ["DumpFiles", "Stream", "TableFile", "find_tables"]

_FORMS: Final = (".xml", ".xml.gz", ".7z")
"""In order of preference where a table is there twice: the cheapest to read first."""

_TABLES: Final = ("badges", "comments", "posthistory", "postlinks", "posts", "tags", "users", "votes")

_WHAT_TO_SET: Final = "set dump_dir in [connectors.stackoverflow] to the folder of one site's official data dump"


class Stream(Protocol):
    """What a table is read from."""

    def read(self, size: int, /) -> bytes:
        """Up to ``size`` bytes; none is the end. Raises ``OSError`` or ``EOFError`` where the file is torn."""
        ...


@dataclass(frozen=True, slots=True)
class TableFile:
    """Where one table lies: a file, or a member of a ``.7z`` archive."""

    path: Path
    member: str = ""

    @property
    def label(self) -> str:
        """What messages call it."""
        return f"{self.path.name}:{self.member}" if self.member else self.path.name

    def open(self) -> AbstractContextManager[Stream]:
        """Its XML as bytes, unpacked on the way."""
        if self.member:
            return open_member(self.path, self.member)
        return _open_gzip(self.path) if self.path.suffix.lower() == ".gz" else self.path.open("rb")


@dataclass(frozen=True, slots=True)
class DumpFiles:
    """The tables that are read. Badges may be missing; then tag badges are unknown. So may Votes: then bounties are."""

    posts: TableFile
    users: TableFile
    badges: TableFile | None
    votes: TableFile | None = None

    def fingerprint(self) -> str:
        """Changes when a file is replaced: from names, sizes and times of change."""
        parts = []
        for table in (self.posts, self.users, self.badges, self.votes):
            if table is not None:
                stat = table.path.stat()
                parts.append(f"{table.label}\0{stat.st_size}\0{stat.st_mtime_ns}")
        return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:16]


def find_tables(folder: Path, host: str) -> DumpFiles:
    """Find Posts, Users, Badges and Votes in a folder.

    ``Posts.xml``, ``posts.xml.gz``, ``stackoverflow.com-Posts.7z``, or all of them in ``HOST.7z``; upper and lower case
    do not matter.

    Args:
        folder: The folder of one site's dump.
        host: The site's host: decides where the folder holds the archives of several sites.

    Raises:
        NotConfigured: The folder or a table is missing or ambiguous, or cannot be opened; the message says what to do.
    """
    try:
        paths = sorted(path for path in folder.iterdir() if path.is_file())
    except OSError as fault:
        raise NotConfigured(f"{folder}: {fault.strerror or fault}; {_WHAT_TO_SET}") from None
    found = {table: _find(table, paths, folder, host) for table in ("posts", "users", "badges", "votes")}
    if found["posts"] is None or found["users"] is None:
        # Only now: opening an archive costs time and needs the extra.
        archived = _site_archive(paths, folder, host)
        found = {table: file or archived.get(table) for table, file in found.items()}
    posts, users = found["posts"], found["users"]
    if posts is None or users is None:
        missing = " and no ".join(name for name, table in (("Users", users), ("Posts", posts)) if table is None)
        raise NotConfigured(f"{folder}: no {missing} table (.xml, .xml.gz or .7z); {_WHAT_TO_SET}")
    return DumpFiles(posts, users, found["badges"], found["votes"])


def _find(table: str, paths: list[Path], folder: Path, host: str) -> TableFile | None:
    for form in _FORMS:
        found = [path for path in paths if _holds(path.name, table, form)]
        if len(found) > 1:
            found = [path for path in found if path.name.lower().startswith((host, table))] or found
        if len(found) > 1:
            raise NotConfigured(
                f"{folder}: more than one {table} table ({found[0].name}, {found[1].name}); {_WHAT_TO_SET}"
            )
        if found:
            return _member(found[0], table) if form == ".7z" else TableFile(found[0])
    return None


def _holds(name: str, table: str, form: str) -> bool:
    return re.fullmatch(rf"(?:.*[-_.])?{table}{re.escape(form)}", name.lower()) is not None


def _holds_a_site(name: str) -> bool:
    return name.lower().endswith(".7z") and not any(_holds(name, table, ".7z") for table in _TABLES)


def _member(path: Path, table: str) -> TableFile:
    for member in archive_members(path):
        if member.lower().rpartition("/")[2] == f"{table}.xml":
            return TableFile(path, member)
    raise NotConfigured(f"{path}: holds no {table.capitalize()}.xml; {_WHAT_TO_SET}")


def _site_archive(paths: list[Path], folder: Path, host: str) -> dict[str, TableFile]:
    """The tables of the one archive that holds a whole site."""
    archives = [path for path in paths if _holds_a_site(path.name)]
    if len(archives) > 1:
        archives = [path for path in archives if path.name.lower() == f"{host}.7z"] or archives
    if len(archives) > 1:
        raise NotConfigured(
            f"{folder}: archives of several sites ({archives[0].name}, {archives[1].name}); {_WHAT_TO_SET}"
        )
    return {
        member.lower().rpartition("/")[2].removesuffix(".xml"): TableFile(path, member)
        for path in archives
        for member in archive_members(path)
        if member.lower().endswith(".xml")
    }


@contextmanager
def _open_gzip(path: Path) -> Iterator[Stream]:
    with path.open("rb") as packed, gzip.GzipFile(fileobj=packed, mode="rb") as stream:
        yield _Gzip(stream)


class _Gzip:
    """Reads what is there before it complains: a torn tail costs only the tail."""

    def __init__(self, stream: gzip.GzipFile) -> None:
        self._stream = stream

    def read(self, size: int) -> bytes:
        return self._stream.read1(size)
