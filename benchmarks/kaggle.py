"""What a crawl of Kaggle costs, finds and survives, by its API and by Meta Kaggle, on copies of both of one population.

1. **price**: requests a person by stage, API and Meta Kaggle; the plan held against what was spent.
2. **ways**: whether both ways store the same people, tiers and rows of each kind of evidence that both offer.
3. **faults**: the same rows although every kind of fault strikes, the crawl is killed in the middle and taken up again;
   how many questions were answered twice that need not have been asked again. And what a list costs that is said to be
   missing: itself alone.

    .venv/bin/python benchmarks/kaggle.py            (all three; fails where an aim is missed)
    .venv/bin/python benchmarks/kaggle.py price --people 600
"""

from __future__ import annotations

import argparse
import json
import sqlite3
import subprocess
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from benchmarks.crawling import Aim, command, differing, kill_halfway, place, rows
from sourcer.demo.kaggle.faults import HARMLESS, Fault
from sourcer.demo.kaggle.server import TOKEN, KaggleServer
from sourcer.demo.kaggle.tables import write_meta_kaggle
from sourcer.demo.model import World
from sourcer.demo.strikes import Strikes
from sourcer.demo.world import make_world

BRIEF: Final = """
title = "Machine learning engineer"
role = "ml_engineer"
[skills]
must = ["pytorch | mlflow | scikit-learn"]
[discover]
limit = 100000
{discover}
"""
TIERS: Final = 'kaggle.tiers = ["GRANDMASTER", "MASTER", "EXPERT", "CONTRIBUTOR", "NOVICE"]'
SKILLS: Final = 'kaggle.skills = ["mlflow", "pytorch"]'
CONFIG: Final = """
[database]
url = "sqlite:///crawl.db"
[privacy]
controller = "a benchmark"
contact = "privacy@example.org"
lawful_basis = "nobody in it is real"
purpose = "measuring"
[crawl]
deep_share = 1.0
[fetch]
archive_dir = ""
[connectors.kaggle]
{settings}
"""
BOTH: Final = ("notebook.published", "dataset.published")
COMMON: Final = ("votes", "downloads")


def main() -> int:
    """Run what is asked for; 1 where an aim is missed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", nargs="*", choices=["price", "ways", "faults"], default=[])
    parser.add_argument("--people", type=int, default=300, help="of the invented world; a third of them is on Kaggle")
    parser.add_argument("--seed", type=int, default=7)
    asked = parser.parse_args()
    world = make_world(asked.seed, asked.people)
    print(f"{len(world.kaggle.people)} accounts, {len(world.kaggle.notebooks)} notebooks")
    missed = 0
    for what in asked.what or ["price", "ways", "faults"]:
        print(what)
        aims = {"price": price, "ways": ways, "faults": faults}[what](world)
        for aim in aims:
            print(aim.line())
        missed += sum(not aim.met for aim in aims)
    return 1 if missed else 0


def write(folder: Path, settings: str, discover: str = f"{TIERS}\n{SKILLS}") -> None:
    """Write configuration and brief."""
    (folder / "briefs").mkdir(parents=True, exist_ok=True)
    (folder / "briefs" / "bench.toml").write_text(BRIEF.format(discover=discover), encoding="utf-8")
    (folder / "sourcer.toml").write_text(CONFIG.format(settings=settings), encoding="utf-8")


def by_api(server: KaggleServer) -> str:
    """Settings of the API way."""
    return f'token = "{TOKEN}"\napi_url = "{server.url}"'


def crawl(folder: Path) -> tuple[int, Mapping[str, Any]]:
    """Crawl to the end; gives the exit code and what it says of the run."""
    done = subprocess.run(command(folder), capture_output=True, text=True, check=False)
    if done.returncode not in (0, 3):
        raise SystemExit(f"the crawl failed:\n{done.stderr}")
    return done.returncode, json.loads(done.stdout)


def price(world: World) -> list[Aim]:
    """Requests a person, each way, and how near the plan was."""
    aims = []
    with place() as folder:
        for name, discover in (("tiers", TIERS), ("skills", SKILLS), ("both", f"{TIERS}\n{SKILLS}")):
            with KaggleServer(world) as server:
                write(folder / name, by_api(server), discover)
                _, run = crawl(folder / name)
            (told,) = run["sites"].values()
            found = len(rows(folder / name)["found"])
            spent = {stage: told["stages"].get(stage, {}).get("requests", 0) for stage in ("discover", "cheap", "deep")}
            planned = {stage: told["planned"][stage].get("requests", 0) for stage in spent}
            # A plan is for everybody; whom the brief is not about gets no deep look.
            deep = len(looked_deep(folder / name))
            expected = (planned["cheap"] * found + planned["deep"] * deep) / told["planned"]["people"]
            print(f"  by {name}: {found} people, planned for {told['planned']['people']}; spent {spent}")
            print(f"  planned {planned}; {dict(server.counts)}")
            aims += [
                Aim(f"{name}: requests a person, cheap look", spent["cheap"] / found, most=0.05),
                Aim(f"{name}: requests a person, deep look", spent["deep"] / found, most=4),
                Aim(f"{name}: discovery: spent of planned", spent["discover"] / planned["discover"], most=1),
                Aim(
                    f"{name}: fetching: spent of planned for the people found",
                    (spent["cheap"] + spent["deep"]) / expected,
                    most=1.1,
                    least=0.9,
                ),
                Aim(f"{name}: requests before a pause had ended", len(server.violations), most=0),
            ]
        write_meta_kaggle(world.kaggle, folder / "meta")
        write(folder / "files", f'meta_kaggle_dir = "{folder / "meta"}"')
        _, run = crawl(folder / "files")
        (told,) = run["sites"].values()
        aims.append(Aim("Meta Kaggle: requests", told["requests"], most=0))
    return aims


def ways(world: World) -> list[Aim]:
    """Both ways of one population."""
    with place() as folder:
        with KaggleServer(world) as server:
            write(folder / "api", by_api(server))
            crawl(folder / "api")
        write_meta_kaggle(world.kaggle, folder / "meta")
        write(folder / "files", f'meta_kaggle_dir = "{folder / "meta"}"')
        crawl(folder / "files")
        api, files = rows(folder / "api"), rows(folder / "files")
        deep = looked_deep(folder / "api")
    # Only the API tells who opted out; the files show them as novices.
    opted_out = {str(one.id) for one in world.kaggle.people if one.has_opted_out}
    people = [
        {(row[1], row[2], row[3], _tier(row[10])) for row in way["profile"] if row[1] not in opted_out}
        for way in (api, files)
    ]
    print(f"  {len(people[0])} people, {len(deep)} of them looked at deep: a crawl looks at whom its brief is about")
    aims = [Aim("people or tiers that differ", len(people[0] ^ people[1]), most=0)]
    for kind in BOTH:
        both = [
            {_row(row) for row in way["evidence"] if row[2] == kind and row[1] in deep - opted_out}
            for way in (api, files)
        ]
        print(f"  {kind}: {len(both[0])} rows")
        aims.append(Aim(f"rows of {kind} that differ", len(both[0] ^ both[1]), most=0))
    for name, way in (("API", api), ("Meta Kaggle", files)):
        print(f"  {name}: {dict(sorted(Counter(row[2] for row in way['evidence']).items()))}")
        print(f"  {name} does not know: {dict(sorted(Counter(row[2] for row in way['unknown']).items()))}")
    return aims


def looked_deep(folder: Path) -> set[str]:
    """Who got the deep look."""
    connection = sqlite3.connect(f"file:{folder / 'crawl.db'}?mode=ro", uri=True)
    try:
        return {uid for (uid,) in connection.execute("SELECT uid FROM look WHERE depth = 'deep'")}
    finally:
        connection.close()


def _tier(measure: Any) -> Any:
    return json.loads(measure).get("tier")


def _row(row: tuple[Any, ...]) -> tuple[Any, ...]:
    measure = json.loads(row[7])
    return (*row[:7], tuple(measure.get(unit) for unit in COMMON), row[8])


def faults(world: World) -> list[Aim]:
    """A crawl in a storm, killed and taken up again, against one in peace."""
    with place() as folder:
        with KaggleServer(world) as server:
            write(folder / "peace", by_api(server))
            crawl(folder / "peace")
            calm, first = server.requests, server.counts["ListEntities"]
        at = {3 + 5 * i: kind for i, kind in enumerate(HARMLESS)}
        passing = [kind for kind in HARMLESS if kind is not Fault.TOO_MANY_SILENT]
        planted = Strikes[Fault](at, share=0.03, kinds=passing, seed=11)
        with KaggleServer(world, faults=planted) as server:
            write(folder / "storm", by_api(server))
            killed = kill_halfway(folder / "storm", server, calm // 2)
            crawls = 0
            while crawls < 5 and crawl(folder / "storm")[0] == 3:
                crawls += 1
            again = sum(number - 1 for number in server.asked.values())
            whole, statuses, violations = sum(server.asked.values()), dict(server.statuses), len(server.violations)
        different = differing(folder / "peace", folder / "storm")
        missing = _missing(world, folder, first)
    print(f"  {calm} requests in peace; killed after {killed}, {crawls + 1} further crawls")
    print(f"  {whole} whole answers in the storm, {again} of them to a question answered before; {statuses}")
    return [
        Aim("rows that differ from those of a crawl in peace", different, most=0),
        # What was under way when it was killed was not stored: a batch of 50 people with four questions each, at most,
        # and the searches that a plan asks once more.
        Aim("questions answered twice, of those of a batch and a plan", again / (4 * 50 + 8), most=1),
        Aim("requests before a pause had ended", violations, most=0),
        missing,
    ]


def _missing(world: World, folder: Path, first: int) -> Aim:
    """Lists that are said to be missing within HTTP 200: they cost themselves alone, and are noted as unknown."""
    peace = rows(folder / "peace")
    struck = {first + 20: Fault.NOT_FOUND_OK, first + 41: Fault.NOT_FOUND_OK}
    with KaggleServer(world, faults=Strikes[Fault](struck)) as server:
        write(folder / "missing", by_api(server))
        code, _ = crawl(folder / "missing")
    now = rows(folder / "missing")
    lost = {row[:4] for row in peace["evidence"]} - {row[:4] for row in now["evidence"]}
    noted = {row[1:] for row in now["unknown"]} - {row[1:] for row in peace["unknown"]}
    print(f"  two lists said to be missing: exit {code}, {len(lost)} rows not told; unknown instead: {sorted(noted)}")
    told = {(uid, kind) for _, uid, kind, _ in lost} - noted
    # Imports are of a notebook: without their list there is none.
    told -= {(uid, "notebook.imports") for uid, kind in noted if kind == "notebook.published"}
    return Aim("rows not told that are not noted as unknown", len(told), most=0)


if __name__ == "__main__":
    raise SystemExit(main())
