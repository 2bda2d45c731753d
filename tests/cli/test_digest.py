"""The digest and the shortlist as commands: what moves the mark and what does not."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import httpx
import pytest
import respx
from click.testing import CliRunner, Result

from sourcer.cli import cli
from sourcer.domain import Done
from sourcer.store.database import Database
from support.store_items import account, begin, commit, piece, profile

HOOK = "https://hooks.example.org/secret-path"


@pytest.fixture
def folder(tmp_path: Path, sqlite_template: Path) -> Path:
    """A configuration, a brief, and a database of two people."""
    (tmp_path / "briefs").mkdir()
    (tmp_path / "briefs" / "ml.toml").write_text('title = "ML"\nrole = "ml_engineer"\n', encoding="utf-8")
    database = shutil.copy(sqlite_template, tmp_path / "sourcer.db")
    settings = f'[database]\nurl = "sqlite:///{database}"\n[notify]\nwebhook = "{HOOK}"\n'
    (tmp_path / "sourcer.toml").write_text(settings, encoding="utf-8")
    with Database(f"sqlite:///{database}") as opened:
        items = [
            item
            for ref in (account(1), account(2))
            for item in (ref, profile(ref), piece(ref, "x/a", terms=("topic:mlflow",)), Done(ref))
        ]
        commit(opened, begin(opened), *items)
    return tmp_path


def run(folder: Path, *arguments: str) -> Result:
    return CliRunner().invoke(cli, ["--config", str(folder / "sourcer.toml"), *arguments])


def told(folder: Path, *arguments: str) -> dict[str, int]:
    done = run(folder, "digest", "ml", "--json", "--as", "kim", *arguments)
    assert done.exit_code == 0, done.output
    counts: dict[str, int] = json.loads(done.stdout)["counts"]
    return counts


def test_looking_moves_the_mark_of_one_user_and_peeking_does_not(folder: Path) -> None:
    everybody, nobody = dict.fromkeys(("new", "changed", "gone", "back"), 0) | {"new": 2}, 0
    assert told(folder, "--peek") == told(folder, "--since", "2026-01-01") == told(folder) == everybody
    assert told(folder)["new"] == nobody
    assert "lee's first look" in run(folder, "digest", "ml", "--as", "lee").stdout
    wrong = run(folder, "digest", "ml", "--since", "yesterday")
    assert wrong.exit_code == 2
    assert "write it as 2026-01-31" in wrong.output


@respx.mock
def test_what_could_not_be_posted_is_told_again(folder: Path) -> None:
    route = respx.post(HOOK).mock(return_value=httpx.Response(404))
    failed = run(folder, "digest", "ml", "--as", "kim", "--webhook")
    assert failed.exit_code == 1
    assert "404" in failed.output
    assert "secret-path" not in failed.output
    route.mock(return_value=httpx.Response(200))
    assert run(folder, "digest", "ml", "--as", "kim", "--webhook").exit_code == 0
    sent = json.loads(route.calls.last.request.content)
    assert "2 new" in sent["text"]
    assert sent["digest"]["counts"]["new"] == 2
    assert told(folder)["new"] == 0


def test_a_file_is_markdown_or_json(folder: Path) -> None:
    page, data = folder / "digest.md", folder / "digest.json"
    assert run(folder, "digest", "ml", "--peek", "--output", str(page)).stdout == ""
    run(folder, "digest", "ml", "--output", str(data))
    assert page.read_text(encoding="utf-8").startswith("# ML")
    assert json.loads(data.read_text(encoding="utf-8"))["counts"]["new"] == 2
    nowhere = run(folder, "digest", "ml", "--as", "new", "--output", str(folder / "no" / "where.md"))
    assert nowhere.exit_code == 1
    assert "first look" in run(folder, "digest", "ml", "--as", "new").stdout


def test_the_shortlist_takes_several_people_and_tells_everything(folder: Path) -> None:
    assert run(folder, "shortlist", "add", "ml", "github:user-2", "github:#1", "--as", "kim").exit_code == 0
    done = run(folder, "shortlist", "state", "ml", "github:user-1", "rejected", "--reason", "no", "--as", "lee")
    assert "user-1 is rejected (was new)" in done.output
    run(folder, "shortlist", "note", "ml", "github:#2", "met in Oslo")
    run(folder, "shortlist", "tag", "ml", "github:#1", "github:#2", "oslo")
    run(folder, "shortlist", "untag", "ml", "github:#1", "oslo")
    listed = json.loads(run(folder, "shortlist", "show", "ml", "--json").stdout)
    assert [(one["place"], one["name"], one["state"], one["decided_by"], one["tags"]) for one in listed] == [
        (1, "user-2", "new", None, ["oslo"]),
        (2, "user-1", "rejected", "lee", []),
    ]
    assert [one["text"] for one in listed[0]["notes"]] == ["met in Oslo"]
    assert [one["name"] for one in json.loads(run(folder, "rank", "ml", "--json").stdout)] == ["user-2"]
    assert [one["state"] for one in json.loads(run(folder, "rank", "ml", "--json", "--all").stdout)] == [
        "rejected",
        "new",
    ]
    assert "left out: 1 rejected" in run(folder, "rank", "ml").stderr
    assert "left out" not in run(folder, "rank", "ml", "--include", "rejected").stderr
    told = run(folder, "shortlist", "history", "github:#1").stdout
    assert "new → rejected (no)" in told
    assert "note" in run(folder, "shortlist", "show", "ml").stdout
    run(folder, "shortlist", "remove", "ml", "github:#2")
    assert [one["name"] for one in json.loads(run(folder, "shortlist", "show", "ml", "--json").stdout)] == ["user-1"]
    wrong = run(folder, "shortlist", "state", "ml", "github:#1", "hired")
    assert wrong.exit_code == 2
    assert "--reason" in wrong.output
