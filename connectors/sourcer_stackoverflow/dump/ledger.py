"""What a pass over a dump could not use, by table and reason: nothing is left out in silence."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from typing import Final

from sourcer_stackoverflow.dump.files import TableFile
from sourcer_stackoverflow.dump.rows import Fault

__all__ = ["MOST_BROKEN_ROWS", "Ledger"]

MOST_BROKEN_ROWS: Final = 10_000
"""Broken rows of one table after which the rest of it is given up."""

_OWNER: Final = {
    table: re.compile(rf'\s{column}="([0-9]{{1,15}})"'.encode())
    for table, column in {"posts": "OwnerUserId", "users": "Id", "badges": "UserId"}.items()
}


class Ledger:
    """Counts rows read and rejected, and remembers whose evidence is incomplete because of that."""

    def __init__(self) -> None:
        self.read: Counter[str] = Counter()
        self.rejected: Counter[tuple[str, str]] = Counter()
        self.torn: dict[str, str] = {}
        self.example = ""
        self._broken: Counter[str] = Counter()
        self._owners: defaultdict[str, set[int]] = defaultdict(set)

    def reject(self, table: str, reason: str) -> None:
        """Count a row that is well formed but cannot be used."""
        self.rejected[table, reason] += 1

    def fault(self, table: str, file: TableFile, fault: Fault) -> None:
        """Take note of a broken row, or of the point after which nothing can be read."""
        place = f"{file.label} line {fault.line}: {fault.reason}"
        self.example = self.example or place
        if fault.torn:
            self.torn.setdefault(table, place)
            return
        self._broken[table] += 1
        self.reject(table, f"broken row: {fault.reason}")
        owner = _OWNER[table].search(fault.source) if table in _OWNER else None
        if owner:
            self._owners[table].add(int(owner[1]))
        if self._broken[table] >= MOST_BROKEN_ROWS:
            self.torn.setdefault(table, f"{file.label}: {MOST_BROKEN_ROWS} rows up to line {fault.line} are broken")

    @property
    def broken(self) -> int:
        """Rows that could not be read, and tables that break off."""
        return self._broken.total() + len(self.torn)

    def lost(self, table: str, owner: int) -> str | None:
        """Why a table may hold more about somebody than was read, or ``None`` where it was read whole."""
        if table in self.torn:
            return self.torn[table]
        return "a row of theirs is broken in the dump" if owner in self._owners[table] else None

    def summary(self) -> str:
        """One line: rows read by table, and rows rejected by reason."""
        read = ", ".join(f"{table} {count}" for table, count in sorted(self.read.items()))
        rejected = ", ".join(f"{table} {reason} {count}" for (table, reason), count in sorted(self.rejected.items()))
        return f"rows read: {read or 'none'}; not used: {rejected or 'none'}"
