"""Prepares the demonstration: an invented world, a copy of each of its sites, and a data dump of one of them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from importlib.resources import files
from pathlib import Path
from typing import Final

from sourcer.config import CONFIG_NAME
from sourcer.demo.copies import SiteCopy, filled, serving
from sourcer.demo.dump import write_dump
from sourcer.demo.faults import Faults
from sourcer.demo.github import GitHubServer
from sourcer.demo.kaggle.server import KaggleServer
from sourcer.demo.limits import Limits
from sourcer.demo.model import TODAY, World
from sourcer.demo.stackexchange import Mishap, StackExchangeServer
from sourcer.demo.strikes import Strikes
from sourcer.demo.world import make_world

__all__ = ["BRIEF", "DUMP_CONFIG", "DemoWorld", "prepare"]

BRIEF: Final = "mlops-engineer"
"""The brief that a demonstration comes with."""

DUMP_CONFIG: Final = "dump.toml"
"""The configuration that reads the data dump where the other one asks the API."""


@dataclass(frozen=True, slots=True)
class DemoWorld:
    """A prepared demonstration.

    Args:
        folder: Holds ``sourcer.toml``, ``briefs/``, ``dump/`` and ``dump.toml``, which reads that dump.
        world: Everybody in it, with the planted truth.
        github: The copy of GitHub that the configuration points at.
        stackexchange: That of the Stack Exchange API.
        copies: All of them.
        today: The world's own day: rankings are as of it.
    """

    folder: Path
    world: World
    github: GitHubServer
    stackexchange: StackExchangeServer
    copies: tuple[SiteCopy, ...]
    today: date


@contextmanager
def prepare(
    folder: Path,
    *,
    seed: int = 7,
    people: int = 300,
    repositories: int | None = None,
    faults: Faults | None = None,
    limits: Limits | None = None,
    latency: float = 0.0,
    strikes: Strikes[Mishap] | None = None,
) -> Iterator[DemoWorld]:
    """Write configurations, brief and dump of a world into ``folder``, and serve its sites while the context is open.

    Args:
        folder: Made where it is missing; files of the same names are written over.
        seed: Names the world.
        people: How many humans it holds.
        repositories: How many repositories each of them has on GitHub; see :func:`make_world`.
        faults: What goes wrong at the copy of GitHub.
        limits: The secondary limits of GitHub, where it has some.
        latency: Seconds before each of its answers.
        strikes: What goes wrong at the copy of Stack Exchange.
    """
    world = make_world(seed, people, repositories=repositories)
    write_dump(world, folder / "dump")
    (folder / "briefs").mkdir(parents=True, exist_ok=True)
    (folder / "briefs" / f"{BRIEF}.toml").write_text(_template("brief.toml"), encoding="utf-8")
    github = GitHubServer(world, faults=faults, limits=limits, latency=latency)
    stackexchange = StackExchangeServer(world, strikes=strikes)
    copies: tuple[SiteCopy, ...] = (github, stackexchange, KaggleServer(world))
    with serving(copies):
        (folder / DUMP_CONFIG).write_text(_template(DUMP_CONFIG), encoding="utf-8")
        (folder / CONFIG_NAME).write_text(filled(_template("config.toml"), copies), encoding="utf-8")
        yield DemoWorld(folder, world, github, stackexchange, copies, TODAY.date())


def _template(name: str) -> str:
    return files("sourcer.demo").joinpath(name).read_text(encoding="utf-8")
