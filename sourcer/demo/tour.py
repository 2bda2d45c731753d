"""The demonstration: the whole job on invented people, told step by step."""

from __future__ import annotations

import shutil
import sys
import time
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

from sourcer.brief import Brief, load_brief
from sourcer.config import CONFIG_NAME, Config, load_config
from sourcer.crawl import CrawlRequest
from sourcer.demo.run import DUMP_CONFIG, DemoWorld, prepare
from sourcer.errors import UsageError
from sourcer.export import Order, View, load_columns, outgoing, write_people
from sourcer.score import Candidate, rank
from sourcer.service import run_crawl
from sourcer.show import ranking_text, run_summary
from sourcer.skills import Lexicon, lexicon_of
from sourcer.store.database import Database

__all__ = ["run_demo"]

Say = Callable[[str], None]

BRIEF: Final = "mlops-engineer"
SHOWN: Final = 10
MARK: Final = "DEMO.txt"
"""Lies in a folder that the demo made: only such a folder is ever written over."""


def run_demo(folder: Path, *, people: int, seed: int, force: bool, say: Say, show: Say) -> int:
    """Invent a population, crawl it with the real connectors, rank it, export it, and say where everything lies.

    Returns:
        The exit code of the crawl.

    Raises:
        UsageError: The folder holds something that no demo made, or an earlier demo and ``force`` is not given.
    """
    began = time.monotonic()
    _make_room(folder, force=force)
    say(f"inventing {people} people (seed {seed})")
    with prepare(folder, seed=seed, people=people) as world:
        say(f"serving them on this machine, as {', '.join(copy.title for copy in world.copies)} would")
        (folder / MARK).write_text("Made by `sourcer demo`: invented people, may be deleted.\n", encoding="utf-8")
        config = load_config(folder / CONFIG_NAME)
        brief, lexicon = load_brief(config, BRIEF), lexicon_of(config)
        with Database(config.database_url) as database:
            database.upgrade()
            say(f"crawling for {brief.title!r} with the real connectors")
            outcome = run_crawl(config, CrawlRequest(brief), database)
            for line in run_summary(outcome):
                say(line)
            ranked, written = _results(config, brief, lexicon, database, world)
    top = ranked[:SHOWN]
    show("")
    show(ranking_text(brief, top, world.today, first=SHOWN))
    show(_joined(ranked))
    show(_where(world, (written, len(ranked)), top, time.monotonic() - began))
    return outcome.exit_code


def _make_room(folder: Path, *, force: bool) -> None:
    if not folder.exists() or not any(folder.iterdir()):
        return
    if not (folder / MARK).is_file():
        raise UsageError(f"{folder}: is not empty and was not made by a demo; name another folder")
    if not force:
        raise UsageError(f"{folder}: holds an earlier demo; --force writes over it")
    shutil.rmtree(folder)


def _results(
    config: Config, brief: Brief, lexicon: Lexicon, database: Database, world: DemoWorld
) -> tuple[Sequence[Candidate], int]:
    """Everybody who is ranked, and how many the CSV holds."""
    cross_brief = config.privacy.cross_brief
    with database.read() as connection:
        people = rank(connection, brief, lexicon, as_of=world.today, cross_brief=cross_brief, top=None)
        with outgoing(world.folder / "people.csv") as file:
            view = View(connection, brief, lexicon, world.today, cross_brief)
            written = write_people(view, Order("csv", load_columns("generic")), file.stream)
            file.place()
    return people, written.rows


def _joined(people: Sequence[Candidate]) -> str:
    """On which sites those are who were found on several."""
    sites = Counter(tuple(sorted({account.site for account in one.profiles})) for one in people)
    several = {found: number for found, number in sites.items() if len(found) > 1}
    lines = [f"  {number:3} on {', '.join(found)}" for found, number in sorted(several.items(), key=_many_first)]
    count = f"{sum(several.values())} of {len(people)}"
    heading = f"{count} people were found on several sites: their accounts name each other, names alone join nobody"
    return "\n".join(["", heading, *lines])


def _many_first(group: tuple[tuple[str, ...], int]) -> tuple[int, tuple[str, ...]]:
    return -group[1], group[0]


def _where(world: DemoWorld, counts: tuple[int, int], top: Sequence[Candidate], seconds: float) -> str:
    program = "sourcer" if shutil.which("sourcer") else sys.argv[0]
    folder, day = world.folder, f"--as-of {world.today}"
    command = f"{program} --config {folder}"
    first = top[0].person if top else 1
    written, ranked = counts
    return "\n".join(
        [
            "",
            f"Everything is in {folder}/ (invented people; made in {seconds:.0f} s):",
            f"  people.csv      {written} of {ranked} people: not those who say no to recruiters",
            "  demo.db         profiles and evidence: SQL, views v_profile, v_evidence, v_candidate, v_contribution",
            "  archive/        the raw answers; `crawl … --replay 1` runs the crawl again from them, offline",
            f"  briefs/         what was looked for: change {BRIEF}.toml and rank again, no crawl needed",
            "",
            "Try next:",
            f"  {command} explain {first} --brief {BRIEF} {day}",
            f"  {command} rank {BRIEF} --top 30 {day}",
            f"  {command} shortlist add {BRIEF} {first}",
            f"  {command} report {BRIEF} --output {folder / 'report.html'} {day}",
            f"  {command} export {BRIEF} --output {folder / 'people.xlsx'} {day}",
            f"  {command} links",
            f"  {command} crawl {BRIEF} --replay 1",
            f"  {command} runs",
            f"  {program} --config {folder / DUMP_CONFIG} crawl {BRIEF}    (reads a data dump in place of the API)",
            "Then with real people: sourcer init",
        ]
    )
