from __future__ import annotations

from pathlib import Path

import pytest

from sourcer.connect.addresses import address_reader
from sourcer.errors import UsageError
from sourcer.export import Known, View, choose, read_known

ATS = (
    "Candidate Name;Current Employer;Links;Notes\r\n"
    "Somebody Else;Elsewhere;https://www.github.com/EMOJI/?tab=repositories;\r\n"
    "ada  EXAMPLE;Example;;no address\r\n"
    "Madonna;Another Ltd;;\r\n"
    'Mariam;;;"see https://stackoverflow.com/users/77/mariam, and\nhttp://github.com/arabic."\r\n'
)


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
    ("data", "says"), [(b"", "is empty"), (b"\xff\xfe\xff", "UTF-8"), (b"a\xe9", "UTF-8"), (b"PK\x03\x04\xa0", "UTF-8")]
)
def test_what_is_no_export_is_refused(tmp_path: Path, data: bytes, says: str) -> None:
    with pytest.raises(UsageError, match=says):
        known_from(tmp_path, data)


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"none\.csv: cannot be read"):
        read_known(tmp_path / "none.csv", address_reader())
