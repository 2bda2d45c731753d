from __future__ import annotations

import gzip
import io
import tracemalloc
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sourcer_stackoverflow.dump.rows import Fault, RowItem, read_rows
from support.dumps import table_xml


class Trickle:
    """Gives a few bytes at a time, so that rows are cut everywhere."""

    def __init__(self, data: bytes, step: int) -> None:
        self._stream = io.BytesIO(data)
        self._step = step

    def read(self, _size: int) -> bytes:
        return self._stream.read(self._step)


def titles(items: Iterator[RowItem]) -> list[str | None]:
    return [item.get("Title") for item in items if not isinstance(item, Fault)]


def faults(items: Iterator[RowItem]) -> list[Fault]:
    return [item for item in items if isinstance(item, Fault)]


def read(data: bytes, table: str = "posts") -> list[RowItem]:
    """Rows are read at once: they do not outlive their block."""
    return list(read_rows(io.BytesIO(data), table))


# What XML can hold at all; of line breaks, an attribute keeps those that are written as references.
TEXTS = st.text(st.characters(exclude_categories=("Cs", "Cc")) | st.sampled_from("\n\r\"'<>&"), max_size=40)


@given(st.lists(TEXTS, max_size=8), st.integers(1, 200))
def test_rows_come_back_whatever_they_hold_and_wherever_they_are_cut(texts: list[str], step: int) -> None:
    data = table_xml("posts", [{"Id": number, "Title": text} for number, text in enumerate(texts)])
    found = list(read_rows(Trickle(data, step), "posts"))
    assert [item.get("Title") if not isinstance(item, Fault) else item for item in found] == [
        text.replace("￾", "").replace("￿", "") for text in texts
    ]


@given(st.binary(max_size=300))
def test_garbage_gives_faults_and_never_an_exception(data: bytes) -> None:
    assert faults(read_rows(io.BytesIO(data), "posts"))


@given(st.integers(0, 400))
def test_a_file_torn_anywhere_keeps_the_rows_before_and_says_so(cut: int) -> None:
    data = table_xml("posts", [{"Id": number, "Title": f"title {number}"} for number in range(8)])
    torn = data[: min(cut, len(data) - 1)]
    found = read(torn)
    whole_rows = torn.count(b"/>")
    assert len(titles(iter(found))) == whole_rows
    assert [fault.torn for fault in faults(iter(found))] == [True]


def test_a_byte_order_mark_is_no_part_of_the_data() -> None:
    assert titles(iter(read(b"\xef\xbb\xbf" + table_xml("posts", [{"Title": "a"}])))) == ["a"]


def test_all_rows_on_one_line_or_a_row_on_many() -> None:
    assert titles(iter(read(b'<posts><row Title="a"/><row Title="b"></row><row\n Id="1"\n Title="c"\n/></posts>'))) == [
        "a",
        "b",
        "c",
    ]


@pytest.mark.parametrize("data", [b"<posts></posts>", b"<posts />", b'<?xml version="1.0"?>\n<posts>\n</posts>\n'])
def test_a_table_without_rows_is_no_fault(data: bytes) -> None:
    assert read(data) == []


def test_an_empty_file_is_a_fault() -> None:
    assert [(fault.torn, fault.reason) for fault in faults(iter(read(b"")))] == [(True, "is empty")]


def test_another_table_is_not_taken_for_this_one() -> None:
    found = read(table_xml("users", [{"Id": 1}]))
    assert [(fault.torn, fault.reason) for fault in faults(iter(found))] == [(True, "is no <posts> table")]
    assert not titles(iter(found))


def test_a_broken_row_costs_that_row_alone_and_its_line_is_named() -> None:
    data = table_xml(
        "posts",
        [{"Title": "a"}, '<row Title="b" Score=5 />', {"Title": "c"}, '<row Title="&undefined;" />', {"Title": "d"}],
    )
    found = read(data)
    assert titles(iter(found)) == ["a", "c", "d"]
    assert [(fault.line, fault.torn) for fault in faults(iter(found))] == [(4, False), (6, False)]


def test_characters_that_xml_forbids_are_left_out_and_the_row_stays() -> None:
    data = table_xml("posts", ['<row Title="a&#x1F;b\x00c&#1;d&#xD83D;e&#x41;&#65;&#10;f" />'])
    assert titles(iter(read(data))) == ["abcdeAA\nf"]


def test_bytes_that_are_not_utf8_cost_a_character_and_not_the_row() -> None:
    assert titles(iter(read(b'<posts>\n<row Title="caf\xe9" />\n</posts>'))) == ["caf�"]


def test_entities_are_resolved_exactly_once() -> None:
    assert titles(iter(read(b'<posts><row Title="a &amp;lt; b &lt;i&gt; &amp;amp;"/></posts>'))) == [
        "a &lt; b <i> &amp;"
    ]


BOMB = (
    b'<!DOCTYPE posts [<!ENTITY a "'
    + b"ha" * 500
    + b'">'
    + b"".join(b'<!ENTITY a%d "%s">' % (n, (b"&a;" if n == 0 else b"&a%d;" % (n - 1)) * 20) for n in range(12))
    + b"]>"
)


def test_an_entity_bomb_is_only_a_broken_row() -> None:
    data = b'<?xml version="1.0"?>' + BOMB + b'<posts>\n<row Title="&a11;" />\n<row Title="fine" />\n</posts>'
    tracemalloc.start()
    found = read(data)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert titles(iter(found)) == ["fine"]
    assert len(faults(iter(found))) == 1
    assert peak < 5_000_000


def test_an_external_entity_is_not_read(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("the secret")
    rows = '<posts>\n<row Title="&x;" />\n<row Title="b" />\n</posts>'
    data = f'<!DOCTYPE posts [<!ENTITY x SYSTEM "file://{secret}">]>{rows}'
    found = read(data.encode())
    assert titles(iter(found)) == ["b"]
    assert len(faults(iter(found))) == 1


def test_a_document_type_inside_the_table_is_only_a_broken_row() -> None:
    data = (
        b'<posts>\n<row Title="a" /><!DOCTYPE x [<!ENTITY e "boo">]>\n<row Title="&e;" />\n<row Title="c" />\n</posts>'
    )
    assert titles(iter(read(data))) == ["c"]


def test_an_endless_row_is_given_up() -> None:
    class Endless:
        sent = 0

        def read(self, size: int) -> bytes:
            self.sent += size
            assert self.sent < 100_000_000
            return b"a" * size if self.sent > size else b'<posts><row Title="'

    found = faults(read_rows(Endless(), "posts"))
    assert found[-1].torn
    assert "more than" in found[-1].reason


def test_a_torn_gzip_keeps_what_could_be_unpacked() -> None:
    packed = gzip.compress(table_xml("posts", [{"Id": n, "Title": f"title {n * 7919 % 1000}"} for n in range(2000)]))
    with gzip.GzipFile(fileobj=io.BytesIO(packed[: len(packed) // 2])) as stream:

        class Unpacked:
            def read(self, size: int) -> bytes:
                return stream.read1(size)

        found = list(read_rows(Unpacked(), "posts"))
    assert 100 < len(titles(iter(found))) < 2000
    assert faults(iter(found))[-1].torn
    assert "breaks off" in faults(iter(found))[-1].reason
