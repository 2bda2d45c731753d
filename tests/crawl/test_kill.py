"""A crawl that is killed again and again ends with the rows of an unbroken one: real processes, real SIGKILL."""

from __future__ import annotations

import contextlib
import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from sourcer.demo.run import prepare

KILLS = 10
BRIEF = "mlops-engineer"

TABLES = {
    "profile": "site, uid, login, name, url, country, bio, company, website, links, measure, person_id, gone_at",
    "evidence": "id, site, uid, kind, key, url, title, terms, measure, licence, happened_at, vanished_at IS NULL",
    "found": "brief, site, uid, connector",
    "unknown": "site, uid, what, reason",
    "look": "site, uid, depth, scope, state",
    "candidate": "brief, person_id, rank, score",
    "contribution": "brief, person_id, evidence_id, skill, dimension, rule, points",
}


def rows(folder: Path) -> dict[str, list[tuple[Any, ...]]]:
    with sqlite3.connect(f"file:{folder / 'demo.db'}?mode=ro", uri=True) as connection:
        found = {
            table: sorted(connection.execute(f"SELECT {columns} FROM {table}"), key=repr)
            for table, columns in TABLES.items()
        }
    connection.close()
    return found


def start(folder: Path) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "sourcer.cli", "--config", str(folder), "crawl", BRIEF]
    return subprocess.Popen(
        command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=os.environ | {"PYTHONHASHSEED": "random"}
    )


def is_complete(folder: Path) -> bool:
    """Whether the last crawl came to its end, though its process may have been killed after that."""
    if not (folder / "demo.db").is_file():
        return False
    with contextlib.closing(sqlite3.connect(f"file:{folder / 'demo.db'}?mode=ro", uri=True)) as connection:
        try:
            last = connection.execute("SELECT status FROM run ORDER BY id DESC LIMIT 1").fetchone()
        except sqlite3.OperationalError:  # killed before there were tables
            return False
    return last is not None and last[0] == "complete"


@pytest.mark.slow
def test_killed_at_ten_random_moments(tmp_path: Path) -> None:
    dice = random.Random()
    seed = dice.randrange(2**32)
    dice.seed(seed)
    broken, unbroken = tmp_path / "broken", tmp_path / "unbroken"
    with prepare(unbroken, seed=3, people=150):
        shutil.copytree(unbroken, broken)
        fresh = tmp_path / "fresh"
        shutil.copytree(unbroken, fresh)
        began = time.monotonic()
        assert start(unbroken).wait(120) == 0
        whole = time.monotonic() - began
        killed = 0
        while killed < KILLS:
            process = start(broken)
            try:
                # The first second is imports; what matters is the time after it.
                process.wait(dice.uniform(0.1, 1.0) * whole)
            except subprocess.TimeoutExpired:
                process.send_signal(signal.SIGKILL)
                process.wait()
                killed += 1
            else:
                # It was faster than the dice.
                assert process.returncode == 0, f"seed {seed}"
            if is_complete(broken):
                # One that follows knows more, and may look deep at others: it starts from nothing.
                shutil.rmtree(broken)
                shutil.copytree(fresh, broken)
        assert start(broken).wait(120) == 0, f"seed {seed}"
    expected, found = rows(unbroken), rows(broken)
    assert expected["evidence"]
    for table in TABLES:
        assert found[table] == expected[table], f"{table} differs (seed {seed})"
