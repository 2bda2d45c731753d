from __future__ import annotations

import stat
import subprocess
import sys
import tomllib
from pathlib import Path

from sourcer.config import Config, parse_settings
from support.cli_runner import sourcer

PRIVACY = (
    "--controller", "Example Hiring Ltd", "--contact", "privacy@example.org",
    "--lawful-basis", "legitimate interest", "--purpose", 'hiring for "our" teams',
)  # fmt: skip


def test_it_writes_the_configuration_a_brief_and_the_database(tmp_path: Path) -> None:
    done = sourcer("init", "hiring", "--yes", *PRIVACY, cwd=tmp_path)
    assert done.code == 0, done.err
    folder = tmp_path / "hiring"
    written = tomllib.loads((folder / "sourcer.toml").read_text(encoding="utf-8"))
    config = parse_settings(Config, written, "sourcer.toml")
    assert config.privacy.missing() == ()
    assert config.privacy.purpose == 'hiring for "our" teams'
    assert stat.S_IMODE((folder / "sourcer.db").stat().st_mode) == 0o600
    assert sourcer("rank", "ml-engineer", cwd=folder).code == 0
    assert sourcer("schedule", "--list", cwd=folder).out.count("ml-engineer: ") == 1


def test_what_is_missing_is_named_and_a_live_crawl_refuses_to_start(tmp_path: Path) -> None:
    done = sourcer("init", "--yes", cwd=tmp_path)
    assert "fill in [privacy] controller, contact, lawful_basis, purpose" in done.err
    refused = sourcer("crawl", "ml-engineer", cwd=tmp_path, GITHUB_TOKEN="invented")
    assert refused.code == 1
    assert "[privacy] controller, contact, lawful_basis, purpose" in refused.err


def test_it_asks_for_what_was_not_given(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "sourcer.cli", "init", "--controller", "Example Hiring Ltd"],
        cwd=tmp_path, input="privacy@example.org\n\nhiring\n", capture_output=True, text=True, check=True, timeout=60,
    )  # fmt: skip
    assert done.stdout == ""
    assert "Where can people ask" in done.stderr
    privacy = tomllib.loads((tmp_path / "sourcer.toml").read_text(encoding="utf-8"))["privacy"]
    assert privacy["contact"] == "privacy@example.org"
    assert privacy["lawful_basis"] == "legitimate interest"
    assert privacy["purpose"] == "hiring"


def test_nothing_that_exists_is_overwritten(tmp_path: Path) -> None:
    sourcer("init", "--yes", *PRIVACY, cwd=tmp_path)
    (tmp_path / "briefs" / "ml-engineer.toml").write_text('title = "Mine"\n', encoding="utf-8")
    before = (tmp_path / "sourcer.toml").read_bytes()
    again = sourcer("init", "--yes", "--controller", "Somebody else", cwd=tmp_path)
    assert again.code == 0
    assert "stays as it is" in again.err
    assert "was not written: change it in" in again.err
    assert (tmp_path / "sourcer.toml").read_bytes() == before
    assert (tmp_path / "briefs" / "ml-engineer.toml").read_text(encoding="utf-8") == 'title = "Mine"\n'


def test_without_a_token_github_says_what_to_set(tmp_path: Path) -> None:
    sourcer("init", "--yes", *PRIVACY, cwd=tmp_path)
    shown = sourcer("connectors", cwd=tmp_path, GITHUB_TOKEN="")
    assert shown.code == 0
    assert "GITHUB_TOKEN" in shown.out
    assert " ".join(shown.out.split()).find("stackoverflow enabled stackoverflow") > 0  # its API needs no key


def test_connectors_are_listed_before_there_is_a_configuration(tmp_path: Path) -> None:
    shown = sourcer("connectors", cwd=tmp_path)
    assert shown.code == 0
    assert "add it" in shown.out
