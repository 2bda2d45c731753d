"""One member of a ``.7z`` archive as a stream: unpacked by a thread into a pipe, so that nothing is written to disk."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Thread
from typing import Any, BinaryIO, Final

from sourcer.connect import NotConfigured

__all__ = ["ArchiveStream", "archive_members", "open_member"]

_BLOCK: Final = 1 << 18


def archive_members(path: Path) -> list[str]:
    """The names of what an archive holds.

    Raises:
        NotConfigured: The extra is not installed, or this is no archive that can be read.
    """
    seven_zip = _seven_zip(path)
    try:
        with seven_zip.SevenZipFile(path) as archive:
            return [str(name) for name in archive.getnames()]
    except Exception as fault:  # noqa: BLE001  # a broken archive makes py7zr raise whatever its parser stumbles over
        raise NotConfigured(f"{path}: cannot be read as .7z ({_words(fault)}); fetch it again") from None


@contextmanager
def open_member(path: Path, member: str) -> Iterator[ArchiveStream]:
    """Unpack one member while it is read; leaving early ends the unpacking."""
    reading, writing = os.pipe()
    stream = ArchiveStream(os.fdopen(reading, "rb", buffering=_BLOCK))
    unpacker = Thread(target=_unpack, args=(path, member, writing, stream.faults), daemon=True)
    unpacker.start()
    try:
        yield stream
    finally:
        stream.pipe.close()  # the unpacker's next write fails, and it ends
        unpacker.join()


class ArchiveStream:
    """The reading end. A fault of the archive shows where the bytes end, as an ``OSError``."""

    def __init__(self, pipe: BinaryIO) -> None:
        self.pipe = pipe
        self.faults: list[Exception] = []

    def read(self, size: int) -> bytes:
        """Up to ``size`` bytes; none is the end."""
        data = self.pipe.read(size)
        if not data and self.faults:
            raise OSError(_words(self.faults[0]))
        return data


class _PipeWriter:
    """What py7zr writes into, in place of a file."""

    def __init__(self, out: BinaryIO) -> None:
        self._out = out
        self._size = 0

    def write(self, data: bytes) -> int:
        self._out.write(data)
        self._size += len(data)
        return len(data)

    def read(self, _size: int | None = None) -> bytes:
        return b""

    def seek(self, offset: int, _whence: int = 0) -> int:
        return offset

    def seekable(self) -> bool:
        return False

    def flush(self) -> None:
        self._out.flush()

    def size(self) -> int:
        return self._size

    def close(self) -> None:
        self._out.flush()


class _PipeFactory:
    def __init__(self, out: BinaryIO) -> None:
        self._out = out

    def create(self, _name: str) -> _PipeWriter:
        return _PipeWriter(self._out)


def _unpack(path: Path, member: str, writing: int, faults: list[Exception]) -> None:
    try:
        # Closing flushes: that too fails where the reader has gone.
        with (
            os.fdopen(writing, "wb", buffering=0) as out,
            _seven_zip(path).SevenZipFile(path) as archive,
        ):
            archive.extract(targets=[member], factory=_PipeFactory(out))
    except Exception as fault:  # noqa: BLE001  # handed to the reader, which says where
        faults.append(fault)


def _seven_zip(path: Path) -> Any:
    try:
        import py7zr  # noqa: PLC0415  # an extra: most dumps come unpacked or as .gz
    except ImportError:
        raise NotConfigured(
            f'{path}: reading .7z needs the py7zr extra: pip install "sourcer-crawler[py7zr]", or unpack the archive'
        ) from None
    return py7zr


def _words(fault: Exception) -> str:
    return f"{type(fault).__name__}: {fault}" if str(fault) else type(fault).__name__
