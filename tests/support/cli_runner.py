"""Runs commands in processes of their own, as a user does."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Ran:
    """How a command ended."""

    code: int
    out: str
    err: str


def sourcer(*arguments: str, cwd: Path, **environment: str) -> Ran:
    """Run a command in a process of its own, as a user does."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith("SOURCER_")}
    done = subprocess.run(
        [sys.executable, "-m", "sourcer.cli", *arguments],
        cwd=cwd,
        env=clean | environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
        stdin=subprocess.DEVNULL,
    )
    assert "Traceback" not in done.stderr, done.stderr
    return Ran(done.returncode, done.stdout, done.stderr)
