from __future__ import annotations

from pathlib import Path
from typing import cast

import pytest

from sourcer.connect import Checkpoint, NotConfigured
from sourcer_kaggle.meta import reader
from support.meta_kaggle import (
    FIRST,
    Form,
    connector,
    discover,
    evidence,
    of_type,
    small_world,
    uids,
    user,
    write_meta,
)

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("form", ["csv", "gz", "zip", "archive"])
async def test_every_packing_tells_the_same(tmp_path: Path, form: str) -> None:
    plain = await discover(write_meta(tmp_path / "plain", small_world()))
    packed = await discover(write_meta(tmp_path / "packed", small_world(), cast("Form", form)))
    assert packed[:-1] == plain[:-1]
    assert evidence(packed, "competition.result")


async def test_marks_of_patterns_in_the_folder_are_no_pattern(tmp_path: Path) -> None:
    folder = write_meta(tmp_path / "we[i]rd * it's", small_world())
    assert uids(await discover(folder)) == [0, 1]


@pytest.mark.parametrize("name", ["missing", "empty"])
async def test_a_folder_without_the_tables_says_what_to_set(tmp_path: Path, name: str) -> None:
    (tmp_path / "empty").mkdir()
    with pytest.raises(NotConfigured, match="set meta_kaggle_dir"):
        await connector(meta_kaggle_dir=str(tmp_path / name)).check()


async def test_the_check_passes_with_users_alone(tmp_path: Path) -> None:
    tables = small_world()
    await connector(meta_kaggle_dir=str(write_meta(tmp_path, {"Users": tables["Users"]}))).check()


async def test_a_broken_archive_is_like_none(tmp_path: Path) -> None:
    (tmp_path / "archive.zip").write_bytes(b"PK\x03\x04 no archive")
    with pytest.raises(NotConfigured, match=r"no Users\.csv"):
        await connector(meta_kaggle_dir=str(tmp_path)).check()


async def test_a_newer_export_starts_the_discovery_over(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reader, "_CHECKPOINT_PEOPLE", 1)
    tables = small_world()
    folder = write_meta(tmp_path, tables)
    first = of_type(await discover(folder), Checkpoint)[0]
    assert uids(await discover(folder, after=first)) == [1]
    assert uids(await discover(folder, "GRANDMASTER", after=first)) == [0]
    tables["Users"] += [user(FIRST + 7)]
    write_meta(tmp_path, tables)
    assert uids(await discover(folder, after=first)) == [0, 7, 1]
