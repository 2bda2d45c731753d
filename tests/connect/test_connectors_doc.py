"""docs/connectors.md is the whole truth: its project is built from it, installed, tested, crawled with, exported."""

from __future__ import annotations

import csv
import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

import sourcer.connect as public
from sourcer.connect import testing
from sourcer.connect.contract import Connector
from sourcer.domain import Evidence, Profile
from sourcer.fetch.policy import Bucket, Quota, Refusal, SitePolicy

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "connectors.md"
FILE = re.compile(r'^```(?:python|toml) title="(?P<path>[^"]+)"\n(?P<text>.*?)^```$', re.MULTILINE | re.DOTALL)

SERVER = """
import sys
from test_atelier import ANSWERS
from sourcer.connect.testing import serve

with serve(ANSWERS) as url:
    print(url, flush=True)
    sys.stdin.read()
"""
PRIVACY = """
[privacy]
controller = "Example Hiring Ltd"
contact = "privacy@example.org"
lawful_basis = "legitimate interest"
purpose = "a test"
"""
BRIEF = """
title = "Machine learning engineer"
[skills]
must = ["mlflow"]
[discover]
limit = 50
atelier.topics = ["mlops", "kubeflow"]
"""


@dataclass(frozen=True)
class Project:
    """The example, written out and installed."""

    source: Path
    site: Path

    def run(self, *command: str, folder: Path, code: int = 0, **more: str) -> subprocess.CompletedProcess[str]:
        """Run Python with the example installed, and nothing of the checkout but what the environment has."""
        known = {
            name: value for name, value in os.environ.items() if not name.startswith(("SOURCER_", "ATELIER_", "PY"))
        }
        env = {**known, "PYTHONPATH": os.pathsep.join((str(self.site), str(self.source / "tests"))), **more}
        done = subprocess.run(
            [sys.executable, *command], cwd=folder, env=env, capture_output=True, text=True, timeout=300, check=False
        )
        assert done.returncode == code, f"{command}: {done.returncode}\n{done.stdout}\n{done.stderr}"
        return done

    def sourcer(self, *arguments: str, folder: Path, code: int = 0, **more: str) -> str:
        """Run a command of Sourcer; gives its stdout."""
        return self.run(
            "-c", "from sourcer.cli import main; main()", *arguments, folder=folder, code=code, **more
        ).stdout


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """The example of the page, built as a wheel and installed from it."""
    folder = tmp_path_factory.mktemp("atelier")
    made = Project(folder / "source", folder / "site")
    for block in FILE.finditer(PAGE.read_text(encoding="utf-8")):
        path = made.source / block["path"]
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(block["text"], encoding="utf-8")
    (made.source / "sourcer_atelier" / "py.typed").touch()
    made.run("-m", "build", "--wheel", "--no-isolation", folder=made.source)
    (wheel,) = (made.source / "dist").glob("*.whl")
    made.run(
        "-m",
        "pip",
        "install",
        "--quiet",
        "--no-deps",
        "--no-index",
        "--target",
        str(made.site),
        str(wheel),
        folder=folder,
    )
    return made


def write_files(folder: Path, files: Mapping[str, str]) -> None:
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


@pytest.mark.slow
def test_the_installed_wheel_is_found_and_says_what_to_set(project: Project, tmp_path: Path) -> None:
    def status() -> dict[str, Any]:
        listed = json.loads(project.sourcer("connectors", "--json", folder=tmp_path))
        assert {"github", "stackoverflow"} <= {one["name"] for one in listed}
        (found,) = [one for one in listed if one["name"] == "atelier"]
        return dict(found)

    expected = {
        "name": "atelier",
        "sites": ["atelier"],
        "package": "sourcer-atelier",
        "version": "0.1.0",
        "findings": [],
    }
    reason = "no section [connectors.atelier] in sourcer.toml: add it"
    assert status() == {**expected, "status": "disabled", "reason": reason}
    write_files(tmp_path, {"sourcer.toml": '[connectors.atelier]\ntoken = { env = "ATELIER_TOKEN" }\n'})
    reason = "no token: set the environment variable ATELIER_TOKEN; atelier.example/settings makes one"
    assert status() == {**expected, "status": "disabled", "reason": reason}
    write_files(tmp_path, {"sourcer.toml": '[connectors.atelier]\ntoken = "invented-token"\n'})
    assert status()["status"] == "enabled"


@pytest.mark.slow
def test_the_examples_own_tests_pass(project: Project) -> None:
    """As its author runs them: with pytest, without our settings."""
    said = project.run(
        "-m",
        "pytest",
        "-q",
        "-W",
        "error",
        "-p",
        "no:asyncio",
        "-p",
        "no:cacheprovider",
        "tests",
        folder=project.source,
    ).stdout
    contract = [name for name in vars(testing.ConnectorContract) if name.startswith("test_")]
    assert f"{2 * len(contract)} passed" in said


@pytest.fixture
def atelier(project: Project) -> Iterator[str]:
    """The invented site, served on this machine."""
    env = {**os.environ, "PYTHONPATH": os.pathsep.join((str(project.site), str(project.source / "tests")))}
    with subprocess.Popen(
        [sys.executable, "-c", SERVER], env=env, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as server:
        assert server.stdout is not None
        yield server.stdout.readline().strip()
        server.communicate(timeout=10)


def crawl_rank_export(
    project: Project, folder: Path
) -> tuple[dict[str, Any], list[dict[str, Any]], list[dict[str, str]]]:
    """The whole way; gives the site's counts, the ranking, and the rows of the CSV."""
    write_files(folder, {"briefs/ml.toml": BRIEF})
    run = json.loads(project.sourcer("crawl", "ml", "--json", folder=folder))
    assert run["status"] == "complete"
    ranked = json.loads(project.sourcer("rank", "ml", "--as-of", "2026-06-01", "--json", folder=folder))
    project.sourcer("export", "ml", "--output", "people.csv", "--as-of", "2026-06-01", folder=folder)
    with (folder / "people.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    return run["sites"]["atelier"], ranked, rows


@pytest.mark.slow
def test_the_examples_api_is_crawled_scored_and_exported(project: Project, tmp_path: Path, atelier: str) -> None:
    section = f'[connectors.atelier]\ntoken = "invented-token"\napi_url = "{atelier}"\n[crawl]\ndeep_share = 1.0\n'
    write_files(tmp_path, {"sourcer.toml": section})
    counts, ranked, rows = crawl_rank_export(project, tmp_path)
    assert (counts["profiles"], counts["gone"], counts["errors"]) == (2, 1, [])
    assert counts["evidence"] == 4  # three repositories and one list of packages
    best = ranked[0]
    assert best["name"] == "Ilse Invented"
    assert best["score"] > 0
    assert best["missing"] == []
    assert best["country"] == "PT"
    assert best["profiles"] == [
        {"site": "atelier", "uid": "1", "login": "ilse", "url": "https://atelier.example/people/1"}
    ]
    assert rows[0]["name"] == "Ilse Invented"
    assert "https://atelier.example/people/1" in rows[0]["other_urls"]
    assert "build-bot" not in json.dumps(ranked)
    explained = project.sourcer(
        "explain", "atelier:ilse", "--brief", "ml", "--as-of", "2026-06-01", "--json", folder=tmp_path
    )
    assert "repo.dependency" in {one["evidence"]["kind"] for one in json.loads(explained)["contributions"]}
    assert "invented-token" not in "".join(
        path.read_bytes().decode("latin-1") for path in tmp_path.rglob("*") if path.is_file() and path.suffix != ".toml"
    )


@pytest.mark.slow
def test_the_examples_export_is_crawled_scored_and_exported(project: Project, tmp_path: Path) -> None:
    people = "import json, test_atelier\nfor one in test_atelier.PEOPLE: print(json.dumps(one))"
    lines = project.run("-c", people, folder=tmp_path).stdout
    section = '[connectors.atelier]\ndump_dir = "monthly"\n'
    write_files(tmp_path, {"monthly/people.jsonl": lines, "sourcer.toml": section, "briefs/ml.toml": BRIEF})
    project.sourcer("crawl", "ml", folder=tmp_path, code=1)  # an export of real people needs the privacy block
    write_files(tmp_path, {"sourcer.toml": f"{PRIVACY}{section}"})
    counts, ranked, rows = crawl_rank_export(project, tmp_path)
    assert (counts["profiles"], counts["evidence"], counts["requests"]) == (2, 3, 0)
    assert ranked[0]["name"] == "Ilse Invented"
    assert [row["name"] for row in rows] == [person["name"] for person in ranked]


@pytest.mark.slow
def test_the_example_is_typed(project: Project) -> None:
    checked = project.run(
        "-m", "mypy", "--strict", "--no-incremental", "sourcer_atelier", "tests", folder=project.source
    )
    assert "no issues found" in checked.stdout


def test_the_page_names_the_whole_contract() -> None:
    """What the contract offers and demands stands on the page; a new name that is missing there fails here."""
    text = PAGE.read_text(encoding="utf-8")
    wanted = {name for name in vars(Connector) if not name.startswith("_")} | set(Connector.__annotations__)
    for model in (Bucket, Quota, Refusal, SitePolicy, Profile, Evidence):
        wanted |= set(model.__dataclass_fields__)
    wanted |= {name for name in public.__all__ if name not in {"Depth", "Json", "SitePlan", "SecretRef", "covers"}}
    wanted |= set(testing.__all__)
    missing = sorted(name for name in wanted if not re.search(rf"\b{re.escape(name)}\b", text))
    assert missing == []
