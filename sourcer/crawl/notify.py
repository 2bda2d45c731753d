"""Tells a web hook how a run ended."""

from __future__ import annotations

import asyncio
from typing import Final

from sourcer.config import Config
from sourcer.connect import AnswerError, Bucket, Denied, Fetcher, SiteError, SitePolicy
from sourcer.fetch.budget import RunBudget
from sourcer.store.runs import RunRow

__all__ = ["notify"]

PATIENCE_SECONDS: Final = 10.0
_POLICY = SitePolicy(buckets=(Bucket("notices"),))


async def notify(config: Config, run: RunRow) -> str | None:
    """Post the run as JSON (the object of ``crawl --json``) to ``[notify] webhook``, where there is one.

    Returns:
        What went wrong, or ``None``. A run is what it is, whether somebody could be told or not.
    """
    hook = config.notify.webhook
    if not hook:
        return None
    async with Fetcher(
        "notify", _POLICY, config.fetch, secrets=(hook,), budget=RunBudget(max_wait_seconds=0)
    ) as fetcher:
        try:
            async with asyncio.timeout(PATIENCE_SECONDS):
                answer = await fetcher.post(hook, json=run.as_json(), expect="bytes")
        except TimeoutError:
            return f"[notify] webhook: did not answer within {PATIENCE_SECONDS:g} s"
        except Denied:
            return "[notify] webhook: refused (HTTP 401); check the address"
        except (AnswerError, SiteError) as fault:
            return f"[notify] webhook: {fault}"
    return None if answer.status < 300 else f"[notify] webhook: answered {answer.status}"  # noqa: PLR2004  # HTTP success
