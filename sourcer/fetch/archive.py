"""Keeps records of requests on disk, one small file each, so that a crawl can run again without network.

The files of one chain of runs lie under ``ROOT/CHAIN/CONNECTOR/xx/HASH-N.json.gz``: ``HASH`` is the request's, ``N``
counts from 0 how often it was asked. Folders are made with mode 0700, files with 0600: they hold personal data.
"""

from __future__ import annotations

import contextlib
import gzip
import itertools
import json
import os
import re
import tempfile
import threading
import zlib
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from sourcer.errors import RunError

__all__ = ["Archive"]

_CHAIN_FILE: Final = "chain.json"
# Text shrinks little beyond this level, and slower.
_LEVEL: Final = 5


class Archive:
    """The archive of one chain of runs; several fetchers may share it.

    Args:
        root: The folder of all archives (``[fetch] archive_dir``); made when first written to.
        chain: The chain's name: by it the folder is named.
    """

    def __init__(self, root: Path, chain: int | str) -> None:
        self.root = root
        self.chain = chain
        self._folder = root / str(chain)
        self._lock = threading.Lock()
        # Only requests that were asked more than once are remembered, so that this stays small.
        self._written: dict[Path, int] = {}
        self._read: dict[Path, int] = {}

    @property
    def started_at(self) -> datetime | None:
        """When the chain began; ``None`` where nothing is archived.

        Raises:
            RunError: ``chain.json`` is damaged or cannot be read.
        """
        path = self._folder / _CHAIN_FILE
        with _disk(path, "read"):
            try:
                return datetime.fromisoformat(json.loads(path.read_bytes())["started_at"])
            except FileNotFoundError:
                return None
            except (ValueError, KeyError, TypeError):
                raise RunError(f"{path}: is damaged; remove the folder {self._folder} or restore it") from None

    def begin(self, started_at: datetime) -> datetime:
        """Note when the chain began, once; gives what was noted first.

        Raises:
            RunError: The archive cannot be written.
        """
        with self._lock:
            known = self.started_at
            if known is None:
                known = started_at.astimezone(UTC)
                content = json.dumps({"chain": self.chain, "started_at": known.isoformat()}).encode()
                with _disk(self._folder, "written"):
                    self._write_file(self._folder / _CHAIN_FILE, content)
        return known

    def write(self, connector: str, digest: str, record: Mapping[str, Any]) -> int:
        """Keep a record as the next of its request; it is on disk as a whole or not at all. Gives its number.

        Raises:
            RunError: The archive cannot be written; the message says where and why.
        """
        base = self._base(connector, digest)
        content = json.dumps(record, separators=(",", ":"), default=str).encode("ascii")
        with self._lock, _disk(base, "written"):
            number = self._written.get(base, 0)
            while _numbered(base, number).exists():
                number += 1
            self._write_file(_numbered(base, number), gzip.compress(content, _LEVEL, mtime=0))
            if number > 0:
                self._written[base] = number + 1
        return number

    def read(self, connector: str, digest: str) -> dict[str, Any] | None:
        """The next record of a request: asked again it gives the one after, and at last the last one over and over.

        ``None`` where there is none, or where the file is damaged.

        Raises:
            RunError: The disk refuses to read.
        """
        base = self._base(connector, digest)
        with self._lock, _disk(base, "read"):
            number = self._read.get(base, 0)
            if _numbered(base, number + 1).exists():
                self._read[base] = number + 1
            return _load(_numbered(base, number))

    def read_number(self, connector: str, digest: str, number: int) -> dict[str, Any] | None:
        """One record of a request by its number; ``None`` where there is none, or where the file is damaged.

        Raises:
            RunError: The disk refuses to read.
        """
        path = _numbered(self._base(connector, digest), number)
        with _disk(path, "read"):
            return _load(path)

    def records(self, connector: str, digest: str) -> Iterator[dict[str, Any]]:
        """Every record of one request, or of whatever else was kept under a digest, in the order of writing.

        Damaged ones are left out.

        Raises:
            RunError: The disk refuses to read.
        """
        base = self._base(connector, digest)
        for number in itertools.count():
            with _disk(base, "read"):
                if not _numbered(base, number).exists():
                    return
                record = _load(_numbered(base, number))
            if record is not None:
                yield record

    def _base(self, connector: str, digest: str) -> Path:
        return self._folder / re.sub(r"[^\w-]", "_", connector) / digest[:2] / digest

    def _write_file(self, path: Path, content: bytes) -> None:
        self._make_folder(path.parent)
        with _temporary(path.parent) as (file, temporary):
            with os.fdopen(file, "wb") as stream:
                stream.write(content)
            temporary.replace(path)

    def _make_folder(self, folder: Path) -> None:
        missing = []
        while not folder.is_dir():
            missing.append(folder)
            folder = folder.parent
        for each in reversed(missing):
            each.mkdir(mode=0o700, exist_ok=True)


@contextlib.contextmanager
def _disk(path: Path, done: str) -> Iterator[None]:
    try:
        yield
    except OSError as fault:
        raise RunError(
            f"{path}: the archive cannot be {done} ({fault.strerror or type(fault).__name__}); make room, mend the "
            "rights, or set another [fetch] archive_dir"
        ) from None


@contextlib.contextmanager
def _temporary(folder: Path) -> Iterator[tuple[int, Path]]:
    """A new file of mode 0600 that is gone afterwards, unless it was moved away."""
    file, name = tempfile.mkstemp(dir=folder, prefix=".", suffix=".tmp")
    try:
        yield file, Path(name)
    finally:
        Path(name).unlink(missing_ok=True)


def _load(path: Path) -> dict[str, Any] | None:
    try:
        record = json.loads(gzip.decompress(path.read_bytes()))
    except (FileNotFoundError, EOFError, ValueError, zlib.error, gzip.BadGzipFile):
        return None
    return record if isinstance(record, dict) else None


def _numbered(base: Path, number: int) -> Path:
    return base.with_name(f"{base.name}-{number}.json.gz")
