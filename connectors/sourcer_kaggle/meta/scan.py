"""Reading one CSV table with the query engine: typed columns, and a record of the rows that cannot be read.

Values that are no number, in a column of numbers, are null: one bad value costs nothing else.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from sourcer.connect import AnswerError
from sourcer_kaggle.meta.engine import Engine, EngineError, sql_text
from sourcer_kaggle.meta.files import TableFile, ends_whole, read_header
from sourcer_kaggle.meta.tables import TABLES, Column

__all__ = ["Scanner"]

_LOG: Final = logging.getLogger(__name__)

_LONGEST_ROW: Final = 1 << 23
_BUFFER: Final = 1 << 25
"""Bytes. Each thread reads so much at once."""
_MOST_REJECTED: Final = 10_000
"""Rows of one table; with more of them nobody can say whose rows are missing."""

_LONGEST_KEPT: Final = 9_000
"""Bytes. The engine keeps the first 10,000 of a row that it cannot read; a longer one may have swallowed others."""

_TYPES: Final[dict[Column, str]] = {"number": "BIGINT", "text": "VARCHAR", "flag": "BOOLEAN"}


@dataclass(slots=True)
class Scanner:
    """Makes tables of the engine from files, and knows what could not be read.

    Args:
        engine: Reads.
        folder: Where files are placed for it.
        files: Which file holds which table.
        broken: Why a table as a whole, or an unknown part of it, could not be read.
        rejected: How many rows of a table could not be read.
    """

    engine: Engine
    folder: Path
    files: dict[str, TableFile]
    broken: dict[str, str] = field(default_factory=dict)
    rejected: dict[str, int] = field(default_factory=dict)
    _sources: dict[str, str] = field(default_factory=dict)
    _columns: dict[str, frozenset[str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.engine.make("rejected", ("tab VARCHAR", "id BIGINT"))

    def has(self, table: str, column: str) -> bool:
        """Whether the export tells this column."""
        return column.lower() in self._columns.get(table, frozenset())

    def prepare(self, table: str) -> None:
        """Find out how to read a table. After that, ``broken`` tells where it cannot be read."""
        if table in self._sources or table in self.broken:
            return
        file = self.files.get(table)
        if file is None:
            self.broken[table] = f"Meta Kaggle's folder has no {table}.csv"
            return
        try:
            path = file.placed(self.folder, table)
            header = read_header(path)
        except OSError as fault:
            self.broken[table] = f"{file.label}: {fault.strerror or fault}"
            return
        self._columns[table] = frozenset(name.lower() for name in header)
        missing = [name for name in TABLES[table].needed if not self.has(table, name)]
        if missing:
            self.broken[table] = f"{file.label} has no column {', '.join(missing)}"
            return
        self._sources[table] = _select(table, path, header)

    def make(self, name: str, table: str, query: str) -> None:
        """Make a table of the engine by a query over a file, which the query calls ``source``.

        Where the file cannot be read the table is made empty, and ``broken`` says why. Rows that cannot be read are
        left out, and the numbers that stand in them are noted.
        """
        self.prepare(table)
        if table not in self._sources:
            self._make_empty(name, table, query)
            return
        self._forget_rejects()
        source = f"({self._sources[table]})"
        try:
            self.engine.run(f"CREATE TABLE {name} AS WITH source AS {source} {query}")
        except EngineError as fault:
            # A file whose lines end in two ways is read when the engine is told to be lenient.
            try:
                self._forget_rejects()
                lenient = source.replace("strict_mode = true", "strict_mode = false")
                self.engine.run(f"CREATE TABLE {name} AS WITH source AS {lenient} {query}")
            except EngineError:
                self.broken[table] = f"{self.files[table].label} cannot be read: {fault}"
                self._make_empty(name, table, query)
                return
        self._note_rejects(table)

    def _make_empty(self, name: str, table: str, query: str) -> None:
        nulls = ", ".join(f"NULL::{_TYPES[kind]} AS {column}" for column, kind in TABLES[table].columns.items())
        self.engine.run(f"CREATE TABLE {name} AS WITH source AS (SELECT {nulls} WHERE false) {query}")

    def _forget_rejects(self) -> None:
        self.engine.run("DROP TABLE IF EXISTS reject_errors; DROP TABLE IF EXISTS reject_scans")

    def _note_rejects(self, table: str) -> None:
        """Count a table's bad rows and note every number in them: whoever's id is among these may miss something."""
        count, longest = self.engine.rows(
            "SELECT count(DISTINCT line_byte_position), coalesce(max(length(csv_line)), 0) FROM reject_errors"
        )[0]
        if not count:
            return
        self.rejected[table] = max(count, self.rejected.get(table, 0))
        label = self.files[table].label
        if count >= _MOST_REJECTED:
            self.broken.setdefault(table, f"{label}: {count} rows or more cannot be read")
        elif longest > _LONGEST_KEPT:
            self.broken.setdefault(table, f"{label}: an unclosed quotation mark hides some rows")
        elif not self.files[table].is_packed and not ends_whole(self.folder / f"{table}.csv"):
            self.broken.setdefault(table, f"{label} breaks off")
        self.engine.run(
            "INSERT INTO rejected SELECT DISTINCT ?, try_cast(unnest("
            "regexp_extract_all(csv_line, '[0-9]{1,15}')) AS BIGINT) FROM reject_errors",
            [table],
        )

    def summary(self) -> str:
        """What could not be read, on one line."""
        rows = [f"{table}: {count} rows cannot be read" for table, count in sorted(self.rejected.items())]
        found = {table: why for table, why in self.broken.items() if table in self.files}
        return "; ".join([*rows, *(why for _, why in sorted(found.items()))])

    def complain(self, untold: str = "") -> None:
        """Say at the end what was damaged, and what else was not told. A table that is not there is no damage.

        Raises:
            AnswerError: Something or somebody was.
        """
        summary = self.summary()
        damage = f"Meta Kaggle is damaged: {summary}; everything else of it was read" if summary else ""
        if said := "; ".join(filter(None, (damage, untold))):
            raise AnswerError(said, kind="broken_row" if damage else "not_told")


def _select(table: str, path: Path, header: list[str]) -> str:
    """The query that reads a file: only the columns that are known, each as what it holds."""
    lowered = [name.lower() for name in header]
    raw = {name: f"c{place}" for name, place in reversed([*zip(lowered, range(len(header)), strict=True)])}
    columns = [
        f"{_cast(raw[column.lower()], kind)} AS {column}"
        if column.lower() in raw
        else f"NULL::{_TYPES[kind]} AS {column}"
        for column, kind in TABLES[table].columns.items()
    ]
    names = ", ".join(f"'c{place}': 'VARCHAR'" for place in range(len(header)))
    options = (
        "auto_detect = false, header = true, delim = ',', quote = '\"', escape = '\"', strict_mode = true, "
        f"store_rejects = true, rejects_limit = {_MOST_REJECTED}, max_line_size = {_LONGEST_ROW}, "
        f"buffer_size = {_BUFFER}"
    )
    source = f"read_csv({sql_text(str(path))}, columns = {{{names}}}, {options})"
    return f"SELECT {', '.join(columns)} FROM {source}"  # noqa: S608  # our own words


def _cast(raw: str, kind: Column) -> str:
    if kind == "number":
        # This reads 123.0 too: so come columns of integers that have nulls.
        return f"try_cast({raw} AS BIGINT)"
    if kind == "flag":
        return f"CASE WHEN lower({raw}) IN ('true', '1', '1.0', 't') THEN true WHEN {raw} IS NOT NULL THEN false END"
    return raw
