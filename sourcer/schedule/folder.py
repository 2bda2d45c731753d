"""The briefs that can be read: one with a mistake in it does not keep the others from running."""

from __future__ import annotations

from collections.abc import Callable

from sourcer.brief import Brief, load_brief
from sourcer.config import Config
from sourcer.errors import UsageError

__all__ = ["readable_briefs"]


def readable_briefs(config: Config, complain: Callable[[str], None]) -> list[Brief]:
    """Every brief in ``briefs_dir`` that can be read, by name; ``complain`` is told about each of the others."""
    briefs = []
    for path in sorted(config.path(config.briefs_dir).glob("*.toml")):
        try:
            briefs.append(load_brief(config, str(path)))
        except UsageError as fault:
            complain(str(fault))
    return briefs
