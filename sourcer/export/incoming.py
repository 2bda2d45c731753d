"""Tables that another system wrote: CSV in its many spellings, and workbooks."""

from __future__ import annotations

import codecs
import csv
import io
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import openpyxl

from sourcer.errors import UsageError

__all__ = ["read_rows"]

_ZIP: Final = b"PK\x03\x04"
_ADVICE: Final = "save the export as CSV in UTF-8, or as .xlsx"


def read_rows(path: Path, option: str) -> Iterator[list[str]]:
    """The rows that say anything, header first, each cell as text: of a CSV, or of a workbook's first sheet.

    A CSV is separated by comma, semicolon or tab, in UTF-8 or in UTF-16 with a mark. Formulas are read as they are
    written: the address in ``HYPERLINK`` is found that way.

    Args:
        path: The file.
        option: What the user named it by, for messages.

    Raises:
        UsageError: It cannot be read, or is neither.
    """
    where = f"{option} {path}"
    try:
        data = path.read_bytes()
    except OSError as fault:
        raise UsageError(f"{where}: cannot be read ({fault.strerror})") from None
    rows = _of_workbook(data, where) if data.startswith(_ZIP) else _of_csv(data, where)
    return (row for row in rows if any(row))


def _of_workbook(data: bytes, where: str) -> Iterator[list[str]]:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # about styles that nobody looks at
            book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, keep_links=False)
            sheet = book.worksheets[0]
            sheet.reset_dimensions()  # many writers state them wrongly
            for row in sheet.iter_rows(values_only=True):
                yield ["" if value is None else str(value) for value in row]
    except Exception as fault:  # noqa: BLE001  # zip, compression, XML, values: anything in there may be broken
        said = f"{type(fault).__name__}: {fault}"
        raise UsageError(f"{where}: is no workbook that can be read ({said}); {_ADVICE}") from None


def _of_csv(data: bytes, where: str) -> Iterator[list[str]]:
    text = _text(data, where)
    first = text.partition("\n")[0]
    separator = max(",;\t", key=first.count)
    try:
        # Notes of a candidate may be longer than the reader takes by itself.
        csv.field_size_limit(max(csv.field_size_limit(), len(text)))
        yield from csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    except csv.Error as fault:
        raise UsageError(f"{where}: is no CSV ({fault}); {_ADVICE}") from None


def _text(data: bytes, where: str) -> str:
    wide = data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    try:
        return data.decode("utf-16" if wide else "utf-8-sig")
    except UnicodeDecodeError:
        raise UsageError(f"{where}: is neither a workbook (.xlsx) nor text in UTF-8; {_ADVICE}") from None
