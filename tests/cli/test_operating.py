"""What operators rely on: exit codes, logs for machines, and no secret in any of them."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from sourcer.demo.run import BRIEF, prepare
from support.cli_runner import sourcer

pytestmark = pytest.mark.slow

HOOK = "http://127.0.0.1:9/planted-hook"
PLANTED = ("planted-token", "planted-hook", "planted-key")


def test_logs_for_machines_hold_records_alone_and_monitoring_sees_what_is_wrong(tmp_path: Path) -> None:
    with prepare(tmp_path, seed=5, people=40) as demo:
        path = demo.folder / "briefs" / f"{BRIEF}.toml"
        text = path.read_text(encoding="utf-8").partition("[schedule]")[0]
        path.write_text(f'{text}\n[schedule]\ncron = "* * * * *"\n', encoding="utf-8")
        config = demo.folder / "sourcer.toml"
        config.write_text(f'{config.read_text(encoding="utf-8")}\n[notify]\nwebhook = "{HOOK}"\n', encoding="utf-8")
        assert sourcer("runs", "--check", cwd=demo.folder).code == 1  # there is no database yet
        done = sourcer("--log-format", "json", "schedule", "--once", cwd=demo.folder)
        records = [json.loads(line) for line in done.err.splitlines()]
        assert done.code == 0, done.err
        outcome = next(record for record in records if record.get("job") == BRIEF)
        assert (outcome["status"], outcome["code"], outcome["level"]) == ("complete", 0, "info")
        assert any("[notify] webhook" in record["event"] for record in records)
        assert not [word for word in PLANTED if word in done.err]
        well = sourcer("runs", "--check", cwd=demo.folder)
        assert (well.code, well.out) == (0, "all is well\n")

        text = config.read_text(encoding="utf-8")
        for line in text.splitlines():
            if line.startswith("token ="):
                text = text.replace(line, 'token = "planted-token"')
        config.write_text(text, encoding="utf-8")
        said = ""
        for _ in range(3):
            ended = sourcer("--log-format", "json", "-v", "crawl", BRIEF, "--json", cwd=demo.folder)
            said += ended.err + ended.out
            # The hook that nobody answers was called once in vain: that takes its whole patience.
            config.write_text(config.read_text(encoding="utf-8").replace(HOOK, ""), encoding="utf-8")
        assert json.loads(ended.out)["health"]
        assert not [word for word in PLANTED if word in said]
        ill = sourcer("runs", "--check", "--json", cwd=demo.folder)
        assert ill.code == 1
        assert any("failed 3 runs in a row" in line for line in json.loads(ill.out))
        assert "! github: failed 3 runs in a row" in sourcer("runs", cwd=demo.folder).out
        shutil.rmtree(demo.folder / "archive", ignore_errors=True)
