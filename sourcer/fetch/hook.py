"""Posts JSON to a web hook: with little patience, and without ever repeating its address, which is a secret."""

from __future__ import annotations

import asyncio
from typing import Final

from sourcer.config import FetchConfig
from sourcer.domain import Json
from sourcer.errors import AnswerError, Denied, SiteError
from sourcer.fetch.budget import RunBudget
from sourcer.fetch.fetcher import Fetcher
from sourcer.fetch.policy import Bucket, SitePolicy

__all__ = ["PATIENCE_SECONDS", "post_hook"]

PATIENCE_SECONDS: Final = 10.0
_POLICY: Final = SitePolicy(buckets=(Bucket("notices"),))
_SUCCESS: Final = range(200, 300)


async def post_hook(settings: FetchConfig, hook: str, body: Json) -> str | None:
    """Post a value as JSON.

    Returns:
        What went wrong, or ``None``.
    """
    async with Fetcher("notify", _POLICY, settings, secrets=(hook,), budget=RunBudget(max_wait_seconds=0)) as fetcher:
        try:
            async with asyncio.timeout(PATIENCE_SECONDS):
                answer = await fetcher.post(hook, json=body, expect="bytes")
        except TimeoutError:
            return f"did not answer within {PATIENCE_SECONDS:g} s"
        except Denied:
            return "refused (HTTP 401); check the address"
        except (AnswerError, SiteError) as fault:
            return str(fault)
    return None if answer.status in _SUCCESS else f"answered {answer.status}"
