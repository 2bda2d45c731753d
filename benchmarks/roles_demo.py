"""How often a role that is named is right for the people of invented worlds: a simulation.

    .venv/bin/python benchmarks/roles_demo.py [--seeds N ...] [--people N]

Each world is crawled with the real connectors, looking for the topics and tags of every trade, and everybody who was
found is held against the role that they were invented with. They make some things outside their trade, and who shows
only such things is counted as wrong: the figure compares one state of the program with another, and says nothing of
real people. It is the only one that has DevOps in it.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from ranking_demo import humans_of  # type: ignore[import-not-found]  # beside this script

from sourcer.brief import Brief, load_brief
from sourcer.config import load_config
from sourcer.crawl import CrawlRequest
from sourcer.demo.run import BRIEF, DemoWorld, prepare
from sourcer.demo.trades import read_trades
from sourcer.domain import ROLES
from sourcer.score import rank
from sourcer.service import run_crawl
from sourcer.skills import lexicon_of
from sourcer.store.database import Database

UNCLEAR: Final = "unclear"


def main() -> int:
    """Crawl the worlds and print who is taken for what."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seeds", type=int, nargs="+", default=[7, 8])
    parser.add_argument("--people", type=int, default=300)
    asked = parser.parse_args()
    # A benchmark beside this one has the name of a package that the connector imports.
    sys.path[:] = [entry for entry in sys.path if Path(entry).resolve() != Path(__file__).resolve().parent]
    taken: Counter[tuple[str, str]] = Counter()
    for seed in asked.seeds:
        with tempfile.TemporaryDirectory() as folder, prepare(Path(folder), people=asked.people, seed=seed) as demo:
            taken.update(_taken(Path(folder), demo))
    _print(taken)
    return 0


def _taken(folder: Path, demo: DemoWorld) -> Iterator[tuple[str, str]]:
    """The true role of everybody who was found, and the one that is named."""
    config = load_config(folder / "sourcer.toml")
    config = config.model_copy(update={"crawl": config.crawl.model_copy(update={"deep_share": 1.0})})
    brief, lexicon, human = _of_all_trades(load_brief(config, BRIEF)), lexicon_of(config), humans_of(demo.world)
    with Database(config.database_url) as database:
        database.upgrade()
        run_crawl(config, CrawlRequest(brief), database)
        with database.read() as connection:
            ranked = rank(connection, brief, lexicon, as_of=demo.today, cross_brief=False, top=None)
    for candidate in ranked:
        person = next((human[key] for one in candidate.profiles if (key := (one.site, one.uid)) in human), None)
        if person is not None:
            yield person.role, candidate.likeliest_role or UNCLEAR


def _of_all_trades(brief: Brief) -> Brief:
    """The demo's brief, looking for what people of any trade show."""
    trades = read_trades().values()
    topics = sorted({topic for trade in trades for project in trade.project for topic in project.topics})
    tags = sorted({tag for trade in trades for tag in trade.tags})
    discover = brief.discover.model_dump()
    discover["github"]["topics"], discover["stackoverflow"]["tags"] = topics, tags
    return brief.model_copy(update={"discover": type(brief.discover).model_validate(discover)})


def _print(taken: Counter[tuple[str, str]]) -> None:
    columns = (*ROLES, UNCLEAR)
    print("| taken for | " + " | ".join(columns) + " |\n" + "| --- " * (1 + len(columns)) + "|")
    for role in ROLES:
        print(f"| {role} | " + " | ".join(str(taken[role, one]) for one in columns) + " |")
    named = sum(count for (_, one), count in taken.items() if one != UNCLEAR)
    right = sum(taken[role, role] for role in ROLES)
    print(f"\n{taken.total()} people, {named} with a role that is named, {right / named:.3f} of these right")


if __name__ == "__main__":
    raise SystemExit(main())
