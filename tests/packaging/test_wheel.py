"""The wheel, installed outside the checkout in a clean environment, does the main job."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import venv
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the commands of an environment that holds the wheel and its pinned requirements, nothing else."""
    folder = tmp_path_factory.mktemp("wheel")
    run(sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(folder), str(ROOT), cwd=folder)
    (wheel,) = folder.glob("*.whl")
    venv.create(folder / "env", with_pip=True)
    python = str(folder / "env" / "bin" / "python")
    pip = (python, "-m", "pip", "--quiet", "--disable-pip-version-check", "install")
    run(*pip, "--require-hashes", "-r", str(ROOT / "requirements.txt"), cwd=folder)
    run(*pip, "--no-deps", "--no-index", str(wheel), cwd=folder)
    return folder / "env" / "bin"


def run(*command: str, cwd: Path, **environment: str) -> str:
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("SOURCER_", "PYTHON"))}
    done = subprocess.run(
        command, cwd=cwd, env=clean | environment, capture_output=True, text=True, check=False, timeout=300
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_it_makes_and_upgrades_a_database(installed: Path, tmp_path: Path) -> None:
    sourcer = str(installed / "sourcer")
    run(sourcer, "init", "--yes", cwd=tmp_path)
    (tmp_path / "sourcer.db").unlink()
    run(sourcer, "db", "upgrade", cwd=tmp_path)
    assert "current" in run(sourcer, "db", "status", cwd=tmp_path)


def test_it_finds_its_connectors(installed: Path, tmp_path: Path) -> None:
    found = json.loads(run(str(installed / "sourcer"), "connectors", "--json", cwd=tmp_path))
    assert {"github", "stackoverflow"} <= {connector["name"] for connector in found}
    assert all(connector["status"] != "broken" for connector in found)


def test_it_runs_the_demo(installed: Path, tmp_path: Path) -> None:
    shown = run(str(installed / "sourcer"), "demo", "world", "--people", "120", cwd=tmp_path)
    assert "  1. " in shown
    assert (tmp_path / "world" / "people.csv").stat().st_size > 1000
