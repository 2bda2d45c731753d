"""CSV as spreadsheets may safely open it."""

from __future__ import annotations

import csv
import tempfile
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Final, TextIO

from sourcer.errors import UsageError

__all__ = ["neutral", "write_csv"]

_FORMULA_STARTS: Final = ("=", "+", "-", "@", "\t", "\r")


def neutral(cell: str) -> str:
    """A cell that no spreadsheet takes for a formula: one that starts like one is quoted with an apostrophe.

    Line breaks become spaces. Source: OWASP, CSV Injection.
    """
    text = " ".join(cell.splitlines())
    return f"'{text}" if text.startswith(_FORMULA_STARTS) or text.lstrip().startswith(_FORMULA_STARTS) else text


def write_csv(path: Path, header: Sequence[str], rows: Iterable[Sequence[str]]) -> int:
    """Write rows as RFC 4180 CSV in UTF-8, whole or not at all.

    Returns:
        The number of rows.

    Raises:
        UsageError: The file cannot be written.
    """
    target = path.resolve() if path.is_symlink() else path
    try:
        if target.exists() and not target.is_file():
            # A device or a pipe: there is nothing to replace, and a folder says so itself.
            with target.open("w", encoding="utf-8", newline="") as stream:
                return _write_rows(stream, header, rows)
        return _replace(target, header, rows)
    except OSError as fault:
        raise UsageError(f"{path}: cannot be written ({fault.strerror})") from None


def _replace(path: Path, header: Sequence[str], rows: Iterable[Sequence[str]]) -> int:
    handle, scratch = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=".part")
    try:
        with open(handle, "w", encoding="utf-8", newline="") as stream:  # noqa: PTH123  # mkstemp gives a descriptor
            count = _write_rows(stream, header, rows)
        Path(scratch).replace(path)
    finally:
        Path(scratch).unlink(missing_ok=True)
    return count


def _write_rows(stream: TextIO, header: Sequence[str], rows: Iterable[Sequence[str]]) -> int:
    writer = csv.writer(stream)
    writer.writerow(header)
    count = 0
    for count, row in enumerate(rows, 1):  # noqa: B007  # the last number is how many there were
        writer.writerow([neutral(cell) for cell in row])
    return count
