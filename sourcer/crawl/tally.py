"""What a run counted, site by site: the ``sites`` object of ``runs --json``."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sourcer.crawl.planning import corrected
from sourcer.domain import Done, Evidence, Gone, Item, Profile, Unknown
from sourcer.fetch.usage import Usage

__all__ = ["SiteTally", "Tally"]


@dataclass(slots=True)
class SiteTally:
    """The counts of one site in one run."""

    profiles: int = 0
    evidence: int = 0
    gone: int = 0
    unknown: int = 0
    suppressed: int = 0
    unchanged: int = 0
    stopped: str | None = None
    requests: int = 0
    not_modified: int = 0
    spent: dict[str, float] = field(default_factory=dict)
    errors: dict[str, tuple[int, str]] = field(default_factory=dict)
    failed: dict[str, tuple[int, str]] = field(default_factory=dict)
    planned: dict[str, Any] | None = None
    corrected: dict[str, Any] | None = None
    stages: dict[str, dict[str, float]] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        """The counts in the shape of DESIGN section 7, and what was spent at each stage beside what was planned."""
        return {
            "spent": dict(sorted(self.spent.items())),
            "stages": {stage: dict(sorted(units.items())) for stage, units in self.stages.items()},
            "planned": self.planned,
            "corrected": self.corrected,
            "requests": self.requests,
            "not_modified": self.not_modified,
            "profiles": self.profiles,
            "evidence": self.evidence,
            "gone": self.gone,
            "suppressed": self.suppressed,
            "unchanged": self.unchanged,
            "unknown": self.unknown,
            "stopped": self.stopped,
            "errors": [
                {"kind": kind, "count": count, "example": example}
                for kind, (count, example) in sorted([*self.errors.items(), *self.failed.items()])
            ],
        }


class Tally:
    """The counts of one connector's sites. What is not tied to one site (requests, the plan) goes to the first."""

    def __init__(self, sites: Iterable[str]) -> None:
        self.sites: dict[str, SiteTally] = {site: SiteTally() for site in sites}
        self._stage = ""
        self._before: dict[str, float] = {}

    @property
    def first(self) -> SiteTally:
        """The site that carries what no single site owns."""
        return next(iter(self.sites.values()))

    def count(self, items: Iterable[Item]) -> None:
        """Count items that were stored."""
        for item in items:
            match item:
                case Profile():
                    self.sites[item.ref.site].profiles += 1
                case Evidence():
                    self.sites[item.ref.site].evidence += 1
                case Gone():
                    self.sites[item.ref.site].gone += 1
                case Unknown():
                    self.sites[item.ref.site].unknown += 1
                case Done(unchanged=True):
                    self.sites[item.ref.site].unchanged += 1
                case _:
                    pass

    def error(self, kind: str, example: str, site: str = "") -> None:
        """Count a fault; the first of its kind stays as the example."""
        errors = self.sites.get(site, self.first).errors
        count, first = errors.get(kind, (0, example))
        errors[kind] = (count + 1, first)

    def stop(self, reason: str) -> None:
        """Note that the connector failed: it stopped for a reason that waiting does not mend."""
        for tally in self.sites.values():
            tally.stopped = reason

    def begin(self, stage: str, usage: Usage) -> None:
        """What is spent from here on belongs to a stage: ``plan``, ``discover``, ``cheap``, ``deep``."""
        self.take_usage(usage)
        self._stage, self._before = stage, dict(usage.spent)

    def plan(self, plans: Iterable[Mapping[str, Any]]) -> None:
        """Note what all sites together are expected to cost: what they spend is not told apart either."""
        told = list(plans)
        if told:
            self.first.planned = _sum(told)

    def correct(self, people: int) -> None:
        """Correct the plan by how many people were found, and by what the cheap look cost once it is over."""
        planned = self.first.planned
        if planned is not None:
            share = people / planned["people"] if planned["people"] else None
            told = self.first.stages.get("cheap")
            self.first.corrected = {**corrected(planned, share, told), "people": people}

    def take_usage(self, usage: Usage) -> None:
        """Set what the fetcher has used so far, and what came to nothing on its way."""
        now = {bucket: units - self._before.get(bucket, 0.0) for bucket, units in usage.spent.items()}
        spent = {bucket: units for bucket, units in now.items() if units}
        if self._stage and spent:
            self.first.stages[self._stage] = spent
        self.first.spent = dict(usage.spent)
        self.first.requests = usage.requests
        self.first.not_modified = usage.not_modified
        self.first.failed = dict(usage.errors)

    def as_json(self) -> dict[str, Any]:
        """Every site's counts."""
        return {site: tally.as_json() for site, tally in sorted(self.sites.items())}


def _sum(plans: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Plans of several sites as one; how many people there are is unknown where one does not say."""
    people = [plan["people"] for plan in plans]
    whole: dict[str, Any] = {"people": None if None in people else sum(people)}
    for stage in ("discover", "cheap", "deep"):
        units: dict[str, float] = {}
        for plan in plans:
            units |= {bucket: units.get(bucket, 0) + amount for bucket, amount in plan[stage].items()}
        whole[stage] = units
    return whole
