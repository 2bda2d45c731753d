"""The schedule and SIGTERM, on real processes."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from sourcer.demo.faults import Faults
from sourcer.demo.github import GitHubServer
from sourcer.demo.run import BRIEF, DemoWorld, prepare
from support.cli_runner import sourcer

MONDAY = '\n[schedule]\ncron = "0 3 * * 1"\ntimezone = "Europe/Warsaw"\n'
EACH_MINUTE = '\n[schedule]\ncron = "* * * * *"\n'


@pytest.fixture
def demo(tmp_path: Path) -> Iterator[DemoWorld]:
    with prepare(tmp_path, seed=5, people=40) as prepared:
        yield prepared


def set_schedule(folder: Path, table: str) -> None:
    path = folder / "briefs" / f"{BRIEF}.toml"
    text = path.read_text(encoding="utf-8").partition("[schedule]")[0]
    path.write_text(text + table, encoding="utf-8")


def test_weekday_one_is_monday(demo: DemoWorld) -> None:
    set_schedule(demo.folder, MONDAY)
    (line,) = sourcer("schedule", "--list", cwd=demo.folder).out.splitlines()
    times = line.removeprefix(f"{BRIEF}: ").split(", ")
    assert len(times) == 5
    assert all(moment.startswith("Mon ") and " 03:00 CE" in moment for moment in times)


@pytest.mark.slow
def test_once_runs_what_is_due_and_only_once(demo: DemoWorld) -> None:
    set_schedule(demo.folder, EACH_MINUTE)
    if time.gmtime().tm_sec > 45:
        time.sleep(61 - time.gmtime().tm_sec)  # so that both calls fall into one minute
    first = sourcer("schedule", "--once", cwd=demo.folder)
    assert first.code == 0, first.err
    assert f"{BRIEF}: complete" in first.err
    assert first.out.startswith(f"{BRIEF}: ")
    sourcer("schedule", "--once", cwd=demo.folder)
    assert len(json.loads(sourcer("runs", "--json", cwd=demo.folder).out)) == 1


@pytest.mark.slow
def test_a_broken_brief_does_not_stop_the_others(demo: DemoWorld) -> None:
    set_schedule(demo.folder, EACH_MINUTE)
    (demo.folder / "briefs" / "broken.toml").write_text("title = ", encoding="utf-8")
    done = sourcer("schedule", "--once", cwd=demo.folder)
    assert f"{BRIEF}: complete" in done.err
    assert "broken.toml" in done.err


@pytest.mark.slow
@pytest.mark.parametrize("command", [("crawl", BRIEF), ("schedule",)], ids=["crawl", "schedule"])
def test_sigterm_ends_a_crawl_at_its_checkpoint(demo: DemoWorld, tmp_path: Path, command: tuple[str, ...]) -> None:
    set_schedule(demo.folder, EACH_MINUTE)
    with GitHubServer(demo.world, latency=0.3, faults=Faults({})) as slow:
        text = (demo.folder / "sourcer.toml").read_text(encoding="utf-8").replace(demo.github.url, slow.url)
        (demo.folder / "sourcer.toml").write_text(text, encoding="utf-8")
        process = subprocess.Popen(
            [sys.executable, "-m", "sourcer.cli", *command],
            cwd=demo.folder,
            env={name: value for name, value in os.environ.items() if not name.startswith("SOURCER_")},
            stderr=subprocess.PIPE,
            text=True,
        )
        deadline = time.monotonic() + 30
        while slow.requests < 3 and time.monotonic() < deadline:
            time.sleep(0.05)
        process.send_signal(signal.SIGTERM)
        _, said = process.communicate(timeout=15)
    assert "Traceback" not in said
    assert process.returncode == 3, said
    newest = json.loads(sourcer("runs", "--json", cwd=demo.folder).out)[0]
    assert newest["status"] == "incomplete"
    assert newest["finished_at"] is not None
    assert newest["stopped_by"] == "signal"
    assert (newest["fire_time"] is None) == (command[0] == "crawl")
    shutil.rmtree(demo.folder / "archive")


def test_the_next_run_is_said_for_a_brief_without_a_schedule(demo: DemoWorld) -> None:
    set_schedule(demo.folder, "")
    assert "runs only by hand" in sourcer("schedule", "--list", cwd=demo.folder).out


def test_a_pause_is_obeyed_by_every_process_on_the_database(demo: DemoWorld) -> None:
    set_schedule(demo.folder, EACH_MINUTE)
    assert "paused by anna since" in sourcer("schedule", "--pause", "--as", "anna", cwd=demo.folder).err
    sourcer("schedule", "--pause", "--as", "bela", cwd=demo.folder)
    first, *_ = sourcer("schedule", "--list", cwd=demo.folder).out.splitlines()
    assert first.startswith("paused by anna since")
    by_hand = sourcer("crawl", BRIEF, cwd=demo.folder)
    assert by_hand.code == 1
    assert "paused by anna" in by_hand.err
    assert f"{BRIEF}: skipped: paused by anna" in sourcer("schedule", "--once", cwd=demo.folder).err
    assert json.loads(sourcer("runs", "--json", cwd=demo.folder).out) == []
    assert sourcer("schedule", "--resume", cwd=demo.folder).err == "resumed\n"
    assert sourcer("schedule", "--resume", cwd=demo.folder).err == "nothing was paused\n"
