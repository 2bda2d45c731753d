"""How right the ranking is: the real scorer against labels that nobody here made, beside simpler ones.

    python benchmarks/ranking.py [--data FOLDER] [--archive FILE] [--seeds N ...] [--only people|repositories|demo]

1. People: the labelled people of ``shared/data/truth/github_city_profiles`` are stored as the GitHub connector would
   store them and ranked through the ready brief ``ml-engineer``: with and without what they say about themselves, with
   unknown dates and with the month a repository was made in. Their labels mean machine learning against web, by a job
   title of 2019; they are noisy. No program fitted the scorer to them, but the lists of languages in ``[focus]`` were
   chosen with them in view, so one row fits those lists anew on the other cities. The regression is fitted on other
   cities, too. Intervals are bootstrapped (95 %).
2. Repositories: lifecycle points of real MLOps repositories against all others (see ``repo_evidence.py``), through the
   brief ``mlops-engineer``.
3. Demo: the planted MLOps people of invented worlds, crawled with the real connectors (see ``ranking_demo.py``). A
   simulation.

Figures are compared as they are printed: AUC with three decimals, precision with two. Exits with 1 where a floor or an
order is missed; an aim for people that is missed is printed, and ends with 0.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

import numpy as np
import ranking_demo  # type: ignore[import-not-found]  # beside this script
import ranking_truth as truth  # type: ignore[import-not-found]  # beside this script
import repo_evidence  # type: ignore[import-not-found]  # beside this script
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import average_precision_score, ndcg_score, roc_auc_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from sourcer.brief import Brief
from sourcer.config import read_toml
from sourcer.score import Scorer, load_rules, rank
from sourcer.skills import load_lexicon
from sourcer.store.database import Database
from sourcer.store.reads import iter_people

HERE: Final = Path(__file__).resolve().parent
SHARED: Final = HERE.parent / ".." / "shared" / "data"
PEOPLE: Final = SHARED / "truth" / "github_city_profiles"
ARCHIVE: Final = SHARED / "repo_evidence.tar.gz"
BRIEFS: Final = HERE.parent / "sourcer" / "briefs"

FLOOR, AIM = (0.87, 0.90), (0.90, 0.95)
"""AUC and precision at 20."""
OURS: Final = "Sourcer"
PYTHON: Final = "share of Python and Jupyter"
DRAWS: Final = 400

Values = np.ndarray[Any, np.dtype[np.float64]]


def precision_at(count: int) -> Callable[[Values, Values], float]:
    """The share of the labelled among the first so many; ties count by their share."""

    def precision(labels: Values, scores: Values) -> float:
        edge = np.sort(scores)[::-1][min(count, len(scores)) - 1]
        above, at = labels[scores > edge], labels[scores == edge]
        return float((above.sum() + at.mean() * (count - len(above))) / count)

    return precision


def _ndcg(labels: Values, scores: Values) -> float:
    return float(ndcg_score([labels], [scores], k=50))


MEASURES: Final[dict[str, Callable[[Values, Values], float]]] = {
    "AUC": roc_auc_score,
    "AP": average_precision_score,
    "P@20": precision_at(20),
    "P@50": precision_at(50),
    "nDCG@50": _ndcg,
}


def draws(labels: Values) -> list[Any]:
    """Samples of people with replacement that hold both labels: the same for every scorer, so that pairs compare."""
    dice = np.random.default_rng(7)
    found = (dice.integers(0, len(labels), len(labels)) for _ in range(DRAWS))
    return [sample for sample in found if 0 < labels[sample].sum() < len(labels)]


def table(labels: Values, scorers: dict[str, Values], samples: Sequence[Any]) -> Iterator[str]:
    """Each scorer's measures with their intervals."""
    yield "| scorer | " + " | ".join(MEASURES) + " |"
    yield "| --- |" + " --- |" * len(MEASURES)
    for name, scores in scorers.items():
        cells = []
        for measure in MEASURES.values():
            low, high = np.percentile([measure(labels[one], scores[one]) for one in samples], (2.5, 97.5))
            cells.append(f"{measure(labels, scores):.3f} ({low:.2f}…{high:.2f})")
        yield f"| {name} | " + " | ".join(cells) + " |"


def brief_named(name: str) -> Brief:
    """A ready brief."""
    return Brief.model_validate(read_toml(BRIEFS / f"{name}.toml")).named(name)


def ranked_scores(database: Database, brief: Brief, count: int) -> Values:
    """The score of each account by its number, 0 for who is not ranked, from ``rank`` itself."""
    scores = np.zeros(count)
    with database.read() as connection:
        people = rank(connection, brief, load_lexicon(), as_of=truth.SEEN.date(), cross_brief=False, top=None)
    for person in people:
        scores[int(person.profiles[0].uid) - 1] = person.score
    return scores


def our_scores(people: Sequence[Any], brief: Brief, *, bios: bool, dated: bool) -> tuple[Values, Values]:
    """What the scorer says, and what it says with languages of focus that were fitted on the other cities."""
    with tempfile.TemporaryDirectory() as folder, Database(f"sqlite:///{folder}/people.db") as database:
        database.upgrade()
        truth.store(database, brief, people, bios=bios, dated=dated)
        return ranked_scores(database, brief, len(people)), _refitted(database, brief, people)


def folds(people: Sequence[Any]) -> Values:
    """The fold of each person; a city lies in one of five, the largest spread first."""
    cities = [city for city, _ in Counter(one.row["city"] for one in people).most_common()]
    return np.array([cities.index(one.row["city"]) % 5 for one in people])


def _refitted(database: Database, brief: Brief, people: Sequence[Any]) -> Values:
    """Each city scored with languages that tell apart the people of other folds."""
    fold, scores, rules = folds(people), np.zeros(len(people)), load_rules()
    scorers = []
    for number in range(5):
        on, web = _telling([one for one, place in zip(people, fold, strict=True) if place != number])
        focus = replace(rules.focus, languages=frozenset(on), web=frozenset(web))
        scorers.append(Scorer(brief, load_lexicon(), replace(rules, focus=focus), truth.SEEN.date()))
    with database.read() as connection:
        for facts in iter_people(connection, brief.name):
            place = int(facts.profiles[0].uid) - 1
            scores[place] = scorers[fold[place]].score(facts).score
    return scores


def _telling(people: Sequence[Any]) -> tuple[set[str], set[str]]:
    """Languages whose mean share differs by two standard errors, towards ML and towards web; at least 20 use them."""
    on: set[str] = set()
    web: set[str] = set()
    for language in {repo[1] for one in people for repo in one.repositories if repo[1]}:
        shares = [np.array([one.share(language) for one in people if one.is_ml is label]) for label in (True, False)]
        if sum((share > 0).sum() for share in shares) >= 20:
            error = np.sqrt(sum(share.var() / len(share) for share in shares))
            apart = (shares[0].mean() - shares[1].mean()) / error
            if abs(apart) > 2:
                (on if apart > 0 else web).add(language.lower())
    return on, web


def regression(people: Sequence[Any], labels: Values) -> Values:
    """A logistic regression that never saw the city it scores."""
    fold, values = folds(people), truth.features(people, load_lexicon())
    scores = np.zeros(len(people))
    for number in range(5):
        model = make_pipeline(StandardScaler(), LogisticRegression(C=0.1))
        model.fit(values[fold != number], labels[fold != number])
        scores[fold == number] = model.decision_function(values[fold == number])
    return scores


def judge_people(folder: Path) -> Iterator[tuple[bool, str]]:
    """Print the tables; what must hold for people, and whether it does."""
    people = truth.read_people(folder)
    labels = np.array([float(one.is_ml) for one in people])
    samples, brief = draws(labels), brief_named("ml-engineer")
    owned = sum(len(one.repositories) for one in people)
    print(f"{len(people)} labelled people, {labels.sum():.0f} of them ML; {owned} repositories")
    scorers: dict[str, Values] = {}
    for bios in (True, False):
        for dated in (False, True):
            name = f"{OURS}, {'with' if bios else 'without'} bios, {'dated by creation' if dated else 'no dates'}"
            scorers[name], scorers[f"{name}; languages fitted on other cities"] = our_scores(
                people, brief, bios=bios, dated=dated
            )
    ours = [name for name in scorers if "fitted" not in name]
    scorers |= truth.baselines(people, load_lexicon())
    scorers["logistic regression fitted on other cities"] = regression(people, labels)
    print(*table(labels, scorers, samples), sep="\n")
    cities, fold = folds(people), scorers[ours[0]]
    each = [roc_auc_score(labels[cities == number], fold[cities == number]) for number in range(5)]
    print(f"AUC of {ours[0]} in five groups of cities: {', '.join(f'{value:.3f}' for value in each)}")
    for name in ours:
        yield from _judged(name, labels, scorers[name], scorers[PYTHON], samples)


def _judged(
    name: str, labels: Values, scores: Values, python: Values, samples: Sequence[Any]
) -> Iterator[tuple[bool, str]]:
    auc, first = round(roc_auc_score(labels, scores), 3), round(precision_at(20)(labels, scores), 2)
    reached = "reached" if auc >= AIM[0] and first >= AIM[1] else "MISSED"
    floor, aim = (f"{one[0]:.2f} and {one[1]:.2f}" for one in (FLOOR, AIM))
    line = f"{name}: AUC {auc:.3f} and P@20 {first:.2f}, at least {floor}; the aim of {aim} is {reached}"
    yield auc >= FLOOR[0] and first >= FLOOR[1], line
    gaps = [roc_auc_score(labels[one], scores[one]) - roc_auc_score(labels[one], python[one]) for one in samples]
    low, high = np.percentile(gaps, (2.5, 97.5))
    yield low > 0, f"{name}: AUC above the {PYTHON} by {low:.3f} to {high:.3f}"


def judge_repositories(archive: Path) -> Iterator[tuple[bool, str]]:
    """Lifecycle points of each repository; MLOps before all others."""
    rows = [repo_evidence.judge(one, brief_named("mlops-engineer")) for one in repo_evidence.read_archive(archive)]
    points = {row.repository.name: _lifecycle(row.score) for row in rows}
    rows.sort(key=lambda row: -points[row.repository.name])
    print("\n| repository | is | lifecycle points | score |\n| --- | --- | --- | --- |")
    for row in rows:
        name = row.repository.name
        print(f"| {name} | {row.repository.meta['category']} | {points[name]:.2f} | {row.score.score:.2f} |")
    is_mlops = {row.repository.name: row.repository.meta["category"] == "mlops" for row in rows}
    least = min(points[name] for name, wanted in is_mlops.items() if wanted)
    above = [name for name, wanted in is_mlops.items() if not wanted and points[name] >= least]
    yield (
        not above,
        f"repositories with the lifecycle points of an MLOps one ({least:.2f}): {', '.join(above) or 'none'}",
    )


def _lifecycle(score: Any) -> float:
    return float(sum(item.points for item in score.contributions if item.dimension == "lifecycle"))


def main(arguments: Sequence[str]) -> int:
    """Print tables and verdict."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--data", type=Path, default=PEOPLE, help="the folder with people.csv.gz and repos.csv.gz")
    parser.add_argument("--archive", type=Path, default=ARCHIVE, help="the real repositories: a tar, or a folder")
    parser.add_argument("--people", type=int, default=300, help="of each demo")
    parser.add_argument("--seeds", type=int, nargs="+", default=[7], help="of the demos")
    parser.add_argument("--only", choices=("people", "repositories", "demo"), action="append")
    options = parser.parse_args(arguments)
    parts: dict[str, Callable[[], Iterator[tuple[bool, str]]]] = {
        "people": lambda: judge_people(options.data),
        "repositories": lambda: judge_repositories(options.archive),
        "demo": lambda: ranking_demo.judge(options.seeds, options.people),
    }
    results = [result for name in options.only or parts for result in parts[name]()]
    print(*(f"{'yes' if holds else 'NO '}  {line}" for holds, line in results), sep="\n")
    return 0 if all(holds for holds, _ in results) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
