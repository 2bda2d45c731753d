from __future__ import annotations

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
