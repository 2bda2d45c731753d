"""Results as a person reads them."""

from __future__ import annotations

import io
import shutil
import sys
import textwrap
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any, Final

from rich.console import Console
from rich.table import Table

from sourcer.brief import Brief
from sourcer.connect.registry import ConnectorStatus
from sourcer.crawl import CrawlOutcome
from sourcer.domain import DIMENSIONS
from sourcer.privacy import Notice
from sourcer.score import Candidate, Explanation, seen_ago
from sourcer.store.links import LinkRow
from sourcer.store.reads import PersonFacts
from sourcer.store.runs import RunRow

__all__ = [
    "connectors_table",
    "explanation_text",
    "links_table",
    "notices_table",
    "plan_table",
    "ranking_text",
    "run_summary",
    "runs_table",
]

_TEXT_WIDTH = 100
_INDENT = "      "
_PIPE_WIDTH = 160
"""Columns of a table that goes to a file or a pipe, where no terminal tells."""

_STAGES: Final = ("discover", "cheap", "deep")


def _text(table: Table) -> str:
    width = shutil.get_terminal_size((_PIPE_WIDTH, 24)).columns if sys.stdout.isatty() else _PIPE_WIDTH
    console = Console(file=io.StringIO(), width=width, markup=False, highlight=False, color_system=None)
    with console.capture() as captured:
        console.print(table)
    return "\n".join(line.rstrip() for line in captured.get().splitlines())


def _table(columns: Sequence[str], rows: Iterable[Sequence[str]], *, right: Sequence[str] = ()) -> str:
    table = Table(box=None, pad_edge=False)
    for name in columns:
        table.add_column(name, justify="right" if name in right else "left", overflow="fold")
    for row in rows:
        table.add_row(*row)
    return _text(table)


def connectors_table(found: Sequence[ConnectorStatus]) -> str:
    """One row a connector, and what to set for those that are off; below it what else there is to know."""
    rows = [
        (status.name, status.status, ", ".join(status.sites), f"{status.package} {status.version}", status.reason)
        for status in found
    ]
    if not rows:
        return "no connectors are installed"
    table = _table(("connector", "status", "sites", "package", "reason"), rows)
    findings = [f"{status.name}: {sentence}" for status in found for sentence in status.findings]
    return "\n".join([table, *(["", *findings] if findings else [])])


def links_table(rows: Sequence[LinkRow]) -> str:
    """One row a pair of accounts: what was decided of it, by whom, and why."""
    if not rows:
        return "no two accounts are linked"
    lines = [
        (
            f"{row.site_a}:#{row.uid_a}",
            f"{row.site_b}:#{row.uid_b}",
            row.status,
            f"{row.confidence:.2f}",
            row.decided_by or "the rules",
            "; ".join(": ".join(filter(None, (one.get("kind"), one.get("detail")))) for one in row.reasons),
        )
        for row in rows
    ]
    return _table(("a", "b", "status", "confidence", "decided by", "reasons"), lines, right=("confidence",))


def notices_table(notices: Sequence[Notice]) -> str:
    """One row a person who must be told, with the last day and whether it has passed."""
    rows = [
        (
            f"{one.due}, overdue" if one.overdue else str(one.due),
            str(one.person),
            one.name,
            one.first_stored.isoformat(),
            "  ".join(one.urls),
        )
        for one in notices
    ]
    if not rows:
        return "nobody is to be told in these days"
    return _table(("until", "person", "name", "first stored", "profiles"), rows)


def plan_table(planned: Mapping[str, Any]) -> str:
    """One row a site."""
    rows = [
        (
            site,
            "unknown" if plan["people"] is None else str(plan["people"]),
            *(_units(plan[stage]) for stage in _STAGES),
        )
        for site, plan in planned["sites"].items()
    ]
    return _table(("site", "people", "discovery", "cheap look", "deep look"), rows, right=("people",))


def _units(units: Mapping[str, float]) -> str:
    return ", ".join(f"{amount:g} {bucket}" for bucket, amount in sorted(units.items())) or "nothing"


def ranking_text(brief: Brief, people: Sequence[Candidate], as_of: date, first: int | None = None) -> str:
    """The ranking with the reason of each; ``first`` is how many were asked for, if not all."""
    if not people:
        return (
            f"nobody is ranked for {brief.name}: `sourcer crawl {brief.name}` finds people; if it has, look at [where] "
            "and [skills] exclude in the brief"
        )
    count = f"the first {len(people)}" if first is not None else str(len(people))
    lines = [f"{brief.title}: {count} people who show evidence, as of {as_of}"]
    for person in people:
        marks = [*([person.state] if person.state != "new" else []), *person.tags, *person.flags]
        flags = f"   [{', '.join(marks)}]" if marks else ""
        about = f"{person.score:.1f} points   {person.role_in_words}   (person {person.person})"
        lines += ["", f"{person.rank:4}. {person.name}   {about}{flags}"]
        lines += _wrapped(person.why)
        if person.missing:
            lines.append(f"{_INDENT}no evidence of: {', '.join(person.missing)}")
        if person.affiliations:
            lines.append(f"{_INDENT}names: {', '.join(person.affiliations)}")
        urls = "  ".join(profile.url for profile in person.profiles)
        lines.append(f"{_INDENT}{urls}  ({seen_ago(person.last_seen, as_of)})")
    return "\n".join([*lines, *_pay(brief)])


def _wrapped(text: str) -> list[str]:
    """Lines below a name. Hyphens stand in names of repositories: those are not torn."""
    wrapper = textwrap.TextWrapper(_TEXT_WIDTH, _INDENT, _INDENT, break_on_hyphens=False)
    return wrapper.wrap(text)


def _pay(brief: Brief) -> list[str]:
    """What the role offers, beside what sources say is paid; no part of any score."""
    if brief.compensation is None:
        return []
    offered, *benchmarks = brief.compensation.in_words()
    return ["", f"Pay (never scored): {offered}", *(f"{_INDENT}{line}" for line in benchmarks)]


def explanation_text(
    brief: Brief, explained: Explanation, facts: PersonFacts, as_of: date, most: int | None = None
) -> str:
    """Who it is, what the score is made of by dimension, then sentences about the evidence: ``most`` at the most."""
    names = [profile.name or profile.login for profile in facts.profiles if profile.name or profile.login]
    name = names[0] if names else f"person {explained.person}"
    totals = dict.fromkeys(DIMENSIONS, 0.0)
    for contribution in explained.contributions:
        totals[contribution.dimension] += contribution.points
    parts = ", ".join(f"{dimension} {points:.1f}" for dimension, points in totals.items())
    return "\n".join(
        [
            f"{name} (person {explained.person}): {explained.score:.1f} points for {brief.title!r} as of {as_of}",
            *(f"  {profile.url}  ({seen_ago(profile.seen_at, as_of)})" for profile in facts.profiles),
            f"  {explained.role_in_words}; {parts}",
            *([f"  flags: {', '.join(explained.flags)}"] if explained.flags else []),
            "",
            *explained.in_words(most),
        ]
    )


def run_summary(outcome: CrawlOutcome) -> list[str]:
    """How a crawl ended and what to do next."""
    run = outcome.run
    lines = [_site_line(site, counts) for site, counts in run.sites.items()]
    lines += [f"  {message}" for message in outcome.messages]
    brief = run.brief
    ending = {
        "complete": f"complete: `sourcer rank {brief}` lists the people"
        if outcome.ranked
        else "complete, and nobody is ranked: look at [discover] and [skills] in the brief",
        "incomplete": "incomplete: the archive does not hold the rest"
        if run.replay_of is not None
        else f"incomplete: run `sourcer crawl {brief}` again, it goes on from here",
        "failed": "failed: see above",
    }
    return [*lines, f"run {run.id} of {brief} is {ending.get(run.status, run.status)}"]


def _site_line(site: str, counts: Mapping[str, Any]) -> str:
    line = f"{site}: {counts['profiles']} profiles, {counts['evidence']} pieces of evidence"
    # Runs that were stored by an older version do not count all of these.
    for name in ("unchanged", "gone", "unknown", "suppressed"):
        line += f", {counts[name]} {name}" if counts.get(name) else ""
    if counts["spent"] or counts.get("planned"):  # else it is counted with the first site of its connector
        line += f", spent {_units(counts['spent'])}{_against_plan(counts)}"
    for error in counts["errors"]:
        line += f"; {error['count']} × {error['kind']} (such as: {error['example']})"
    return line


def _against_plan(counts: Mapping[str, Any]) -> str:
    """What each stage spent of what was planned for it, where a plan was made."""
    planned, stages = counts.get("planned"), counts.get("stages") or {}
    if not planned:
        return ""
    told = [
        f"{stage} {_units(stages.get(stage, {}))} of {_units(planned[stage])}" for stage in _STAGES if planned[stage]
    ]
    return f" (spent of planned: {'; '.join(told)})" if told else ""


def runs_table(listed: Sequence[RunRow]) -> str:
    """One row a run."""
    if not listed:
        return "nothing was crawled yet: `sourcer crawl BRIEF` starts"
    rows = []
    for run in listed:
        ended = f"{run.finished_at:%Y-%m-%d %H:%M}" if run.finished_at else ""
        lines = [_site_line(site, counts) for site, counts in run.sites.items()]
        found = "\n".join([*lines, *(f"! {one.site}: {one.detail}" for one in run.health)])
        rows.append((str(run.id), run.brief, run.status, f"{run.started_at:%Y-%m-%d %H:%M}", ended, found))
    return _table(("run", "brief", "status", "started (UTC)", "ended", "what"), rows, right=("run",))
