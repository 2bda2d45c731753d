"""Files that leave the house: whole or not at all, with their digest."""

from __future__ import annotations

import hashlib
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Final

from sourcer.errors import UsageError

__all__ = ["Outgoing", "outgoing"]

_AT_ONCE: Final = 1 << 20


@dataclass(slots=True)
class Outgoing:
    """A file that is written beside its place, and put there when it is whole.

    Args:
        stream: Where it is written; :meth:`place` closes nothing.
        path: Where it goes; ``None`` is the stream ``onto``.
        onto: A stream that is there already: standard output.
    """

    stream: IO[bytes]
    path: Path | None
    onto: IO[bytes] | None = None

    def sha256(self) -> str:
        """The digest of what was written."""
        self.stream.seek(0)
        digest = hashlib.sha256()
        while part := self.stream.read(_AT_ONCE):
            digest.update(part)
        return digest.hexdigest()

    def place(self) -> None:
        """Put the file into its place, over what was there.

        Raises:
            UsageError: It cannot be put there.
        """
        self.stream.flush()
        self.stream.seek(0)
        if self.onto is not None:
            shutil.copyfileobj(self.stream, self.onto)
            self.onto.flush()
        elif self.path is not None and self.is_replaceable:
            with _readable_faults(self.path):
                Path(self.stream.name).replace(self.path)
        elif self.path is not None:
            # A device or a pipe: there is nothing to replace, and a folder says so itself.
            with _readable_faults(self.path), self.path.open("wb") as target:
                shutil.copyfileobj(self.stream, target)

    @property
    def is_replaceable(self) -> bool:
        """Whether a file of that name can lie there, and others beside it."""
        return self.path is not None and (self.path.is_file() or not self.path.exists())


@contextmanager
def outgoing(path: Path | None, onto: IO[bytes] | None = None) -> Iterator[Outgoing]:
    """A file to write; unless it is placed, nothing stays of it.

    Args:
        path: Where it is to lie; a link stays one.
        onto: The stream to write to instead.

    Raises:
        UsageError: There is no writing there.
    """
    if path is None:
        with tempfile.TemporaryFile() as stream:
            yield Outgoing(stream, None, onto)
        return
    target = path.resolve() if path.is_symlink() else path
    beside = target.parent if target.is_file() or not target.exists() else None
    with _readable_faults(path):
        handle = tempfile.NamedTemporaryFile(  # noqa: SIM115  # closed below, after it was moved
            dir=beside, prefix=f".{target.name}.", suffix=".part", delete=False
        )
    try:
        with handle:
            yield Outgoing(handle, target)
    finally:
        Path(handle.name).unlink(missing_ok=True)


@contextmanager
def _readable_faults(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as fault:
        raise UsageError(f"{path}: cannot be written ({fault.strerror})") from None
