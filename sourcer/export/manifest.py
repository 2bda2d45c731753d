"""What lies beside a file that left, and the entry that says so in the database."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime

from sourcer.store.audit import AuditEntry

__all__ = ["Manifest"]


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a file holds. The same for the same export, so it holds no time of day.

    Args:
        file: Its name, without folder; ``-`` is standard output.
        sha256: Its digest.
        rows: How many people it holds.
        left_out: How many were left out, by reason.
        format: ``csv``, ``xlsx``, ``jsonl`` or ``html``.
        columns: What the user called the columns.
        brief: Through which brief, and
        as_of: as on which day people were seen.
        scorer_version: By which rules.
        exported_by: Who took it out.
        notes: What the user was told.
    """

    file: str
    sha256: str
    rows: int
    left_out: Mapping[str, int]
    format: str
    columns: str
    brief: str
    as_of: str
    scorer_version: str
    exported_by: str
    notes: Sequence[str] = field(default=())

    def text(self) -> str:
        """The file beside the file."""
        return json.dumps(asdict(self), ensure_ascii=False, indent=2) + "\n"

    def entry(self, at: datetime) -> AuditEntry:
        """The entry of the audit: who took what out when. The names of people in notes stay out of it."""
        detail = {"format": self.format, "columns": self.columns, "as_of": self.as_of, "left_out": dict(self.left_out)}
        action = "report" if self.format == "html" else "export"
        return AuditEntry(at, self.exported_by, action, self.brief, self.file, self.rows, self.sha256, detail)
