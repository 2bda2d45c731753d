from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import AsyncGenerator
from contextlib import aclosing
from pathlib import Path
from typing import Self, cast

import pytest

from sourcer.connect import Item, Ref
from sourcer_stackoverflow.dump import files
from support.dumps import connector, crowd, of_type, wish, write_dump


class SlowFile:
    """A file on a slow disk: a tenth of a second before each block, of a few bytes."""

    reads = 0
    started = threading.Event()

    def __init__(self, path: Path) -> None:
        self._file = path.open("rb")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_exc: object) -> None:
        self._file.close()

    def read(self, _size: int) -> bytes:
        type(self).reads += 1
        self.started.set()
        time.sleep(0.05)
        return self._file.read(200)


@pytest.fixture
def slow_disk(monkeypatch: pytest.MonkeyPatch) -> type[SlowFile]:
    monkeypatch.setattr(files.TableFile, "open", lambda table: SlowFile(table.path))
    SlowFile.reads = 0
    SlowFile.started.clear()
    return SlowFile


def found(folder: Path) -> AsyncGenerator[Item, None]:
    return cast("AsyncGenerator[Item, None]", connector(folder).discover(wish(), None))


async def test_reading_does_not_block_the_loop(tmp_path: Path, slow_disk: type[SlowFile]) -> None:
    posts, users = crowd(4)
    folder = write_dump(tmp_path, posts=posts, users=users)
    beats, running = 0, True

    async def heartbeat() -> None:
        nonlocal beats
        while running:
            beats += 1
            await asyncio.sleep(0.002)

    pulse = asyncio.create_task(heartbeat())
    items = [item async for item in found(folder)]
    running = False
    await pulse
    assert len(of_type(items, Ref)) == 4
    assert slow_disk.reads > 10
    assert beats > slow_disk.reads  # a loop that reads itself beats once or twice in all


async def test_cancelling_ends_the_reading(tmp_path: Path, slow_disk: type[SlowFile]) -> None:
    posts, users = crowd(2000)
    folder = write_dump(tmp_path, posts=posts, users=users)

    async def drain() -> None:
        async with aclosing(found(folder)) as items:
            async for _ in items:
                pass

    crawl = asyncio.create_task(drain())
    await asyncio.to_thread(slow_disk.started.wait)
    crawl.cancel()
    with pytest.raises(asyncio.CancelledError):
        await crawl
    reads = slow_disk.reads
    await asyncio.sleep(0.2)
    assert slow_disk.reads == reads
    assert reads < 100  # of some two thousand


async def test_leaving_early_gives_everything_back(tmp_path: Path) -> None:
    posts, users = crowd(50)
    folder = write_dump(tmp_path, posts=posts, users=users, form="table.7z")
    before = threading.active_count()
    async with aclosing(found(folder)) as items:
        async for _ in items:
            break
    # Threads of the loop's pool may stay; unpackers may not. An open connection would be a ResourceWarning.
    assert not [thread for thread in threading.enumerate() if "_unpack" in thread.name]
    assert threading.active_count() <= before + 2


async def test_several_readers_of_one_dump_do_not_meet(tmp_path: Path) -> None:
    posts, users = crowd(60)
    folder = write_dump(tmp_path, posts=posts, users=users)

    async def collect() -> list[Item]:
        return [item async for item in found(folder)]

    first, second, third = await asyncio.gather(collect(), collect(), collect())
    assert first == second == third
