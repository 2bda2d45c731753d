"""How much memory and time a crawl of the whole data dump of Stack Overflow takes.

Invents a dump in which few questions carry the brief's tags, as on the site, then reads it three times, in a child
process each: a bare pass of lxml over every row, the connector alone, and a whole ``sourcer crawl`` into a database.
Prints wall time, processor time, peak memory and the ratio to the bare pass. Fails above ``--most-mb``.

    .venv/bin/python -m benchmarks.stackexchange_dump --users 1000000 --posts 3000000
"""

from __future__ import annotations

import argparse
import asyncio
import itertools
import json
import random
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final, cast

from benchmarks.dump_memory import BRIEF, CONFIG, WORDS
from benchmarks.measuring import Took, measure

BRIEF_TAGS: Final = ("pytorch", "mlflow", "airflow", "kubeflow")
OTHERS: Final = 2_000
"""Further tags. The more popular one is, the more questions it has: the first as many as the brief's together."""

WANTED: Final = 0.02
"""Share of the questions that carry one of the brief's tags, about as on the site."""

QUESTIONS: Final = 3
"""One post in so many is a question."""

BADGES: Final = 2
"""Of each user; one in five is of a tag."""

_TEXTS: Final = 997
"""Texts that the posts take in turn: to invent each anew would take longer than to read them."""


def main() -> int:
    """Read what is asked for, and run it."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    add_options(parser)
    return run(parser.parse_args())


def add_options(parser: argparse.ArgumentParser) -> None:
    """What may be chosen."""
    parser.add_argument("--users", type=int, default=1_000_000, help="people in the dump (%(default)s)")
    parser.add_argument("--posts", type=int, default=3_000_000, help="questions and answers (%(default)s)")
    parser.add_argument("--most-mb", type=float, default=1_000, help="fail above this peak memory (%(default)s)")
    parser.add_argument("--child", nargs=2, metavar=("WAY", "FOLDER"), help=argparse.SUPPRESS)


def run(options: argparse.Namespace) -> int:
    """Write the dump, read it in children, print what each took; 1 where that was too much."""
    if options.child:
        way, folder = options.child
        CHILDREN[way](Path(folder))
        return 0
    with tempfile.TemporaryDirectory(prefix="sourcer-benchmark-") as name:
        folder, began = Path(name), time.perf_counter()
        rows = write_dump(folder / "dump", options.users, options.posts)
        size = sum(file.stat().st_size for file in (folder / "dump").iterdir())
        print(f"dump: {options.users:,} users, {options.posts:,} posts, {rows:,} rows, {size / 1e6:,.0f} MB", end="; ")
        print(f"written in {time.perf_counter() - began:.0f} s", flush=True)
        bare = _child("bare", folder)
        print(f"bare pass of lxml: {bare}", flush=True)
        took = {"connector": _child("connector", folder), "crawl": _crawl(folder)}
        for way, one in took.items():
            print(f"{way}: {one}; {one.times(bare)}")
        return int(any(one.code != 0 or one.peak > options.most_mb for one in took.values()))


def _child(way: str, folder: Path) -> Took:
    return measure([sys.executable, "-m", "benchmarks.stackexchange_dump", "--child", way, str(folder / "dump")])


def _crawl(folder: Path) -> Took:
    (folder / "sourcer.toml").write_text(CONFIG, encoding="utf-8")
    brief = BRIEF.format(limit=1_000_000, tags=json.dumps(BRIEF_TAGS))
    (folder / "benchmark.toml").write_text(brief, encoding="utf-8")
    sourcer = [sys.executable, "-c", "from sourcer.cli import main; main()", "--config", str(folder / "sourcer.toml")]
    subprocess.run([*sourcer, "db", "upgrade"], check=True, stdout=subprocess.DEVNULL)
    return measure([*sourcer, "crawl", "benchmark"])


def _bare(folder: Path) -> None:
    """Every row of the tables that are read, and a column of it: nothing is kept."""
    from lxml import etree  # noqa: PLC0415  # the parent must stay small

    rows = 0
    for table in ("Posts", "Users", "Badges"):
        for _, row in etree.iterparse(str(folder / f"{table}.xml"), tag="row"):
            rows += row.get("Id") is not None
            row.clear()
            del row.getparent()[0]
    print(f"  {rows:,} rows")


def _connector(folder: Path) -> None:
    asyncio.run(_discover(folder))


async def _discover(folder: Path) -> None:
    from sourcer_stackoverflow import StackOverflow  # noqa: PLC0415  # the parent must stay small
    from sourcer_stackoverflow.settings import StackOverflowConfig, StackOverflowDiscover  # noqa: PLC0415

    connector = StackOverflow(StackOverflowConfig(dump_dir=str(folder)), cast("Any", None))  # it makes no request
    counts: Counter[str] = Counter()
    async for item in connector.discover(StackOverflowDiscover(tags=BRIEF_TAGS), None):
        counts[type(item).__name__] += 1
    print("  " + ", ".join(f"{name} {count:,}" for name, count in sorted(counts.items())))


CHILDREN: Final[dict[str, Callable[[Path], None]]] = {"bare": _bare, "connector": _connector}


def write_dump(folder: Path, users: int, posts: int) -> int:
    """Write Users, Posts and Badges of an invented site; gives the number of rows."""
    folder.mkdir(parents=True)
    dice = random.Random(20_260_101)
    tables = {"Users": _users(users, dice), "Posts": _posts(users, posts, dice), "Badges": _badges(users, dice)}
    return sum(_write(folder, table, rows) for table, rows in tables.items())


def _write(folder: Path, table: str, rows: Iterator[str]) -> int:
    count = 0
    with (folder / f"{table}.xml").open("w", encoding="utf-8") as file:
        file.write(f'<?xml version="1.0" encoding="utf-8"?>\n<{table.lower()}>\n')
        for row in rows:
            file.write(f"  <row {row} />\n")
            count += 1
        file.write(f"</{table.lower()}>")
    return count


def _texts(dice: random.Random, words: int) -> Iterator[str]:
    """Texts as they stand in an attribute, one after the other for ever."""
    lines = [" ".join(dice.choices(WORDS, k=words)) for _ in range(_TEXTS)]
    return itertools.cycle([f"&lt;p&gt;{line}&lt;/p&gt;&#xA;" for line in lines])


def _users(users: int, dice: random.Random) -> Iterator[str]:
    texts, dates = _texts(dice, 40), _dates(dice)
    for uid in range(1, users + 1):
        # Most people say nothing about themselves.
        about = f'Location="Elsewhere" WebsiteUrl="https://person{uid}.example.org" AboutMe="{next(texts)}"'
        yield (
            f'Id="{uid}" Reputation="{uid % 5_000}" CreationDate="{next(dates)}" DisplayName="Person {uid}" '
            f'{about if uid % 4 == 0 else ""} Views="{uid % 90}" UpVotes="0" DownVotes="0" AccountId="{uid + 7}"'
        )


def _posts(users: int, posts: int, dice: random.Random) -> Iterator[str]:
    texts, titles, dates = _texts(dice, 110), _texts(dice, 9), _dates(dice)
    tags = _tags(dice)
    asked: list[int] = []
    for post in range(1, posts + 1):
        body = f'CreationDate="{next(dates)}" Score="{int(dice.paretovariate(1.2)) - 1}" Body="{next(texts)}"'
        owner = f'OwnerUserId="{_somebody(users, dice)}" LastActivityDate="{next(dates)}" ContentLicense="CC BY-SA 4.0"'
        if post % QUESTIONS == 1:
            asked.append(post)
            title = next(titles).removeprefix("&lt;p&gt;").removesuffix("&lt;/p&gt;&#xA;")
            accepted = f'AcceptedAnswerId="{post + 1}" ' if post % 2 else ""
            more = f'Title="{title}" Tags="{next(tags)}" ViewCount="{post % 999}" AnswerCount="2" {accepted}'
            yield f'Id="{post}" PostTypeId="1" {body} {owner} {more}CommentCount="0"'
        else:
            # Most answers come soon after the question.
            parent = asked[max(0, len(asked) - 1 - int(dice.expovariate(0.05)))]
            yield f'Id="{post}" PostTypeId="2" ParentId="{parent}" {body} {owner} CommentCount="0"'


def _somebody(users: int, dice: random.Random) -> int:
    """Few write much: half of all posts come from a twentieth of the people."""
    return 1 + int(users * dice.random() ** 4)


def _tags(dice: random.Random) -> Iterator[str]:
    names = [f"tag-{number}" for number in range(OTHERS)]
    weights = list(itertools.accumulate(1 / (place + 1) for place in range(OTHERS)))
    while True:
        chosen = dice.choices(names, cum_weights=weights, k=3)
        if dice.random() < WANTED:
            chosen[0] = dice.choice(BRIEF_TAGS)
        yield f"|{'|'.join(dict.fromkeys(chosen))}|"


def _badges(users: int, dice: random.Random) -> Iterator[str]:
    dates = _dates(dice)
    for number in range(1, users * BADGES + 1):
        tag_based = number % 5 == 0
        name = BRIEF_TAGS[number % 4] if number % 50 == 0 else f"tag-{number % OTHERS}" if tag_based else "Nice Answer"
        yield (
            f'Id="{number}" UserId="{_somebody(users, dice)}" Name="{name}" Date="{next(dates)}" '
            f'Class="{number % 3 + 1}" TagBased="{tag_based}"'
        )


def _dates(dice: random.Random) -> Iterator[str]:
    days = [f"{dice.randint(2010, 2024)}-{dice.randint(1, 12):02}-{dice.randint(1, 28):02}" for _ in range(_TEXTS)]
    return itertools.cycle([f"{day}T{dice.randint(0, 23):02}:17:23.{dice.randint(0, 999):03}" for day in days])


if __name__ == "__main__":
    sys.exit(main())
