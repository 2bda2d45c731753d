"""A workbook: the people on one sheet, what must be known beside them on another."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import IO, Any, Final, TypeAlias

import xlsxwriter

from sourcer.errors import UsageError
from sourcer.export.about import Section
from sourcer.export.cells import cut, neutral

__all__ = ["CELL_CHARS", "Cell", "write_xlsx"]

_log = logging.getLogger(__name__)

CELL_CHARS: Final = 32_767
_ROWS: Final = 1_048_576
_LINKS: Final = 65_530
_LINK_CHARS: Final = 2_079
"""What Excel takes: characters of a cell, rows and links of a sheet, characters of a link."""

Cell: TypeAlias = tuple[str | int | float, str | None]
"""What a cell shows, and the page it leads to."""


@dataclass(frozen=True, slots=True)
class _Styles:
    head: Any
    text: Any
    link: Any
    title: Any
    label: Any
    wrapped: Any


def write_xlsx(
    stream: IO[bytes],
    header: Sequence[tuple[str, float]],
    rows: Iterable[Sequence[Cell]],
    sections: Sequence[Section],
    *,
    as_of: date,
) -> int:
    """Write a workbook; the same input gives the same bytes.

    Args:
        stream: Stays open.
        header: Each column's title and its width in characters.
        rows: Of cells that are neutral; what Excel does not take is cut, and links over its limits stay texts.
        sections: What the second sheet says.
        as_of: The day that the file says it was made on.

    Returns:
        The number of rows.

    Raises:
        UsageError: There are more rows than a sheet holds.
    """
    # Rows go to disk as they come. Nothing is ever taken for a formula or a link because of how it looks.
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    book = xlsxwriter.Workbook(stream, options)
    book.set_properties({"created": datetime.combine(as_of, time(), UTC).replace(tzinfo=None), "author": "Sourcer"})
    styles = _styles(book)
    try:
        count = _people(book.add_worksheet("People"), styles, header, rows)
        _about(book.add_worksheet("About"), styles, sections)
    finally:
        book.close()
    return count


def _styles(book: Any) -> _Styles:
    top = {"valign": "top"}
    return _Styles(
        head=book.add_format({"bold": True, "bg_color": "#E8EEF4", "bottom": 1, **top}),
        text=book.add_format(top),
        link=book.add_format({"font_color": "#0B57A4", "underline": 1, **top}),
        title=book.add_format({"bold": True, "font_size": 13, "bottom": 1, **top}),
        label=book.add_format({"bold": True, **top}),
        wrapped=book.add_format({"text_wrap": True, **top}),
    )


def _people(sheet: Any, styles: _Styles, header: Sequence[tuple[str, float]], rows: Iterable[Sequence[Cell]]) -> int:
    sheet.freeze_panes(1, 0)
    for place, (title, width) in enumerate(header):
        sheet.set_column(place, place, width)
        sheet.write_string(0, place, cut(title, CELL_CHARS), styles.head)
    count = links = 0
    for count, row in enumerate(rows, 1):
        if count >= _ROWS:
            raise UsageError(f"a sheet holds {_ROWS - 1} people and there are more: write csv, or fewer with --top")
        for place, (value, link) in enumerate(row):
            links += _write(sheet, (count, place), value, link if links < _LINKS else None, styles)
    sheet.autofilter(0, 0, max(count, 1), max(len(header) - 1, 0))
    if links == _LINKS:
        _log.warning("a sheet holds %d links: those beyond it are texts", _LINKS)
    return count


def _write(sheet: Any, place: tuple[int, int], value: str | float, link: str | None, styles: _Styles) -> bool:
    """Write a cell.

    Returns:
        Whether it is a link.
    """
    if not isinstance(value, str):
        sheet.write_number(*place, value, styles.text)
        return False
    text = cut(value, CELL_CHARS)
    if link is None or not text or len(link) > _LINK_CHARS:
        sheet.write_string(*place, text, styles.text)
        return False
    sheet.write_url(*place, link, styles.link, text)
    return True


def _about(sheet: Any, styles: _Styles, sections: Sequence[Section]) -> None:
    sheet.set_column(0, 0, 30)
    sheet.set_column(1, 1, 110)
    for row, (style, label, text) in enumerate(_lines(sections)):
        sheet.write_string(row, 0, neutral(label), styles.title if style == "title" else styles.label)
        if style == "row":
            sheet.write_string(row, 1, cut(neutral(text), CELL_CHARS), styles.wrapped)


def _lines(sections: Sequence[Section]) -> Iterator[tuple[str, str, str]]:
    for section in sections:
        yield "title", section.title, ""
        yield from (("row", label, text) for label, text in section.rows)
        yield "empty", "", ""
