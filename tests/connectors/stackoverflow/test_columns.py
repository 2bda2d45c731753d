from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sourcer_stackoverflow.dump.columns import moment, number, parse_tags, person_id

TAGS = st.lists(st.from_regex(r"[a-z0-9][a-z0-9+#.-]{0,30}", fullmatch=True), unique=True, max_size=6)


@given(TAGS)
def test_the_old_and_the_new_tag_form_say_the_same(tags: list[str]) -> None:
    old = "".join(f"<{tag}>" for tag in tags)
    new = f"|{'|'.join(tags)}|" if tags else ""
    assert parse_tags(old) == parse_tags(new) == tuple(tags)


@given(st.text())
def test_any_text_gives_clean_tags(text: str) -> None:
    tags = parse_tags(text)
    assert len(set(tags)) == len(tags)
    assert all(tag and tag == tag.strip() and not set(tag) & set("|<>") for tag in tags if "<" in text)


@pytest.mark.parametrize(
    ("text", "tags"),
    [
        (None, ()),
        ("", ()),
        ("<>", ()),
        ("||", ()),
        ("<c++><c#>", ("c++", "c#")),
        ("|c++|c#|", ("c++", "c#")),
        ("<PyTorch><pytorch>", ("pytorch",)),
        ("pytorch", ("pytorch",)),
    ],
)
def test_tag_forms(text: str | None, tags: tuple[str, ...]) -> None:
    assert parse_tags(text) == tags


@pytest.mark.parametrize("text", [None, "", "x", "1.5", "1_000", "٣", "9" * 16, " 1", "+1"])
def test_what_is_no_number_is_unknown_and_not_zero(text: str | None) -> None:
    assert number(text) is None


def test_numbers() -> None:
    assert (number("0"), number("-7"), number("1000000001")) == (0, -7, 1_000_000_001)


@pytest.mark.parametrize("text", ["-1", "0", None, "x"])
def test_nobody_has_such_an_id(text: str | None) -> None:
    assert person_id(text) is None


def test_dates_without_a_zone_are_utc_in_whole_seconds() -> None:
    assert moment("2008-07-31T14:22:31.287") == datetime(2008, 7, 31, 14, 22, 31, tzinfo=UTC)
    assert moment("yesterday") is None


@given(st.datetimes(min_value=datetime(1900, 1, 1), max_value=datetime(2200, 1, 1)))  # noqa: DTZ001  # dumps have no zone
def test_times_survive_the_temporary_database(time: datetime) -> None:
    text = time.isoformat(timespec="milliseconds")
    assert moment(text) == datetime.fromisoformat(text).replace(tzinfo=UTC, microsecond=0)
