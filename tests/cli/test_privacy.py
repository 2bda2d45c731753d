"""`sourcer privacy`, as a user runs it."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from sourcer.demo.run import DemoWorld
from sourcer.privacy import NOTICE_DAYS
from support.cli_runner import Ran

pytestmark = pytest.mark.slow

Run = Callable[..., Ran]


def test_who_must_be_told_and_what_is_too_old(run: Run, world: DemoWorld) -> None:
    today = datetime.now(UTC).date()
    notices = json.loads(run("privacy", "due", "--json").out)
    assert {notice["notice_due"] for notice in notices} == {(today + timedelta(days=NOTICE_DAYS)).isoformat()}
    assert str(notices[0]["person"]) in run("privacy", "due").out
    assert "nobody" in run("privacy", "due", "--days", str(NOTICE_DAYS - 1)).out
    with sqlite3.connect(world.folder / "demo.db") as database:
        (before,) = database.execute("SELECT COUNT(*) FROM profile").fetchone()
        long_ago = (datetime.now(UTC) - timedelta(days=2000)).replace(tzinfo=None)
        one = "(SELECT rowid FROM profile WHERE site = 'github' LIMIT 1)"
        database.execute(f"UPDATE profile SET seen_at = ? WHERE rowid = {one}", (long_ago.isoformat(" "),))
    database.close()
    assert run("privacy", "purge", "--dry-run").err.startswith("1 accounts and 0 folders of raw answers")
    assert run("privacy", "purge").err.startswith("deleted 1 accounts of ")
    with sqlite3.connect(world.folder / "demo.db") as database:
        assert database.execute("SELECT COUNT(*) FROM profile").fetchone() == (before - 1,)
    database.close()
