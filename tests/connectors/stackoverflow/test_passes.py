"""A pass over a dump is nearly all that it costs: none is made twice."""

from __future__ import annotations

import gc
import sqlite3
from pathlib import Path
from typing import Any

import pytest

from sourcer.connect import Done, Item, Ref, Visit
from sourcer_stackoverflow import StackOverflow
from sourcer_stackoverflow.dump import reader
from sourcer_stackoverflow.dump.load import LoadedDump, load_dump
from support.dumps import connector, crowd, discover, of_type, uids, wish, write_dump
from support.two_ways import everything


@pytest.fixture
def passes(monkeypatch: pytest.MonkeyPatch) -> list[LoadedDump]:
    """Grows at each pass over a dump."""
    made: list[LoadedDump] = []

    def counting(*given: Any) -> LoadedDump:
        made.append(load_dump(*given))
        return made[-1]

    monkeypatch.setattr(reader, "load_dump", counting)
    return made


def is_open(dump: LoadedDump) -> bool:
    try:
        dump.index.count()
    except sqlite3.ProgrammingError:
        return False
    return True


async def collect(asked: StackOverflow) -> list[Item]:
    return [item async for item in asked.discover(wish(), None)]


async def test_what_a_plan_has_joined_is_read_once_and_given_back_by_discovery(
    tmp_path: Path, passes: list[LoadedDump]
) -> None:
    posts, users = crowd(5)
    asked = connector(write_dump(tmp_path, posts=posts, users=users))
    assert (await asked.plan(wish())).sites["ai"].people == 5
    found = await collect(asked)
    assert len(passes) == 1
    assert not is_open(passes[0])
    assert found == await discover(tmp_path)


async def test_what_was_kept_for_another_wish_or_another_dump_is_given_back(
    tmp_path: Path, passes: list[LoadedDump]
) -> None:
    posts, users = crowd(5)
    asked = connector(write_dump(tmp_path, posts=posts, users=users))
    await asked.plan(wish(min_score=3))
    await asked.plan(wish())
    assert [is_open(dump) for dump in passes] == [False, True]
    posts, users = crowd(3)
    write_dump(tmp_path, posts=posts, users=users)
    assert len(uids(await collect(asked))) == 3
    assert [is_open(dump) for dump in passes] == [False, False, False]


async def test_a_look_needs_nothing_of_a_plan(tmp_path: Path, passes: list[LoadedDump]) -> None:
    posts, users = crowd(5)
    asked = connector(write_dump(tmp_path, posts=posts, users=users))
    await asked.plan(wish())
    uid = str(users[0]["Id"])
    assert of_type([item async for item in asked.fetch([Visit(Ref("ai", uid, uid))], "cheap", everything)], Done)
    assert [is_open(dump) for dump in passes] == [False, False]


async def test_what_a_plan_has_joined_goes_with_the_connector(tmp_path: Path, passes: list[LoadedDump]) -> None:
    posts, users = crowd(5)
    asked = connector(write_dump(tmp_path, posts=posts, users=users))
    await asked.plan(wish())
    assert is_open(passes[0])
    del asked
    gc.collect()
    assert not is_open(passes[0])


async def test_a_thousand_accounts_take_one_pass(tmp_path: Path, passes: list[LoadedDump]) -> None:
    posts, users = crowd(300)
    asked = connector(write_dump(tmp_path, posts=posts, users=users))
    visits = [Visit(Ref("ai", str(row["Id"]), str(row["Id"]))) for row in users]
    for start in range(0, len(visits), asked.batch_size):
        batch = visits[start : start + asked.batch_size]
        assert len(of_type([item async for item in asked.fetch(batch, "cheap", everything)], Done)) == len(batch)
    assert len(passes) == 1
    assert StackOverflow.batch_size == 100  # what one request of the API takes
