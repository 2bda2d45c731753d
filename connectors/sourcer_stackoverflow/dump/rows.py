"""The rows of one table of a dump, streamed: memory holds one block of them at a time, whatever the file's size.

A dump is ``<posts>`` with one ``<row …/>`` after the other. ``<`` cannot stand inside an attribute, so each ``<row`` in
the bytes starts a row: the file is cut before rows into blocks, and each block is parsed as a document of its own.
Against one parser over the whole file this has three merits: a broken row costs that row alone, nothing piles up in the
parser, and a document type definition is never read, so that entity bombs and external entities are only broken rows.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, Protocol, TypeAlias

from lxml import etree

from sourcer_stackoverflow.dump.files import Stream

__all__ = ["Fault", "Row", "RowItem", "read_rows"]

_BLOCK: Final = 1 << 18
"""Bytes read at once."""
_LONGEST_ROW: Final = 1 << 24
"""Bytes. The longest real rows are about 0.1 MB; what is longer is no dump."""
_START: Final = b"<row"

_TORN: Final = (OSError, EOFError, zlib.error)
_ROOT: Final = re.compile(rb"<([A-Za-z][\w-]*)")
_NOT_XML: Final = re.compile(
    rb"[\x00-\x08\x0b\x0c\x0e-\x1f]|&#(?:x0*(?:[0-8bcBCeEfF]|1[0-9a-fA-F]|[dD][89a-fA-F][0-9a-fA-F]{2})|0*(?:[0-8]|1[124-9]|2[0-9]|3[01]));"
)
"""Characters that XML does not allow, bare or as references; old dumps hold some in texts."""


class Row(Protocol):
    """One row: its columns are attributes; an absent one is null."""

    def get(self, name: str, /) -> str | None:
        """A column's text, entities resolved once."""
        ...


@dataclass(frozen=True, slots=True)
class Fault:
    """What could not be read.

    Args:
        line: Where, counted from 1.
        reason: Why.
        torn: Nothing more can be read: all rows after this one are unknown.
        source: The broken row as it stands in the file.
    """

    line: int
    reason: str
    torn: bool = False
    source: bytes = b""


RowItem: TypeAlias = Row | Fault


def read_rows(stream: Stream, table: str, mark: bytes = b"") -> Iterator[RowItem]:
    """The rows of a table in the order of the file, and a :class:`Fault` for each that cannot be read.

    Args:
        stream: The XML.
        table: The table's name in lower case, which is also its root element.
        mark: Only rows that hold these bytes; the others are not even parsed.
    """
    line = 1
    for block in _blocks(stream, table):
        if isinstance(block, Fault):
            yield Fault(line, block.reason, torn=True)
        elif block.startswith(_START):
            yield from _parse(block, line) if not mark else _parse(_marked(block, mark), line)
            line += block.count(b"\n")
        elif _is_root(block, table):
            line += block.count(b"\n")
        else:
            yield Fault(line, f"is no <{table}> table", torn=True)
            return


def _marked(block: bytes, mark: bytes) -> bytes:
    if mark not in block:
        return b""
    return b"".join(row for row in re.split(rb"(?=<row)", block) if mark in row)


def _is_root(head: bytes, table: str) -> bool:
    root = _ROOT.search(head)
    return root is not None and root[1].lower() == table.encode()


def _blocks(stream: Stream, table: str) -> Iterator[bytes | Fault]:
    """What stands before the first row, then blocks that each start with a row; a fault where the file breaks off."""
    rest, reason = b"", ""
    while not reason:
        try:
            data = stream.read(_BLOCK)
        except _TORN as fault:
            reason = f"breaks off: {str(fault) or type(fault).__name__}"
            break
        if not data:
            break
        rest += data
        cut = rest.rfind(_START)
        if cut > 0:
            first = rest.find(_START)
            yield from filter(None, (rest[:first], rest[first:cut]))
            rest = rest[cut:]
        elif len(rest) > _LONGEST_ROW:
            rest, reason = b"", f"holds a row of more than {_LONGEST_ROW:,} bytes"
    yield from _last(rest, reason, table)


def _last(rest: bytes, reason: str, table: str) -> Iterator[bytes | Fault]:
    """The end of the file: whole only where the root element is closed."""
    end = re.search(rf"(?:</{table}\s*>|<{table}\s*/>)\s*\Z".encode(), rest, re.IGNORECASE)
    if rest.startswith(_START):
        # Half a row is not tried: the fault tells of it.
        whole = end or re.match(rb".*(?:/>|</row>)", rest, re.DOTALL)
        if whole:
            yield rest[: whole.start() if end else whole.end()]
    elif rest:
        yield rest
    if not rest and not reason:
        yield Fault(0, "is empty", torn=True)
    elif reason or not end:
        yield Fault(0, reason or "breaks off: its root element is not closed", torn=True)


def _parse(block: bytes, line: int) -> Iterator[RowItem]:
    try:
        yield from _document(block)
    except etree.XMLSyntaxError:
        for piece in re.split(rb"(?=<row)", block):
            yield from _single(piece, line)
            line += piece.count(b"\n")


def _single(piece: bytes, line: int) -> Iterator[RowItem]:
    """One row that may be broken; characters that XML does not allow are left out of it."""
    if not piece:
        return
    try:
        yield from _document(_NOT_XML.sub(b"", piece.decode("utf-8", "replace").encode()))
    except etree.XMLSyntaxError as fault:
        yield Fault(line, fault.msg.partition(", line ")[0], source=piece)


def _document(rows: bytes) -> Iterator[Row]:
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    yield from etree.fromstring(b"<rows>" + rows + b"</rows>", parser).iter("row")
