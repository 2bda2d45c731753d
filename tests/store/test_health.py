"""What is unusual about a run."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from datetime import timedelta
from statistics import median
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from sourcer.store.health import judged
from sourcer.store.runs import RunRow
from support.store_items import NOON

DOWN = "github: the site gives no usable answer"


def run(number: int, people: Mapping[str, int | None], **said: Any) -> RunRow:
    """A run; a site with ``None`` people failed."""
    values: dict[str, Any] = {
        "brief": "ml",
        "purpose": "",
        "status": "incomplete" if None in people.values() else "complete",
        "started_at": NOON + timedelta(days=number),
        "finished_at": NOON + timedelta(days=number, hours=1),
        "config_digest": "",
        "versions": {},
        "chain": number,
        "replay_of": None,
        "sites": {
            site: {"profiles": count or 0, "stopped": DOWN if count is None else None} for site, count in people.items()
        },
    }
    return RunRow(id=number, **values | said)


def found(*runs: RunRow) -> list[tuple[str, str]]:
    """What is unusual about the newest of runs, given in the order they ran."""
    return [(finding.site, finding.kind) for finding in judged(runs[::-1])[0].health]


def days(counts: Sequence[int | None], **said: Any) -> list[RunRow]:
    return [run(number, {"github": count}, **said) for number, count in enumerate(counts, 1)]


def test_three_failures_in_a_row_are_told_with_the_last_reason() -> None:
    assert found(*days([9, None, None])) == []
    runs = days([9, None, None, None])
    assert found(*runs) == [("github", "failing")]
    assert judged(runs[::-1])[0].health[0].detail.endswith(DOWN)
    assert found(*days([None, None, 9, None])) == []


def test_runs_that_were_cut_off_or_looked_at_a_part_are_no_failures_and_no_successes() -> None:
    others = [run(4, {"github": 0}, stopped_by="signal", status="incomplete"), run(5, {"github": 0}, kind="part")]
    assert found(*days([None, None]), *others, run(6, {"github": None})) == [("github", "failing")]
    assert found(*days([None, None, None]), others[0]) == []
    assert found(*days([None, None], brief="other"), run(6, {"github": None})) == []


def test_far_fewer_people_than_usual_are_told() -> None:
    assert found(*days([100, 104, 97, 101, 40])) == [("github", "low")]
    assert found(*days([100, 104, 97, 101, 60])) == []  # fewer, but not far fewer
    assert found(*days([100, 104, 97, 40])) == []  # nobody knows yet what is usual
    assert found(*days([100, 20, 100, 20, 60, 15])) == []  # it was always up and down
    assert found(*days([100, 100, 100, 100, 0])) == [("github", "low")]


def test_a_crawl_of_several_runs_counts_as_a_whole() -> None:
    halves = [run(5, {"github": 60}, status="incomplete"), run(6, {"github": 40}, chain=5)]
    assert found(*days([100, 104, 97, 101]), *halves) == []
    assert found(*days([100, 104, 97, 101]), halves[1]) == [("github", "low")]


def test_a_site_that_is_no_longer_there_is_told() -> None:
    both = [run(number, {"github": 9, "kaggle": 5}) for number in (1, 2, 3)]
    assert found(*both, run(4, {"github": 9})) == [("kaggle", "absent")]
    assert found(*both[:2], run(4, {"github": 9})) == []


@given(st.lists(st.integers(0, 500), min_size=1, max_size=30))
def test_a_run_that_finds_as_many_as_usual_is_never_unusual(counts: list[int]) -> None:
    usual = math.ceil(median(counts[-10:]))
    assert found(*days([*counts, usual])) == []
