"""Kill the process anywhere: however the work is cut into units, and if one is stored twice, the rows are the same."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sourcer.domain import Checkpoint, Done, Gone, Item, Ref, Unknown
from sourcer.store.database import Database
from sourcer.store.runs import Run
from sourcer.store.units import Unit, commit_unit
from support.databases import Rows, dump_rows, wipe
from support.store_items import account, begin, end, piece, profile, unit

pytestmark = pytest.mark.slow

ACCOUNTS = [account(1), account(2), account(1, "ai")]
KINDS = ["repo.owned", "repo.file", "pr.merged"]
SCOPES = ["repo.*", "repo.owned", "pr.merged", "*"]

refs = st.sampled_from(ACCOUNTS)
items = st.one_of(
    refs,
    st.builds(lambda ref, name: profile(ref, name=name), refs, st.sampled_from(["Ada", "Ben", None])),
    st.builds(
        lambda ref, key, kind, title: piece(ref, key, kind, title=title),
        refs,
        st.sampled_from("ab"),
        st.sampled_from(KINDS),
        st.sampled_from(["old", "new"]),
    ),
    st.builds(Unknown, refs, st.sampled_from([*SCOPES, "profile"]), st.just("slow")),
    st.builds(
        Done, refs, st.lists(st.sampled_from(SCOPES), max_size=2).map(tuple), st.sampled_from([None, {"etag": "x"}])
    ),
    st.builds(Gone, refs, st.just("404")),
)
works = st.lists(
    st.tuples(
        st.integers(0, 2),  # which run
        st.integers(0, 30),  # hours
        st.sampled_from(["discover", "cheap", "deep"]),
        st.lists(items, max_size=8),
        st.integers(0, 8),  # where it is cut
    ),
    min_size=1,
    max_size=4,
)
properties = settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])


def three_runs(database: Database) -> list[Run]:
    """One crawl that was complete, and one that was killed and continued."""
    first = begin(database)
    end(database, first)
    killed = begin(database, days=1)
    end(database, killed, "incomplete")
    return [first, killed, begin(database, days=2)]


def units_of(runs: list[Run], work: list[tuple[int, int, str, list[Item], int]]) -> list[tuple[Unit, int]]:
    return [
        (
            unit(
                runs[number],
                *found,
                phase=phase,
                seen_at=runs[number].started_at + timedelta(hours=hours),
                checkpoint=Checkpoint({"cut": cut}) if phase == "discover" else None,
                relevance={ACCOUNTS[0]: cut / 8},
            ),
            cut,
        )
        for number, hours, phase, found, cut in work
    ]


def look_by_look(found: list[Item]) -> list[Item]:
    """The items without what comes after an account was closed."""
    closed: set[Ref] = set()
    kept: list[Item] = []
    for item in found:
        ref = item if isinstance(item, Ref) else item.ref  # type: ignore[union-attr]
        if ref not in closed:
            kept.append(item)
        if isinstance(item, Done | Gone):
            closed.add(ref)
    return kept


def stored(database: Database, units: list[Unit]) -> Rows:
    wipe(database, keep=("run",))
    for work in units:
        with database.write() as connection:
            commit_unit(connection, work)
    return dump_rows(database)


def cut_in_two(work: Unit, cut: int) -> list[Unit]:
    return [replace(work, items=work.items[:cut], checkpoint=None, relevance={}), replace(work, items=work.items[cut:])]


@properties
@given(work=works)
def test_where_a_unit_is_cut_makes_no_difference(
    database: Database, work: list[tuple[int, int, str, list[Item], int]]
) -> None:
    units = units_of(three_runs(database), work)
    whole = stored(database, [whole for whole, _ in units])
    assert stored(database, [part for whole, cut in units for part in cut_in_two(whole, cut)]) == whole


@properties
@given(work=works)
def test_storing_a_unit_twice_makes_no_difference(
    database: Database, work: list[tuple[int, int, str, list[Item], int]]
) -> None:
    units = [replace(whole, items=look_by_look(whole.items)) for whole, _ in units_of(three_runs(database), work)]
    once = stored(database, units)
    assert stored(database, [again for whole in units for again in (whole, whole)]) == once
