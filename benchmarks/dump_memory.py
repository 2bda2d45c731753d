"""How much memory and time a crawl of a large Stack Exchange dump takes.

Writes an invented dump of many users, then reads it in a child process: with the connector alone (``--way connector``)
or with a whole ``sourcer crawl`` into a database (``--way crawl``, the default). Prints the child's peak memory and
rows per second, and fails above ``--most-mb``.

    .venv/bin/python benchmarks/dump_memory.py --users 100000
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import random
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final, cast
from xml.sax.saxutils import quoteattr

TAGS: Final = (
    "pytorch",
    "tensorflow",
    "mlflow",
    "airflow",
    "keras",
    "docker",
    "kubernetes",
    "python",
    "pandas",
    "java",
)
BRIEF_TAGS: Final = TAGS[:4]
WORDS: Final = [
    "model",
    "training",
    "pipeline",
    "deploy",
    "gradient",
    "batch",
    "worker",
    "error",
    "how",
    "why",
    "tensor",
    "schedule",
    "upload",
    "version",
]

CONFIG: Final = """
briefs_dir = "."
[database]
url = "sqlite:///sourcer.db"
[privacy]
controller = "Benchmark"
contact = "nobody@example.org"
lawful_basis = "invented people only"
purpose = "measuring"
[fetch]
archive_dir = ""
[connectors.stackoverflow]
dump_dir = "dump"
dump_site = "stackoverflow"
"""

BRIEF: Final = """
title = "Benchmark"
[discover]
limit = {limit}
stackoverflow.tags = {tags}
"""


def main() -> int:
    """Write the dump, read it in a child, print what it took."""
    options = _options()
    if options.child:
        asyncio.run(_read(Path(options.child)))
        return 0
    with tempfile.TemporaryDirectory(prefix="sourcer-benchmark-") as name:
        folder = Path(name)
        rows = write_dump(folder / "dump", options.users, options.answers)
        size = sum(file.stat().st_size for file in (folder / "dump").iterdir())
        print(f"dump: {options.users:,} users, {rows:,} rows, {size / 1e6:,.0f} MB")
        (folder / "sourcer.toml").write_text(CONFIG, encoding="utf-8")
        brief = BRIEF.format(limit=options.limit or options.users, tags=json.dumps(BRIEF_TAGS))
        (folder / "benchmark.toml").write_text(brief, encoding="utf-8")
        return _measure(options, folder, rows)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--users", type=int, default=100_000, help="people in the dump (%(default)s)")
    parser.add_argument("--answers", type=int, default=3, help="answers of each, about (%(default)s)")
    parser.add_argument("--limit", type=int, default=0, help="people per crawl; 0: all")
    parser.add_argument("--way", choices=("crawl", "connector"), default="crawl", help="what reads it (%(default)s)")
    parser.add_argument("--most-mb", type=float, default=300, help="fail above this peak memory (%(default)s)")
    parser.add_argument("--child", help=argparse.SUPPRESS)
    return parser.parse_args()


def _measure(options: argparse.Namespace, folder: Path, rows: int) -> int:
    sourcer = [sys.executable, "-c", "from sourcer.cli import main; main()", "--config", str(folder / "sourcer.toml")]
    if options.way == "crawl":
        subprocess.run([*sourcer, "db", "upgrade"], check=True, stdout=subprocess.DEVNULL)
        command = [*sourcer, "crawl", "benchmark"]
    else:
        command = [sys.executable, __file__, "--child", str(folder / "dump")]
    before = time.perf_counter()
    child = subprocess.Popen(command, stdout=None if options.way == "connector" else subprocess.DEVNULL)
    _, status, usage = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    seconds = time.perf_counter() - before
    peak = usage.ru_maxrss / (1e6 if sys.platform == "darwin" else 1024)
    print(f"{options.way}: exit {child.returncode}, {seconds:.1f} s, {rows / seconds:,.0f} rows/s, peak {peak:.0f} MB")
    return int(child.returncode != 0 or peak > options.most_mb)


async def _read(folder: Path) -> None:
    from sourcer_stackoverflow import StackOverflow  # noqa: PLC0415  # the parent must stay small
    from sourcer_stackoverflow.settings import StackOverflowConfig, StackOverflowDiscover  # noqa: PLC0415

    config = StackOverflowConfig(dump_dir=str(folder))
    connector = StackOverflow(config, cast("Any", None))  # a dump makes no request
    counts: Counter[str] = Counter()
    async for item in connector.discover(StackOverflowDiscover(tags=BRIEF_TAGS), None):
        counts[type(item).__name__] += 1
    print(", ".join(f"{name} {count:,}" for name, count in sorted(counts.items())))


def write_dump(folder: Path, users: int, answers: int) -> int:
    """Write Users, Posts and Badges of an invented site; gives the number of rows."""
    folder.mkdir(parents=True)
    dice = random.Random(20_240_101)
    questions = max(1, users)
    return (
        _write(folder, "Users", _users(users, dice))
        + _write(folder, "Posts", _posts(users, questions, users * answers, dice))
        + _write(folder, "Badges", _badges(users, dice))
    )


def _write(folder: Path, table: str, rows: Iterator[dict[str, object]]) -> int:
    count = 0
    with (folder / f"{table}.xml").open("w", encoding="utf-8") as file:
        file.write(f'<?xml version="1.0" encoding="utf-8"?>\n<{table.lower()}>\n')
        for row in rows:
            file.write(f"  <row {' '.join(f'{name}={quoteattr(str(value))}' for name, value in row.items())} />\n")
            count += 1
        file.write(f"</{table.lower()}>")
    return count


def _users(users: int, dice: random.Random) -> Iterator[dict[str, object]]:
    for uid in range(1, users + 1):
        yield {
            "Id": uid,
            "Reputation": dice.randint(1, 50_000),
            "CreationDate": _date(dice),
            "DisplayName": f"Person {uid}",
            "WebsiteUrl": f"https://person{uid}.example.org",
            "Location": dice.choice(("Kraków, Poland", "Pune, India", "Lima, Peru", "Elsewhere")),
            "AboutMe": f'<p>{_text(dice, 60)}</p>\n<p><a href="https://code.example.org/{uid}">code</a></p>',
            "AccountId": 1_000_000 + uid,
        }


def _posts(users: int, questions: int, answers: int, dice: random.Random) -> Iterator[dict[str, object]]:
    for post in range(1, questions + answers + 1):
        is_question = post <= questions
        yield {
            "Id": post,
            "PostTypeId": 1 if is_question else 2,
            **({"Title": _text(dice, 9), "Tags": f"|{'|'.join(dice.sample(TAGS, 3))}|"} if is_question else {}),
            **({} if is_question else {"ParentId": dice.randint(1, questions)}),
            "CreationDate": _date(dice),
            "Score": int(dice.paretovariate(1.2)) - 1,
            "Body": f"<p>{_text(dice, 80)}</p>",
            "OwnerUserId": dice.randint(1, users),
            "ContentLicense": "CC BY-SA 4.0",
        }


def _badges(users: int, dice: random.Random) -> Iterator[dict[str, object]]:
    for number in range(1, users + 1):
        tag_based = dice.random() < 0.2
        yield {
            "Id": number,
            "UserId": dice.randint(1, users),
            "Name": dice.choice(TAGS) if tag_based else "Nice Answer",
            "Date": _date(dice),
            "Class": dice.randint(1, 3),
            "TagBased": tag_based,
        }


def _date(dice: random.Random) -> str:
    day = f"{dice.randint(2010, 2024)}-{dice.randint(1, 12):02}-{dice.randint(1, 28):02}"
    return f"{day}T{dice.randint(0, 23):02}:00:00.123"


def _text(dice: random.Random, words: int) -> str:
    return " ".join(dice.choices(WORDS, k=words))


if __name__ == "__main__":
    sys.exit(main())
