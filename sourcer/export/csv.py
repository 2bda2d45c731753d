"""CSV as spreadsheets may safely open it."""

from __future__ import annotations

import csv
import os
import tempfile
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Final

from sourcer.errors import UsageError

__all__ = ["neutral", "write_csv"]

_FORMULA_STARTS: Final = ("=", "+", "-", "@", "\t", "\r")


def neutral(cell: str) -> str:
    """A cell that no spreadsheet takes for a formula: one that starts like one is quoted with an apostrophe.

    Line breaks become spaces. Source: OWASP, CSV Injection.
    """
    text = " ".join(cell.splitlines()) if len(cell.splitlines()) > 1 else cell.rstrip("\n")
    return f"'{text}" if text.startswith(_FORMULA_STARTS) or text.lstrip().startswith(_FORMULA_STARTS) else text


def write_csv(path: Path, header: Sequence[str], rows: Iterable[Sequence[str]]) -> int:
    """Write rows as RFC 4180 CSV in UTF-8, whole or not at all.

    Returns:
        The number of rows.

    Raises:
        UsageError: The file cannot be written.
    """
    count = 0
    try:
        handle, scratch = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=".part")
    except OSError as fault:
        raise UsageError(f"{path}: cannot be written ({fault.strerror})") from None
    try:
        with open(handle, "w", encoding="utf-8", newline="") as stream:  # noqa: PTH123  # mkstemp gives a descriptor
            writer = csv.writer(stream)
            writer.writerow(header)
            for row in rows:
                writer.writerow([neutral(cell) for cell in row])
                count += 1
        os.replace(scratch, path)  # noqa: PTH105  # the counterpart of mkstemp
    except BaseException as fault:
        Path(scratch).unlink(missing_ok=True)
        if isinstance(fault, OSError):
            raise UsageError(f"{path}: cannot be written ({fault.strerror})") from None
        raise
    return count
