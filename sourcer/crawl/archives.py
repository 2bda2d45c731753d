"""Which folder of the archive belongs to which run."""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from sqlalchemy import Connection

from sourcer.config import Config
from sourcer.crawl.writer import Writer
from sourcer.errors import UsageError
from sourcer.fetch.archive import Archive
from sourcer.store.runs import Run, get_run

__all__ = ["Replayed", "archive_of", "check_archive", "note_limits", "noted_limits", "replayed_archive"]

_ENGINE: Final = "engine"
_LIMITS: Final = hashlib.sha256(b"limits").hexdigest()


@dataclass(frozen=True, slots=True)
class Replayed:
    """An archived run that is run again: its number where it has one in this database, and its archive."""

    run_id: int
    archive: Archive


def check_archive(config: Config) -> None:
    """See that the archive can be written, before a run begins that could not keep its answers.

    Raises:
        UsageError: It cannot.
    """
    root = config.archive_dir
    if root is None:
        return
    try:
        root.mkdir(mode=0o700, parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=root):
            pass
    except OSError as fault:
        reason = fault.strerror or fault
        raise UsageError(f"{config.file}: [fetch] archive_dir: {root} cannot be written ({reason})") from None


def archive_of(config: Config, run: Run) -> Archive | None:
    """The folder that a live run writes to; ``None`` when the configuration keeps no archive.

    A folder is named by the run's chain and the chain's start: another database counts its runs from 1 too.
    """
    root = config.archive_dir
    return None if root is None else Archive(root, archive_name(run))


def archive_name(run: Run) -> str:
    """``CHAIN-YYYYMMDDTHHMMSS``: the same in every run of a chain."""
    return f"{run.chain}-{run.chain_started_at:%Y%m%dT%H%M%S}"


async def replayed_archive(config: Config, writer: Writer, wanted: str) -> Replayed:
    """Find the archive of a run, by its number or by the name of its folder.

    Raises:
        UsageError: There is no archive, or not of that run, or more than one could be meant.
    """
    root = config.archive_dir
    if root is None or not root.is_dir():
        raise UsageError("--replay: there is no archive: [fetch] archive_dir in sourcer.toml says where one is kept")
    number = int(wanted.partition("-")[0]) if wanted.partition("-")[0].isdigit() else 0

    def chain_of(connection: Connection) -> int:
        row = get_run(connection, number)
        return row.chain if row is not None else number

    chain = await writer.read(chain_of)
    folders = _folders(root, wanted, chain)
    if len(folders) != 1:
        there = ", ".join(sorted(path.name for path in root.iterdir() if path.is_dir())) or "nothing"
        problem = "could be more than one archived run; name its folder" if folders else "is not in the archive"
        raise UsageError(f"--replay {wanted}: {problem} (in {root}: {there})")
    return Replayed(chain, Archive(root, folders[0].name))


def _folders(root: Path, wanted: str, chain: int) -> list[Path]:
    exact = root / wanted
    if "-" in wanted:
        return [exact] if exact.is_dir() else []
    return sorted(path for path in root.glob(f"{chain}-*") if path.is_dir())


def note_limits(archive: Archive | None, limits: Mapping[str, int]) -> None:
    """Keep who takes part in a run and with how many people."""
    if archive is not None:
        archive.write(_ENGINE, _LIMITS, {"limits": dict(limits)})


def noted_limits(archive: Archive | None) -> dict[str, int]:
    """Who took part in the runs of a chain, each with the most people that it was allowed."""
    limits: dict[str, int] = {}
    for record in archive.records(_ENGINE, _LIMITS) if archive is not None else ():
        for name, limit in record["limits"].items():
            limits[name] = max(limit, limits.get(name, 0))
    return limits
