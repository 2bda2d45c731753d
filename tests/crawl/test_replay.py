"""Replays of crawls that were interrupted by faults: the archive says which answers were stored in the end."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import stamina

from sourcer.brief import Brief, load_brief
from sourcer.config import CONFIG_NAME, Config, load_config
from sourcer.crawl import CrawlOutcome, CrawlRequest, crawl
from sourcer.demo.faults import Fault, Faults
from sourcer.demo.run import BRIEF, prepare
from sourcer.store.database import Database

TABLES = {
    "profile": "site, uid, login, name, bio, measure, gone_at IS NULL",
    "evidence": "id, site, uid, kind, url, title, terms, measure, happened_at, vanished_at IS NULL",
    "unknown": "site, uid, what, reason",
    "look": "site, uid, depth, scope, state",
}


@pytest.fixture(autouse=True)
def quick_retries() -> Iterator[None]:
    with stamina.set_testing(True, attempts=2):
        yield


def rows(path: Path) -> dict[str, list[tuple[Any, ...]]]:
    connection = sqlite3.connect(path)
    try:
        return {
            name: sorted(connection.execute(f"SELECT {what} FROM {name}"), key=repr) for name, what in TABLES.items()
        }
    finally:
        connection.close()


async def run(config: Config, brief: Brief, path: Path, replay: str = "") -> CrawlOutcome:
    with Database(f"sqlite:///{path}") as database:
        database.upgrade()
        return await crawl(config, CrawlRequest(brief, only=("github",), replay=replay), database)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("broken", "first_code"),
    [(range(2, 8), 3), (range(8, 60), 3), (range(14, 24), 0)],
    ids=["in discovery", "for a whole batch", "for some of a batch"],
)
async def test_a_crawl_that_met_a_broken_site_replays_as_it_ended(
    tmp_path: Path, broken: range, first_code: int
) -> None:
    faults = Faults(dict.fromkeys(broken, Fault.BAD_GATEWAY))
    with prepare(tmp_path, seed=5, people=60, faults=faults):
        config = load_config(tmp_path / CONFIG_NAME)
        brief = load_brief(config, BRIEF)
        codes: list[int] = []
        while not codes or codes[-1] != 0:
            outcome = await run(config, brief, tmp_path / "live.db")
            codes.append(outcome.exit_code)
            assert len(codes) < 12
        assert codes[0] == first_code
        assert outcome.run.chain == 1
        shutil.rmtree(tmp_path / "dump")
    replayed = await run(config, brief, tmp_path / "replayed.db", replay="1")
    assert replayed.exit_code == 0
    expected = rows(tmp_path / "live.db")
    assert len(expected["evidence"]) > 100
    assert rows(tmp_path / "replayed.db") == expected
