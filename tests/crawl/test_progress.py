from __future__ import annotations

import io

import pytest
from rich.console import Console

from sourcer.crawl.progress import LineProgress, LiveProgress, Progress, SiteProgress, progress_on


def site(pending: int = 0, phase: str = "cheap") -> SiteProgress:
    return SiteProgress(
        "github", phase, people=12, pending=pending, evidence=34, budget={"graphql": 4750.0, "core": None}
    )


def test_a_line_tells_people_evidence_budget_and_time_left(monkeypatch: pytest.MonkeyPatch) -> None:
    now = iter([0.0, 60.0])
    monkeypatch.setattr("sourcer.crawl.progress.time.monotonic", lambda: next(now))
    stream = io.StringIO()
    lines = LineProgress(stream)
    lines.show([site(pending=30)])
    lines.show([site(pending=20)])
    first, second = stream.getvalue().splitlines()
    assert first == "github: cheap, 12 people, 34 pieces of evidence, 30 to visit, budget left graphql 4750, core ?"
    assert second.endswith(", 20 to visit, budget left graphql 4750, core ?, about 2:00 left")


def test_what_is_done_is_not_told_again() -> None:
    stream = io.StringIO()
    LineProgress(stream).show([site(phase="done")])
    assert stream.getvalue() == ""


def test_a_terminal_gets_a_table() -> None:
    stream = io.StringIO()
    with LiveProgress(Console(file=stream, force_terminal=True, width=100)) as live:
        live.message("warning: [github] is disabled")
        live.show([site(pending=3)])
    shown = stream.getvalue()
    assert "warning: [github] is disabled" in shown
    assert "graphql 4750" in shown


def test_a_pipe_gets_lines_and_nobody_gets_nothing() -> None:
    assert isinstance(progress_on(io.StringIO()), LineProgress)
    with Progress() as silent:
        silent.message("unheard")
        silent.show([site()])
