"""Python processes of their own, for what only another process can show: locks, kills, concurrent upgrades."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

__all__ = ["python"]


@contextmanager
def python(code: str, *arguments: str, cwd: Path | None = None) -> Iterator[subprocess.Popen[str]]:
    """Run code in a process of its own; it is killed at the end if it still runs."""
    process = subprocess.Popen(
        [sys.executable, "-c", code, *arguments],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=cwd,
    )
    with process:
        try:
            yield process
        finally:
            process.kill()
