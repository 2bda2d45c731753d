"""What a crawl of GitHub costs, finds and survives, on a copy of GitHub with all its limits on.

Invents people with ten repositories each, serves them on loopback, and runs real ``sourcer crawl`` processes:

1. **price**: points and requests a person, discovery included; of those whose relevance passes the bar, what is missed
   against a crawl that looks at everybody deep; planted machine-learning people without the deep look; steps over a
   limit; the second crawl of the day. All with the default configuration.
2. **race**: seconds and requests a person at ``--latency``, against a PyGithub script that asks one endpoint for each
   attribute (``github_per_attribute.py``), both in this run; the script does a sample of the people.
3. **faults**: the same rows although every kind of fault strikes once, 3 % of the other answers fail in any of these
   ways, and the crawl is killed in the middle. Some minutes: a limit that tells no time is waited for a minute.

    .venv/bin/python benchmarks/github.py            (all three; fails where an aim is missed)
    .venv/bin/python benchmarks/github.py price --people 300
"""

from __future__ import annotations

import argparse
import json
import sqlite3
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from benchmarks.crawling import Aim, command, differing, kill_halfway, place, rows
from sourcer.config import CrawlConfig
from sourcer.demo.faults import EVERY, Fault, Faults
from sourcer.demo.github import TOKEN, GitHubServer
from sourcer.demo.limits import Limits
from sourcer.demo.model import World
from sourcer.demo.world import make_world

BRIEF: Final = """
title = "MLOps engineer"
role = "ml_engineer"
[weights]
coding = 1.0
lifecycle = 1.5
cloud = 1.0
data = 0.8
communication = 0.5
[skills]
must = ["mlflow | kubeflow", "kubernetes | docker"]
nice = ["airflow", "pytorch", "dvc"]
[discover]
limit = {limit}
github.topics = ["mlops", "mlflow", "kubeflow", "model-serving", "feature-store", "pytorch"]
github.repositories = {repositories}
github.languages = {languages}
"""
CONFIG: Final = """
[database]
url = "sqlite:///crawl.db"
[privacy]
controller = "a benchmark"
contact = "privacy@example.org"
lawful_basis = "nobody in it is real"
purpose = "measuring"
[crawl]
deep_share = {deep_share}
deep_bar = {deep_bar}
[fetch]
archive_dir = ""
[connectors.github]
token = "{token}"
api_url = "{url}"
"""
ML_ROLES: Final = ("ml_engineer", "data_scientist", "researcher")
ROLES: Final = {
    "ml_engineer": 0.12,
    "data_scientist": 0.1,
    "researcher": 0.06,
    "data_engineer": 0.1,
    "devops": 0.2,
    "software_engineer": 0.42,
}
"""Who is found besides: searches by language and location bring mostly others. All traps are among them."""
USUAL: Final = CrawlConfig()
EVERYBODY: Final = CrawlConfig(deep_share=1.0, deep_bar=0.0)
SILENT: Final = frozenset({Fault.SECONDARY_SILENT, Fault.TOO_MANY_SILENT, Fault.RATE_LIMIT})
"""Faults that say nothing of how long to wait: a minute each, so they strike once only."""


@dataclass(frozen=True, slots=True)
class Crawled:
    """One crawl: how it ended, how long it took, and what the server counted meanwhile."""

    code: int
    seconds: float
    requests: int
    points: int
    run: Mapping[str, Any]


def write(folder: Path, server: GitHubServer, world: World, limit: int, deep: CrawlConfig = USUAL) -> None:
    """Write configuration and brief."""
    (folder / "briefs").mkdir(parents=True, exist_ok=True)
    languages = sorted(
        {max(one.languages, key=lambda k: one.languages[k]) for one in world.repositories if one.languages}
    )
    known = sorted(
        (one for one in world.repositories if one.pull_requests and one.owner.kind == "Organization"),
        key=lambda one: (-one.stars, one.name_with_owner),
    )
    brief = BRIEF.format(
        limit=limit,
        repositories=json.dumps([one.name_with_owner for one in known[:2]]),
        languages=json.dumps(languages),
    )
    (folder / "briefs" / "bench.toml").write_text(brief, encoding="utf-8")
    text = CONFIG.format(token=TOKEN, url=server.url, deep_share=deep.deep_share, deep_bar=deep.deep_bar)
    (folder / "sourcer.toml").write_text(text, encoding="utf-8")


def crawl(folder: Path, server: GitHubServer) -> Crawled:
    """Crawl to the end."""
    requests, points, began = server.requests, server.points, time.perf_counter()
    done = subprocess.run(command(folder), capture_output=True, text=True, check=False)
    seconds = time.perf_counter() - began
    if done.returncode not in (0, 3):
        raise SystemExit(f"the crawl failed:\n{done.stderr}")
    run = json.loads(done.stdout)
    return Crawled(done.returncode, seconds, server.requests - requests, server.points - points, run)


@dataclass(frozen=True, slots=True)
class Seen:
    """What one crawl knows of its people.

    Args:
        evidence: The rows of each person, by uid.
        relevance: Of each person after the cheap look.
        deep: Who got the deep look.
    """

    evidence: Mapping[str, frozenset[str]]
    relevance: Mapping[str, float]
    deep: frozenset[str]

    @classmethod
    def of(cls, folder: Path) -> Seen:
        """From its database."""
        evidence: dict[str, set[str]] = {}
        for row in rows(folder)["evidence"]:
            evidence.setdefault(row[1], set()).add(repr(row))
        connection = sqlite3.connect(f"file:{folder / 'crawl.db'}?mode=ro", uri=True)
        try:
            visits = "SELECT uid, coalesce(relevance, 0) FROM visit WHERE depth = 'cheap'"
            looks = "SELECT uid FROM look WHERE depth = 'deep'"
            return cls(
                {uid: frozenset(mine) for uid, mine in evidence.items()},
                dict(connection.execute(visits).fetchall()),
                frozenset(uid for (uid,) in connection.execute(looks)),
            )
        finally:
            connection.close()


def share_found(ours: Seen, everybody: Seen, people: Iterable[str]) -> float:
    """Of the evidence of these people that everybody deep finds: how much this crawl found, too."""
    none: frozenset[str] = frozenset()
    wanted = [(uid, everybody.evidence.get(uid, none)) for uid in people]
    have = sum(len(all_of & ours.evidence.get(uid, none)) for uid, all_of in wanted)
    return have / max(1, sum(len(all_of) for _, all_of in wanted))


def price(world: World, people: int, deep: CrawlConfig) -> list[Aim]:
    """Points and requests a person, and what the choice of whom to look at deep misses."""
    with place() as folder, GitHubServer(world, limits=Limits()) as server:
        write(folder / "usual", server, world, people, deep)
        first = crawl(folder / "usual", server)
        usual = Seen.of(folder / "usual")
        for site, told in first.run["sites"].items():
            print(f"  {site}: planned {told['planned']}, spent by stage {told['stages']}")
        again = crawl(folder / "usual", server)
        found = len(rows(folder / "usual")["found"])
        write(folder / "all", server, world, people, EVERYBODY)
        crawl(folder / "all", server)
        everybody = Seen.of(folder / "all")
        violations = len(server.violations)
        for violation in server.violations[:5]:
            print(f"  violation: {violation}")
    passing = {uid for uid, relevance in everybody.relevance.items() if relevance >= deep.deep_bar}
    planted = missed_by_role(world, usual)
    print(f"  {found} people, {len(passing)} pass the bar of {deep.deep_bar}, {len(usual.deep)} looked at deep")
    print(f"  of the evidence of all people: {share_found(usual, everybody, everybody.evidence):.3f}")
    return [
        Aim("points a person", first.points / found, most=0.25),
        Aim("requests a person", first.requests / found, most=0.4),
        Aim("share of what everybody deep finds of those who pass", share_found(usual, everybody, passing), least=0.99),
        Aim("planted people without the deep look", planted, most=0.02),
        Aim("steps over a limit", violations, most=0),
        Aim("points of the second crawl of the day", again.points / first.points, most=0.1),
        Aim("requests of the second crawl of the day", again.requests / first.requests, most=0.1),
    ]


def missed_by_role(world: World, seen: Seen) -> float:
    """Print of each role how many missed the deep look; gives the share of machine-learning people who did."""
    found: Counter[str] = Counter()
    missed: Counter[str] = Counter()
    for person in world.people:
        uid = str(person.github.database_id) if person.github is not None and not person.github.is_gone else ""
        if uid in seen.relevance:
            found[person.role] += 1
            missed[person.role] += uid not in seen.deep
    print("  without the deep look:", ", ".join(f"{missed[role]} of {found[role]} {role}" for role in sorted(found)))
    return sum(missed[role] for role in ML_ROLES) / max(1, sum(found[role] for role in ML_ROLES))


def race(world: World, people: int, latency: float, sample: int) -> list[Aim]:
    """Against the plain script, both at the same latency."""
    with place() as folder, GitHubServer(world, latency=latency, limits=Limits()) as server:
        write(folder, server, world, people)
        ours = crawl(folder, server)
        found = len(rows(folder)["found"])
    logins = [person.github.login for person in world.people if person.github is not None and not person.github.is_gone]
    with GitHubServer(world, latency=latency, core=1_000_000, search=1_000_000) as server:
        script = Path(__file__).with_name("github_per_attribute.py")
        some = logins[:: max(1, len(logins) // sample)][:sample]
        # -P: in this folder the library's name is taken.
        told = subprocess.run(
            [sys.executable, "-P", script, server.url, TOKEN, *some], capture_output=True, text=True, check=True
        )
        theirs, asked = json.loads(told.stdout), server.requests
    print(f"  sourcer: {found} people, {ours.requests} requests, {ours.seconds:.1f} s with start, scoring and storing")
    print(f"  script: {theirs['people']} people, {asked} requests, {theirs['seconds']:.1f} s, found {theirs['found']}")
    return [
        Aim("times faster a person", (theirs["seconds"] / theirs["people"]) / (ours.seconds / found), least=50),
        Aim("times fewer requests a person", (asked / theirs["people"]) / (ours.requests / found), least=100),
    ]


def faults(world: World, people: int, share: float) -> list[Aim]:
    """The rows of a crawl that meets every fault and is killed in the middle, against those of one in peace."""
    with place() as folder:
        with GitHubServer(world, limits=Limits()) as server:
            write(folder / "peace", server, world, people)
            calm = crawl(folder / "peace", server)
        kinds = [kind for kind in EVERY if kind not in SILENT]
        at = {5 + 4 * i: kind for i, kind in enumerate(EVERY)}
        planted = Faults(at, share=share, kinds=kinds, seed=11)
        with GitHubServer(world, limits=Limits(), faults=planted) as server:
            write(folder / "storm", server, world, people)
            killed = kill_halfway(folder / "storm", server, calm.requests // 2)
            crawls = 0
            while crawls < 5 and crawl(folder / "storm", server).code == 3:
                crawls += 1
            failed = sum(number for status, number in server.statuses.items() if status != 200)
            violations = len(server.violations)
        different = differing(folder / "peace", folder / "storm")
    print(f"  killed after {killed} requests; {failed} answers were no 200; {crawls + 1} further crawls")
    return [
        Aim("rows that differ from those of a crawl in peace", different, most=0),
        Aim("steps over a limit", violations, most=0),
    ]


def main() -> int:
    """Run what is asked for; 1 where an aim is missed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", nargs="*", choices=["price", "race", "faults"], default=[])
    parser.add_argument("--people", type=int, default=300)
    parser.add_argument("--repositories", type=int, default=10)
    parser.add_argument("--latency", type=float, default=0.08, help="seconds before each answer, in the race")
    parser.add_argument("--sample", type=int, default=12, help="people that the plain script looks up")
    parser.add_argument("--share", type=float, default=0.03, help="of the answers fail")
    parser.add_argument("--deep-share", type=float, default=USUAL.deep_share, help="of the people, in the price")
    parser.add_argument("--deep-bar", type=float, default=USUAL.deep_bar, help="relevance, in the price")
    parser.add_argument("--seed", type=int, default=7)
    asked = parser.parse_args()
    world = make_world(asked.seed, asked.people, repositories=asked.repositories, roles=ROLES)
    deep = CrawlConfig(deep_share=asked.deep_share, deep_bar=asked.deep_bar)
    missed = 0
    for what in asked.what or ["price", "race", "faults"]:
        print(what)
        if what == "price":
            aims = price(world, asked.people, deep)
        elif what == "race":
            aims = race(world, asked.people, asked.latency, asked.sample)
        else:
            aims = faults(world, asked.people, asked.share)
        for aim in aims:
            print(aim.line())
        missed += sum(not aim.met for aim in aims)
    return 1 if missed else 0


if __name__ == "__main__":
    raise SystemExit(main())
