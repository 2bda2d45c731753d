"""What joins the answers of a dump with their questions: SQLite's temporary database, or DuckDB.

Writes an invented Posts table, then gives each way a child process of its own: parse only, parse into SQLite as the
connector does, parse into a CSV file that DuckDB reads and joins. Each reads back the answers of everybody who answered
in the brief's tags, person by person in the order of their scores. Prints seconds, peak memory and what was read.

    .venv/bin/python benchmarks/dump_join.py --users 100000
"""

from __future__ import annotations

import argparse
import csv
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Event
from typing import Final

from dump_memory import BRIEF_TAGS, write_dump  # type: ignore[import-not-found]  # beside this script

WAYS: Final = ("parse", "sqlite", "duckdb")

DUCKDB: Final = """
SET memory_limit = '200MB'; SET threads = 2;
CREATE TABLE post AS SELECT * FROM read_csv('{csv}', header = false, all_varchar = true,
    names = ['kind', 'id', 'parent', 'owner', 'score', 'tags', 'wanted']);
CREATE TABLE joined AS
    SELECT answer.owner::BIGINT AS owner, answer.id::BIGINT AS id, answer.score::INT AS score, question.tags,
           question.wanted = '1' AS wanted
    FROM post AS answer JOIN post AS question ON question.id = answer.parent AND question.kind = '1'
    WHERE answer.kind = '2';
CREATE TABLE person AS
    SELECT owner, sum(greatest(score, 0)) AS score FROM joined WHERE wanted GROUP BY owner;
"""
READ_BACK: Final = "SELECT joined.* FROM joined JOIN person USING (owner) ORDER BY person.score DESC, owner, id"


def main() -> int:
    """Write the table, run each way in a child, print what it took."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--users", type=int, default=100_000, help="people in the dump (%(default)s)")
    parser.add_argument("--child", nargs=2, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.child:
        way, folder = options.child
        print(f"  {CHILDREN[way](Path(folder)):,} answers")
        return 0
    with tempfile.TemporaryDirectory(prefix="sourcer-benchmark-") as name:
        folder = Path(name) / "dump"
        write_dump(folder, options.users, 3)
        print(f"Posts: {options.users * 4:,} rows, {(folder / 'Posts.xml').stat().st_size / 1e6:,.0f} MB")
        return max(_measure(way, folder) for way in WAYS)


def _measure(way: str, folder: Path) -> int:
    before = time.perf_counter()
    child = subprocess.Popen([sys.executable, __file__, "--child", way, str(folder)])
    _, status, usage = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    peak = usage.ru_maxrss / (1e6 if sys.platform == "darwin" else 1024)
    busy = usage.ru_utime + usage.ru_stime
    print(
        f"{way}: exit {child.returncode}, {time.perf_counter() - before:.1f} s, {busy:.1f} s busy, peak {peak:.0f} MB"
    )
    return child.returncode


def _rows(folder: Path) -> Iterator[tuple[str, ...]]:
    from sourcer_stackoverflow.dump.columns import parse_tags  # noqa: PLC0415  # the parent must stay small
    from sourcer_stackoverflow.dump.rows import Fault, read_rows  # noqa: PLC0415

    wanted = frozenset(BRIEF_TAGS)
    with (folder / "Posts.xml").open("rb") as file:
        for row in read_rows(file, "posts"):
            if isinstance(row, Fault):
                raise SystemExit(row.reason)
            tags = parse_tags(row.get("Tags"))
            columns = (row.get(name) or "" for name in ("PostTypeId", "Id", "ParentId", "OwnerUserId", "Score"))
            yield (*columns, "|".join(tags), str(int(not wanted.isdisjoint(tags))))


def _parse(folder: Path) -> int:
    return sum(row[0] == "2" for row in _rows(folder))


def _sqlite(folder: Path) -> int:
    from sourcer_stackoverflow.dump.files import find_tables  # noqa: PLC0415
    from sourcer_stackoverflow.dump.load import Choice, load_dump  # noqa: PLC0415

    wanted = frozenset(BRIEF_TAGS)
    choice = Choice(wanted=lambda tags: not wanted.isdisjoint(tags))
    (folder / "Users.xml").write_text('<?xml version="1.0"?>\n<users>\n</users>', encoding="utf-8")
    (folder / "Badges.xml").unlink(missing_ok=True)
    index = load_dump(find_tables(folder, "stackoverflow.com"), choice, Event()).index
    people = index._connection.execute("SELECT uid FROM person ORDER BY position").fetchall()  # noqa: SLF001
    return sum(len(index.answers(uid)) for (uid,) in people)


def _duckdb(folder: Path) -> int:
    import duckdb  # noqa: PLC0415

    path = folder / "posts.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(_rows(folder))
    count = 0
    with duckdb.connect(str(folder / "scratch.duckdb")) as connection:
        connection.execute(DUCKDB.format(csv=path))
        cursor = connection.execute(READ_BACK)
        while rows := cursor.fetchmany(1_000):
            count += len(rows)
    return count


CHILDREN: Final[dict[str, Callable[[Path], int]]] = {"parse": _parse, "sqlite": _sqlite, "duckdb": _duckdb}

if __name__ == "__main__":
    sys.exit(main())
