"""Tells a web hook how a run ended, and what else nobody would look up."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sourcer.config import Config
from sourcer.fetch.hook import post_hook
from sourcer.store.runs import RunRow

__all__ = ["notify", "post"]


async def notify(config: Config, run: RunRow) -> str | None:
    """Post a run as JSON (the object of ``crawl --json``, and it in words as ``text``); see :func:`post`."""
    return await post(config, {"text": _in_words(run), **run.as_json()})


def _in_words(run: RunRow) -> str:
    found = "; ".join(f"{finding.site}: {finding.detail}" for finding in run.health)
    return f"run {run.id} of {run.brief} is {run.status}" + (f": {found}" if found else "")


async def post(config: Config, payload: Mapping[str, Any]) -> str | None:
    """Post an object to ``[notify] webhook``, where there is one; chat services show its ``text``.

    Returns:
        What went wrong, or ``None``. What is told is what it is, whether somebody could be told or not.
    """
    hook = config.notify.webhook
    fault = await post_hook(config.fetch, hook, dict(payload)) if hook else None
    return f"[notify] webhook: {fault}" if fault else None
