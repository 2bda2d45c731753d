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


def test_a_report_is_written_and_everything_that_left_is_audited(run: Run, world: DemoWorld) -> None:
    done = run("report", BRIEF, "--output", "page.html", "--as-of", AS_OF, "--as", "kim")
    assert done.code == 0, done.err
    page = (world.folder / "page.html").read_bytes()
    manifest = json.loads((world.folder / "page.html.manifest.json").read_text(encoding="utf-8"))
    assert manifest["sha256"] == hashlib.sha256(page).hexdigest()
    (newest,) = json.loads(run("privacy", "audit", "--json").out)[-1:]
    assert (newest["action"], newest["user"], newest["sha256"]) == ("report", "kim", manifest["sha256"])
    assert "page.html" in run("privacy", "audit").out
    assert run("report", BRIEF, "--output", "-").code == 2


def test_a_second_export_against_the_first_holds_nobody(run: Run) -> None:
    run("export", BRIEF, "--output", "one.csv", "--as-of", AS_OF)
    done = run("export", BRIEF, "--output", "two.csv", "--as-of", AS_OF, "--against", "one.csv")
    assert "two.csv: 0 people" in done.err
    assert "left out who are in the other system already" in done.err
