"""The whole demonstration, as `sourcer demo` runs it."""

from __future__ import annotations

import re
import shlex
import sqlite3
from pathlib import Path

import pytest

from sourcer.demo.run import BRIEF, DUMP_CONFIG
from sourcer.demo.tour import run_demo
from support.cli_runner import sourcer

pytestmark = pytest.mark.slow


def shown_by_a_demo(folder: Path) -> str:
    said: list[str] = []
    shown: list[str] = []
    assert run_demo(folder, people=60, seed=5, force=False, say=said.append, show=shown.append) == 0
    assert any("GitHub, Stack Exchange, Kaggle" in line for line in said)
    return "\n".join(shown)


def people_of(database: Path) -> set[str]:
    with sqlite3.connect(f"file:{database}?mode=ro", uri=True) as connection:
        found = {uid for (uid,) in connection.execute("SELECT uid FROM profile WHERE site = 'stackoverflow'")}
    connection.close()
    return found


def test_one_seed_shows_one_ranking_and_who_is_on_several_sites(tmp_path: Path) -> None:
    first, second = (shown_by_a_demo(tmp_path / name).partition("Everything is in")[0] for name in ("a", "b"))
    assert first == second
    joined = re.search(r"^(\d+) of (\d+) people were found on several sites", first, re.MULTILINE)
    assert joined is not None
    groups = re.findall(r"^ +(\d+) on (.+)$", first, re.MULTILINE)
    assert sum(int(number) for number, _ in groups) == int(joined[1]) > 0
    assert any({"github", "stackoverflow"} <= set(sites.split(", ")) for _, sites in groups)


def test_the_dump_leads_to_the_people_whom_the_api_led_to(tmp_path: Path) -> None:
    shown_by_a_demo(tmp_path / "demo")
    done = sourcer("--config", str(tmp_path / "demo" / DUMP_CONFIG), "crawl", BRIEF, cwd=tmp_path)
    assert done.code == 0, done.err
    found = people_of(tmp_path / "demo" / "dump.db")
    assert len(found) > 10
    assert people_of(tmp_path / "demo" / "demo.db") == found


def test_what_the_demo_tells_to_try_works_once_its_sites_are_gone(tmp_path: Path) -> None:
    told = shown_by_a_demo(tmp_path / "demo").partition("Try next:\n")[2]
    lines = re.findall(r"^  \S+ (--config .+?)(?: {4}\(.*)?$", told, re.MULTILINE)
    assert len(lines) == 9
    for line in lines:
        done = sourcer(*shlex.split(line), cwd=tmp_path)
        assert done.code == 0, done.err
    assert (tmp_path / "demo" / "report.html").is_file()
    assert (tmp_path / "demo" / "people.xlsx").is_file()
