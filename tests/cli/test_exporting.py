"""Exports as a user makes them: processes of their own, on an invented world that was crawled once."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable

import pytest

from sourcer.demo.run import BRIEF, DemoWorld
from support.cli_runner import Ran

pytestmark = pytest.mark.slow

Run = Callable[..., Ran]
AS_OF = "2026-11-01"


def test_a_workbook_is_the_same_in_any_process_and_its_manifest_fits(run: Run, world: DemoWorld) -> None:
    ended = [
        run("export", BRIEF, "--output", f"{seed}.xlsx", "--as-of", AS_OF, "--as", "kim", PYTHONHASHSEED=seed)
        for seed in ("1", "2")
    ]
    assert [each.code for each in ended] == [0, 0]
    first, second = (world.folder / f"{seed}.xlsx" for seed in ("1", "2"))
    assert first.read_bytes() == second.read_bytes()
    manifest = json.loads((world.folder / "1.xlsx.manifest.json").read_text(encoding="utf-8"))
    assert manifest["sha256"] == hashlib.sha256(first.read_bytes()).hexdigest()
    assert manifest["brief"] == BRIEF
    assert manifest["as_of"] == AS_OF
    assert manifest["exported_by"] == "kim"
    assert f"{manifest['rows']} people" in ended[0].err
    assert manifest["left_out"].keys() == {"who say no to recruiters"}


def test_lines_of_json_go_to_standard_output(run: Run) -> None:
    done = run("export", BRIEF, "--output", "-", "--format", "jsonl", "--top", "3", "--as-of", AS_OF)
    places = [json.loads(line)["rank"] for line in done.out.splitlines()]
    assert len(places) == 3
    assert places == sorted(places)
    assert done.err.startswith("standard output: 3 people")


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("--output", "-", "--format", "xlsx"), "a workbook is not for standard output"),
        (("--output", "x.csv", "--columns", "opencat"), "did you mean opencats?"),
        (("--output", "x.csv", "--columns", "none.toml"), "none.toml: no such file"),
    ],
)
def test_what_cannot_be_written_is_said_first(run: Run, arguments: tuple[str, ...], says: str) -> None:
    ended = run("export", BRIEF, *arguments)
    assert (ended.code, ended.out) == (2, "")
    assert says in ended.err
