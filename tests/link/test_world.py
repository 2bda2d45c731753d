"""The whole way on an invented world: real connectors, copies of the sites, planted truth."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from benchmarks.links import measure

pytestmark = pytest.mark.slow


def test_no_two_strangers_are_linked_and_what_proof_allows_is(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert measure(tmp_path, seed=5, people=80, least=0.95) == 0
    told = capsys.readouterr().out
    assert told.count("precision 1.0000") == 2
    assert min(int(pairs) for pairs in re.findall(r"(\d+) pairs allowed", told)) > 30
