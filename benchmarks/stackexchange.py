"""What a crawl of Stack Exchange costs, foretells and survives, on a copy of its API with all its limits on.

Invents people of whom some have answered more than fits on a page, serves two sites on loopback, and runs real
``sourcer crawl`` processes:

1. **price**: requests a person for the cheap and the deep look; the plan against what was spent; steps over a limit;
   what was asked twice; the second crawl of the day; how far a plan says 300 requests reach without a key.
2. **faults**: the same rows although every fault strikes once, a share of the other answers fail, pauses are asked for,
   and the crawl is killed in the middle. Some minutes: a refusal that tells no time is waited for a minute.

    .venv/bin/python benchmarks/stackexchange.py            (both; fails where an aim is missed)
    .venv/bin/python benchmarks/stackexchange.py price --people 600 --deep-share 0.5
"""

from __future__ import annotations

import argparse
import json
import subprocess
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from benchmarks.crawling import Aim, command, differing, kill_halfway, place, rows
from sourcer.demo.build import Builder, moment
from sourcer.demo.model import STACKOVERFLOW, TODAY, World, dice
from sourcer.demo.network import SECOND_SITE
from sourcer.demo.stackexchange import EVERY, KEY, Mishap, StackExchangeServer
from sourcer.demo.stackexchange.manners import Manners
from sourcer.demo.stackexchange.mishaps import QUICK
from sourcer.demo.strikes import Strikes
from sourcer.demo.world import make_world

TAGS: Final = ("mlflow", "kubeflow", "mlops", "airflow", "pytorch", "machine-learning")
BRIEF: Final = """
title = "MLOps engineer"
role = "ml_engineer"
[skills]
must = ["mlflow | kubeflow", "kubernetes | docker"]
nice = ["airflow", "pytorch"]
[discover]
limit = 5000
stackoverflow.tags = {tags}
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
deep_bar = 0.0
[fetch]
archive_dir = ""
[connectors.stackoverflow]
key = "{key}"
api_url = "{url}"
sites = {sites}
"""
PROLIFIC: Final = 0.15
"""Share of the seniors who have answered more than fits on a page."""

MANY: Final = (120, 400)
SITES: Final = (STACKOVERFLOW, SECOND_SITE)


def make_people(seed: int, people: int) -> World:
    """A world in which some answer all the time, as on the site: mostly in popular tags that no brief asks for."""
    world = make_world(seed, people)
    builder, rng = Builder(seed, world), dice(seed, "prolific")
    asked = [post for post in world.posts if post.is_question and set(TAGS).isdisjoint(post.tags)]
    for person in world.people:
        member = person.stackoverflow
        if member is None or person.traps or person.level < 3 or rng.random() > PROLIFIC:
            continue
        for question in rng.choices(asked, k=rng.randint(*MANY)):
            at = moment(rng, max(question.created_at, member.created_at), TODAY)
            builder.answer(question, member, at, score=rng.choice((0, 1, 1, 2, 5)))
    return world


def write(folder: Path, server: StackExchangeServer, deep_share: float, key: str = KEY) -> None:
    """Write configuration and brief."""
    (folder / "briefs").mkdir(parents=True, exist_ok=True)
    (folder / "briefs" / "bench.toml").write_text(BRIEF.format(tags=json.dumps(TAGS)), encoding="utf-8")
    text = CONFIG.format(key=key, url=server.url, deep_share=deep_share, sites=json.dumps(SITES))
    (folder / "sourcer.toml").write_text(text, encoding="utf-8")


def crawl(folder: Path) -> tuple[int, Mapping[str, Any]]:
    """Crawl to the end; the exit code, and what the first site's counts say, which carry what all spent."""
    done = subprocess.run(command(folder), capture_output=True, text=True, check=False)
    if done.returncode not in (0, 3):
        raise SystemExit(f"the crawl failed:\n{done.stderr}")
    told: Mapping[str, Any] = json.loads(done.stdout)["sites"][STACKOVERFLOW]
    return done.returncode, told


def price(world: World, deep_share: float) -> list[Aim]:
    """Requests a person, and the plan against them."""
    with place() as folder, StackExchangeServer(world) as server:
        write(folder, server, deep_share)
        _, told = crawl(folder)
        methods = dict(server.manners.methods.most_common())
        first, violations = server.requests, Counter(one.reason for one in server.violations)
        people = len(rows(folder)["found"])
        looked = _looked(folder)
        crawl(folder)
        again = server.requests - first
        print(f"  without a key: {_plan_without_key(folder, server, deep_share)}")
    spent = {stage: units.get("requests", 0.0) for stage, units in told["stages"].items()}
    planned = {stage: told["planned"][stage].get("requests", 0.0) for stage in ("discover", "cheap", "deep")}
    # The plan for the people that were found: the discovery's bound on people is not a forecast of them.
    share = people / told["planned"]["people"]
    fetching = spent["cheap"] + spent["deep"]
    expected = (planned["cheap"] + planned["deep"]) * share
    print(f"  {first / people:.3f} requests a person all together, {again / first:.2f} of them in a second crawl")
    print(f"  {people} people, {looked} looked at deep; planned for {told['planned']['people']} people")
    print(f"  spent {spent}, planned {planned}, corrected {told['corrected']}")
    print(f"  requests by method: {methods}")
    return [
        Aim("requests a person, cheap look", spent["cheap"] / people, most=0.5),
        Aim("requests a person who is looked at, deep look", spent["deep"] / max(1, looked), most=2.1),
        Aim("discovery: spent of planned", spent["discover"] / planned["discover"], most=1.0),
        Aim("fetching: spent of planned for the people found", fetching / expected, most=1.1, least=0.9),
        Aim("steps over a limit", sum(violations.values()) - violations["repeated"], most=0),
        Aim("answers asked for twice", violations["repeated"], most=0),
    ]


def _looked(folder: Path) -> int:
    """How many were looked at deep."""
    import sqlite3  # noqa: PLC0415

    with sqlite3.connect(f"file:{folder / 'crawl.db'}?mode=ro", uri=True) as connection:
        return int(connection.execute("SELECT count(*) FROM look WHERE depth = 'deep'").fetchone()[0])


def _plan_without_key(folder: Path, server: StackExchangeServer, deep_share: float) -> str:
    write(folder, server, deep_share, key="")
    done = subprocess.run([*command(folder)[:5], "plan", "bench"], capture_output=True, text=True, check=True)
    return " ".join((done.stderr or done.stdout).split())[-200:]


def faults(world: World, deep_share: float, share: float) -> list[Aim]:
    """The rows of a crawl that meets every fault and is killed in the middle, against those of one in peace."""
    with place() as folder:
        with StackExchangeServer(world) as server:
            write(folder / "peace", server, deep_share)
            crawl(folder / "peace")
            calm = server.requests
        at = {3 + 4 * place: mishap for place, mishap in enumerate(EVERY)}
        strikes: Strikes[Mishap] = Strikes(at, share=share, kinds=QUICK, seed=11)
        manners = Manners()
        with StackExchangeServer(world, strikes=strikes, pauses=_pause, manners=manners) as server:
            write(folder / "storm", server, deep_share)
            killed = kill_halfway(folder / "storm", server, calm * 2 // 3)
            crawls = 0
            while crawls < 5 and crawl(folder / "storm")[0] == 3:
                crawls += 1
            stormy = server.requests
            failed = sum(number for status, number in server.statuses.items() if status != 200)
        violations = Counter(one.reason for one in server.violations)
        different = differing(folder / "peace", folder / "storm")
    print(f"  killed after {killed} requests; {failed} answers were no 200; {crawls + 1} further crawls")
    print(f"  {calm} requests in peace, {stormy} in the storm; noted: {dict(violations)}")
    repeated = violations.pop("repeated", 0)
    return [
        Aim("rows that differ from those of a crawl in peace", different, most=0),
        Aim("steps over a limit", sum(violations.values()), most=0),
        # The batch in work when the process died is asked again, and so are the filter and the plan.
        Aim("answers that were asked for twice, for the kill", repeated, most=12),
    ]


def _pause(method: str) -> int | None:
    """Good answers of one method always ask for a second of pause."""
    return 1 if method == "users/{ids}/answers" else None


def main() -> int:
    """Run what is asked for; 1 where an aim is missed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", nargs="*", choices=["price", "faults"], default=[])
    parser.add_argument("--people", type=int, default=1_500)
    parser.add_argument("--share", type=float, default=0.05, help="of the answers fail")
    parser.add_argument("--deep-share", type=float, default=1.0, help="of the people are looked at deep (%(default)s)")
    parser.add_argument("--seed", type=int, default=7)
    asked = parser.parse_args()
    world = make_people(asked.seed, asked.people)
    missed = 0
    for what in asked.what or ["price", "faults"]:
        print(what)
        for aim in price(world, asked.deep_share) if what == "price" else faults(world, asked.deep_share, asked.share):
            print(aim.line())
            missed += not aim.met
    return 1 if missed else 0


if __name__ == "__main__":
    raise SystemExit(main())
