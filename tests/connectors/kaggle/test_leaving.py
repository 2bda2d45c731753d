"""Who leaves, opts out or joins Kaggle after a first crawl is gone after the second one, by both ways."""

from __future__ import annotations

import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import httpx
import pytest
import respx
from sqlalchemy import select

from sourcer.brief import Brief, Discover
from sourcer.config import Config
from sourcer.crawl import CrawlRequest, crawl
from sourcer.store import schema
from sourcer.store.database import Database
from support.kaggle_world import API, FakeKaggle, person
from support.meta_kaggle import FIRST, Row, small_world, user, write_meta

TIERS = {"tiers": ["GRANDMASTER", "MASTER"]}
LATER = [
    pytest.param([person(FIRST + 1)], id="deleted"),
    pytest.param([person(FIRST, owner={"progressionOptOut": True}), person(FIRST + 1)], id="opted out"),
    pytest.param([person(FIRST, "STAFF"), person(FIRST + 1)], id="staff"),
]
LATER_FILES = [
    pytest.param([user(FIRST + 1)], id="deleted"),
    pytest.param([user(FIRST, ProgressionOptOut=True), user(FIRST + 1, ProgressionOptOut=False)], id="opted out"),
    pytest.param([user(FIRST, 5), user(FIRST + 1)], id="staff"),
]


@pytest.fixture(autouse=True)
def _alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SOURCER_DATABASE_URL", raising=False)
    monkeypatch.setenv("INVENTED_TOKEN", "invented-token")


def config_of(folder: Path, **kaggle: Any) -> Config:
    said = {
        "privacy": {"controller": "a", "contact": "b@example.org", "lawful_basis": "c", "purpose": "d"},
        "fetch": {"archive_dir": ""},
        "connectors": {"kaggle": kaggle},
    }
    return Config.model_validate(said).at(folder)


async def crawled(config: Config, discover: Mapping[str, Any]) -> set[int]:
    """Who is gone after a crawl."""
    told = Discover.model_validate({"limit": 100, "kaggle": discover})
    with Database(config.database_url) as database:
        database.upgrade()
        await crawl(config, CrawlRequest(Brief(title="Invented", discover=told).named("invented")), database)
        gone = select(schema.profile.c.uid).where(schema.profile.c.gone_at.is_not(None))
        with database.read() as connection:
            return {int(uid) - FIRST for (uid,) in connection.execute(gone)}


async def crawled_by_api(config: Config, people: Sequence[dict[str, Any]]) -> set[int]:
    world = FakeKaggle(people)
    with respx.mock(assert_all_called=False) as router:
        router.post(url__startswith=f"{API}/").mock(side_effect=world.handle)
        return await crawled(config, TIERS)


@pytest.mark.parametrize("later", LATER)
async def test_by_the_api(tmp_path: Path, later: list[dict[str, Any]]) -> None:
    config = config_of(tmp_path, token={"env": "INVENTED_TOKEN"})
    assert await crawled_by_api(config, [person(FIRST), person(FIRST + 1)]) == set()
    assert await crawled_by_api(config, later) == {0}


async def test_a_search_that_finds_nobody_today_makes_nobody_gone(tmp_path: Path) -> None:
    config = config_of(tmp_path, token={"env": "INVENTED_TOKEN"})
    assert await crawled_by_api(config, [person(FIRST + n) for n in range(5)]) == set()
    with respx.mock(assert_all_called=False) as router:
        router.post(url__startswith=f"{API}/").mock(return_value=httpx.Response(200, json={}))
        assert await crawled(config, TIERS) == set()


@pytest.mark.parametrize("later", LATER_FILES)
async def test_by_meta_kaggle(tmp_path: Path, later: list[Row]) -> None:
    tables = small_world() | {"Users": [user(FIRST), user(FIRST + 1)]}
    config = config_of(tmp_path, meta_kaggle_dir=str(write_meta(tmp_path / "meta", tables)))
    assert await crawled(config, TIERS) == set()
    shutil.rmtree(tmp_path / "meta")
    write_meta(tmp_path / "meta", tables | {"Users": later})
    assert await crawled(config, TIERS) == {0}
