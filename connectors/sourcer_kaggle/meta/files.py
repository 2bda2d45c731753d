"""Which files of a folder hold which table, in whatever form they were downloaded."""

from __future__ import annotations

import csv
import gzip
import hashlib
import shutil
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Final

from sourcer.connect import NotConfigured
from sourcer_kaggle.meta.tables import ACCOUNTS, TABLES

__all__ = ["TableFile", "ends_whole", "find_tables", "fingerprint", "read_header"]

WHAT_TO_SET: Final = (
    "set meta_kaggle_dir in [connectors.kaggle] to the folder of the Meta Kaggle CSV files "
    "(kaggle datasets download kaggle/meta-kaggle)"
)

_FORMS: Final = (".csv", ".csv.gz", ".csv.zip")
"""In order of preference where a table is there twice: the cheapest to read first."""

_LONGEST_HEADER: Final = 1 << 16
_UNREADABLE: Final = (OSError, EOFError, ValueError, zlib.error, zipfile.BadZipFile, NotImplementedError, RuntimeError)
"""What broken files, and archives that are locked or packed in unknown ways, make the readers raise."""


@dataclass(frozen=True, slots=True)
class TableFile:
    """Where one table lies: a file, or a member of a ``.zip`` archive."""

    path: Path
    member: str = ""

    @property
    def label(self) -> str:
        """What messages call it."""
        return f"{self.path.name}:{self.member}" if self.member else self.path.name

    @property
    def is_packed(self) -> bool:
        """Whether it is compressed in a way that does not show where it was cut off."""
        return self.path.suffix.lower() == ".gz"

    def placed(self, folder: Path, name: str) -> Path:
        """A path that the query engine can read, within ``folder``: a link to the file, or what was unpacked.

        Raises:
            OSError: The archive is broken, or the disk is full.
        """
        target = folder / f"{name}.csv{'.gz' if self.is_packed else ''}"
        if self.member:
            with _member(self) as packed, target.open("wb") as out:
                shutil.copyfileobj(packed, out, 1 << 20)
        else:
            # The name of the user's folder may hold marks that the engine takes for a pattern.
            target.symlink_to(self.path.resolve())
        return target


@contextmanager
def _member(file: TableFile) -> Iterator[IO[bytes]]:
    try:
        with zipfile.ZipFile(file.path) as archive, archive.open(file.member) as packed:
            yield packed
    except _UNREADABLE as fault:
        raise OSError(f"{file.label} cannot be unpacked: {fault}") from fault


def find_tables(folder: Path) -> dict[str, TableFile]:
    """The tables that a folder holds, by name.

    ``Users.csv``, ``users.csv.gz``, ``Users.csv.zip``, or any of them in one archive of the whole data set.

    Raises:
        NotConfigured: The folder cannot be read, or the table of users is missing.
    """
    try:
        paths = sorted(path for path in folder.iterdir() if path.is_file())
    except OSError as fault:
        raise NotConfigured(f"{folder}: {fault.strerror or fault}; {WHAT_TO_SET}") from None
    found = _in_archives(paths)
    for form in reversed(_FORMS):
        for path in paths:
            name = _table(path.name, form)
            if name is not None:
                found[name] = TableFile(path, _only_member(path, name) if form == ".csv.zip" else "")
    if ACCOUNTS.name not in found:
        raise NotConfigured(f"{folder}: no {ACCOUNTS.name}.csv; {WHAT_TO_SET}")
    return found


def _table(file_name: str, form: str) -> str | None:
    lowered = file_name.lower()
    return next((name for name in TABLES if lowered == f"{name.lower()}{form}"), None)


def _in_archives(paths: list[Path]) -> dict[str, TableFile]:
    """Tables within archives that hold the whole data set."""
    archives = [path for path in paths if path.suffix.lower() == ".zip" and not path.name.lower().endswith(".csv.zip")]
    return {
        name: TableFile(path, member)
        for path in archives
        for member in _members(path)
        if (name := _table(member.rpartition("/")[2], ".csv")) is not None
    }


def _only_member(path: Path, name: str) -> str:
    members = _members(path)
    return next((member for member in members if _table(member.rpartition("/")[2], ".csv") == name), f"{name}.csv")


def _members(path: Path) -> list[str]:
    try:
        with zipfile.ZipFile(path) as archive:
            return archive.namelist()
    except _UNREADABLE:
        return []


def fingerprint(files: dict[str, TableFile]) -> str:
    """Changes when a file is replaced: from names, sizes and times of change."""
    parts = []
    for name, file in sorted(files.items()):
        stat = file.path.stat()
        parts.append(f"{name}\0{file.label}\0{stat.st_size}\0{stat.st_mtime_ns}")
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:16]


def read_header(path: Path) -> list[str]:
    """The names of a table's columns, in their order.

    Raises:
        OSError: The file cannot be read, or its first line is no header.
    """
    try:
        with gzip.open(path, "rb") if path.suffix == ".gz" else path.open("rb") as file:
            head = file.read(_LONGEST_HEADER).decode("utf-8-sig", "replace")
        first = next(csv.reader(head.splitlines()[:1], strict=True), [])
    except (*_UNREADABLE, csv.Error) as fault:
        raise OSError(f"{path.name} cannot be read: {fault}") from fault
    names = [name.strip() for name in first]
    if not all(names) or not names:
        raise OSError(f"{path.name} does not begin with the names of its columns")
    return names


def ends_whole(path: Path) -> bool:
    """Whether a plain file ends with a line break, as whole exports do."""
    with path.open("rb") as file:
        file.seek(0, 2)
        if file.tell() == 0:
            return True
        file.seek(-1, 2)
        return file.read(1) == b"\n"
