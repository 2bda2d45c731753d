"""The briefs that can be read: one with a mistake in it does not keep the others from running."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import UTC, datetime

from sourcer.brief import Brief, load_brief
from sourcer.config import Config
from sourcer.errors import UsageError

__all__ = ["readable_briefs", "written_at"]


def readable_briefs(config: Config, complain: Callable[[str], None]) -> list[Brief]:
    """Every brief in ``briefs_dir`` that can be read, by name; ``complain`` is told about each of the others."""
    briefs = []
    for path in sorted(config.path(config.briefs_dir).glob("*.toml")):
        try:
            briefs.append(load_brief(config, str(path)))
        except UsageError as fault:
            complain(str(fault))
    return briefs


def written_at(config: Config, briefs: Iterable[Brief]) -> dict[str, datetime]:
    """When the file of each brief in ``briefs_dir`` was last written, by the brief's name."""
    folder = config.path(config.briefs_dir)
    files = {brief.name: folder / f"{brief.name}.toml" for brief in briefs}
    return {name: datetime.fromtimestamp(path.stat().st_mtime, UTC) for name, path in files.items() if path.is_file()}
