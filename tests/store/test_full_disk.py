"""A file system that is really full: one clear line, nothing lost, and the next run goes on."""

from __future__ import annotations

import shutil
import sqlite3
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from sourcer.brief import Brief, Discover
from sourcer.config import Config
from sourcer.crawl import CrawlRequest, crawl
from sourcer.errors import RunError
from sourcer.store.database import Database
from support.crawled import rows
from support.month import World, installed_world

LONG = 20
"""A day of the invented world on which people write long texts about themselves."""


def mount(folder: Path, options: str) -> bool:
    """Whether a small file system in memory could be put there: only root may."""
    program = shutil.which("mount")
    if program is None:
        return False
    command = [program, "-t", "tmpfs", "-o", options, "tmpfs", str(folder)]
    return subprocess.run(command, capture_output=True, check=False, timeout=30).returncode == 0


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    folder = tmp_path / "disk"
    folder.mkdir()
    if not mount(folder, "size=8m"):
        pytest.skip("only root may mount a file system; the month on the scheduler fills a database by its own limit")
    World.day = LONG
    with installed_world():
        yield folder
    World.day = 0
    subprocess.run(["umount", str(folder)], check=True, timeout=30)


@pytest.mark.slow
@pytest.mark.parametrize("archive", ["", "archive"], ids=["database", "archive-too"])
async def test_a_crawl_on_a_full_disk_ends_in_one_line_and_the_next_one_goes_on(
    small_disk: Path, archive: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("SOURCER_DATABASE_URL", raising=False)
    config = Config.model_validate({"connectors": {"invented": {}, "other": {}}, "fetch": {"archive_dir": archive}}).at(
        small_disk
    )
    parts = {"limit": 500, "invented": {"topics": ["mlops"]}, "other": {"topics": ["mlops"]}}
    brief = Brief(title="Full", discover=Discover.model_validate(parts)).named("full")
    with Database(config.database_url) as database:
        database.upgrade()
        filler = small_disk / "somebody-else.bin"
        filler.write_bytes(b"\0" * (shutil.disk_usage(small_disk).free - 150_000))
        with pytest.raises(RunError, match=r"disk is full|No space left") as told:
            await crawl(config, CrawlRequest(brief), database)
        assert "\n" not in str(told.value)
        stored = len(rows(config)["profile"])
        filler.unlink()
        outcome = await crawl(config, CrawlRequest(brief), database)
    assert (outcome.exit_code, outcome.run.chain) == (0, outcome.run.id - 1)
    assert len(rows(config)["profile"]) > stored
    connection = sqlite3.connect(config.path("sourcer.db"))
    assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    connection.close()
