"""An export from the ranking to the file: who, which columns, which format, and the manifest beside it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Final, Literal, TypeAlias

from sourcer.errors import UsageError
from sourcer.export.about import about
from sourcer.export.against import Known
from sourcer.export.cells import Value, link_of, printable, within
from sourcer.export.columns import Column, Columns
from sourcer.export.credit import CREDITING, QUOTING
from sourcer.export.csv import write_csv
from sourcer.export.fields import Fields, View, fields_of, seen_through
from sourcer.export.jsonl import write_jsonl
from sourcer.export.manifest import Manifest
from sourcer.export.people import Chosen, choose
from sourcer.export.xlsx import CELL_CHARS, Cell, write_xlsx
from sourcer.score import scorer_version

__all__ = ["FORMATS", "Exported", "Format", "Order", "format_of", "manifest_of", "write_people"]

Format: TypeAlias = Literal["csv", "xlsx", "jsonl", "html"]
FORMATS: Final[tuple[Format, ...]] = ("csv", "xlsx", "jsonl")
"""What an export may be; ``html`` is the report."""

_CREDIT: Final = Column(header="attribution", field="attribution", join="; ", width=40)


@dataclass(frozen=True, slots=True)
class Order:
    """What is to be written.

    Args:
        form: The kind of file.
        columns: Which columns.
        columns_name: What the user called them.
        top: Only the first so many people who may leave.
        bom: Whether a CSV begins with the mark by which Excel knows UTF-8.
        shortlisted: Only who is on the shortlist, in its order.
        known: Leave out whom another system has.
    """

    form: Format
    columns: Columns
    columns_name: str = "generic"
    top: int | None = None
    bom: bool = False
    shortlisted: bool = False
    known: Known | None = None


@dataclass(slots=True)
class Exported:
    """What was written: people, those left out by reason, and what a reader should be told."""

    rows: int = 0
    left_out: dict[str, int] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)


def format_of(path: Path, asked: str | None) -> Format:
    """The format that was asked for, else the one that the file's name ends with, else CSV.

    Raises:
        UsageError: The name ends like another kind of file: one that says ``.pdf`` should hold one.
    """
    wanted = asked or path.suffix.lower().lstrip(".")
    if wanted not in (*FORMATS, "", "txt"):
        raise UsageError(f"{path}: {wanted} is none of {', '.join(FORMATS)}; name the file so, or give --format")
    return next((form for form in FORMATS if form == wanted), "csv")


def write_people(view: View, order: Order, stream: IO[bytes]) -> Exported:
    """Write the people who may leave.

    Raises:
        UsageError: There are more of them than the receiver takes.
    """
    chosen = choose(view, top=order.top, shortlisted=order.shortlisted, known=order.known)
    _check_rows(order, chosen)
    told = _Told()
    columns = _credited(order.columns)
    shown = {column.field for column in columns.columns}
    fields = (fields_of(view, seen, shown) for seen in seen_through(view, chosen.people))
    match order.form:
        case "csv":
            rows = ([_text(column, each, told) for column in columns.columns] for each in fields)
            count = write_csv(stream, columns.header, rows, bom=order.bom)
        case "xlsx":
            header = [(column.header, column.width) for column in columns.columns]
            cells = ([_cell(column, each, told) for column in columns.columns] for each in fields)
            count = write_xlsx(stream, header, cells, about(view, chosen.people), as_of=view.as_of)
        case "jsonl":
            plain = ({column.header: _plain(column, each, told) for column in columns.columns} for each in fields)
            count = write_jsonl(stream, plain)
        case "html":
            raise AssertionError("the report is not written by columns")
    return Exported(
        count, chosen.left_out, [*told.lines(order.columns_name), *_hints(chosen), *_warnings(order, count)]
    )


def manifest_of(view: View, order: Order, exported: Exported, *, name: str, sha256: str, user: str) -> Manifest:
    """What is to be said of the file that was written."""
    return Manifest(
        file=name,
        sha256=sha256,
        rows=exported.rows,
        left_out=exported.left_out,
        format=order.form,
        columns=order.columns_name,
        brief=view.brief.name,
        as_of=view.as_of.isoformat(),
        scorer_version=scorer_version(view.lexicon),
        exported_by=user,
        notes=exported.notes,
    )


def _credited(columns: Columns) -> Columns:
    """The columns, with the attribution at the end where they hold texts and do not say whose."""
    named = {column.field for column in columns.columns}
    if not named & QUOTING or named & CREDITING or _CREDIT.header in columns.header:
        return columns
    return columns.model_copy(update={"columns": (*columns.columns, _CREDIT)})


def _check_rows(order: Order, chosen: Chosen) -> None:
    most = order.columns.max_rows
    if most is not None and len(chosen.people) > most:
        raise UsageError(
            f"{order.columns_name} takes at most {most} people at a time and there are {len(chosen.people)}: write the "
            f"first with --top {most}, and the rest with --against FILE, FILE being the first export"
        )


def _warnings(order: Order, count: int) -> Iterator[str]:
    if order.columns.warning and count:
        yield order.columns.warning
    if count and _credited(order.columns) is not order.columns:
        yield f"{_CREDIT.header}: added at the end, for no column of {order.columns_name} says whose the texts are"
    if order.known is not None and order.known.is_mute:
        yield "--against FILE left out nobody: no cell of it names a profile, and no row both a name and an employer"


def _hints(chosen: Chosen) -> Iterator[str]:
    for person in chosen.hinted:
        yield f"{printable(person.name)} (number {person.rank}) may be in the other system: same name, same employer"


class _Told(Counter[tuple[str, str]]):
    """How many cells of a column became shorter (``cut``) or say that something is not known (``absent``)."""

    def lines(self, columns: str) -> Iterator[str]:
        """What a user should hear of it."""
        for (what, header), count in sorted(self.items()):
            if what == "cut":
                yield f"{header}: {count} shortened to what {columns} takes"
            else:
                yield f"{header}: {count} not known, which the cell says"


def _text(column: Column, fields: Fields, told: _Told) -> str:
    text, is_cut = column.cell(fields)
    if is_cut:
        told["cut", column.header] += 1
    if column.absent and text == column.absent:
        told["absent", column.header] += 1
    return text


def _cell(column: Column, fields: Fields, told: _Told) -> Cell:
    value = column.value(fields)
    if isinstance(value, int | float) and column.limit is None:
        return value, None
    text = _text(column, fields, told)
    if len(text) > CELL_CHARS:
        told["cut", column.header] += 1
    return text, link_of(value)


def _plain(column: Column, fields: Fields, told: _Told) -> Value:
    """The value itself: what is no spreadsheet needs no protection from formulas."""
    text = _text(column, fields, told)
    value = column.value(fields)
    if column.absent and text == column.absent:
        return column.absent
    return value if column.limit is None else within(value, column.join, column.limit)
