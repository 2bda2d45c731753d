"""The unit of systemd and the container file, held against the program that they start."""

from __future__ import annotations

import json
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import click
import pytest

from sourcer import service
from sourcer.cli import cli

ROOT = Path(__file__).resolve().parent.parent.parent
UNIT = ROOT / "deploy" / "sourcer.service"
CONTAINER = ROOT / "deploy" / "Containerfile"
HOME = "/var/lib/sourcer"


def unit() -> dict[str, list[str]]:
    """Every key of the unit with its values: some stand there twice."""
    found: dict[str, list[str]] = {}
    for line in UNIT.read_text(encoding="utf-8").splitlines():
        key, equals, value = line.partition("=")
        if equals and not line.startswith("#"):
            found.setdefault(key, []).append(value)
    return found


def steps() -> Iterator[tuple[str, str]]:
    """Every instruction of the container file."""
    for line in CONTAINER.read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            word, _, rest = line.partition(" ")
            yield word, rest


def of(word: str) -> list[str]:
    return [rest for found, rest in steps() if found == word]


def runs(arguments: Sequence[str]) -> str:
    """The command that a command line comes to; click complains where it does not know a word of it."""
    context = cli.make_context("sourcer", list(arguments))
    name, command, rest = cli.resolve_command(context, list(arguments))
    assert command is not None
    command.make_parser(click.Context(command, parent=context)).parse_args(list(rest))
    return name or ""


def test_the_unit_starts_what_there_is_and_everything_lies_in_one_folder() -> None:
    found = unit()
    program, *arguments = shlex.split(found["ExecStart"][0])
    assert (Path(program).name, runs(arguments)) == ("sourcer", "schedule")
    environment = dict(line.split("=", 1) for line in found["Environment"])
    assert environment == {"SOURCER_CONFIG": f"{HOME}/sourcer.toml", "SOURCER_LOG_FORMAT": "json"}
    assert found["WorkingDirectory"] == [HOME] == [f"/var/lib/{found['StateDirectory'][0]}"]


def test_a_stop_is_given_the_time_it_needs_and_is_no_failure() -> None:
    found = unit()
    assert float(found["TimeoutStopSec"][0]) > service._PATIENCE_SECONDS
    assert found["SuccessExitStatus"] == [str(service._INCOMPLETE)]
    assert found["KillSignal"] == of("STOPSIGNAL") == ["SIGTERM"]


def test_systemd_finds_no_fault_with_the_unit(tmp_path: Path) -> None:
    analyze = shutil.which("systemd-analyze")
    if analyze is None:
        pytest.skip("systemd is not installed")
    text = UNIT.read_text(encoding="utf-8").replace("/opt/sourcer/bin/sourcer", sys.executable)
    copy = tmp_path / UNIT.name
    copy.write_text(text, encoding="utf-8")
    done = subprocess.run(
        [analyze, "verify", "--man=no", str(copy)], capture_output=True, text=True, timeout=60, check=False
    )
    # Of other units on this machine it may complain as well.
    assert [line for line in done.stderr.splitlines() if UNIT.name in line] == []


def test_the_container_copies_what_there_is_and_runs_what_there_is() -> None:
    copied = [name for rest in of("COPY") for name in rest.split()[:-1]]
    assert copied
    assert all((ROOT / name).exists() for name in copied)
    assert of("ENTRYPOINT") == ['["sourcer"]']
    assert runs(json.loads(of("CMD")[0])) == "schedule"
    program, *check = json.loads(of("HEALTHCHECK")[0].partition("CMD ")[2])
    assert (program, runs(check)) == ("sourcer", "runs")
    assert of("VOLUME") == [HOME] == of("WORKDIR")[-1:]
    assert f"SOURCER_CONFIG={HOME}/sourcer.toml" in of("ENV")[0]
    assert f"--home-dir {HOME} sourcer" in of("RUN")[0]
    assert of("USER") == ["sourcer"]


def test_a_word_that_the_program_does_not_know_is_noticed() -> None:
    with pytest.raises(click.UsageError):
        runs(["runs", "--chek"])
    with pytest.raises(click.UsageError):
        runs(["shedule"])
