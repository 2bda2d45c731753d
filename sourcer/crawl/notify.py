"""Tells a web hook how a run ended."""

from __future__ import annotations

from sourcer.config import Config
from sourcer.fetch.hook import post_hook
from sourcer.store.runs import RunRow

__all__ = ["notify"]


async def notify(config: Config, run: RunRow) -> str | None:
    """Post the run as JSON (the object of ``crawl --json``) to ``[notify] webhook``, where there is one.

    Returns:
        What went wrong, or ``None``. A run is what it is, whether somebody could be told or not.
    """
    hook = config.notify.webhook
    fault = await post_hook(config.fetch, hook, run.as_json()) if hook else None
    return f"[notify] webhook: {fault}" if fault else None
