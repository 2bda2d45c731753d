"""Whether linking accounts finds what public proof allows, and nobody else, in invented worlds of several seeds.

Invents people who name their own accounts in every spelling, and strangers who name idols, friends and organisations;
crawls everybody with the real connectors from the copies of the sites, then reads the Kaggle pages that somebody saved;
and compares who became one person with the planted truth, pair by pair. Fails where two strangers are linked, or less
than ``--least`` of the allowed pairs are.

    .venv/bin/python benchmarks/links.py
    .venv/bin/python benchmarks/links.py --people 2000 --seeds 1
"""

from __future__ import annotations

import argparse
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from itertools import combinations
from pathlib import Path
from typing import Final

from sourcer.demo.kaggle.pages import write_saved_pages
from sourcer.demo.model import Person, World
from sourcer.demo.run import prepare

Key = tuple[str, str]
Pairs = set[tuple[Key, Key]]

BRIEF: Final = """
title = "Everybody"
role = "ml_engineer"
[skills]
must = ["pytorch"]
[discover]
limit = 100000
kaggle.tiers = ["NOVICE", "CONTRIBUTOR", "EXPERT", "MASTER", "GRANDMASTER"]
"""


def main() -> int:
    """Measure each world."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--people", type=int, default=300)
    parser.add_argument("--seeds", type=int, nargs="+", default=[7, 8, 9])
    parser.add_argument("--least", type=float, default=0.95, help="share of the allowed pairs (%(default)s)")
    options = parser.parse_args()
    missed = 0
    for seed in options.seeds:
        folder = Path(tempfile.mkdtemp(prefix="sourcer-links-"))
        try:
            missed += measure(folder, seed, options.people, options.least)
        finally:
            shutil.rmtree(folder, ignore_errors=True)
    return int(missed > 0)


def measure(folder: Path, seed: int, people: int, least: float) -> int:
    """One world; gives how many aims were missed."""
    with prepare(folder, seed=seed, people=people) as demo:
        (folder / "briefs" / "everybody.toml").write_text(BRIEF, encoding="utf-8")
        (folder / "accounts.txt").write_text("\n".join(accounts(demo.world)), encoding="utf-8")
        configure(folder, "[fetch]", "[crawl]\ndeep_share = 0.0\n[fetch]")
        crawl(folder, "--accounts", str(folder / "accounts.txt"))
        missed = compare(f"seed {seed}, from the copies", folder, demo.world, pages=False, least=least)
        write_saved_pages(demo.world.kaggle, folder / "pages")
        configure(folder, "[connectors.kaggle]", '[connectors.kaggle]\nsaved_pages_dir = "pages"\n')
        crawl(folder, "--only", "kaggle")
        return missed + compare(f"seed {seed}, saved pages too", folder, demo.world, pages=True, least=least)


def configure(folder: Path, old: str, new: str) -> None:
    """Change a line of the configuration."""
    path = folder / "sourcer.toml"
    path.write_text(path.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")


def accounts(world: World) -> Iterator[str]:
    """Everybody, as an accounts file names them."""
    for person in world.people:
        yield from (f"{site}:#{uid}" for site, uid in keys_of(person))


def keys_of(person: Person) -> Iterator[Key]:
    """The accounts of one human."""
    if person.github is not None and not person.github.is_gone:
        yield "github", str(person.github.database_id)
    if person.stackoverflow is not None:
        yield "stackoverflow", str(person.stackoverflow.id)
    yield from ((site, str(member.id)) for site, member in person.elsewhere.items())
    if person.kaggle is not None and not person.kaggle.is_gone:
        yield "kaggle", str(person.kaggle.id)


def crawl(folder: Path, *more: str) -> None:
    """Crawl as a user does."""
    command = [sys.executable, "-m", "sourcer.cli", "--config", str(folder), "crawl", "everybody", *more]
    began = time.perf_counter()
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode not in (0, 3):
        raise SystemExit(f"the crawl failed:\n{done.stderr}")
    print(f"  crawled in {time.perf_counter() - began:.0f} s, exit {done.returncode}")


def compare(title: str, folder: Path, world: World, *, pages: bool, least: float) -> int:
    """Print what was linked and what should have been; gives how many aims were missed."""
    stored, linked, statuses = read(folder / "demo.db")
    allowed = proven(world, stored, pages=pages)
    human = {key: number for number, person in enumerate(world.people) for key in keys_of(person)}
    wrong = sorted(pair for pair in linked if human.get(pair[0], -1) != human.get(pair[1], -2))
    recall = len(allowed & linked) / max(1, len(allowed))
    precision = 1 - len(wrong) / max(1, len(linked))
    print(f"{title}: {len(stored)} accounts, {len(allowed)} pairs allowed by proof, {len(linked)} linked; {statuses}")
    print(f"  precision {precision:.4f} (aim: 1), recall {recall:.4f} (at least {least})")
    for pair in wrong[:5]:
        print(f"  strangers: {pair}")
    kinds = Counter("-".join(site for site, _ in pair) for pair in allowed - linked)
    print(f"  not linked: {dict(kinds)}; linked beyond a single statement: {len(linked - allowed)}")
    return int(bool(wrong)) + int(recall < least)


def read(path: Path) -> tuple[set[Key], Pairs, str]:
    """The accounts that are stored, which pairs of them are one person, and how many links of each status there are."""
    connection = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
    try:
        rows = connection.execute("SELECT site, uid, person FROM v_profile WHERE gone_at IS NULL").fetchall()
        counts = connection.execute("SELECT status, count(*) FROM v_link GROUP BY status ORDER BY status").fetchall()
    finally:
        connection.close()
    groups: defaultdict[int, list[Key]] = defaultdict(list)
    for site, uid, person in rows:
        groups[person].append((site, uid))
    told = ", ".join(f"{count} {status}" for status, count in counts)
    return {(site, uid) for site, uid, _ in rows}, pairs_of(groups.values()), told


def pairs_of(groups: Iterable[Iterable[Key]]) -> Pairs:
    """Every two accounts of a group, the smaller key first."""
    return {pair for group in groups for pair in combinations(sorted(group), 2)}


def proven(world: World, stored: set[Key], *, pages: bool) -> Pairs:
    """What the true statements of the accounts that are stored allow, by one and by several steps."""
    of: dict[Key, frozenset[Key]] = {}
    for proof in world.proofs:
        if not {proof.by, proof.of} <= stored or (proof.where == "saved page" and not pages):
            continue
        whole = of.get(proof.by, frozenset((proof.by,))) | of.get(proof.of, frozenset((proof.of,)))
        of |= dict.fromkeys(whole, whole)
    return pairs_of(_distinct(of))


def _distinct(of: Mapping[Key, frozenset[Key]]) -> set[frozenset[Key]]:
    return set(of.values())


if __name__ == "__main__":
    sys.exit(main())
