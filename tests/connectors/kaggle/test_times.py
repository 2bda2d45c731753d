from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sourcer_kaggle.meta.times import us_time


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("03/04/2015", datetime(2015, 3, 4, tzinfo=UTC)),
        ("3/4/2015 5:06:07", datetime(2015, 3, 4, 5, 6, 7, tzinfo=UTC)),
        (" 12/31/2020 23:59:00 ", datetime(2020, 12, 31, 23, 59, tzinfo=UTC)),
        ("2020-12-31 23:59:00", datetime(2020, 12, 31, 23, 59, tzinfo=UTC)),
        ("2020-12-31", datetime(2020, 12, 31, tzinfo=UTC)),
        ("31/12/2020", None),
        ("02/30/2020", None),
        ("12/31/0000", None),
        ("", None),
        (None, None),
        ("soon", None),
    ],
)
def test_dates_are_american(text: str | None, moment: datetime | None) -> None:
    assert us_time(text) == moment


@given(st.datetimes(min_value=datetime(1, 1, 1), max_value=datetime(9999, 12, 31)))  # noqa: DTZ001  # the export's have no zone
def test_what_is_written_is_read(moment: datetime) -> None:
    text = f"{moment.month:02}/{moment.day:02}/{moment.year:04} {moment.hour:02}:{moment.minute:02}:{moment.second:02}"
    assert us_time(text) == moment.replace(microsecond=0, tzinfo=UTC)


@given(st.text())
def test_no_text_raises(text: str) -> None:
    assert us_time(text) is None or us_time(text).tzinfo is UTC  # type: ignore[union-attr]
