from __future__ import annotations

import io
import tempfile
from contextlib import suppress
from datetime import date
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sourcer.connect.addresses import address_reader
from sourcer.errors import UsageError
from sourcer.export import Known, Order, View, choose, load_columns, read_known, write_people

ATS = (
    "Candidate Name;Current Employer;Links;Notes\r\n"
    "Somebody Else;Elsewhere;https://www.github.com/EMOJI/?tab=repositories;\r\n"
    "ada  EXAMPLE;Example;;no address\r\n"
    "Madonna;Another Ltd;;\r\n"
    'Mariam;;;"see https://stackoverflow.com/users/77/mariam, and\nhttp://github.com/arabic."\r\n'
)


def a_workbook() -> bytes:
    book, stream = openpyxl.Workbook(), io.BytesIO()
    for place in range(20):
        book["Sheet"].append(["Name", f"https://github.com/user-{place}"])
    book.save(stream)
    return stream.getvalue()


WORKBOOK = a_workbook()


def known_from(tmp_path: Path, data: bytes) -> Known:
    path = tmp_path / "ats.csv"
    path.write_bytes(data)
    return read_known(path, address_reader())


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("separator", [";", ",", "\t"])
def test_an_export_is_read_whatever_its_separator_and_mark(tmp_path: Path, separator: str, encoding: str) -> None:
    text = ATS if separator == ";" else ATS.replace("mariam, and", "mariam and").replace(";", separator)
    known = known_from(tmp_path, text.encode(encoding))
    assert known.rows == 4
    assert known.has("github", "1", "Emoji")
    assert known.has("github", "1", "arabic")
    assert known.has("stackoverflow", "77", "77")
    assert not known.has("github", "77", "ada")
    assert known.hints_at("Ada Example", "@example")
    assert not known.hints_at("Madonna", "Example Ltd ")
    assert not known.hints_at("Mariam", None)


def test_a_workbook_is_read_too_with_addresses_behind_words_where_a_formula_holds_them(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["Name", "Company", "Profile", "Id", "Since"])
    sheet.append(["Ada Example", "Example", None, 7, date(2026, 1, 2)])
    sheet.append([])
    sheet.append(["Emoji", None, '=HYPERLINK("https://github.com/emoji","profile")', 8.5, True])
    sheet.append(["Arabic", None, "github.com/arabic", None, None])
    book.create_sheet("About").append(["https://github.com/han"])
    book.save(tmp_path / "ats.csv")
    known = known_from(tmp_path, (tmp_path / "ats.csv").read_bytes())
    assert known.rows == 3
    assert known.has("github", "1", "emoji")
    assert known.has("github", "1", "arabic")
    assert not known.has("github", "1", "han")
    assert known.hints_at("Ada Example", "@example")


def test_our_own_workbook_tells_whom_the_first_export_held(view: View, tmp_path: Path) -> None:
    stream = io.BytesIO()
    write_people(view, Order("xlsx", load_columns("generic"), top=5), stream)
    known = known_from(tmp_path, stream.getvalue())
    assert known.rows == 5
    rest = choose(view, known=known)
    assert rest.left_out == {"who are in the other system already": 5}


@settings(max_examples=100)
@given(st.lists(st.tuples(st.integers(4, 4000), st.binary(min_size=1, max_size=4)), min_size=1, max_size=5))
def test_a_broken_workbook_is_read_or_refused_in_one_line(damage: list[tuple[int, bytes]]) -> None:
    data = bytearray(WORKBOOK)
    for place, found in damage:
        data[place : place + len(found)] = found
    with tempfile.TemporaryDirectory() as folder, suppress(UsageError):
        assert known_from(Path(folder), bytes(data)).rows <= 20


def test_a_file_that_names_nobody_is_told_and_not_taken_for_a_clean_sheet(view: View, tmp_path: Path) -> None:
    mute = known_from(tmp_path, b"Name,Phone\nAda Example,1\n")
    for known, notes in ((mute, 1), (known_from(tmp_path, ATS.encode()), 0)):
        told = write_people(view, Order("csv", load_columns("generic"), known=known), io.BytesIO()).notes
        assert sum("left out nobody" in note for note in told) == notes


def test_whom_the_other_system_has_is_left_out_and_who_may_be_is_flagged(view: View, tmp_path: Path) -> None:
    everybody = choose(view).people
    chosen = choose(view, known=known_from(tmp_path, ATS.encode()))
    gone = {person.name for person in everybody} - {person.name for person in chosen.people}
    assert gone == {"Ünïcode 👩🏽‍🔬 Name", "مريم المثال"}
    assert chosen.left_out == {"who are in the other system already": 2}
    assert [person.name for person in chosen.hinted] == ["Ada Example"]
    assert [person.name for person in chosen.people if "maybe_known" in person.flags] == ["Ada Example"]


def test_the_first_n_are_counted_after_that(view: View, tmp_path: Path) -> None:
    chosen = choose(view, top=9, known=known_from(tmp_path, ATS.encode()))
    assert len(chosen.people) == 9


@pytest.mark.parametrize(
    ("data", "says"),
    [(b"", "is empty"), (b"\xff\xfe\xff", "UTF-8"), (b"a\xe9", "UTF-8"), (b"PK\x03\x04\xa0", "no workbook")],
)
def test_what_is_no_export_is_refused(tmp_path: Path, data: bytes, says: str) -> None:
    with pytest.raises(UsageError, match=says):
        known_from(tmp_path, data)


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"none\.csv: cannot be read"):
        read_known(tmp_path / "none.csv", address_reader())
