from __future__ import annotations

import csv
import io
import re
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sourcer.export.cells import cut, neutral, within
from sourcer.export.csv import write_csv

FORMULA = re.compile(r"\s*[=+\-@＝＋－＠]")


def written(rows: Sequence[tuple[str, ...]], *, bom: bool = False) -> bytes:
    stream = io.BytesIO()
    assert write_csv(stream, ("a", "b"), rows, bom=bom) == len(rows)
    return stream.getvalue()


def spreadsheet_cells(text: str, separators: str) -> list[list[str]]:
    """The cells that LibreOffice Calc's import finds, whichever separators are ticked.

    A cell that begins with a quote goes on to the closing one, a doubled one is one; what stands between the closing
    quote and the next separator belongs to the cell, too. Elsewhere a quote is a character like others.
    """
    table, row, cell, quoted, place = [], list[str](), "", False, 0
    while place < len(text):
        char = text[place]
        if quoted:
            if char == '"' and text[place + 1 : place + 2] == '"':
                cell, place = cell + '"', place + 1
            elif char == '"':
                quoted = False
            else:
                cell += char
        elif char == '"' and not cell:
            quoted = True
        elif char in separators:
            row.append(cell)
            cell = ""
        elif char in "\r\n":
            row.append(cell)
            table.append(row)
            row, cell = [], ""
            place += text[place : place + 2] == "\r\n"
        else:
            cell += char
        place += 1
    return [*table, [*row, cell]] if cell or row else table


@pytest.mark.parametrize(
    "cell", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", " =1", '=HYPERLINK("http://x")', "\0=1", "＝1", "\u200b=1"]
)
def test_what_looks_like_a_formula_is_quoted(cell: str) -> None:
    assert neutral(cell).startswith("'")


@pytest.mark.parametrize(
    "cell", ["Ada", "3.5", "", "a=b", "Žofie", "李雷", "مريم", "प्रिया", "https://x.example/?a=1;b=2"]
)
def test_what_is_harmless_stays_as_it_is(cell: str) -> None:
    assert neutral(cell) == cell


@given(st.text(alphabet=st.characters() | st.sampled_from("=+-@;\"'\t\r\n\0 ＝"), max_size=30))
def test_no_cell_starts_like_a_formula_or_breaks_its_line(cell: str) -> None:
    out = neutral(cell)
    assert not FORMULA.match(out)
    assert not any(FORMULA.match(part.lstrip(' "')) for part in out.split(";"))
    assert len(out.splitlines()) <= 1
    assert neutral(out) == out
    out.encode("utf-8")


@pytest.mark.parametrize("separators", [",", ",;\t", ";"])
@given(st.lists(st.tuples(*[st.text(alphabet=st.characters() | st.sampled_from("=+-@;,\"'\t\r\n"))] * 2), max_size=4))
def test_what_is_written_is_read_back(separators: str, rows: list[tuple[str, str]]) -> None:
    cells = [(neutral(a), neutral(b)) for a, b in rows]
    text = written(cells).decode("utf-8")
    assert list(csv.reader(io.StringIO(text, newline=""), strict=True)) == [["a", "b"], *map(list, cells)]
    read = spreadsheet_cells(text, separators)
    if "," in separators:
        assert read == [["a", "b"], *map(list, cells)]
    # Where the comma is not ticked cells run together, but none becomes a formula.
    assert not any(FORMULA.match(cell) for row in read for cell in row)


def test_the_mark_of_utf_8_comes_first_where_it_is_wanted() -> None:
    assert written([("1", "2")], bom=True) == b'\xef\xbb\xbf"a","b"\r\n"1","2"\r\n'
    assert written([]) == b'"a","b"\r\n'


@given(st.text(), st.integers(1, 40))
def test_what_is_cut_is_short_enough(text: str, limit: int) -> None:
    assert len(cut(text, limit)) <= limit
    assert cut(text, limit) == text or cut(text, limit).endswith("…")


def test_nothing_is_cut_within_a_character_or_an_address() -> None:
    assert cut("ab👩🏽‍🔬cd", 5) == "ab…"
    assert cut("प्रिया शर्मा", 4) == "प्…" or cut("प्रिया शर्मा", 4) == "प…"
    assert within("https://example.org/long", ", ", 10) == ""
    assert within(("https://a.example", "https://b.example"), "; ", 20) == "https://a.example"
    assert within(("PyTorch", "MLflow", "Ray"), ", ", 13) == "PyTorch, Ray"
