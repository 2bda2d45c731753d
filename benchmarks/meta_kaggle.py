"""How much memory and time a discovery in Meta Kaggle takes.

Writes an invented export of many users, with tables in the proportions of the real one, then finds everybody of the
wished tiers in a child process, with the connector alone. Prints the child's peak memory, its time by the clock and of
the processor, and those of a bare pass of DuckDB over the same files. Fails above ``--most-mb``.

    .venv/bin/python benchmarks/meta_kaggle.py --users 1000000
"""

from __future__ import annotations

import argparse
import asyncio
import random
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any, Final, cast

from benchmarks.measuring import measure

FIRST: Final = 2_000_000_001
COMPETITIONS: Final = 800
TAGS: Final = ("time series", "nlp", "tabular", "computer vision", "pytorch", "tensorflow", "beginner", "finance")
WORDS: Final = (
    "model",
    "training",
    "pipeline",
    "mlflow",
    "gradient",
    "rain",
    "serving",
    "forecast",
    "baseline",
    "notes",
)
TIERS: Final = ("0", "1", "2", "3", "4")
SHARES: Final = (80, 17, 2.5, 0.4, 0.1)
"""Percent of users of each tier, about as on the site."""


def main() -> int:
    """Read what is asked for, and run it."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    add_options(parser)
    return run(parser.parse_args())


def add_options(parser: argparse.ArgumentParser) -> None:
    """What may be chosen."""
    parser.add_argument("--users", type=int, default=1_000_000, help="people in the export (%(default)s)")
    parser.add_argument("--tiers", nargs="+", default=["GRANDMASTER", "MASTER"], help="whom to find")
    parser.add_argument("--most-mb", type=float, default=1_000, help="fail above this peak memory (%(default)s)")
    parser.add_argument("--child", help=argparse.SUPPRESS)
    parser.add_argument("--bare", help=argparse.SUPPRESS)


def run(options: argparse.Namespace) -> int:
    """Write the export, read it in a child, print what it took; 1 where that was too much."""
    if options.child:
        asyncio.run(_discover(Path(options.child), tuple(options.tiers)))
        return 0
    if options.bare:
        _bare_pass(Path(options.bare))
        return 0
    with tempfile.TemporaryDirectory(prefix="sourcer-benchmark-") as name:
        folder = Path(name)
        rows = write_export(folder, options.users)
        size = sum(file.stat().st_size for file in folder.iterdir())
        print(f"export: {options.users:,} users, {rows:,} rows, {size / 1e6:,.0f} MB")
        bare = measure([sys.executable, __file__, "--bare", name])
        took = measure([sys.executable, __file__, "--child", name, "--tiers", *options.tiers])
        print(f"bare pass of DuckDB: {bare}")
        print(f"discovery: {took}; {took.times(bare)}")
        return int(took.code != 0 or took.peak > options.most_mb)


async def _discover(folder: Path, tiers: tuple[str, ...]) -> None:
    from sourcer_kaggle import Kaggle  # noqa: PLC0415  # the parent must stay small
    from sourcer_kaggle.settings import KaggleConfig, KaggleDiscover  # noqa: PLC0415

    connector = Kaggle(KaggleConfig(meta_kaggle_dir=str(folder)), cast("Any", None))  # files make no request
    counts: Counter[str] = Counter()
    async for item in connector.discover(KaggleDiscover(tiers=tiers), None):
        counts[type(item).__name__] += 1
    print(", ".join(f"{name} {count:,}" for name, count in sorted(counts.items())))


def _bare_pass(folder: Path) -> None:
    import duckdb  # noqa: PLC0415  # the parent must stay small

    for path in sorted(folder.iterdir()):
        # Summing a column's lengths keeps the engine from only counting lines.
        query = (
            f"SELECT sum(length(COLUMNS(*))) FROM read_csv('{path}', all_varchar = true, quote = '\"', escape = '\"')"
        )
        duckdb.execute(query).fetchall()


def write_export(folder: Path, users: int) -> int:
    """Write the tables; gives the number of rows."""
    dice = random.Random(20_240_101)
    writers: dict[str, tuple[str, Callable[[int, random.Random], Iterator[str]]]] = {
        "Users": ("Id,UserName,DisplayName,RegisterDate,PerformanceTier,Country", _users),
        "UserAchievements": (
            (
                "Id,UserId,AchievementType,Tier,TierAchievementDate,Points,CurrentRanking,HighestRanking,TotalGold,"
                "TotalSilver,TotalBronze"
            ),
            _achievements,
        ),
        "Competitions": (
            "Id,Slug,Title,Subtitle,EnabledDate,DeadlineDate,CanQualifyTiers,TotalTeams",
            _competitions,
        ),
        "CompetitionTags": ("Id,CompetitionId,TagId", _pairs(COMPETITIONS * 2, 1, COMPETITIONS)),
        "Tags": ("Id,ParentTagId,Name,Slug", _tags),
        "Teams": (
            (
                "Id,CompetitionId,TeamLeaderId,TeamName,IsBenchmark,Medal,MedalAwardDate,PublicLeaderboardRank,"
                "PrivateLeaderboardRank"
            ),
            _teams,
        ),
        "TeamMemberships": ("Id,TeamId,UserId,RequestDate", _members),
        "Kernels": (
            (
                "Id,AuthorUserId,CurrentKernelVersionId,ForkParentKernelVersionId,CreationDate,EvaluationDate,"
                "MadePublicDate,CurrentUrlSlug,Medal,TotalViews,TotalVotes"
            ),
            _kernels,
        ),
        "KernelTags": ("Id,KernelId,TagId", _pairs(users // 7, 1, users // 10)),
        "KernelVersions": ("Id,ScriptId,ScriptLanguageId,AuthorUserId,Title,TotalLines,TotalVotes", _versions),
        "KernelLanguages": ("Id,Name,DisplayName", _languages),
        "Datasets": (
            "Id,OwnerUserId,CurrentDatasetVersionId,CreationDate,TotalViews,TotalDownloads,TotalVotes",
            _datasets,
        ),
        "DatasetVersions": ("Id,DatasetId,Slug,Title,Description,CreationDate", _dataset_versions),
        "DatasetTags": ("Id,DatasetId,TagId", _pairs(users // 20, 1, users // 30)),
    }
    return sum(_write(folder / f"{name}.csv", header, rows(users, dice)) for name, (header, rows) in writers.items())


def _write(path: Path, header: str, rows: Iterable[str]) -> int:
    count = 0
    with path.open("w", encoding="utf-8", newline="") as file:
        file.write(f"{header}\r\n")
        for row in rows:
            file.write(f"{row}\r\n")
            count += 1
    return count


def _users(users: int, dice: random.Random) -> Iterator[str]:
    tiers = dice.choices(TIERS, SHARES, k=users)
    for place, tier in enumerate(tiers):
        uid = FIRST + place
        yield f'{uid},person{uid},"Person, the {place}th",{_day(dice)},{tier},Poland'


def _achievements(users: int, dice: random.Random) -> Iterator[str]:
    for place in range(users):
        for category in ("Competitions", "Scripts", "Discussion", "Datasets"):
            rank = f"{dice.randint(1, users)}.0" if dice.random() < 0.05 else ""
            points = dice.randint(0, 500)
            yield f"{place * 4},{FIRST + place},{category},{dice.randint(0, 2)},,{points},{rank},{rank},0,0,1"


def _competitions(_users: int, dice: random.Random) -> Iterator[str]:
    for number in range(1, COMPETITIONS + 1):
        words = "-".join(dice.sample(WORDS, 3))
        title = f'"{words}, {number}","A line\nand one more"'
        yield f"{number},{words}-{number},{title},,{_time(dice)},True,{dice.randint(100, 5000)}"


def _tags(_users: int, _dice: random.Random) -> Iterator[str]:
    return (f"{number},,{name},{name.replace(' ', '-')}" for number, name in enumerate(TAGS, start=1))


def _teams(users: int, dice: random.Random) -> Iterator[str]:
    for number in range(1, users // 2 + 1):
        rank = dice.randint(1, 3000)
        medal = "3.0" if rank < 200 else ""
        contest = dice.randint(1, COMPETITIONS)
        yield f'{number},{contest},,"Team ""{number}""",False,{medal},,{rank + 7}.0,{rank}.0'


def _members(users: int, dice: random.Random) -> Iterator[str]:
    for number in range(users * 6 // 10):
        yield f"{number},{dice.randint(1, users // 2)},{FIRST + _active(users, dice)},{_day(dice)}"


def _kernels(users: int, dice: random.Random) -> Iterator[str]:
    for number in range(1, users // 10 + 1):
        slug = "-".join(dice.sample(WORDS, 3))
        votes = int(dice.paretovariate(1.2)) - 1
        author = FIRST + _active(users, dice)
        yield f"{number},{author},{number * 8}.0,,{_time(dice)},{_day(dice)},{_day(dice)},{slug},,{votes * 30},{votes}"


def _versions(users: int, dice: random.Random) -> Iterator[str]:
    for number in range(1, users * 8 // 10 + 1):
        title = " ".join(dice.sample(WORDS, 3))
        yield f'{number},{number // 8},2,{FIRST},"{title}, again",{dice.randint(1, 900)},0'


def _languages(_users: int, _dice: random.Random) -> Iterator[str]:
    yield from ("1,R,R", "2,IPython Notebook HTML,Python")


def _datasets(users: int, dice: random.Random) -> Iterator[str]:
    for number in range(1, users // 30 + 1):
        owner, downloads, votes = FIRST + _active(users, dice), dice.randint(0, 999), dice.randint(0, 50)
        yield f"{number},{owner},{number * 2}.0,{_time(dice)},7,{downloads},{votes}"


def _dataset_versions(users: int, dice: random.Random) -> Iterator[str]:
    for number in range(1, users // 15 + 1):
        text = " ".join(dice.choices(WORDS, k=120))
        yield f'{number},{number // 2},data-{number},Data {number},"# Title\n\n1,2,3\n{text}",{_time(dice)}'


def _pairs(rows: int, low: int, high: int) -> Callable[[int, random.Random], Iterator[str]]:
    def write(_users: int, dice: random.Random) -> Iterator[str]:
        return (f"{number},{dice.randint(low, high)},{dice.randint(1, len(TAGS))}" for number in range(rows))

    return write


def _active(users: int, dice: random.Random) -> int:
    """Somebody, some far more often than others."""
    return int(users * dice.random() ** 3)


def _day(dice: random.Random) -> str:
    return f"{dice.randint(1, 12):02}/{dice.randint(1, 28):02}/{dice.randint(2012, 2025)}"


def _time(dice: random.Random) -> str:
    return f"{_day(dice)} {dice.randint(0, 23):02}:{dice.randint(0, 59):02}:00"


if __name__ == "__main__":
    sys.exit(main())
