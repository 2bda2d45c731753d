from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sourcer.errors import AnswerError
from sourcer.fetch.answer import Answer
from sourcer.fetch.places import read_number, read_place
from sourcer.fetch.waits import retry_after

NOW = 1_795_000_000.0


def answer(body: Any = None, status: int = 200, **headers: str) -> Answer:
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Answer("https://api.example.org/x", status, named, content, datetime(2026, 11, 23, tzinfo=UTC))


def test_a_header_is_found_in_any_case() -> None:
    assert read_place(answer(x_left="3"), "header:X-Left") == ["3"]
    assert read_place(answer(), "header:x-left") == []


def test_a_path_goes_through_objects_and_lists() -> None:
    body = {"errors": [{"type": "NOT_FOUND"}, {"type": "RATE_LIMITED"}, "odd"], "data": {"cost": 2, "none": None}}
    assert read_place(answer(body), "json:errors.*.type") == ["NOT_FOUND", "RATE_LIMITED"]
    assert read_place(answer(body), "json:data.cost") == [2]
    assert read_place(answer(body), "json:data.none") == []
    assert read_place(answer(body), "json:data.cost.deeper") == []
    assert read_place(answer(body), "json:data.*") == []


def test_what_is_not_json_has_no_places() -> None:
    assert read_place(answer(b"<html>"), "json:data.cost") == []
    assert read_place(answer(b"[" * 100_000), "json:data.cost") == []


def test_a_place_must_be_a_place() -> None:
    assert read_place(answer(), "") == []
    with pytest.raises(ValueError, match="header:NAME"):
        read_place(answer(), "body")


@pytest.mark.parametrize("nonsense", ["", "many", "nan", "inf", "-1", "1,000", "١x"])
def test_a_number_that_is_none_stays_unknown(nonsense: str) -> None:
    assert read_number(answer(x_left=nonsense), "header:x-left") is None


def test_a_number_may_be_text_or_number_but_no_flag() -> None:
    assert read_number(answer(x_left=" 41 "), "header:x-left") == 41
    assert read_number(answer({"left": 0}), "json:left") == 0
    assert read_number(answer({"left": True}), "json:left") is None
    assert read_number(answer({"left": [1]}), "json:left") is None


@given(st.text(), st.binary(max_size=200))
def test_no_answer_breaks_the_reading(header: str, body: bytes) -> None:
    given_answer = answer(body, x_left=header, retry_after=header)
    number = read_number(given_answer, "header:x-left")
    assert number is None or number >= 0
    wait = retry_after(given_answer, NOW)
    assert wait is None or wait >= 1
    assert isinstance(read_place(given_answer, "json:a.*.b"), list)


def test_retry_after_is_seconds_or_a_date() -> None:
    assert retry_after(answer(retry_after="17"), NOW) == 17
    assert (
        retry_after(
            answer(retry_after="Wed, 18 Nov 2026 10:00:00 GMT"), datetime(2026, 11, 18, 9, 59, tzinfo=UTC).timestamp()
        )
        == 60
    )
    assert retry_after(answer(retry_after="Wed, 18 Nov 2020 10:00:00 GMT"), NOW) == 1
    assert retry_after(answer(retry_after="0"), NOW) == 1
    assert retry_after(answer(retry_after="soon"), NOW) is None
    assert retry_after(answer(), NOW) is None


def test_json_is_read_once_and_tolerates_a_byte_order_mark() -> None:
    marked = answer(b'\xef\xbb\xbf{"a": 1}')
    assert marked.json() == {"a": 1}
    assert marked.json() is marked.json()
    assert marked.text == '{"a": 1}'


def test_what_is_not_json_is_an_answer_error() -> None:
    with pytest.raises(AnswerError, match="not JSON: '<p>Be right back</p>'") as caught:
        answer(b"<p>Be\n right back</p>", status=404).json()
    assert (caught.value.kind, caught.value.status) == ("bad_body", 404)
