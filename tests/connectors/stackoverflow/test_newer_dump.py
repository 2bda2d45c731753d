"""A newer dump of the same site changes what changed: through the engine, into a database."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from sourcer.brief import Brief, Discover
from sourcer.config import Config
from sourcer.crawl import CrawlRequest, crawl
from sourcer.store.database import Database
from support.dumps import Row, answer, badge, question, user, write_dump
from support.two_ways import ME

pytestmark = pytest.mark.slow

POSTS: Sequence[Row] = [
    question(1, OwnerUserId=None),
    question(2, "|mlflow|", OwnerUserId=None),
    *(answer(100 + number, 1, ME + number, Score=number) for number in range(1, 7)),
    answer(201, 2, ME + 1, Score=9),
]
USERS: Sequence[Row] = [user(ME + number, AboutMe=f"<p>I am number {number}.</p>") for number in range(1, 7)]
BADGES: Sequence[Row] = [badge(ME + 1, "pytorch", 3)]
BRIEF = Brief(
    title="Invented", discover=Discover.model_validate({"limit": 100, "stackoverflow": {"tags": ["pytorch"]}})
).named("invented")


@pytest.fixture
def config(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Config:
    monkeypatch.delenv("SOURCER_DATABASE_URL", raising=False)
    privacy = {"controller": "a", "contact": "b@example.org", "lawful_basis": "c", "purpose": "d"}
    section = {"dump_dir": str(tmp_path / "dump"), "dump_site": "ai"}
    return Config.model_validate({"privacy": privacy, "connectors": {"stackoverflow": section}}).at(tmp_path)


async def crawl_dump(config: Config, posts: Sequence[Row], users: Sequence[Row], badges: Sequence[Row]) -> None:
    folder = write_dump(config.path("dump"), posts=posts, users=users, badges=badges)
    for file in folder.iterdir():
        os.utime(file, (1, 1))
    with Database(config.database_url) as database:
        database.upgrade()
        outcome = await crawl(config, CrawlRequest(BRIEF), database)
    assert outcome.exit_code == 0, outcome.messages


def rows(config: Config, query: str) -> list[tuple[Any, ...]]:
    connection = sqlite3.connect(config.path("sourcer.db"))
    try:
        return connection.execute(query).fetchall()
    finally:
        connection.close()


def changed(rows: Sequence[Row], key: int, **columns: object) -> list[Row]:
    return [{**row, **columns} if row["Id"] == key else row for row in rows]


def without(rows: Sequence[Row], *keys: int) -> list[Row]:
    return [row for row in rows if row["Id"] not in keys]


def names(config: Config) -> dict[str, str]:
    return dict(rows(config, "SELECT uid, name FROM profile WHERE gone_at IS NULL"))


def living(config: Config) -> dict[tuple[str, str, str], str]:
    found = rows(config, "SELECT uid, kind, key, measure FROM evidence WHERE vanished_at IS NULL")
    return {(uid, kind, key): measure for uid, kind, key, measure in found}


async def test_a_rename_changes_the_name_and_nothing_else(config: Config) -> None:
    await crawl_dump(config, POSTS, USERS, BADGES)
    before = living(config)
    await crawl_dump(config, POSTS, changed(USERS, ME + 2, DisplayName="New Name"), BADGES)
    assert names(config)[str(ME + 2)] == "New Name"
    assert living(config) == before
    assert len(names(config)) == 6


async def test_an_account_that_vanished_is_gone(config: Config) -> None:
    await crawl_dump(config, POSTS, USERS, BADGES)
    posts = changed(POSTS, 103, OwnerUserId=None, OwnerDisplayName="user3")
    await crawl_dump(config, posts, without(USERS, ME + 3), BADGES)
    assert str(ME + 3) not in names(config)
    assert len(names(config)) == 5
    assert str(ME + 3) not in {
        row[0] for row in rows(config, "SELECT uid FROM v_candidate JOIN profile ON person = person_id")
    }


async def test_changed_answers_change_scores_and_sums(config: Config) -> None:
    await crawl_dump(config, POSTS, USERS, BADGES)
    posts = without(changed(POSTS, 104, Score=44), 201)
    await crawl_dump(config, changed(posts, 1, AcceptedAnswerId=105), USERS, [])
    now = living(config)
    assert '"score":44' in now[str(ME + 4), "answer.given", "104"]
    assert '"score":44' in now[str(ME + 4), "tag.score", "tag:pytorch"]
    assert (str(ME + 5), "answer.accepted", "105") in now
    assert (str(ME + 5), "answer.given", "105") not in now
    assert not {key for key in now if key[1:] in {("answer.given", "201"), ("tag.score", "tag:mlflow")}}
    assert not {key for key in now if key[1] == "badge.tag"}


async def test_who_no_longer_fits_the_brief_is_still_kept_up_to_date(config: Config) -> None:
    await crawl_dump(config, POSTS, USERS, BADGES)
    await crawl_dump(config, without(POSTS, 101), changed(USERS, ME + 1, Location="Łódź"), BADGES)
    assert rows(config, f"SELECT location FROM profile WHERE uid = '{ME + 1}'") == [("Łódź",)]
    assert (str(ME + 1), "answer.given", "101") not in living(config)
    assert (str(ME + 1), "answer.given", "201") in living(config)


async def test_somebody_new_comes_in(config: Config) -> None:
    await crawl_dump(config, POSTS, USERS, BADGES)
    await crawl_dump(config, [*POSTS, answer(300, 1, ME + 9)], [*USERS, user(ME + 9)], BADGES)
    assert str(ME + 9) in names(config)


async def test_the_same_dump_again_changes_nothing(config: Config) -> None:
    await crawl_dump(config, POSTS, USERS, BADGES)
    before = names(config), living(config)
    await crawl_dump(config, POSTS, USERS, BADGES)
    assert (names(config), living(config)) == before
