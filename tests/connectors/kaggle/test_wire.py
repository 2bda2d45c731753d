from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sourcer_kaggle.api.wire import Dataset, Document, Kernel, KernelAnswer, Model, items_of, read


def test_defaults_that_are_left_out_are_what_they_mean() -> None:
    kernel = read(Kernel, {"ref": "ada/x"})
    assert kernel is not None
    assert (kernel.total_votes, kernel.category_ids, kernel.is_private, kernel.language) == (0, (), False, None)
    document = read(Document, {"ownerUser": {"id": 2_000_000_001}})
    assert document is not None
    assert document.owner_user is not None
    assert document.owner_user.tier == 0
    # Votes of a document are optional on the wire: absent is unknown.
    assert document.votes is None


@pytest.mark.parametrize(
    "text",
    ["2024-08-24T15:44:04.2018131Z", "2024-08-24T15:44:04.201813100Z", "2024-08-24T15:44:04.201813Z"],
)
def test_times_have_up_to_nine_digits(text: str) -> None:
    kernel = read(Kernel, {"lastRunTime": text})
    assert kernel is not None
    assert kernel.last_run_time == datetime(2024, 8, 24, 15, 44, 4, 201813, tzinfo=UTC)


def test_numbers_of_64_bits_come_as_texts_too() -> None:
    kernel = read(Kernel, {"id": "9223372036854775807", "totalVotes": "-3"})
    assert kernel is not None
    assert (kernel.id, kernel.total_votes) == (9223372036854775807, -3)


def test_what_has_another_shape_is_unknown_and_costs_itself_alone() -> None:
    dataset = read(Dataset, {"id": 1.5, "voteCount": "many", "lastUpdated": 7, "tags": [5, {"name": "x"}, None]})
    assert dataset is not None
    assert (dataset.id, dataset.vote_count, dataset.last_updated) == (None, None, None)
    assert [tag.spelled for tag in dataset.tags] == ["x"]
    assert next(items_of(Dataset, {"datasets": [None, {}]}, "datasets")) is None
    assert not list(items_of(Dataset, {"datasets": {}}, "datasets"))


_JSON = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text()),
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(st.text(max_size=8), inner, max_size=4)),
    max_leaves=10,
)


@pytest.mark.parametrize("model", [Dataset, Document, Kernel, KernelAnswer, Model])
@given(data=st.data())
def test_no_answer_raises(model: Any, data: st.DataObject) -> None:
    names = [field.alias or name for name, field in model.model_fields.items()]
    value = data.draw(st.one_of(_JSON, st.dictionaries(st.sampled_from(names), _JSON)))
    read(model, value)
    assert len(list(items_of(model, {"x": [value]}, "x"))) == 1
