"""Digests of real crawls, commands run as processes: killed and replayed crawls are no news."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest

from sourcer.demo.run import BRIEF
from support.cli_runner import Ran

pytestmark = pytest.mark.slow

Run = Callable[..., Ran]


def counts(run: Run, user: str) -> dict[str, int]:
    found: dict[str, int] = json.loads(run("digest", BRIEF, "--json", "--as", user, "--as-of", "2026-11-01").out)[
        "counts"
    ]
    return found


def test_a_replay_and_a_crawl_in_two_parts_change_nothing(run: Run) -> None:
    ranked = json.loads(run("rank", BRIEF, "--json", "--as-of", "2026-11-01").out)
    nothing = dict.fromkeys(("new", "changed", "gone", "back"), 0)
    assert counts(run, "kim") == nothing | {"new": len(ranked)}
    assert run("crawl", BRIEF, "--replay", "1").code == 0
    assert counts(run, "kim") == nothing
    assert run("crawl", BRIEF, "--max-requests", "25").code in {0, 3}
    assert run("crawl", BRIEF).code == 0
    assert counts(run, "kim") == nothing
