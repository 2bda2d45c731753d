"""What the connector makes of recorded Kaggle data: how much it takes in, what it leaves out and why.

Takes a folder with ``kaggle_profiles/`` (a saved page, header fragments as a table, profile objects of 2014, a list of
notebooks) and ``meta_kaggle/`` (leaderboards joined with tiers, as a table), tables also as ``.gz``. Lays them out as
the files that the connector takes and reads them with it. Prints counts, never a value.

    .venv/bin/python benchmarks/kaggle_recorded.py FOLDER
"""

from __future__ import annotations

import asyncio
import csv
import gzip
import io
import json
import shutil
import sys
import tempfile
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, Final, cast

from sourcer.connect import AnswerError, Evidence, Profile, Ref
from sourcer_kaggle import Kaggle
from sourcer_kaggle.api.observe import notebook_evidence
from sourcer_kaggle.api.wire import Kernel, read
from sourcer_kaggle.settings import KaggleConfig, KaggleDiscover
from sourcer_kaggle.tiers import TIERS

Rows = list[dict[str, str]]
_TABLES: Final = {
    "Users": ("Id", "UserName", "DisplayName", "RegisterDate", "PerformanceTier"),
    "Competitions": ("Id", "Slug", "Title", "DeadlineDate", "TotalTeams"),
    "Teams": ("Id", "CompetitionId", "TeamName", "PrivateLeaderboardRank"),
    "TeamMemberships": ("Id", "TeamId", "UserId"),
}


def main(folder: Path) -> int:
    """Read everything; 1 where something that should be taken in was not."""
    profiles = folder / "kaggle_profiles"
    left = 0
    with tempfile.TemporaryDirectory(prefix="sourcer-recorded-") as name:
        for number, path in enumerate(sorted(profiles.iterdir())):
            place = Path(name) / str(number)
            place.mkdir()
            if path.name.startswith("kernels"):
                left += _notebooks(path)
            else:
                left += _pages(path, _as_pages(path, place), place)
        for path in sorted((folder / "meta_kaggle").iterdir()):
            left += _leaderboards(path, Path(name) / "meta")
    return int(left > 0)


def _text(path: Path) -> str:
    data = path.read_bytes()
    return (gzip.decompress(data) if path.suffix == ".gz" else data).decode("utf-8-sig", "replace")


def _rows(path: Path) -> Rows:
    csv.field_size_limit(sys.maxsize)
    return list(csv.DictReader(io.StringIO(_text(path), newline="")))


def _as_pages(path: Path, folder: Path) -> list[str]:
    """Lay a recording out as the files that somebody would have saved; gives whose profiles it holds."""
    if ".csv" in path.name:
        rows = _rows(path)
        for row in rows:
            # A fragment names nobody: that is in the file's name, as docs/operators.md tells.
            (folder / f"{row['UserName']}.{row['UserId']}.html").write_text(row["UserHTML"], encoding="utf-8")
        return [row["UserId"] for row in rows]
    shutil.copyfile(path, folder / path.name)
    return [str(one["id"]) for one in json.loads(_text(path))] if ".json" in path.name else [path.name]


def _pages(path: Path, whose: list[str], folder: Path) -> int:
    items, complaint = _discover(saved_pages_dir=str(folder))
    profiles = [one for one in items if isinstance(one, Profile)]
    again = len(whose) - len(set(whose))
    print(f"{path.name}: {len(whose)} profiles, {len(profiles)} people{_why(complaint)}")
    if again:
        print(f"  {again} of them have the number of an earlier one: kept as one person each")
    print(f"  {_told(items)}; {sum(bool(one.links) for one in profiles)} of them name other accounts")
    return len(whose) - again - len(profiles)


def _notebooks(path: Path) -> int:
    """Notebooks as the site's own pages list them today: what the API calls ``ref`` is their address there."""
    listed = json.loads(_text(path))["kernels"]
    found = Counter[str]()
    for one in listed:
        ref = str(one.get("scriptUrl", "")).removeprefix("/code/")
        kernel = read(Kernel, {**one, "ref": ref, "language": one.get("aceLanguageName")})
        person = Ref("kaggle", str(one["author"]["id"]), one["author"]["userName"])
        evidence = notebook_evidence(person, kernel) if kernel is not None else None
        found["read" if evidence is not None else "left out"] += 1
        if evidence is not None:
            found["with votes"] += "votes" in evidence.measure
            found["with a day"] += evidence.happened_at is not None
    print(f"{path.name}: {len(listed)} notebooks; {_listed(found)}")
    return found["left out"]


def _leaderboards(path: Path, folder: Path) -> int:
    rows = _rows(path)
    folder.mkdir()
    for name, columns in _TABLES.items():
        with (folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, columns, lineterminator="\r\n")
            writer.writeheader()
            writer.writerows(_table(name, rows))
    items, complaint = _discover(meta_kaggle_dir=str(folder))
    people, results = {row["UserId"] for row in rows}, {(row["UserId"], row["filename"]) for row in rows}
    staff = {row["UserId"] for row in rows if row["PerformanceTier"] == "5"}
    told = {one.ref.uid for one in items if isinstance(one, Profile)}
    places = sum(isinstance(one, Evidence) for one in items)
    wanted = sum(uid not in staff for uid, _ in results)
    print(
        f"{path.name}: {len(rows)} rows, {len(people)} people in {len({row['filename'] for row in rows})} competitions:"
        f" {len(told)} people{_why(complaint)}"
    )
    print(f"  left out: {len(staff)} staff with {len(results) - wanted} places")
    print(f"  {len(rows) - len(results)} rows tell a place once more; {_told(items)}")
    return len(people - told - staff) + wanted - places


def _table(name: str, rows: Rows) -> Iterator[Mapping[str, object]]:
    """Leaderboards as the tables that Meta Kaggle would hold: a team's rank is its place in the file."""
    contests = {one: number for number, one in enumerate(dict.fromkeys(row["filename"] for row in rows), start=1)}
    places: defaultdict[str, dict[str, int]] = defaultdict(dict)
    for row in rows:
        mine = places[row["filename"]]
        mine.setdefault(row["TeamId"], len(mine) + 1)
    if name == "Users":
        for row in {row["UserId"]: row for row in rows}.values():
            yield {"Id": row["UserId"]} | {column: row[column] for column in _TABLES[name][1:]}
    elif name == "Competitions":
        for one, number in contests.items():
            slug = one.partition("-privateleaderboard")[0]
            yield {"Id": number, "Slug": slug, "TotalTeams": len(places[one])}
    elif name == "Teams":
        for one, teams in places.items():
            for team, rank in teams.items():
                yield {"Id": team, "CompetitionId": contests[one], "PrivateLeaderboardRank": f"{rank}.0"}
    else:
        for number, row in enumerate(rows):
            yield {"Id": number, "TeamId": row["TeamId"], "UserId": row["UserId"]}


def _discover(**config: str) -> tuple[list[Any], str]:
    """Everything that the connector yields, and its complaint at the end."""
    items: list[Any] = []

    async def run() -> None:
        connector = Kaggle(KaggleConfig.model_validate(config), cast("Any", None))  # files make no request
        async for item in connector.discover(KaggleDiscover(tiers=TIERS), None):
            items.append(item)  # noqa: PERF401  # what came before a complaint counts

    try:
        asyncio.run(run())
    except AnswerError as complaint:
        return items, str(complaint).partition(": ")[2]
    return items, ""


def _why(complaint: str) -> str:
    return f"; {complaint}" if complaint else ", none rejected"


def _told(items: Iterable[Any]) -> str:
    return _listed(Counter(one.kind for one in items if isinstance(one, Evidence))) or "no evidence"


def _listed(counts: Mapping[str, int]) -> str:
    return ", ".join(f"{count} {what}" for what, count in sorted(counts.items()))


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
