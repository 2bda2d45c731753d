from __future__ import annotations

from datetime import UTC, datetime
from types import MappingProxyType
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sourcer.connect import Checkpoint, Done, Evidence, Gone, Item, LinkClaim, Profile, Ref, Unknown
from sourcer.connect.items import check_item

SITES = ("forge", "guild")
REF = Ref("forge", "7", "ilse")
URL = "https://forge.example/ilse"
NOON = datetime(2026, 1, 2, 12, tzinfo=UTC)


def evidence(**changes: Any) -> Evidence:
    return Evidence(**{"ref": REF, "kind": "repo.owned", "url": URL, **changes})


def profile(**changes: Any) -> Profile:
    return Profile(**{"ref": REF, "url": URL, **changes})


GOOD: list[Item] = [
    REF,
    Ref("guild", "a/b:c"),
    profile(),
    profile(
        name="Ilse",
        country="PT",
        open_to_work=False,
        links=(LinkClaim("ilse.example", "bio"),),
        measure={"followers": 3},
        created_at=NOON,
    ),
    evidence(),
    evidence(
        terms=("topic:mlops", "text:two\nlines: and a colon", "tag:c++"),
        measure=MappingProxyType({"stars": 0, "score": -1.5}),
        title="x",
        happened_at=NOON,
        key="1",
        licence="CC BY-SA 4.0",
    ),
    Unknown(REF, "*", "HTTP 502"),
    Unknown(REF, "profile", "HTTP 502"),
    Unknown(REF, "repo.*", "HTTP 502"),
    Gone(REF, "HTTP 404"),
    Done(REF),
    Done(REF, ("*", "repo.*", "answer.given"), {"etag": "x", "list": [1, None, {"a": True}]}),
    Checkpoint({}),
    Checkpoint({"page": 2, "left": [["a", 1.5]]}),
]


@pytest.mark.parametrize("item", GOOD, ids=repr)
def test_good_items_pass(item: Item) -> None:
    assert check_item(item, SITES) is None


@pytest.mark.parametrize(
    ("item", "words"),
    [
        ("text", "a str is no item"),
        (None, "a NoneType is no item"),
        (Ref("elsewhere", "7"), "Ref of elsewhere:#7: site 'elsewhere' is not one of forge, guild"),
        (Ref("forge", ""), "uid '' is empty"),
        (Ref("forge", " 7"), "blanks"),
        (Ref("forge", "7\n8"), "cannot be printed"),
        (Ref("forge", 7), "uid 7 is a int, not a str"),  # type: ignore[arg-type]  # the mistake itself
        (Ref("forge", "7", None), "login None"),  # type: ignore[arg-type]  # the mistake itself
        (evidence(ref="forge:#7"), "Evidence: ref is a str, not a Ref"),
        (evidence(ref=Ref("elsewhere", "7")), "site 'elsewhere'"),
        (evidence(kind="repo"), "kind 'repo' is not thing.aspect"),
        (evidence(kind="Repo.Owned"), "thing.aspect"),
        (evidence(kind="repo.owned.twice"), "thing.aspect"),
        (evidence(kind=None), "thing.aspect"),
        (evidence(url="/ilse"), "url '/ilse' is not an absolute http(s) address"),
        (evidence(url="ftp://forge.example/x"), "absolute"),
        (evidence(url="https://forge.example/a b"), "absolute"),
        (evidence(url="https://[bad"), "cannot be read"),
        (evidence(url=None), "absolute"),
        (evidence(terms=["topic:mlops"]), "terms is not a tuple"),
        (evidence(terms=("mlops",)), "term 'mlops' is not scheme:value"),
        (evidence(terms=("topic:",)), "scheme:value"),
        (evidence(terms=("topic: mlops",)), "scheme:value"),
        (evidence(terms=("Topic:mlops",)), "scheme:value"),
        (evidence(terms=(3,)), "scheme:value"),
        (evidence(measure={"stars": float("nan")}), "measure stars is nan"),
        (evidence(measure={"stars": float("inf")}), "finite"),
        (evidence(measure={"fork": True}), "flags are 0 or 1"),
        (evidence(measure={"stars": "3"}), "finite number"),
        (evidence(measure={"stars": None}), "finite number"),
        (evidence(measure={3: 3}), "name of a unit"),
        (evidence(measure=[("stars", 3)]), "not a mapping"),
        (evidence(happened_at=datetime(2026, 1, 2)), "time zone"),  # noqa: DTZ001  # the mistake itself
        (evidence(happened_at="2026-01-02"), "time zone"),
        (evidence(title=None), "title None is not a str"),
        (evidence(key=7), "key 7 is not a str"),
        (evidence(licence=None), "licence None"),
        (profile(url=""), "absolute"),
        (profile(name=3), "name: not a str"),
        (profile(country="Portugal"), "country 'Portugal'"),
        (profile(country="pt"), "country 'pt'"),
        (profile(open_to_work=1), "open_to_work 1"),
        (profile(links=[LinkClaim("x", "bio")]), "links is not a tuple"),
        (profile(links=("https://x.example",)), "LinkClaim"),
        (profile(links=(LinkClaim("", "bio"),)), "LinkClaim"),
        (profile(links=(LinkClaim("x", None),)), "LinkClaim"),  # type: ignore[arg-type]  # the mistake itself
        (profile(measure={"followers": None}), "followers"),
        (profile(created_at=datetime(2026, 1, 2)), "created_at"),  # noqa: DTZ001  # the mistake itself
        (Unknown(REF, "repo", "x"), "what 'repo'"),
        (Unknown(REF, "", "x"), "what ''"),
        (Unknown(REF, "*", ""), "no reason"),
        (Gone(REF, " "), "no reason"),
        (Done(REF, ["*"]), "scope is not a tuple"),  # type: ignore[arg-type]  # the mistake itself
        (Done(REF, ("profile",)), "scope 'profile'"),
        (Done(REF, ("repo.own*",)), "scope 'repo.own*'"),
        (Done(REF, (), {"when": NOON}), "not JSON"),
        (Done(REF, (), {"pair": (1, 2)}), "does not survive JSON"),
        (Done(REF, (), {1: 2}), "does not survive JSON"),  # type: ignore[dict-item]  # the mistake itself
        (Done(REF, (), [1]), "state is a list"),  # type: ignore[arg-type]  # the mistake itself
        (Checkpoint({"x": float("nan")}), "not JSON"),
        (Checkpoint(None), "state is a NoneType"),  # type: ignore[arg-type]  # the mistake itself
    ],
    ids=repr,
)
def test_what_cannot_be_stored_is_named(item: Any, words: str) -> None:
    problem = check_item(item, SITES)
    assert problem is not None
    assert words in problem


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=10,
)


@settings(deadline=None)
@given(st.dictionaries(st.text(), JSON))
def test_any_json_is_a_state(state: dict[str, Any]) -> None:
    assert check_item(Checkpoint(state), SITES) is None


@settings(deadline=None)
@given(
    st.builds(
        Evidence,
        ref=st.builds(Ref, st.text(), st.text(), st.text()),
        kind=st.text(),
        url=st.text(),
        terms=st.lists(st.text()).map(tuple),
        measure=st.dictionaries(st.text(), st.floats()),
    )
)
def test_whatever_it_is_the_check_does_not_crash(item: Evidence) -> None:
    problem = check_item(item, SITES)
    assert problem is None or "\n" not in problem
