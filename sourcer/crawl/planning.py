"""What a crawl would spend, before it spends it."""

from __future__ import annotations

from typing import Any

from sourcer.brief import Brief
from sourcer.config import Config, secrets_of
from sourcer.connect import AnswerError, Fetcher, SiteError
from sourcer.connect.guard import foreign_code
from sourcer.crawl.choice import choose
from sourcer.fetch.budget import RunBudget

__all__ = ["plan_crawl"]


async def plan_crawl(config: Config, brief: Brief) -> tuple[dict[str, Any], list[str]]:
    """Ask each connector what a crawl of the brief would spend.

    Returns:
        The object of ``plan --json`` and warnings about connectors that could not say.

    Raises:
        UsageError: The brief or the configuration cannot be used.
        RunError: There is no usable site.
    """
    choice = choose(config, brief)
    warnings = list(choice.warnings)
    sites: dict[str, Any] = {}
    budget = RunBudget(max_requests=None, max_wait_seconds=0)
    for part in choice.parts:
        async with Fetcher(
            part.name, part.policy, config.fetch, secrets=secrets_of(part.settings), budget=budget
        ) as fetcher:
            try:
                with foreign_code(part.name):
                    connector = part.build(fetcher)
                    await connector.check()
                    expected = dict((await connector.plan(part.discover)).sites)
            except (SiteError, AnswerError) as reason:
                warnings.append(f"{part.name}: {reason}")
                continue
        for site, spending in expected.items():
            people = spending.people if spending.people is None else min(spending.people, brief.discover.limit)
            sites[site] = {"cheap": dict(spending.cheap), "deep": dict(spending.deep), "people": people}
    return {"brief": brief.name, "sites": dict(sorted(sites.items()))}, warnings
