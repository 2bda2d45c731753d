from __future__ import annotations

import httpx
import pytest

from sourcer.config import FetchConfig
from sourcer.connect import Fetcher, SiteError, Spent
from sourcer_kaggle import Kaggle
from support.clock import FakeClock
from support.kaggle_world import FakeKaggle, person
from support.meta_kaggle import uids, wish

PAGE = "<html><title>Access denied</title></html>"


@pytest.mark.parametrize("status", [400, 403, 418, 451])
async def test_a_page_that_lets_nobody_through_is_waited_for(
    kaggle: Kaggle, world: FakeKaggle, clock: FakeClock, status: int
) -> None:
    world.people = [person()]
    world.faults["ListEntities"] = [httpx.Response(status, html=PAGE), httpx.Response(status, json={"message": "no"})]
    before = clock()
    assert uids([item async for item in kaggle.discover(wish("GRANDMASTER"), None)]) == [0]
    assert clock() - before >= 60


async def test_a_ban_ends_the_crawl_and_nobody_becomes_unknown(
    kaggle: Kaggle, world: FakeKaggle, clock: FakeClock
) -> None:
    world.faults["ListEntities"] = [httpx.Response(403, html=PAGE)] * 50
    settings = FetchConfig(archive_dir="", max_wait_minutes=5)
    async with Fetcher("kaggle", Kaggle.policy, settings, sleep=clock.sleep, clock=clock) as fetcher:
        banned = Kaggle(kaggle.config, fetcher)
        with pytest.raises(Spent):
            [item async for item in banned.discover(wish("GRANDMASTER"), None)]
    assert len(world.asked) < 10


@pytest.mark.parametrize("status", [404, 405])
async def test_a_page_at_a_wrong_address_says_so_at_once(kaggle: Kaggle, world: FakeKaggle, status: int) -> None:
    world.faults["ListEntities"] = [httpx.Response(status, html=PAGE)]
    with pytest.raises(SiteError, match="api_url"):
        await kaggle.check()
    assert len(world.asked) == 1
