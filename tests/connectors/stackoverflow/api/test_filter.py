"""The filter: made once, kept for later crawls, and made anew only where there is need."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from sourcer.connect import Profile
from sourcer_stackoverflow.api import client
from support.dumps import of_type
from support.shelf import DictShelf
from support.stackexchange_calls import Connect, look, visit
from support.stackexchange_world import StackExchange, refused, zipped
from support.two_ways import ME, population

SOMEBODY = [visit(ME + 1)]


@pytest.fixture
def world() -> StackExchange:
    return StackExchange({"ai": population()})


def made(world: StackExchange) -> int:
    return world.methods()["filters/create"]


async def test_it_is_made_once_in_a_crawl(connect: Connect, world: StackExchange) -> None:
    connector = connect(world)
    for number in range(1, 4):
        await look(connector, [visit(ME + number)])
    assert made(world) == 1


async def test_it_is_kept_for_the_next_crawl(connect: Connect, world: StackExchange) -> None:
    connect.shelf = DictShelf()
    first = await look(connect(world), SOMEBODY)
    again = await look(connect(world, key="an-invented-key"), SOMEBODY)
    assert made(world) == 1
    assert again == first


async def test_other_fields_are_another_filter(
    connect: Connect, world: StackExchange, monkeypatch: pytest.MonkeyPatch
) -> None:
    connect.shelf = DictShelf()
    await look(connect(world), SOMEBODY)
    monkeypatch.setattr(client, "_FILTER", {**client._FILTER, "include": "user.about_me"})
    await look(connect(world), SOMEBODY)
    assert made(world) == 2
    assert len(world.filters) == 2


async def test_one_that_the_api_does_not_know_any_more_is_made_anew(connect: Connect, world: StackExchange) -> None:
    connect.shelf = DictShelf()
    first = await look(connect(world), SOMEBODY)
    connect.shelf.records = {key: _with_id(record, "!gone") for key, record in connect.shelf.records.items()}
    assert await look(connect(world), SOMEBODY) == first
    assert await look(connect(world), SOMEBODY) == first
    assert made(world) == 2


async def test_where_every_filter_is_refused_it_is_made_anew_only_once(connect: Connect, world: StackExchange) -> None:
    connect.shelf = DictShelf()
    connector = connect(world)
    world.fault = lambda asked: refused(400, "bad_parameter", "filter") if asked.path.startswith("users/") else None
    for _ in range(3):
        assert of_type(await look(connector, SOMEBODY), Profile) == []
    assert made(world) == 2


async def test_an_answer_without_a_filter_is_not_kept(connect: Connect, world: StackExchange) -> None:
    connect.shelf = DictShelf()
    world.fault = lambda asked: zipped({"items": []}) if asked.path == "filters/create" else None
    connector = connect(world)
    assert of_type(await look(connector, SOMEBODY), Profile) == []
    assert connect.shelf.records == {}
    world.fault = lambda _: None
    assert len(of_type(await look(connector, SOMEBODY), Profile)) == 1


def _with_id(record: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    return {**record, "body": record["body"].replace("!made0", name)}
