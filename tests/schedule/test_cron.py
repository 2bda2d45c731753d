from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sourcer.errors import UsageError
from sourcer.schedule.cron import MACROS, parse_cron

ALL_WEEK = frozenset(range(7))


@pytest.mark.parametrize(
    ("text", "weekdays"),
    [
        ("0 3 * * 0", {0}),
        ("0 3 * * 1", {1}),
        ("0 3 * * 7", {0}),
        ("0 3 * * mon", {1}),
        ("0 3 * * SUN", {0}),
        ("0 3 * * mon-fri", {1, 2, 3, 4, 5}),
        ("0 3 * * fri-mon", {5, 6, 0, 1}),
        ("0 3 * * 5-7", {5, 6, 0}),
        ("0 3 * * 6-1", {6, 0, 1}),
        ("0 3 * * 7-2", {0, 1, 2}),
        ("0 3 * * sat-sun", {6, 0}),
        ("0 3 * * 0-7", ALL_WEEK),
        ("0 3 * * */2", {0, 2, 4, 6}),
        ("0 3 * * 1-5/2", {1, 3, 5}),
        ("0 3 * * fri-mon/2", {5, 0}),
        ("0 3 * * mon,wed,5-6", {1, 3, 5, 6}),
        ("0 3 * * *", ALL_WEEK),
    ],
)
def test_weekdays_count_as_in_cron(text: str, weekdays: set[int]) -> None:
    assert parse_cron(text).weekdays == weekdays


def test_monday_is_monday() -> None:
    line = parse_cron("0 3 * * 1")
    matching = [date(2027, 1, day) for day in range(1, 32) if line.matches(date(2027, 1, day))]
    assert {f"{day:%A}" for day in matching} == {"Monday"}
    assert len(matching) == 4


def test_fields_are_read_as_sets() -> None:
    line = parse_cron(" 0,30  1-5/2 1,15 jan-mar,DEC * ")
    assert line.minutes == (0, 30)
    assert line.hours == (1, 3, 5)
    assert line.days == {1, 15}
    assert line.months == {1, 2, 3, 12}
    assert parse_cron("*/20 * * * *").minutes == (0, 20, 40)


def test_two_restricted_day_fields_match_when_either_does() -> None:
    line = parse_cron("0 0 13 * fri")
    assert line.matches(date(2026, 11, 13))  # a Friday and the 13th
    assert line.matches(date(2026, 11, 20))  # a Friday
    assert line.matches(date(2026, 10, 13))  # a Tuesday
    assert not line.matches(date(2026, 11, 19))


@pytest.mark.parametrize("text", ["0 0 */2 * fri", "0 0 * * fri"])
def test_a_day_field_that_starts_with_a_star_is_not_restricted(text: str) -> None:
    line = parse_cron(text)
    assert not line.matches(date(2026, 11, 19))
    assert line.matches(date(2026, 11, 27))
    assert line.matches(date(2026, 11, 20)) is ("*/2" not in text)


@pytest.mark.parametrize("macro", MACROS)
def test_macros_are_read(macro: str) -> None:
    assert parse_cron(macro.upper()) == parse_cron(MACROS[macro])


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", ["0 fields", "five"]),
        ("0 3 * *", ["4 fields", "weekday"]),
        ("0 3 * * 1 2026", ["6 fields"]),
        ("60 3 * * 1", ["minute", "60", "59"]),
        ("0 24 * * 1", ["hour", "24"]),
        ("0 3 0 * 1", ["day of month", "0"]),
        ("0 3 * 13 *", ["month", "13"]),
        ("0 3 * * 8", ["weekday", "8"]),
        ("0 3 * * mno", ["weekday", "mno", "mon"]),
        ("0 3 * janu *", ["month", "janu", "jan"]),
        ("0 3 * * 1-", ["weekday", "1-"]),
        ("0 3 * * ,1", ["weekday", ",1"]),
        ("-5 3 * * 1", ["minute", "-5"]),
        ("*/0 3 * * *", ["minute", "step", "0"]),
        ("*/x 3 * * *", ["minute", "step", "x"]),
        ("5/10 3 * * *", ["minute", "5-59/10"]),
        ("0 22-2 * * *", ["hour", "22-23,0-2"]),
        ("0 ٣ * * *", ["hour", "٣"]),
        ("@dayly", ["@dayly", "@daily"]),
        ("0 0 30 2 *", ["never", "30 2"]),
    ],
)
def test_what_cannot_be_read_is_named(text: str, words: list[str]) -> None:
    with pytest.raises(UsageError) as caught:
        parse_cron(text)
    message = str(caught.value)
    assert message.startswith("[schedule] cron: ")
    assert "\n" not in message
    for word in words:
        assert word in message


def test_a_rare_day_is_no_error() -> None:
    assert parse_cron("0 0 29 2 */7").days == {29}


def _number(low: int, high: int) -> st.SearchStrategy[str]:
    return st.integers(low, high).map(str)


def _field(low: int, high: int) -> st.SearchStrategy[str]:
    span = st.tuples(st.integers(low, high), st.integers(low, high)).map(lambda ends: f"{min(ends)}-{max(ends)}")
    step = st.integers(1, 7).map("/{}".format)
    part = _number(low, high) | span | st.tuples(span, step).map("".join)
    return st.just("*") | step.map("*{}".format) | st.lists(part, min_size=1, max_size=3).map(",".join)


LINES = st.tuples(_field(0, 59), _field(0, 23), _field(1, 31), _field(1, 12), _field(0, 7)).map(" ".join)


def complaint_about(text: str) -> str:
    try:
        parse_cron(text)
    except UsageError as fault:
        return str(fault)
    return ""


def fires_in(field: str, value: int, low: int, high: int) -> bool:
    """An independent reading of one field: does this one value match?"""
    for part in field.split(","):
        span, _, step = part.partition("/")
        first, last = (low, high) if span == "*" else (int(span.split("-")[0]), int(span.split("-")[-1]))
        if first <= value <= last and (value - first) % int(step or 1) == 0:
            return True
    return False


def fires_on(text: str, day: date) -> bool:
    """crontab(5), word by word, for a day."""
    _, _, dom, month, dow = text.split()
    python_weekday = day.weekday() + 1
    weekday_ok = fires_in(dow, python_weekday % 7, 0, 6 if dow.startswith("*") else 7) or (
        python_weekday == 7 and not dow.startswith("*") and fires_in(dow, 7, 0, 7)
    )
    day_ok = fires_in(dom, day.day, 1, 31)
    unrestricted = dom.startswith("*") or dow.startswith("*")
    return fires_in(month, day.month, 1, 12) and ((day_ok and weekday_ok) if unrestricted else (day_ok or weekday_ok))


@settings(deadline=None)
@given(LINES, st.dates(date(2020, 1, 1), date(2040, 1, 1)))
def test_days_agree_with_an_independent_reading(text: str, start: date) -> None:
    days = [start + timedelta(days=ahead) for ahead in range(60)]
    if "never comes" in complaint_about(text):
        assert not any(fires_on(text, day) for day in days)
        return
    line = parse_cron(text)
    assert [line.matches(day) for day in days] == [fires_on(text, day) for day in days]
    minute, hour = text.split()[:2]
    assert line.minutes == tuple(value for value in range(60) if fires_in(minute, value, 0, 59))
    assert line.hours == tuple(value for value in range(24) if fires_in(hour, value, 0, 23))
