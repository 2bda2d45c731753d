"""What the benchmarks of whole crawls share: real ``sourcer crawl`` processes, what they stored, and aims."""

from __future__ import annotations

import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Protocol

__all__ = ["Aim", "command", "differing", "kill_halfway", "place", "rows"]

FOUND: Final = {
    "profile": "site, uid, login, name, url, country, bio, company, website, links, measure, gone_at IS NULL",
    "evidence": "site, uid, kind, key, url, title, terms, measure, happened_at, vanished_at IS NULL",
    "found": "brief, site, uid",
    "unknown": "site, uid, what",
    "candidate": "brief, person_id, rank, score",
}
"""What a crawl finds, by table: no run numbers, no times of looking."""


@dataclass(frozen=True, slots=True)
class Aim:
    """One figure and what it should be."""

    name: str
    value: float
    most: float | None = None
    least: float | None = None

    @property
    def met(self) -> bool:
        """Whether it is as it should be."""
        return (self.most is None or self.value <= self.most) and (self.least is None or self.value >= self.least)

    def line(self) -> str:
        """For a person to read."""
        bounds = [f"at most {self.most:g}"] if self.most is not None else []
        bounds += [f"at least {self.least:g}"] if self.least is not None else []
        return f"  {'ok  ' if self.met else 'MISS'} {self.name}: {self.value:.4g} ({', '.join(bounds)})"


class Server(Protocol):
    """A copy of a site, which counts what it is asked."""

    requests: int


def command(folder: Path, *more: str) -> list[str]:
    """A crawl as a user starts it."""
    return [sys.executable, "-m", "sourcer.cli", "--config", str(folder), "crawl", "bench", "--json", *more]


def rows(folder: Path) -> dict[str, list[tuple[Any, ...]]]:
    """What a crawl stored, without run numbers and times of looking."""
    connection = sqlite3.connect(f"file:{folder / 'crawl.db'}?mode=ro", uri=True)
    try:
        return {
            table: sorted(connection.execute(f"SELECT {columns} FROM {table}"), key=repr)
            for table, columns in FOUND.items()
        }
    finally:
        connection.close()


def differing(one: Path, other: Path) -> int:
    """How many rows of one of two crawls the other does not have."""
    ours, theirs = rows(one), rows(other)
    return sum(len({repr(row) for row in ours[table]} ^ {repr(row) for row in theirs[table]}) for table in FOUND)


@contextmanager
def place() -> Iterator[Path]:
    """A folder that is gone afterwards."""
    folder = Path(tempfile.mkdtemp(prefix="sourcer-benchmark-"))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def kill_halfway(folder: Path, server: Server, after: int) -> int:
    """Start a crawl and kill it with SIGKILL once it has asked so often; gives how often it had."""
    start = server.requests
    with subprocess.Popen(command(folder), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        while process.poll() is None and server.requests - start < after:
            time.sleep(0.005)
        process.send_signal(signal.SIGKILL)
    return server.requests - start
