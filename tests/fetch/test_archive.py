from __future__ import annotations

import gzip
import json
import os
import stat
from datetime import UTC, datetime
from pathlib import Path

import pytest

from sourcer.errors import RunError
from sourcer.fetch import Archive

DIGEST = "ab" * 32
BEGAN = datetime(2026, 11, 20, 6, 30, tzinfo=UTC)


def record_files(root: Path) -> list[Path]:
    return sorted(root.rglob("*.gz"))


def test_a_record_lies_where_the_documentation_says(tmp_path: Path) -> None:
    Archive(tmp_path, 7).write("somesite", DIGEST, {"status": 200})
    path = tmp_path / "7" / "somesite" / "ab" / f"{DIGEST}-0.json.gz"
    assert record_files(tmp_path) == [path]
    assert json.loads(gzip.decompress(path.read_bytes())) == {"status": 200}


def test_nobody_else_may_read_it(tmp_path: Path) -> None:
    root = tmp_path / "kept" / "archive"
    old = os.umask(0)
    try:
        archive = Archive(root, 1)
        archive.begin(BEGAN)
        archive.write("somesite", DIGEST, {})
    finally:
        os.umask(old)
    for path in [root.parent, root, *root.rglob("*")]:
        assert stat.S_IMODE(path.stat().st_mode) == (0o700 if path.is_dir() else 0o600), path
    assert not list(root.rglob("*.tmp"))


def test_the_nth_question_gets_the_nth_record_and_then_the_last(tmp_path: Path) -> None:
    archive = Archive(tmp_path, 1)
    for status in (200, 304, 404):
        archive.write("somesite", DIGEST, {"status": status})
    replayed = Archive(tmp_path, 1)
    assert [(replayed.read("somesite", DIGEST) or {})["status"] for _ in range(5)] == [200, 304, 404, 404, 404]


def test_a_resumed_run_counts_on(tmp_path: Path) -> None:
    for status in (200, 404, 410):
        Archive(tmp_path, 1).write("somesite", DIGEST, {"status": status})
    assert [path.name[-9:] for path in record_files(tmp_path)] == ["0.json.gz", "1.json.gz", "2.json.gz"]


def test_what_is_missing_or_damaged_is_not_there(tmp_path: Path) -> None:
    archive = Archive(tmp_path, 1)
    assert archive.read("somesite", DIGEST) is None
    archive.write("somesite", DIGEST, {"status": 200})
    (path,) = record_files(tmp_path)
    whole = path.read_bytes()
    for damaged in (b"", whole[:-9], b"no gzip", gzip.compress(b"no json"), gzip.compress(b"[]")):
        path.write_bytes(damaged)
        assert archive.read("somesite", DIGEST) is None


def test_the_chain_began_once(tmp_path: Path) -> None:
    archive = Archive(tmp_path, 1)
    assert archive.started_at is None
    assert not list(tmp_path.iterdir())
    assert archive.begin(BEGAN) == BEGAN
    assert archive.begin(datetime(2027, 1, 1, tzinfo=UTC)) == BEGAN
    assert Archive(tmp_path, 1).started_at == BEGAN
    assert Archive(tmp_path, 2).started_at is None


def test_a_damaged_chain_file_is_a_clear_error(tmp_path: Path) -> None:
    (tmp_path / "1").mkdir()
    (tmp_path / "1" / "chain.json").write_text("{}")
    with pytest.raises(RunError, match=r"chain\.json: is damaged"):
        Archive(tmp_path, 1).begin(BEGAN)


def test_a_disk_that_refuses_is_a_clear_error(tmp_path: Path) -> None:
    blocked = tmp_path / "archive"
    blocked.write_text("a file where the folder should be")
    with pytest.raises(RunError, match=r"cannot be written .*\[fetch\] archive_dir"):
        Archive(blocked, 1).write("somesite", DIGEST, {})
    with pytest.raises(RunError, match="cannot be read"):
        Archive(blocked, 1).read("somesite", DIGEST)


def test_a_failed_write_leaves_nothing_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(self: Path, target: Path) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", full)
    with pytest.raises(RunError, match="No space left on device"):
        Archive(tmp_path, 1).write("somesite", DIGEST, {})
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []
