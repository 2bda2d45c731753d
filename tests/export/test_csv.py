from __future__ import annotations

import csv
import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sourcer.errors import UsageError
from sourcer.export.csv import neutral, write_csv


@pytest.mark.parametrize("cell", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", " =1", '=HYPERLINK("http://x")'])
def test_what_looks_like_a_formula_is_quoted(cell: str) -> None:
    assert neutral(cell).startswith("'")


@pytest.mark.parametrize("cell", ["Ada", "3.5", "", "a=b", "Žofie", "李雷", "مريم"])
def test_what_is_harmless_stays_as_it_is(cell: str) -> None:
    assert neutral(cell) == cell


@given(st.text())
def test_no_cell_starts_like_a_formula_or_breaks_its_line(cell: str) -> None:
    out = neutral(cell)
    assert not out.lstrip().startswith(("=", "+", "-", "@"))
    assert "\n" not in out
    assert "\r" not in out


@given(st.lists(st.tuples(st.text(), st.text()), max_size=5))
def test_what_is_written_is_read_back(tmp_path_factory: pytest.TempPathFactory, rows: list[tuple[str, str]]) -> None:
    path = tmp_path_factory.mktemp("csv") / "out.csv"
    rows = [(a.encode("utf-8", "ignore").decode(), b.encode("utf-8", "ignore").decode()) for a, b in rows]
    assert write_csv(path, ("a", "b"), rows) == len(rows)
    with path.open(encoding="utf-8", newline="") as stream:
        read = list(csv.reader(stream, strict=True))
    assert read == [["a", "b"], *[[neutral(a), neutral(b)] for a, b in rows]]


def test_a_file_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="cannot be written"):
        write_csv(tmp_path / "missing" / "out.csv", ("a",), [])


def test_a_pipe_is_written_to_and_a_link_stays_one(tmp_path: Path) -> None:
    real, link = tmp_path / "real.csv", tmp_path / "link.csv"
    link.symlink_to(real)
    write_csv(link, ("a",), [("1",)])
    assert link.is_symlink()
    assert real.read_text(encoding="utf-8").split() == ["a", "1"]
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    reader = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    try:
        assert write_csv(pipe, ("a",), [("1",), ("2",)]) == 2
        assert os.read(reader, 100).split() == [b"a", b"1", b"2"]
        assert pipe.is_fifo()
    finally:
        os.close(reader)


def test_nothing_is_left_behind_when_a_row_fails(tmp_path: Path) -> None:
    def rows() -> list[tuple[str]]:
        raise RuntimeError("no more rows")

    path = tmp_path / "out.csv"
    path.write_text("older", encoding="utf-8")
    with pytest.raises(RuntimeError):
        write_csv(path, ("a",), (row for row in [("x",)] if rows()))
    assert path.read_text(encoding="utf-8") == "older"
    assert list(tmp_path.iterdir()) == [path]
