"""Which tools go with which role: fits the role weights on the Kaggle survey 2021 and says how good they are.

The survey (a CSV file, one person a line: ``role`` and the tools by question, ";" between) tells stated titles and
tools. ``roles_survey.toml`` maps its answers to skills of the lexicon. What is fitted is a softmax over skills, with
every role as frequent as another. Public evidence shows only part of what somebody uses, a survey asks for all of it:
each person is therefore learnt from several times, with all answers and with a random half, quarter and tenth of them.
So a tool that is not seen says nothing, and who shows little stays near "any role".

    .venv/bin/python benchmarks/roles.py SURVEY            (cross-validation, beside a majority and a keyword baseline)
    .venv/bin/python benchmarks/roles.py SURVEY --fit      (writes sourcer/score/role_tools.toml)

"fitted and set by hand" is what the program has: with the weights of ``roles.toml``, as far as the survey asks for what
they are about. Only weights leave the survey, no row of it. "equal": people are weighed so that every role is as
frequent as another, as the program sees them; "survey": as frequent as in the survey.
"""

from __future__ import annotations

import argparse
import csv
import gzip
import io
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import f1_score, roc_auc_score
from sklearn.model_selection import StratifiedKFold, cross_val_predict

from sourcer.score.roles import ROLE_DATA
from sourcer.score.rules import read_data
from sourcer.skills import load_lexicon

HERE: Final = Path(__file__).resolve().parent
MAP: Final = HERE / "roles_survey.toml"
FITTED: Final = HERE.parent / "sourcer" / "score" / "role_tools.toml"
KEPT: Final = (1.0, 0.5, 0.25, 0.1)
"""Shares of the answers that are seen."""

BY_HAND: Final = (1.0, 0.25)
ABOUT: Final = ("rid", "role", "role_norm", "year", "coding_years", "ml_years")
"""Columns that are no tools."""

FOLDS: Final = 5
STRENGTH: Final = 0.3
SEED: Final = 20210901
PRECISION: Final = 0.8
PLACES: Final = 3

Array = NDArray[np.float64]
Labels = NDArray[np.int64]


@dataclass(frozen=True)
class Survey:
    """Who uses what: a row for each person, and columns for skills; the answers themselves for the keywords."""

    roles: tuple[str, ...]
    skills: tuple[str, ...]
    uses: Array
    role: Labels
    keywords: Array
    answers: Array


def main() -> int:
    """Fit or evaluate."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("survey", type=Path)
    parser.add_argument("--fit", action="store_true", help="fit on everybody and write the weights")
    arguments = parser.parse_args()
    survey = _read(arguments.survey)
    if arguments.fit:
        FITTED.write_text(_rendered(survey, _fitted(survey.uses, survey.role)), encoding="utf-8")
        print(f"wrote {FITTED.name}: {len(survey.role)} people, {len(survey.skills)} skills")
    else:
        _evaluate(survey)
    return 0


def _read(path: Path) -> Survey:
    table = tomllib.loads(MAP.read_text(encoding="utf-8"))
    roles, skills = tuple(table["roles"]), tuple(table["skills"])
    for skill in skills:
        load_lexicon().find(skill)
    titles = {title: number for number, title in enumerate(table["roles"].values())}
    with gzip.open(path) as packed:
        rows = [row for row in csv.DictReader(io.TextIOWrapper(packed, encoding="utf-8")) if row["role"] in titles]
    answers = [_tools(row) for row in rows]
    every = sorted({answer for row in rows for answer in _tools(row)})
    words = [frozenset(table["keywords"][role]) for role in roles]
    return Survey(
        roles=roles,
        skills=skills,
        uses=np.array([[not given.isdisjoint(table["skills"][skill]) for skill in skills] for given in answers], float),
        role=np.array([titles[row["role"]] for row in rows]),
        keywords=np.array([[len(given & mine) for mine in words] for given in answers], float),
        answers=np.array([[answer in given for answer in every] for given in map(_tools, rows)], float),
    )


def _tools(row: Mapping[str, str]) -> frozenset[str]:
    return frozenset(";".join(value for question, value in row.items() if question not in ABOUT).split(";"))


def _fitted(uses: Array, role: Labels, shares: Sequence[float] = KEPT) -> LogisticRegression:
    seen = np.vstack([_seen(uses, kept) for kept in shares])
    model = LogisticRegression(C=STRENGTH / len(shares), max_iter=500, class_weight="balanced", fit_intercept=False)
    return model.fit(seen, np.tile(role, len(shares)))


def _seen(uses: Array, kept: float) -> Array:
    """The answers of which a random share is left."""
    dice = np.random.default_rng(SEED + round(100 * kept))
    return uses * (dice.random(uses.shape) < kept)


def _evaluate(survey: Survey) -> None:
    folds = StratifiedKFold(FOLDS, shuffle=True, random_state=SEED)
    guessed = {kept: np.zeros((len(survey.role), len(survey.roles))) for kept in KEPT}
    whole = np.zeros((len(survey.role), len(survey.roles)))
    added = {kept: np.zeros((len(survey.role), len(survey.roles))) for kept in BY_HAND}
    for learn, test in folds.split(survey.uses, survey.role):
        model = _fitted(survey.uses[learn], survey.role[learn])
        whole[test] = _fitted(survey.uses[learn], survey.role[learn], KEPT[:1]).predict_proba(
            _seen(survey.uses, 0.25)[test]
        )
        for kept in KEPT:
            guessed[kept][test] = model.predict_proba(_seen(survey.uses, kept)[test])
        for kept in BY_HAND:
            seen = _seen(survey.uses, kept)[test]
            odds = model.predict_proba(seen) * np.exp(_by_hand(survey, seen))
            added[kept][test] = odds / odds.sum(axis=1, keepdims=True)
    people = ", ".join(f"{role} {np.sum(survey.role == number)}" for number, role in enumerate(survey.roles))
    print(f"{len(survey.role)} people ({people}), {FOLDS} folds\n")
    print(
        "| | frequency | macro-F1 | accuracy | ECE | coverage at 80 % precision | AUC " + " | AUC ".join(survey.roles)
    )
    print("| --- " * (6 + len(survey.roles)) + "|")
    shares = np.bincount(survey.role) / len(survey.role)
    for kept in KEPT:
        _row(f"fitted, {kept:.0%} of the answers", guessed[kept], survey.role, shares)
    for kept in BY_HAND:
        _row(f"fitted and set by hand, {kept:.0%} of the answers", added[kept], survey.role, shares)
    _row("fitted on whole answers alone, 25% of the answers", whole, survey.role, shares)
    every = LogisticRegression(C=0.05, max_iter=500, class_weight="balanced")
    most = cross_val_predict(every, survey.answers, survey.role, cv=folds, method="predict_proba")
    _row("every answer, mapped or not", most, survey.role, shares)
    counts = survey.keywords + 1e-6 * np.arange(len(survey.roles), 0, -1)
    _row("keywords", counts / counts.sum(axis=1, keepdims=True), survey.role, shares)
    _row("majority", np.tile(shares, (len(survey.role), 1)), survey.role, shares)
    for name, sure in (("fitted", guessed[KEPT[0]]), ("fitted and set by hand", added[KEPT[0]])):
        print(f"\n| {name}: likeliest role at least | people | right |\n| --- | --- | --- |")
        for least in (0.3, 0.4, 0.5, 0.6, 0.7, 0.8):
            _named(least, sure, survey.role, 1.0 / shares[survey.role])


def _by_hand(survey: Survey, uses: Array) -> Array:
    """What the weights set by hand add for the skills that the survey asks for, and for groups of them."""
    hand = tomllib.loads(read_data(ROLE_DATA[0]))
    skill = {name: uses[:, place] for place, name in enumerate(survey.skills)}
    features = {f"skill:{name}": used for name, used in skill.items()}
    for name, members in hand["groups"].items():
        features[f"group:{name}"] = -np.expm1(-sum((skill[one] for one in members if one in skill), 0.0 * uses[:, 0]))
    logits = np.zeros((len(uses), len(survey.roles)))
    for place, role in enumerate(survey.roles):
        for name, weight in hand["weights"][role].items():
            logits[:, place] += weight * features.get(name, 0.0)
    return logits


def _row(name: str, guessed: Array, role: Labels, shares: Array) -> None:
    """Both ways of counting: every role as frequent as another, and as in the survey."""
    bent = guessed * shares
    for frequency, odds, weight in (
        ("equal", guessed, 1.0 / shares[role]),
        ("survey", bent / bent.sum(axis=1, keepdims=True), np.ones(len(role))),
    ):
        top, sure = odds.argmax(axis=1), odds.max(axis=1)
        right = (top == role).astype(float)
        values = [
            f1_score(role, top, average="macro"),
            float(np.average(right, weights=weight)),
            _calibration_error(sure, right, weight),
            _coverage(sure, right, weight),
            *(roc_auc_score(role == number, odds[:, number]) for number in range(len(shares))),
        ]
        print(f"| {name} | {frequency} | " + " | ".join(f"{value:.3f}" for value in values) + " |")


def _named(least: float, guessed: Array, role: Labels, weight: Array) -> None:
    """How many people get a role named, and how often it is right, with every role as frequent as another."""
    named = guessed.max(axis=1) >= least
    right = np.average(guessed.argmax(axis=1)[named] == role[named], weights=weight[named])
    print(f"| {least} | {weight[named].sum() / weight.sum():.3f} | {right:.3f} |")


def _calibration_error(sure: Array, right: Array, weight: Array) -> float:
    """How far being sure and being right lie apart, over ten bins of sureness."""
    bins = np.minimum((sure * 10).astype(int), 9)
    apart = (abs(np.sum(weight[bins == one] * (sure - right)[bins == one])) for one in range(10))
    return float(sum(apart) / weight.sum())


def _coverage(sure: Array, right: Array, weight: Array) -> float:
    """The largest share of people, the surest first, of whom 80 % are right."""
    order = np.argsort(-sure, kind="stable")
    seen = np.cumsum(weight[order])
    enough = np.nonzero(np.cumsum((weight * right)[order]) / seen >= PRECISION)[0]
    return float(seen[enough[-1]] / weight.sum()) if len(enough) else 0.0


def _rendered(survey: Survey, model: Any) -> str:
    lines = [
        "# How strongly the use of a skill speaks for a role: weights of a softmax, fitted on the Kaggle survey 2021",
        f"# (CC BY 2.0) over {len(survey.role)} people with one of five titles; it has no devops. Made by:",
        "#     .venv/bin/python benchmarks/roles.py SURVEY --fit",
        "# docs/scoring.md tells how it is used, and how good it is.",
    ]
    weights: Sequence[Sequence[float]] = model.coef_.tolist()
    for role, row in zip(survey.roles, weights, strict=True):
        lines += ["", f"[{role}]"]
        lines += [f"{skill} = {round(value, PLACES)}" for skill, value in zip(survey.skills, row, strict=True)]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    raise SystemExit(main())
