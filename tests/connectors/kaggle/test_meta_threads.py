from __future__ import annotations

import asyncio
import gc
import tempfile
from collections.abc import AsyncGenerator
from contextlib import aclosing
from pathlib import Path
from threading import Event
from typing import Any, cast

import pytest

from sourcer.connect import Done, Item, Ref, SiteError, Visit
from sourcer_kaggle import Kaggle
from sourcer_kaggle.meta import reader
from sourcer_kaggle.meta.engine import Engine, EngineError
from sourcer_kaggle.meta.load import load_people
from support.meta_kaggle import FIRST, connector, discover, of_type, small_world, uids, user, wish, write_meta


@pytest.fixture
def scratch(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where temporary folders are made."""
    folder = tmp_path / "scratch"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    return folder


def left_in(folder: Path) -> list[Path]:
    return list(folder.iterdir())


async def test_cancelling_ends_a_long_query_and_leaves_nothing_behind(
    tmp_path: Path, scratch: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = write_meta(tmp_path / "meta", small_world())
    began = Event()

    def long(engine: Engine, *_: Any) -> None:
        began.set()
        engine.run("SELECT count(*) FROM range(1000000000000) AS a WHERE a.range % 7 = 3")

    monkeypatch.setattr(reader, "load_people", long)
    crawl = asyncio.create_task(discover(folder))
    await asyncio.to_thread(began.wait)
    crawl.cancel()
    with pytest.raises(asyncio.CancelledError):
        await crawl
    assert not left_in(scratch)


async def test_what_the_engine_cannot_do_is_told_as_a_fault_of_the_source(
    tmp_path: Path, scratch: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = write_meta(tmp_path / "meta", small_world())

    def full(*_: Any) -> None:
        raise EngineError("no space left")

    monkeypatch.setattr(reader, "load_people", full)
    with pytest.raises(SiteError, match="no space left"):
        await discover(folder)
    assert not left_in(scratch)


async def test_a_discovery_that_is_left_early_leaves_nothing_behind(tmp_path: Path, scratch: Path) -> None:
    folder = write_meta(tmp_path / "meta", small_world())
    discovery = connector(meta_kaggle_dir=str(folder)).discover(wish(), None)
    async with aclosing(cast("AsyncGenerator[Item, None]", discovery)) as found:
        assert await anext(found) == Ref("kaggle", str(FIRST), f"person{FIRST}")
        assert left_in(scratch)
    assert not left_in(scratch)


def test_the_engine_says_what_is_wrong_on_one_line(tmp_path: Path) -> None:
    engine = Engine(tmp_path)
    with pytest.raises(EngineError) as fault:
        engine.run("SELECT nothing\nFROM nowhere")
    assert "\n" not in str(fault.value)
    assert engine.value("SELECT 1 WHERE false") is None
    engine.close()


async def test_what_a_plan_has_joined_is_read_once_and_given_back_by_discovery(
    tmp_path: Path, scratch: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kaggle = connector(meta_kaggle_dir=str(write_meta(tmp_path / "meta", small_world())))
    passes = counted_passes(monkeypatch)
    await kaggle.plan(wish())
    assert len(left_in(scratch)) == 1
    assert [item async for item in kaggle.discover(wish(), None)] == await discover(tmp_path / "meta")
    assert len(passes) == 2  # one of them by the fresh connector that it is compared with
    assert not left_in(scratch)


async def test_what_was_kept_for_another_wish_or_other_files_is_given_back(
    tmp_path: Path, scratch: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kaggle = connector(meta_kaggle_dir=str(write_meta(tmp_path / "meta", small_world())))
    passes = counted_passes(monkeypatch)
    await kaggle.plan(wish("MASTER"))
    await kaggle.plan(wish())
    assert len(left_in(scratch)) == 1
    write_meta(tmp_path / "meta", small_world() | {"Users": [user(FIRST + 5)]})
    assert uids([item async for item in kaggle.discover(wish(), None)]) == [5]
    assert len(passes) == 3
    assert not left_in(scratch)


async def test_what_a_plan_has_joined_goes_with_the_connector(tmp_path: Path, scratch: Path) -> None:
    kaggle = connector(meta_kaggle_dir=str(write_meta(tmp_path / "meta", small_world())))
    await kaggle.plan(wish())
    del kaggle
    gc.collect()
    for _ in range(500):  # until the thread that read has let go of it, too
        if not left_in(scratch):
            break
        await asyncio.sleep(0.01)
        gc.collect()
    assert not left_in(scratch)


async def test_a_thousand_accounts_take_one_pass(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    world = small_world() | {"Users": [user(FIRST + n) for n in range(300)]}
    kaggle = connector(meta_kaggle_dir=str(write_meta(tmp_path, world)))
    passes = counted_passes(monkeypatch)
    visits = [Visit(Ref("kaggle", str(FIRST + n))) for n in range(300)]
    for start in range(0, 300, kaggle.batch_size):
        batch = visits[start : start + kaggle.batch_size]
        items = [item async for item in kaggle.fetch(batch, "cheap", lambda _terms: 1.0)]
        assert len(of_type(items, Done)) == len(batch)
    assert len(passes) == 1
    assert Kaggle.batch_size == 50  # what one request of the API takes


def counted_passes(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """Grows by one at each pass over the tables."""
    passes: list[Any] = []
    load = load_people

    def counting(*given: Any) -> Any:
        passes.append(given)
        return load(*given)

    monkeypatch.setattr(reader, "load_people", counting)
    return passes
