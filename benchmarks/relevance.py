"""How well relevance, by which the engine chooses whom to look at deep, tells real machine-learning people from others.

Reads people whom somebody else labelled (1: machine learning, 0: web development, by job title) with the names and main
languages of their repositories, which is a part of what GitHub's cheap look tells: topics, descriptions and merged pull
requests add to it, so that more people pass the bar in a crawl. Prints area under the curve, precision among the first
twenty, and who passes which bar.

    .venv/bin/python benchmarks/relevance.py ../shared/data/truth/github_city_profiles
"""

from __future__ import annotations

import argparse
import csv
import gzip
from collections import defaultdict
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

from sourcer.brief import Brief
from sourcer.config import CrawlConfig, read_toml
from sourcer.skills import TermFocus, focus, load_lexicon

HERE: Final = Path(__file__).resolve().parent
PEOPLE: Final = HERE.parent / ".." / "shared" / "data" / "truth" / "github_city_profiles"
BRIEF: Final = HERE.parent / "sourcer" / "briefs" / "ml-engineer.toml"
LEAST: Final = 0.85
"""Area under the curve. A count of what the same terms come to, without shares, has 0.74 (docs/decisions.md)."""
BARS: Final = (0.05, 0.1, CrawlConfig().deep_bar, 0.2)


def table(path: Path) -> list[dict[str, str]]:
    """The rows of a compressed table."""
    with gzip.open(path, "rt", encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def labelled(folder: Path) -> tuple[list[int], list[list[tuple[str, ...]]]]:
    """The labels, and the terms of each person's repositories."""
    people = {row["person"]: int(row["musae_ml_target"]) for row in table(folder / "people.csv.gz") if _is_known(row)}
    repositories: dict[str, list[tuple[str, ...]]] = defaultdict(list)
    for row in table(folder / "repos.csv.gz"):
        language = (f"language:{row['language'].lower()}",) if row["language"] else ()
        repositories[row["person"]].append((*language, f"text:{row['repo']}"))
    return list(people.values()), [repositories[person] for person in people]


def _is_known(row: Mapping[str, str]) -> bool:
    return row["musae_ml_target"] in ("0", "1")


def passing(relevance: Sequence[float], labels: Sequence[int], label: int, bar: float) -> float:
    """The share of the people with a label who pass a bar."""
    mine = [value for value, of in zip(relevance, labels, strict=True) if of == label]
    return sum(value >= bar for value in mine) / max(1, len(mine))


def area_under_curve(labels: Sequence[int], values: Sequence[float]) -> float:
    """How often a person of label 1 stands above one of label 0; even ones count half."""
    ones, others = ([value for value, of in zip(values, labels, strict=True) if of == label] for label in (1, 0))
    above = sum((one > other) + (one == other) / 2 for one in ones for other in others)
    return above / (len(ones) * len(others))


def count_alone(relevant: TermFocus, repositories: Sequence[Sequence[str]]) -> float:
    """What all repositories come to, however many others there are."""
    return sum(relevant(terms) for terms in repositories)


def share_alone(relevant: TermFocus, repositories: Sequence[Sequence[str]]) -> float:
    """The mean of what each repository comes to by itself."""
    return sum(relevant.of_person([("repo.owned", terms)]) for terms in repositories) / (1 + len(repositories))


def main() -> int:
    """1 where relevance tells too little."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("people", nargs="?", type=Path, default=PEOPLE)
    parser.add_argument("--brief", type=Path, default=BRIEF)
    asked = parser.parse_args()
    labels, people = labelled(asked.people)
    relevant = focus(load_lexicon(), Brief.model_validate(read_toml(asked.brief)).named(asked.brief.stem))
    relevance = [relevant.of_person(("repo.owned", terms) for terms in mine) for mine in people]
    first = sorted(zip(relevance, labels, strict=True), reverse=True)[:20]
    area = area_under_curve(labels, relevance)
    counts, shares = (
        area_under_curve(labels, [way(relevant, mine) for mine in people]) for way in (count_alone, share_alone)
    )
    print(f"{len(labels)} people, {sum(labels)} of machine learning, by {asked.brief.stem}")
    print(f"area under the curve {area:.3f} (at least {LEAST}); counts alone {counts:.3f}, shares alone {shares:.3f}")
    print(f"of the first twenty {sum(label for _, label in first)} are of machine learning")
    for bar in BARS:
        ml, others = (passing(relevance, labels, label, bar) for label in (1, 0))
        print(f"  a bar of {bar:g} is passed by {ml:.0%} of machine learning, {others:.0%} of the others")
    return int(area < LEAST)


if __name__ == "__main__":
    raise SystemExit(main())
