from __future__ import annotations

import asyncio
import tempfile
from collections.abc import AsyncGenerator
from contextlib import aclosing
from pathlib import Path
from threading import Event
from typing import Any, cast

import pytest

from sourcer.connect import Item, Ref, SiteError
from sourcer_kaggle.meta import reader
from sourcer_kaggle.meta.engine import Engine, EngineError
from support.meta_kaggle import FIRST, connector, discover, small_world, wish, write_meta


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
