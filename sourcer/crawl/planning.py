"""What a crawl would spend, before it spends it."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

from pydantic import BaseModel

from sourcer.brief import Brief
from sourcer.config import Config, secrets_of
from sourcer.connect import AnswerError, Connector, Fetcher, SiteError, SitePlan
from sourcer.connect.guard import foreign_code
from sourcer.crawl.choice import choose
from sourcer.crawl.lasting import StoredShelf
from sourcer.crawl.reach import reach_of
from sourcer.crawl.shares import shared_limits
from sourcer.crawl.writer import Writer
from sourcer.fetch.budget import RunBudget
from sourcer.store.database import Database

__all__ = ["corrected", "expected_spending", "plan_crawl", "plan_json"]


_MET_AGAIN: Final = 3
"""How often discovery meets a person before the limit of people is reached: by another repository, topic or tag. A
rule of thumb; `benchmarks/github.py price` prints what was planned and what was spent."""


async def plan_crawl(
    config: Config, brief: Brief, database: Database | None = None
) -> tuple[dict[str, Any], list[str]]:
    """Ask each connector what a crawl of the brief would spend.

    Args:
        config: The configuration.
        brief: What would be crawled.
        database: Holds what sites answer forever; ``None`` asks for it again.

    Returns:
        The object of ``plan --json`` and warnings: about connectors that could not say, and quotas that do not reach.

    Raises:
        UsageError: The brief or the configuration cannot be used.
        RunError: There is no usable site.
    """
    choice = choose(config, brief)
    warnings = list(choice.warnings)
    sites: dict[str, Any] = {}
    budget = RunBudget(max_requests=None, max_wait_seconds=0)
    limits = shared_limits(brief.discover.limit, [part.name for part in choice.parts])
    shelf = None if database is None else StoredShelf(Writer(database))
    for part in choice.parts:
        async with Fetcher(
            part.name, part.policy, config.fetch, secrets=secrets_of(part.settings), budget=budget, shelf=shelf
        ) as fetcher:
            try:
                with foreign_code(part.name):
                    connector = part.build(fetcher)
                    await connector.check()
                expected = await expected_spending(
                    connector, part.discover, limit=limits[part.name], deep_share=config.crawl.deep_share
                )
            except (SiteError, AnswerError) as reason:
                warnings.append(f"{part.name}: {reason}")
                continue
            warnings += reach_of(part.name, expected.values(), fetcher.budget_left(), fetcher.budget_resets())
        sites |= {site: plan_json(spending) for site, spending in expected.items()}
    return {"brief": brief.name, "sites": dict(sorted(sites.items()))}, warnings


async def expected_spending(
    connector: Connector, discover: BaseModel, *, limit: int, deep_share: float
) -> dict[str, SitePlan]:
    """What a connector expects to spend on at most ``limit`` people, of whom at most ``deep_share`` are looked at deep.

    Raises:
        SiteError: It cannot say; :class:`AnswerError` likewise.
    """
    with foreign_code(connector.name):
        sites = dict((await connector.plan(discover)).sites)
        return {site: _within(plan, limit, deep_share) for site, plan in sites.items()}


def _within(plan: SitePlan, limit: int, deep_share: float) -> SitePlan:
    share = min(1.0, limit / plan.people) if plan.people else 1.0
    return replace(
        plan,
        people=None if plan.people is None else min(plan.people, limit),
        discover=_part_of(plan.discover, min(1.0, _MET_AGAIN * share)),
        cheap=_part_of(plan.cheap, share),
        deep=_part_of(plan.deep, share * deep_share),
    )


def _part_of(units: Mapping[str, float], share: float) -> dict[str, float]:
    # A request is asked whole or not at all. 0.1 * 30 is a hair above 3.
    return {bucket: math.ceil(number * share - 1e-9) for bucket, number in units.items()}


def corrected(
    planned: Mapping[str, Any], people: float | None, told: Mapping[str, float] | None = None
) -> dict[str, Any]:
    """A plan as it stands once more is known.

    Args:
        planned: The object of :func:`plan_json`.
        people: How many were found, as a share of those that were expected; ``None`` is unknown.
        told: What the cheap look cost by the site's own word: the deep look is taken to be as much dearer or cheaper.
    """
    share = 1.0 if people is None else people
    cheap, deep = _part_of(planned["cheap"], share), _part_of(planned["deep"], share)
    if told is not None:
        dearer = {name: told[name] / units for name, units in cheap.items() if units and name in told}
        deep = _part_of({name: units * dearer.get(name, 1.0) for name, units in deep.items()}, 1.0)
    return {**planned, "cheap": dict(told) if told is not None else cheap, "deep": deep}


def plan_json(plan: SitePlan) -> dict[str, Any]:
    """The object of one site in ``plan --json``: units by bucket for each stage, and people."""
    return {
        "discover": dict(plan.discover),
        "cheap": dict(plan.cheap),
        "deep": dict(plan.deep),
        "people": plan.people,
    }
