from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from sourcer_stackoverflow.api import wire

MODELS: list[type[wire.Wire]] = [
    wire.AnswerPost,
    wire.Filter,
    wire.Holder,
    wire.NetworkUser,
    wire.QuestionPost,
    wire.SiteName,
    wire.TagBadge,
    wire.TagInfo,
    wire.TagScore,
    wire.TopTag,
    wire.User,
]
FIELDS = sorted({name for model in MODELS for name in model.model_fields})
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=True) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(FIELDS) | st.text(max_size=4), inner),
    max_leaves=12,
)


@given(st.sampled_from(MODELS), JSON)
def test_whatever_comes_is_read_or_left_out(model: type[wire.Wire], value: Any) -> None:
    found = wire.read(model, value)
    assert found is None or isinstance(found, model)


@given(st.integers() | st.floats())
def test_no_number_is_too_wild_for_a_time(value: float) -> None:
    found = wire.read(wire.User, {"user_id": 1, "creation_date": value})
    assert found is not None
    assert found.creation_date is None or found.creation_date.tzinfo is UTC


def test_times_and_texts() -> None:
    found = wire.read(
        wire.AnswerPost,
        {
            "answer_id": 5,
            "creation_date": 1_500_000_000,
            "title": "A &amp;lt; B",
            "tags": ["c&#43;&#43;"],
            "new_field": 1,
        },
    )
    assert found is not None
    assert found.creation_date == datetime(2017, 7, 14, 2, 40, tzinfo=UTC)
    assert (found.title, found.tags, found.is_accepted, found.owner) == ("A &lt; B", ("c++",), None, None)


def test_of_a_deleted_user_only_a_name_is_left() -> None:
    deleted = wire.read(wire.Shallow, {"user_type": "does_not_exist", "display_name": "user123"})
    community = wire.read(wire.Shallow, {"user_type": "moderator", "user_id": -1})
    assert deleted is not None
    assert community is not None
    assert deleted.person is community.person is None
