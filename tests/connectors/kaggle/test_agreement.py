"""The API and Meta Kaggle of one invented population give the same people, tiers and rows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import pytest

from sourcer.connect import Evidence, Focus, Item, Profile, Ref, Unknown, Visit
from sourcer_kaggle import Kaggle
from support.kaggle_world import FakeKaggle, kernel_of, person
from support.meta_kaggle import (
    FIRST,
    achievement,
    connector,
    dataset,
    dataset_version,
    kernel,
    member,
    of_type,
    small_world,
    user,
    version,
    wish,
    write_meta,
)

pytestmark = pytest.mark.slow

TIERS = ("NOVICE", "CONTRIBUTOR", "EXPERT", "MASTER", "GRANDMASTER", "STAFF")
BOTH = ("notebook.published", "dataset.published")
COMMON = ("votes", "downloads")


async def everything(kaggle: Kaggle, focus: Focus) -> list[Item]:
    """Discovery and both looks at everybody, as a crawl makes them."""
    items = [item async for item in kaggle.discover(wish(*TIERS[:5]), None)]
    refs = list(dict.fromkeys(of_type(items, Ref)))
    items += [item async for item in kaggle.fetch([Visit(ref) for ref in refs], "deep", focus)]
    return items


def people_of(items: Iterable[Item]) -> dict[str, Any]:
    return {
        found.ref.uid: (found.url, found.name, found.measure.get("tier"), found.measure.get("competitions_rank"))
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


@pytest.fixture
def both(tmp_path: Path, world: FakeKaggle) -> Path:
    """A population, written twice."""
    numbers = range(FIRST, FIRST + 12)
    tables: dict[str, Any] = small_world()
    tables["Users"] = [user(uid, place % 6) for place, uid in enumerate(numbers)]
    tables["UserAchievements"] = [achievement(uid, CurrentRanking=uid - FIRST + 1) for uid in numbers]
    tables["TeamMemberships"] = [member(40, uid) for uid in numbers]
    tables["Kernels"] = [kernel(100 + n, uid, f"rain-{n}", TotalVotes=n) for n, uid in enumerate(numbers)]
    tables["KernelTags"] = [{"Id": n, "KernelId": 100 + n, "TagId": n % 3 + 1} for n in range(12)]
    tables["KernelVersions"] = [version(100 + n, f"Rain {n}: a study") for n in range(12)]
    tables["Datasets"] = [dataset(200 + n, uid) for n, uid in enumerate(numbers)]
    tables["DatasetVersions"] = [dataset_version(200 + n, f"drops-{n}") for n in range(12)]
    tables["DatasetTags"] = [{"Id": n, "DatasetId": 200 + n, "TagId": 1} for n in range(12)]
    tags = ("time series", "NLP", "tabular")
    world.people = [person(uid, TIERS[place % 6]) for place, uid in enumerate(numbers)]
    world.kernels = [
        kernel_of(
            100 + n, f"person{uid}", f"rain-{n}", title=f"Rain {n}: a study", totalVotes=n, categoryIds=[tags[n % 3]]
        )
        for n, uid in enumerate(numbers)
    ]
    world.datasets = [_dataset(n, uid) for n, uid in enumerate(numbers)]
    return write_meta(tmp_path, tables)


def _dataset(n: int, uid: int) -> Mapping[str, Any]:
    return {
        "id": 200 + n,
        "ref": f"person{uid}/drops-{n}",
        "title": f"Drops-{n}",
        "lastUpdated": "2022-09-10T01:02:03Z",
        "voteCount": 5,
        "downloadCount": 80,
        "tags": [{"ref": "time series"}],
    }


async def test_both_ways_give_the_same(kaggle: Kaggle, both: Path, focus: Focus) -> None:
    by_api = await everything(kaggle, focus)
    by_files = await everything(connector(meta_kaggle_dir=str(both)), focus)
    assert len(people_of(by_files)) == 10
    assert people_of(by_api) == people_of(by_files)
    assert len(rows_of(by_files)) == 20
    assert rows_of(by_api) == rows_of(by_files)


async def test_what_one_way_cannot_know_is_unknown_there(kaggle: Kaggle, both: Path, focus: Focus) -> None:
    by_api = await everything(kaggle, focus)
    by_files = await everything(connector(meta_kaggle_dir=str(both)), focus)
    told = [{one.kind for one in of_type(items, Evidence)} for items in (by_api, by_files)]
    assert told[1] - told[0] == {"competition.result"}
    for uid in people_of(by_api):
        unknown = [{one.what for one in of_type(items, Unknown) if one.ref.uid == uid} for items in (by_api, by_files)]
        assert "competition.result" in unknown[0]
        assert unknown[1] == {"notebook.imports", "model.published"}
