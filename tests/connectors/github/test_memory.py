from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sourcer.connect import Evidence, Ref, Visit
from sourcer.connect.items import check_item
from sourcer.domain import Done
from sourcer_github.memory import MOST_REMEMBERED, VERSION, Memory, Remembered, Standing
from sourcer_github.wire.people import UserNode

ADA = Ref("github", "1", "ada")
TERMS = st.sampled_from([(), ("topic:mlops",), ("language:python",), ("topic:mlops", "language:python")])


def focus(terms: Iterable[str]) -> float:
    return 1.0 if "topic:mlops" in terms else 0.5 if "language:python" in terms else 0.0


def seen(number: int, terms: tuple[str, ...], stars: int) -> tuple[str, str | None, Evidence]:
    url = f"https://github.com/ada/{number}"
    evidence = Evidence(ADA, "repo.owned", url, terms=terms, measure={"stars": stars}, key=str(number))
    return f"R_{number}", None, evidence


@given(st.lists(st.tuples(TERMS, st.integers(0, 5)), max_size=30))
def test_the_most_telling_are_remembered_and_survive_being_stored(own: list[tuple[tuple[str, ...], int]]) -> None:
    chosen = Memory.choose((seen(i, terms, stars) for i, (terms, stars) in enumerate(own)), focus)
    assert len(chosen) == min(len(own), MOST_REMEMBERED)
    worth = sorted(((focus(terms), stars) for terms, stars in own), reverse=True)
    assert [(one.focus, one.stars) for one in chosen] == worth[:MOST_REMEMBERED]
    memory = Memory(id="U_1", own=len(own), repositories=chosen, version=VERSION, standing=Standing.of(person()))
    done = Done(ADA, state=memory.as_state())
    assert check_item(done, ("github",)) is None
    assert Memory.of(Visit(ADA, state=json.loads(json.dumps(done.state)))) == memory
    assert all(focus(one.terms) > 0 for one in memory.telling(focus, 5))


def person(**more: Any) -> UserNode:
    repositories = {"totalCount": 1, "nodes": [{"id": "R_1", "nameWithOwner": "ada/a", "url": "x", "pushedAt": "t"}]}
    said = {"id": "U_1", "login": "ada", "url": "https://github.com/ada", "updatedAt": "2026-11-01T00:00:00Z"}
    return UserNode.model_validate(said | {"repositories": repositories, "pullRequests": {"totalCount": 4}} | more)


def test_how_an_account_stands() -> None:
    assert Standing.of(person()) == Standing(
        login="ada", updated_at="2026-11-01T00:00:00Z", repositories=1, newest=("R_1", "t"), merged=4
    )
    # What did not come stands otherwise than what came.
    assert Standing.of(person(repositories=None)) != Standing.of(person())
    assert Standing.of(person(repositories={"nodes": []})).newest is None


@pytest.mark.parametrize("state", [None, {}, {"id": 5}, {"id": "U_1", "repositories": [{"terms": 3}]}])
def test_a_state_that_cannot_be_read_is_none(state: Any) -> None:
    assert Memory.of(Visit(ADA, state=state)) is None


def test_a_memory_of_before_is_of_an_older_version() -> None:
    memory = Memory.of(Visit(ADA, state={"id": "U_1", "own": 1, "repositories": [{"id": "R_1", "key": "1"}]}))
    assert memory is not None
    assert memory.version < VERSION
    assert memory.repositories == (Remembered(id="R_1", key="1"),)


def test_the_deep_looks_part_is_read_and_not_written() -> None:
    memory = Memory.of(Visit(ADA, state={"id": "U_1", "deep": {"read": 3}}))
    assert memory is not None
    assert memory.deep == {"read": 3}
    assert "deep" not in memory.as_state()
