"""What a crawl shows while it goes: a live table on a terminal, plain lines elsewhere, nothing where nobody looks."""

from __future__ import annotations

import logging
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import TracebackType
from typing import Self, TextIO

from rich.console import Console
from rich.live import Live
from rich.table import Table

__all__ = ["LineProgress", "LiveProgress", "LogProgress", "Progress", "SiteProgress", "progress_on"]

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class SiteProgress:
    """How far one connector is. ``budget`` is what is left of each quota, ``None`` where the site has not said."""

    name: str
    phase: str
    people: int
    pending: int
    evidence: int
    budget: Mapping[str, float | None] = field(default_factory=dict)

    def budget_text(self) -> str:
        """``graphql 4812``, ``?`` where unknown."""
        return ", ".join(f"{name} {'?' if left is None else format(left, '.0f')}" for name, left in self.budget.items())


class _Pace:
    """How long the open visits of a phase will take at the rate of this phase so far."""

    def __init__(self) -> None:
        self._began: dict[tuple[str, str], tuple[float, int]] = {}

    def left(self, site: SiteProgress) -> str:
        if not site.pending:
            return ""
        now = time.monotonic()
        began, first = self._began.setdefault((site.name, site.phase), (now, site.pending))
        gone_by, closed = now - began, first - site.pending
        if closed <= 0 or gone_by <= 0:
            return ""
        seconds = round(site.pending * gone_by / closed)
        return f"{seconds // 60}:{seconds % 60:02d}"


class Progress:
    """Shows nothing: for tests and for callers that do not look. Also the base of the others."""

    interval = 1.0
    """Seconds between two looks."""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        return None

    def message(self, text: str) -> None:
        """Say something that stays visible."""

    def show(self, sites: Sequence[SiteProgress]) -> None:
        """Show how far each connector is."""


class LineProgress(Progress):
    """A line a site every few seconds: for logs and pipes."""

    interval = 5.0

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._pace = _Pace()

    def message(self, text: str) -> None:
        """Print the text as a line."""
        print(text, file=self._stream, flush=True)

    def show(self, sites: Sequence[SiteProgress]) -> None:
        """Print a line for each connector that is not done."""
        for site in sites:
            if site.phase == "done":
                continue
            parts = [f"{site.name}: {site.phase}", f"{site.people} people", f"{site.evidence} pieces of evidence"]
            parts += [f"{site.pending} to visit"] if site.pending else []
            parts += [f"budget left {text}"] if (text := site.budget_text()) else []
            parts += [f"about {left} left"] if (left := self._pace.left(site)) else []
            self.message(", ".join(parts))


class LogProgress(LineProgress):
    """The same as records of the log, for whoever reads that by machine."""

    interval = 60.0

    def __init__(self) -> None:
        super().__init__(sys.stderr)

    def message(self, text: str) -> None:
        """Log the text."""
        _log.info("%s", text)


class LiveProgress(Progress):
    """A table that is drawn anew in place."""

    interval = 0.25

    def __init__(self, console: Console) -> None:
        self._live = Live(console=console, refresh_per_second=4, transient=True)
        self._pace = _Pace()

    def __enter__(self) -> Self:
        self._live.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._live.stop()

    def message(self, text: str) -> None:
        """Print the text above the table."""
        self._live.console.print(text, markup=False, highlight=False, soft_wrap=True)

    def show(self, sites: Sequence[SiteProgress]) -> None:
        """Draw the table."""
        table = Table("site", "phase", "people", "evidence", "to visit", "budget left", "time left", box=None)
        for site in sites:
            numbers = (str(site.people), str(site.evidence), str(site.pending or ""))
            table.add_row(site.name, site.phase, *numbers, site.budget_text(), self._pace.left(site))
        self._live.update(table)


def progress_on(stream: TextIO) -> Progress:
    """The progress that suits a stream."""
    if stream.isatty():
        return LiveProgress(Console(file=stream))
    return LineProgress(stream)
