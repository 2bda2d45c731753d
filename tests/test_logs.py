from __future__ import annotations

import json
import subprocess
import sys

CODE = """
import logging
from sourcer.logs import configure_logs
configure_logs(verbose={verbose})
logging.getLogger("sourcer.fetch").info("waiting %s s", 3)
logging.getLogger("sourcer.fetch").warning("refused")
"""


def said(*, verbose: bool) -> str:
    done = subprocess.run(
        [sys.executable, "-c", CODE.format(verbose=verbose)], capture_output=True, text=True, check=True, timeout=60
    )
    assert done.stdout == ""
    return done.stderr


def test_verbose_writes_a_structured_line_a_record() -> None:
    first, second = said(verbose=True).splitlines()
    assert first.endswith('level=info logger=sourcer.fetch event="waiting 3 s"')
    assert first.startswith("timestamp=2")
    assert "level=warning" in second


def test_otherwise_nothing_is_logged() -> None:
    assert said(verbose=False) == ""


STRUCTURED = """
import logging
from sourcer.logs import configure_logs, hide, log_line
configure_logs(verbose=False, form="json")
hide(["hidden-word", "x"])
try:
    raise ValueError("token=hidden-word")
except ValueError:
    logging.getLogger("sourcer.fetch").warning("it said %s", "hidden-word", exc_info=True, extra={"job": "a", "n": 3})
print(log_line("saved"))
"""


def test_for_machines_each_line_is_a_record_without_secrets() -> None:
    done = subprocess.run([sys.executable, "-c", STRUCTURED], capture_output=True, text=True, check=True, timeout=60)
    assert "hidden-word" not in done.stderr
    first, second = (json.loads(line) for line in done.stderr.splitlines())
    assert (first["event"], first["level"], first["job"], first["n"]) == ("it said ***", "warning", "a", 3)
    assert "ValueError: token=***" in first["exception"]
    assert (second["event"], second["logger"], done.stdout) == ("saved", "sourcer.say", "True\n")
