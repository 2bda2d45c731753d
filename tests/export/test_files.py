from __future__ import annotations

import hashlib
import os
from pathlib import Path

import pytest

from sourcer.errors import UsageError
from sourcer.export.files import outgoing


def put(path: Path, data: bytes) -> None:
    with outgoing(path) as file:
        file.stream.write(data)
        assert file.sha256() == hashlib.sha256(data).hexdigest()
        file.place()


def test_a_file_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"out\.csv: cannot be written"):
        put(tmp_path / "missing" / "out.csv", b"")
    with pytest.raises(UsageError, match="cannot be written"):
        put(tmp_path, b"")


def test_a_pipe_is_written_to_and_a_link_stays_one(tmp_path: Path) -> None:
    real, link = tmp_path / "real.csv", tmp_path / "link.csv"
    link.symlink_to(real)
    put(link, b"1")
    assert link.is_symlink()
    assert real.read_bytes() == b"1"
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    reader = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    try:
        put(pipe, b"2")
        assert os.read(reader, 100) == b"2"
        assert pipe.is_fifo()
    finally:
        os.close(reader)


def test_nothing_is_left_behind_when_a_row_fails(tmp_path: Path) -> None:
    path = tmp_path / "out.csv"
    path.write_text("older", encoding="utf-8")

    def fail() -> None:
        with outgoing(path) as file:
            file.stream.write(b"half")
            raise RuntimeError("no more rows")

    with pytest.raises(RuntimeError):
        fail()
    assert path.read_text(encoding="utf-8") == "older"
    assert list(tmp_path.iterdir()) == [path]
