"""Whether a run is as runs of its brief usually are: what a human who never looks should be told."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from statistics import median
from typing import Any, Final

from sourcer.store.runs import Finding, RunRow

__all__ = ["HISTORY", "judged"]

HISTORY: Final = 100
"""Runs of all briefs that are looked at to know what is usual."""

_IN_A_ROW: Final = 3
_LEAST_KNOWN: Final = 4
"""Crawls that must be known before anything is called unusual."""
_MOST_KNOWN: Final = 10
_FAR: Final = 3 * 1.4826
"""Three standard deviations, where one is 1.4826 median deviations from the median."""


def judged(runs: Sequence[RunRow]) -> list[RunRow]:
    """The runs, newest first as given, each with what is unusual about it; the oldest lack what to compare with."""
    return [
        replace(run, health=tuple(_judge(run, runs[place + 1 : place + 1 + HISTORY]))) for place, run in enumerate(runs)
    ]


def _judge(run: RunRow, earlier: Sequence[RunRow]) -> Iterable[Finding]:
    if not _counts(run):
        return
    before = [other for other in earlier if other.brief == run.brief and _counts(other)]
    for site in run.sites:
        yield from _failing(site, run, before)
        yield from _low(site, run, before, earlier)
    recent = [other for other in before if other.status == "complete"][:_IN_A_ROW]
    if len(recent) == _IN_A_ROW and run.status != "running":
        for site in sorted(set.intersection(*(set(other.sites) for other in recent)) - set(run.sites)):
            detail = f"took part in the last {_IN_A_ROW} complete runs and not in this one: see `sourcer connectors`"
            yield Finding(site, "absent", detail)


def _counts(run: RunRow) -> bool:
    """Whether it is a crawl of the whole brief that was not cut off."""
    cut_off = run.stopped_by is not None or (run.finished_at is None and run.status != "running")
    return run.kind == "crawl" and run.replay_of is None and not cut_off


def _failing(site: str, run: RunRow, before: Sequence[RunRow]) -> Iterable[Finding]:
    with_it = [run, *(other for other in before if site in other.sites)][:_IN_A_ROW]
    if len(with_it) == _IN_A_ROW and all(other.sites[site].get("stopped") for other in with_it):
        yield Finding(
            site, "failing", f"failed {_IN_A_ROW} runs in a row, the last time with: {run.sites[site]['stopped']}"
        )


def _low(site: str, run: RunRow, before: Sequence[RunRow], earlier: Sequence[RunRow]) -> Iterable[Finding]:
    if run.status != "complete":
        return
    whole = [other for other in before if other.status == "complete" and other.chain != run.chain]
    usual = [_people(site, other, earlier) for other in whole if site in other.sites][:_MOST_KNOWN]
    if len(usual) < _LEAST_KNOWN:
        return
    middle = median(usual)
    spread = median(abs(value - middle) for value in usual)
    people = _people(site, run, [run, *earlier])
    if people < middle / 2 and people < middle - _FAR * spread:
        yield Finding(site, "low", f"{people} people, where {middle:g} are usual in the last {len(usual)} crawls")


def _people(site: str, run: RunRow, runs: Iterable[RunRow]) -> int:
    """Whom a crawl looked at on a site, over all the runs that it took."""
    chain: list[Any] = [other.sites[site] for other in runs if other.chain == run.chain and site in other.sites]
    return sum(int(counts.get("profiles", 0)) + int(counts.get("unchanged", 0)) for counts in chain)
