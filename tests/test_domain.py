from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sourcer.domain import Ref, covers, parse_time


def test_the_key_of_an_account_does_not_depend_on_its_login() -> None:
    assert Ref("github", "1", "ada").key == Ref("github", "1", "eda").key == "github:#1"


@pytest.mark.parametrize(
    ("pattern", "kind", "covered"),
    [
        ("*", "repo.owned", True),
        ("repo.*", "repo.owned", True),
        ("repo.owned", "repo.owned", True),
        ("repo.own", "repo.owned", False),
        ("repo.*", "repository.owned", False),
        ("answer.*", "repo.owned", False),
        ("profile", "profile.text", False),
    ],
)
def test_covers(pattern: str, kind: str, covered: bool) -> None:
    assert covers(pattern, kind) is covered


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2026-01-31T12:00:00Z", datetime(2026, 1, 31, 12, tzinfo=UTC)),
        ("2008-07-31T14:22:31.287", datetime(2008, 7, 31, 14, 22, 31, 287000, tzinfo=UTC)),
        ("2026-01-31T12:00:00+02:00", datetime(2026, 1, 31, 10, tzinfo=UTC)),
        ("0001-01-01T00:00:00+05:00", None),
        ("", None),
        (None, None),
        ("yesterday", None),
    ],
)
def test_parse_time(text: str | None, moment: datetime | None) -> None:
    assert parse_time(text) == moment


@given(st.text())
def test_parse_time_never_raises(text: str) -> None:
    moment = parse_time(text)
    assert moment is None or moment.tzinfo is not None
