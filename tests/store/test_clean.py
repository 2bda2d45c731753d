from __future__ import annotations

import json
import math
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from sourcer.domain import Done, LinkClaim, Ref, Unknown
from sourcer.store import schema
from sourcer.store.clean import clean_items, clean_key, clean_measure, clean_terms, clean_text, clean_time
from sourcer.store.columns import from_json, to_json
from sourcer.store.database import Database
from support.store_items import NOON, account, begin, commit, piece, profile

any_text = st.text(st.characters(exclude_categories=()), max_size=20)


@given(any_text)
def test_clean_text_can_be_stored_and_stays_as_it_is(text: str) -> None:
    cleaned = clean_text(text)
    assert "\0" not in cleaned
    assert cleaned.encode().decode() == cleaned
    assert clean_text(cleaned) == cleaned


def test_clean_text_keeps_what_can_be_kept() -> None:
    assert clean_text("Zoë 北京 🇫🇷\n") == "Zoë 北京 🇫🇷\n"
    assert clean_text("a\0b\ud800c") == "abc"
    assert clean_text("\ud83d\ude00") == "😀"
    assert clean_text(None) is None


def test_a_long_key_is_stood_for_by_its_hash() -> None:
    assert clean_key("x" * 500) == "x" * 500
    long, longer = clean_key("x" * 501), clean_key("x" * 502)
    assert long.startswith("sha256:")
    assert long != longer
    assert clean_key("é" * 251).startswith("sha256:"), "the limit counts bytes"


def test_measures_keep_finite_numbers_only() -> None:
    given_measure: dict[str, Any] = {
        "int": 3, "whole": 12.0, "half": 0.5, "nan": math.nan, "inf": -math.inf, "huge": 10**400, "big": 2**70,
        "flag": True, "none": None, "text": "x", "un\0it": 1,
    }  # fmt: skip
    cleaned = clean_measure(given_measure)
    assert cleaned == {"int": 3, "whole": 12, "half": 0.5, "big": float(2**70), "flag": 1, "unit": 1}
    assert to_json(cleaned) == '{"big":1.1805916207174113e+21,"flag":1,"half":0.5,"int":3,"unit":1,"whole":12}'


def test_terms_are_kept_once_in_their_order() -> None:
    assert clean_terms(("topic:b", "topic:a", "topic:b", "\0", "topic:\0c")) == ["topic:b", "topic:a", "topic:c"]


@pytest.mark.parametrize(
    ("moment", "kept"),
    [
        (NOON, NOON),
        (NOON.replace(tzinfo=None), NOON),
        (datetime(2026, 3, 1, 14, tzinfo=timezone(timedelta(hours=2))), NOON),
        (datetime(1, 1, 1, tzinfo=UTC), None),
        (datetime(9999, 12, 31, 23, tzinfo=timezone(timedelta(hours=-5))), None),
        (datetime(1, 1, 1, tzinfo=timezone(timedelta(hours=5))), None),
        (None, None),
    ],
)
def test_times_are_utc_or_unknown(moment: datetime | None, kept: datetime | None) -> None:
    assert clean_time(moment) == kept


def test_an_account_without_a_key_is_left_out() -> None:
    kept = list(
        clean_items([Ref("github", ""), Ref("", "1"), profile(Ref("github", "\0")), Ref("github", "1\0", "a\0")])
    )
    assert kept == [Ref("github", "1", "a")]


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | any_text,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(any_text, inner, max_size=3),
    max_leaves=8,
)


@given(json_values)
def test_json_comes_back_as_it_was_and_is_text(value: Any) -> None:
    text = to_json(value)
    assert from_json(text) == value
    assert text.encode().decode() == text
    assert "\0" not in text


def test_json_is_canonical() -> None:
    assert to_json({"b": (1, 2), "a": "é"}) == '{"a":"é","b":[1,2]}'
    assert to_json({2: math.nan, "1": NOON}) == '{"1":"2026-03-01 12:00:00+00:00","2":null}'
    assert json.loads(to_json("\ud800")) == "\ud800"


def test_the_worst_record_is_stored_without_a_word(database: Database) -> None:
    run = begin(database)
    ref = Ref("gi\0thub", "1\ud800" + "é" * 3000, "lo\0gin" * 900)
    worst: dict[str, Any] = {"stars": math.nan, "forks": 10**400, "size": math.inf, "ok": 1}
    commit(
        database,
        run,
        ref,
        profile(
            ref, name="N\0\ud800", bio="b" * 100_000, location="\0", links=(LinkClaim("\0", "\ud800"),), measure=worst,
            created_at=datetime(1, 1, 1),  # noqa: DTZ001  # sites forget the zone
        ),
        piece(ref, "k\0" * 5000, "kind" * 900, title="\udfff", terms=("\0", "topic:\0a"), measure=worst,
              happened_at=datetime.max.replace(tzinfo=timezone(timedelta(hours=-12)))),
        Unknown(ref, "w\0" * 3000, "\ud800"),
        Done(ref, ("\0", "*"), {"\ud800": math.nan, "\0": 2**80}),
        relevance={ref: math.nan, account(9): 0.5},
    )  # fmt: skip
    with database.read() as connection:
        stored = connection.execute(select(schema.profile)).one()
        evidence = connection.execute(select(schema.evidence)).one()
        visit = connection.execute(select(schema.visit)).one()
        look = connection.execute(select(schema.look)).one()
    assert (stored.site, stored.name, stored.measure, stored.account_created_at) == ("github", "N", {"ok": 1}, None)
    assert (evidence.title, evidence.terms, evidence.measure, evidence.happened_at) == (
        "",
        ["topic:a"],
        {"ok": 1},
        None,
    )
    assert (visit.status, visit.relevance) == ("closed", 0)
    assert look.state == {"\ud800": None, "\0": 2**80}
    assert stored.uid == evidence.uid == visit.uid == look.uid
