"""How fast people are ranked: against a bare pass over the same rows, and again after a weight was changed.

    python benchmarks/ranking_speed.py [--people 100000] [--url URL]...

Makes invented people with ten pieces of evidence each (repositories with names, topics and languages, answers, tag
scores, dependencies) in a SQLite file and, where it is named by --url, in an empty PostgreSQL database, and times in
processes of their own: the bare pass (SELECT of the same columns, streamed, nothing interpreted), ``rank`` of the first
fifty, and ``rank`` again with other weights. Exits with 1 where ranking takes more than four times the bare pass or
500 MB, or ranking again more than a quarter of ranking.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
import tempfile
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any, Final

from measuring import measure  # type: ignore[import-not-found]  # beside this script
from sqlalchemy import insert, text

from sourcer.brief import Brief
from sourcer.config import read_toml
from sourcer.score import rank
from sourcer.skills import load_lexicon
from sourcer.store import schema
from sourcer.store.database import Database
from sourcer.store.sql import chunks

BRIEF: Final = Path(__file__).resolve().parent.parent / "sourcer" / "briefs" / "ml-engineer.toml"
TODAY: Final = datetime(2026, 11, 1, tzinfo=UTC)
TIMES: Final = 4.0
MEMORY: Final = 500
AGAIN: Final = 0.25
BARE: Final = (
    "SELECT e.id, e.site, e.uid, e.kind, e.url, e.title, e.terms, e.measure, e.happened_at, e.seen_at, p.person_id "
    "FROM evidence e JOIN profile p ON p.site = e.site AND p.uid = e.uid JOIN person h ON h.id = p.person_id "
    "WHERE e.vanished_at IS NULL AND p.gone_at IS NULL"
)

WORDS: Final = (
    "churn", "model", "service", "pytorch", "demo", "data", "api", "web", "app", "kafka", "vision", "notes", "mlflow",
    "pipeline", "game", "site", "bot", "parser", "cli", "infra", "docker", "bert", "search", "shop", "mobile",
    "forecast",
)  # fmt: skip
TOPICS: Final = ("mlops", "pytorch", "react", "docker", "machine-learning", "kubernetes", "api", "nlp", "css")
LANGUAGES: Final = ("python", "javascript", "jupyter notebook", "go", "java", "typescript", "c++", "html", "r", "rust")
TAGS: Final = ("python", "pandas", "pytorch", "javascript", "airflow", "docker", "sql", "kubernetes", "mlflow", "css")
PACKAGES: Final = ("torch", "mlflow", "numpy", "pandas", "flask", "requests", "kfp", "pytest", "scikit-learn", "boto3")


def evidence(dice: random.Random, number: int) -> Iterator[tuple[str, str, list[str], dict[str, float]]]:
    """Kind, title, terms and measure of ten pieces."""
    for place in range(10):
        name = "-".join(dice.sample(WORDS, 2)) + f"-{place}"
        match place % 5:
            case 0 | 1:
                terms = [f"topic:{topic}" for topic in dice.sample(TOPICS, 2)]
                terms += [
                    f"language:{dice.choice(LANGUAGES)}",
                    f"text:{name}",
                    f"text:{' '.join(dice.sample(WORDS, 6))}",
                ]
                yield "repo.owned", f"user{number}/{name}", terms, {"stars": dice.randint(0, 40), "fork": 0, "forks": 0}
            case 2:
                title = f"How to {' '.join(dice.sample(WORDS, 5))}?"
                yield (
                    "answer.accepted",
                    title,
                    [f"tag:{tag}" for tag in dice.sample(TAGS, 3)],
                    {"score": dice.randint(0, 20)},
                )
            case 3:
                tag = dice.choice(TAGS)
                yield "tag.score", tag, [f"tag:{tag}"], {"score": dice.randint(0, 90), "answers": dice.randint(1, 30)}
            case _:
                terms = [f"pypi:{package}" for package in dice.sample(PACKAGES, 4)]
                yield "repo.dependency", f"user{number}/{name}: requirements.txt", terms, {"packages": 4, "broken": 0}


def fill(database: Database, people: int) -> None:
    """Store invented people as crawls leave them."""
    dice = random.Random(7)
    database.upgrade()
    with database.write() as connection:
        run: dict[str, Any] = {name: {} for name in ("versions", "sites")}
        values = {"id": 1, "brief": "ml", "purpose": "", "status": "complete", "started_at": TODAY, "chain": 1}
        connection.execute(insert(schema.run), [{**run, **values, "config_digest": ""}])
        for chunk in chunks(range(1, people + 1), 2000):
            _fill(connection, dice, chunk)


def _fill(connection: Any, dice: random.Random, numbers: Sequence[int]) -> None:
    same = {"site": "github", "connector": "github", "run_id": 1}
    seen = {"first_seen_at": TODAY, "seen_at": TODAY, "connector_version": "1"}
    accounts: list[dict[str, Any]] = [same | {"uid": str(number)} for number in numbers]
    connection.execute(insert(schema.person), [{"id": number, "created_at": TODAY} for number in numbers])
    profiles = [
        one | seen | {
            "login": f"user{one['uid']}", "url": f"https://site.example.org/{one['uid']}", "links": [], "measure": {},
            "person_id": int(one["uid"]),
        }
        for one in accounts
    ]  # fmt: skip
    connection.execute(insert(schema.profile), profiles)
    connection.execute(insert(schema.found), [one | {"brief": "ml", "found_at": TODAY} for one in accounts])
    rows = [
        one | seen | {
            "id": int(one["uid"]) * 10 + place, "kind": kind, "key": f"{place}", "title": title, "terms": terms,
            "measure": measured, "url": f"https://site.example.org/{one['uid']}/{place}", "licence": "",
            "happened_at": TODAY - timedelta(days=dice.randint(0, 3000)),
        }
        for one in accounts
        for place, (kind, title, terms, measured) in enumerate(evidence(dice, int(one["uid"])))
    ]  # fmt: skip
    connection.execute(insert(schema.evidence), rows)


def bare(database: Database) -> None:
    """Read the rows and do nothing with them."""
    with database.read() as connection:
        found = sum(1 for _ in connection.execution_options(yield_per=2000).execute(text(BARE)))
    print(json.dumps(found))


def ranked(database: Database, lifecycle: float) -> None:
    """Rank the first fifty."""
    data = read_toml(BRIEF)
    data["weights"]["lifecycle"] = lifecycle
    brief = Brief.model_validate(data).named("ml")
    with database.read() as connection:
        people = rank(
            connection, brief, load_lexicon(), as_of=date(2026, 11, 1), cross_brief=False, top=50, keep=database
        )
    print(json.dumps([person.person for person in people[:3]]))


def judge(url: str, people: int) -> bool:
    """Time everything on one database."""
    with Database(url) as database:
        fill(database, people)
        kind = database.dialect
    steps = {
        name: measure([sys.executable, __file__, "--step", name, "--url", url]) for name in ("bare", "rank", "again")
    }
    for name, took in steps.items():
        print(f"{kind}, {name}: {took}")
    times, again = steps["rank"].seconds / steps["bare"].seconds, steps["again"].seconds / steps["rank"].seconds
    verdicts = {
        f"ranking takes {times:.1f} times the bare pass, at most {TIMES:g}": times <= TIMES,
        f"ranking takes {steps['rank'].peak:.0f} MB, at most {MEMORY}": steps["rank"].peak <= MEMORY,
        f"ranking again takes {again:.2f} of ranking, at most {AGAIN}": again <= AGAIN,
        "every step ended well": all(took.code == 0 for took in steps.values()),
    }
    for line, holds in verdicts.items():
        print(f"{'yes' if holds else 'NO '}  {kind}: {line}")
    return all(verdicts.values())


def main(arguments: Sequence[str]) -> int:
    """Print times and verdict."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--people", type=int, default=100_000)
    parser.add_argument("--url", action="append", default=[], help="an empty database beside the SQLite file")
    parser.add_argument("--step", choices=("bare", "rank", "again"), help=argparse.SUPPRESS)
    options = parser.parse_args(arguments)
    if options.step:
        with Database(options.url[0]) as database:
            steps = {
                "bare": lambda: bare(database),
                "rank": lambda: ranked(database, 1.5),
                "again": lambda: ranked(database, 3),
            }
            steps[options.step]()
        return 0
    with tempfile.TemporaryDirectory() as folder:
        held = [judge(url, options.people) for url in (f"sqlite:///{folder}/people.db", *options.url)]
    return 0 if all(held) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
