"""CSV as spreadsheets may safely open it."""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Iterable, Sequence
from typing import IO

__all__ = ["write_csv"]


def write_csv(stream: IO[bytes], header: Sequence[str], rows: Iterable[Sequence[str]], *, bom: bool = False) -> int:
    """Write rows as RFC 4180 CSV in UTF-8, every cell in quotes.

    Spreadsheets that also take a semicolon or a tab for the end of a cell do not do so within quotes.

    Args:
        stream: Stays open.
        header: The first row.
        rows: Of cells that are neutral.
        bom: Whether to begin with the mark by which Excel knows UTF-8.

    Returns:
        The number of rows.
    """
    if bom:
        stream.write(codecs.BOM_UTF8)
    text = io.TextIOWrapper(stream, encoding="utf-8", newline="", write_through=True)
    try:
        writer = csv.writer(text, quoting=csv.QUOTE_ALL)
        writer.writerow(header)
        count = 0
        for count, row in enumerate(rows, 1):  # noqa: B007  # the last number is how many there were
            writer.writerow(row)
        return count
    finally:
        text.detach()
