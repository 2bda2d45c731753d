"""How much memory and time a crawl of many people takes: the real command, an invented connector without network.

The connector lives in this file; the crawl runs in a child process that finds it as an installed one. Everybody is
found, looked at cheaply and, by ``[crawl] deep_share``, deep; links are decided and everybody is scored, as in any
crawl. Prints the child's peak memory and people a second, and fails above ``--most-mb``.

    .venv/bin/python benchmarks/crawl_memory.py --people 100000
    .venv/bin/python benchmarks/crawl_memory.py --people 100000 --database postgresql+psycopg://postgres@127.0.0.1/scratch
"""

from __future__ import annotations

import argparse
import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import ClassVar, Final

from pydantic import BaseModel

from sourcer.connect import (
    Bucket,
    Checkpoint,
    Depth,
    Done,
    Evidence,
    Fetcher,
    Focus,
    Item,
    Plan,
    Profile,
    Ref,
    Settings,
    SitePlan,
    SitePolicy,
    Visit,
)

START: Final = datetime(2026, 1, 1, tzinfo=UTC)
TERMS: Final = (
    "topic:mlops", "topic:pytorch", "topic:css", "topic:kubernetes", "topic:airflow", "topic:game", "topic:mlflow",
)  # fmt: skip
PIECES: Final = 8
STEP: Final = 500

CONFIG: Final = """
briefs_dir = "."
[database]
url = "{url}"
[privacy]
controller = "Benchmark"
contact = "nobody@example.org"
lawful_basis = "invented people only"
purpose = "measuring"
[fetch]
archive_dir = ""
[connectors.invented]
people = {people}
"""
BRIEF: Final = """
title = "Benchmark"
[skills]
must = ["mlflow"]
[discover]
limit = {people}
invented.all = true
"""


class InventedConfig(Settings):
    """How many people there are."""

    api_url: str = "http://127.0.0.1:9"
    people: int = 1000


class InventedDiscover(Settings):
    """Nothing to choose."""

    all: bool = True


class Invented:
    """A site of invented people that answers at once."""

    name: ClassVar[str] = "invented"
    contract: ClassVar[int] = 1
    config_model: ClassVar[type[BaseModel]] = InventedConfig
    discover_model: ClassVar[type[BaseModel]] = InventedDiscover
    policy: ClassVar[SitePolicy] = SitePolicy(buckets=(Bucket("calls"),))
    batch_size: ClassVar[int] = 200

    def __init__(self, config: InventedConfig, fetcher: Fetcher) -> None:
        self._people = config.people
        self._fetcher = fetcher

    def sites(self) -> tuple[str, ...]:
        """One."""
        return ("invented",)

    async def check(self) -> None:
        """It is always there."""

    async def plan(self, discover: BaseModel) -> Plan:  # noqa: ARG002  # the contract's signature
        """It costs nothing."""
        return Plan({"invented": SitePlan(people=self._people)})

    async def discover(
        self,
        discover: BaseModel,  # noqa: ARG002
        after: Checkpoint | None,
    ) -> AsyncIterator[Item]:
        """Everybody."""
        first = after.state["next"] if after else 1
        for number in range(first, self._people + 1):
            yield Ref("invented", str(number), f"person-{number}")
            if number % STEP == 0:
                yield Checkpoint({"next": number + 1})

    async def fetch(
        self,
        visits: Sequence[Visit],
        depth: Depth,
        focus: Focus,  # noqa: ARG002
    ) -> AsyncIterator[Item]:
        """A profile and some evidence each."""
        for visit in visits:
            dice = random.Random(f"{visit.ref.uid}{depth}")
            if depth == "cheap":
                yield Profile(visit.ref, f"https://invented.example/{visit.ref.login}", name=f"Person {visit.ref.uid}")
            kind = "repo.owned" if depth == "cheap" else "repo.dependency"
            for place in range(PIECES if depth == "cheap" else 2):
                yield Evidence(
                    visit.ref,
                    kind,
                    f"https://invented.example/{visit.ref.login}/{kind}/{place}",
                    tuple(dice.sample(TERMS, 3)),
                    {"stars": dice.randint(0, 50)},
                    title=f"work {place} of {visit.ref.login}",
                    happened_at=START - timedelta(days=dice.randint(1, 2500)),
                    key=str(place),
                )
            yield Done(visit.ref, (kind,), {"looked": depth})


def main() -> int:
    """Crawl in a child, print what it took."""
    options = _options()
    with tempfile.TemporaryDirectory(prefix="sourcer-benchmark-") as name:
        folder = Path(name)
        _write(folder, options)
        sourcer = [sys.executable, "-c", "from sourcer.cli import main; main()", "--config", str(folder)]
        environment = os.environ | {"PYTHONPATH": os.pathsep.join((str(folder), str(Path(__file__).parent)))}
        subprocess.run([*sourcer, "db", "upgrade"], check=True, stdout=subprocess.DEVNULL)
        before = time.perf_counter()
        child = subprocess.Popen([*sourcer, "crawl", "benchmark"], env=environment, stdout=subprocess.DEVNULL)
        _, status, usage = os.wait4(child.pid, 0)
        child.returncode = os.waitstatus_to_exitcode(status)
        seconds = time.perf_counter() - before
    peak = usage.ru_maxrss / (1e6 if sys.platform == "darwin" else 1024)
    rate = options.people / seconds
    print(
        f"{options.people:,} people: exit {child.returncode}, {seconds:.0f} s, {rate:,.0f} a second, peak {peak:.0f} MB"
    )
    return int(child.returncode != 0 or peak > options.most_mb)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--people", type=int, default=100_000, help="whom the crawl finds (%(default)s)")
    parser.add_argument("--database", default="", help="an empty database's address; default: a SQLite file")
    parser.add_argument("--most-mb", type=float, default=500, help="fail above this peak memory (%(default)s)")
    return parser.parse_args()


def _write(folder: Path, options: argparse.Namespace) -> None:
    """Write configuration and brief, and what makes this file's connector an installed one."""
    url = options.database or f"sqlite:///{folder / 'sourcer.db'}"
    (folder / "sourcer.toml").write_text(CONFIG.format(url=url, people=options.people), encoding="utf-8")
    (folder / "benchmark.toml").write_text(BRIEF.format(people=options.people), encoding="utf-8")
    info = folder / "sourcer_invented-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: sourcer-invented\nVersion: 1.0\n", encoding="utf-8")
    entry = f"[sourcer.connectors]\ninvented = {Path(__file__).stem}:Invented\n"
    (info / "entry_points.txt").write_text(entry, encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
