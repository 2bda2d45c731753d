"""What the schedule of a process tells; tests/cli tries the rest on real processes."""

from __future__ import annotations

from pathlib import Path

from sourcer.config import Config
from sourcer.service import schedule_once
from sourcer.store.database import Database

YOUNG = """
title = "Young engineers, class of 2022"
[skills]
must = ["no-such-skill"]
[schedule]
cron = "* * * * *"
"""


def test_a_scheduled_brief_that_asks_for_a_protected_trait_is_warned_about(tmp_path: Path) -> None:
    folder = tmp_path / "briefs"
    folder.mkdir()
    (folder / "young.toml").write_text(YOUNG, encoding="utf-8")
    said: list[str] = []
    with Database(f"sqlite:///{tmp_path / 'sourcer.db'}") as database:
        database.upgrade()
        schedule_once(Config().at(tmp_path), database, said.append, said.append)
    warned, failed = (next(line for line in said if mark in line) for mark in ("class of 2022", "no-such-skill"))
    assert warned.startswith("warning: young: title: ")
    assert "may stand for age" in warned
    assert said.index(warned) < said.index(failed)
