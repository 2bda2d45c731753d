"""The API and Meta Kaggle of one invented population give the same people, tiers and rows."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest

from sourcer.config import FetchConfig
from sourcer.connect import Evidence, Fetcher, Focus, Item, Profile, Ref, Visit
from sourcer.demo.kaggle.server import TOKEN, KaggleServer
from sourcer.demo.kaggle.tables import write_meta_kaggle
from sourcer.demo.kaggle.world import PROLIFIC
from sourcer.demo.model import World
from sourcer.demo.world import make_world
from sourcer_kaggle import Kaggle
from sourcer_kaggle.settings import KaggleConfig
from support.clock import FakeClock
from support.meta_kaggle import connector, of_type, unknowns, wish

pytestmark = pytest.mark.slow

TIERS = ("NOVICE", "CONTRIBUTOR", "EXPERT", "MASTER", "GRANDMASTER")
BOTH = ("notebook.published", "dataset.published")
COMMON = ("votes", "downloads")
STANDING = tuple(f"{what}_{unit}" for what in ("competitions", "notebooks", "datasets") for unit in ("rank", "points"))
# What is in one table of docs/sourcers.md, by way.
ONLY_FILES = {"competition.result", "profile.medals"}
ONLY_API = {"notebook.imports", "model.published"}


@pytest.fixture(scope="module")
def population() -> World:
    return make_world(7, 100)


@pytest.fixture
async def by_api(population: World, clock: FakeClock, focus: Focus) -> list[Item]:
    """Discovery and both looks at everybody, as a crawl makes them."""
    with KaggleServer(population) as server:
        config = KaggleConfig.model_validate({"token": TOKEN, "api_url": server.url})
        async with Fetcher(
            "kaggle", Kaggle.policy, FetchConfig(archive_dir=""), sleep=clock.sleep, clock=clock
        ) as fetcher:
            kaggle = Kaggle(config, fetcher)
            items = [item async for item in kaggle.discover(wish(*TIERS, skills=("mlflow",)), None)]
            visits = [Visit(ref) for ref in dict.fromkeys(of_type(items, Ref))]
            for depth in ("cheap", "deep"):
                for start in range(0, len(visits), kaggle.batch_size):
                    batch = visits[start : start + kaggle.batch_size]
                    items += [item async for item in kaggle.fetch(batch, depth, focus)]
    return items


@pytest.fixture
async def by_files(population: World, tmp_path: Path) -> list[Item]:
    write_meta_kaggle(population.kaggle, tmp_path)
    kaggle = connector(meta_kaggle_dir=str(tmp_path))
    return [item async for item in kaggle.discover(wish(*TIERS, skills=("mlflow",)), None)]


def people_of(items: Iterable[Item]) -> dict[str, Any]:
    return {
        found.ref.uid: (
            found.url,
            found.name,
            found.created_at.date() if found.created_at else None,
            {unit: found.measure[unit] for unit in ("tier", *STANDING) if unit in found.measure},
        )
        for found in of_type(items, Profile)
    }


def rows_of(items: Iterable[Item]) -> dict[tuple[str, ...], Any]:
    return {
        (one.ref.uid, one.kind, one.key): (
            one.url,
            one.title,
            one.terms,
            one.happened_at,
            {unit: one.measure[unit] for unit in COMMON if unit in one.measure},
        )
        for one in of_type(items, Evidence)
        if one.kind in BOTH
    }


def shown(population: World, trap: str) -> set[str]:
    return {key.rpartition("#")[2] for key in population.traps[trap]}


def test_both_ways_give_the_same_people(population: World, by_api: list[Item], by_files: list[Item]) -> None:
    # Who opted out is told apart by the API alone; without a tier nobody looks for them in the files either.
    opted_out = shown(population, "kaggle_opted_out")
    files = {uid: told for uid, told in people_of(by_files).items() if uid not in opted_out}
    assert len(files) > 30
    assert people_of(by_api) == files
    hidden = ("kaggle_staff", "kaggle_organization", "kaggle_deleted")
    assert not set(files) & set().union(*(shown(population, trap) for trap in hidden))


def test_both_ways_give_the_same_rows(population: World, by_api: list[Item], by_files: list[Item]) -> None:
    opted_out = shown(population, "kaggle_opted_out")
    files = {key: told for key, told in rows_of(by_files).items() if key[0] not in opted_out}
    assert len(files) > 150
    assert rows_of(by_api) == files


def test_what_one_way_cannot_know_is_unknown_there(population: World, by_api: list[Item], by_files: list[Item]) -> None:
    told = [{one.kind for one in of_type(items, Evidence)} for items in (by_api, by_files)]
    assert (told[1] - told[0], told[0] - told[1]) == ({"competition.result"}, ONLY_API)
    (prolific,), (no_source,) = shown(population, "kaggle_prolific"), shown(population, "kaggle_no_source")
    for uid in people_of(by_api):
        more = {"notebook.published"} if uid == prolific else set()
        no_imports = {"notebook.imports"} if uid == no_source else set()
        assert set(unknowns(by_api, int(uid))) == ONLY_FILES | more | no_imports
        assert set(unknowns(by_files, int(uid))) == ONLY_API | more
    medals = {one.ref.uid for one in of_type(by_files, Profile) if "competitions_gold" in one.measure}
    assert medals
    assert not any("gold" in unit for one in of_type(by_api, Profile) for unit in one.measure)


def test_of_a_prolific_author_both_keep_the_hundred_with_the_most_votes(
    population: World, by_api: list[Item], by_files: list[Item]
) -> None:
    (uid,) = shown(population, "kaggle_prolific")
    for items in (by_api, by_files):
        votes = [told[4]["votes"] for key, told in rows_of(items).items() if key[:2] == (uid, "notebook.published")]
        assert sorted(votes) == list(range(PROLIFIC - 100, PROLIFIC))
