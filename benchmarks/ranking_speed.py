"""How fast people are ranked: against a bare pass over the same rows, the next day, and after a weight was changed.

    python benchmarks/ranking_speed.py [--people 100000] [--url URL]...

Makes invented people with ten pieces of evidence each (repositories with names, topics and languages, answers, tag
scores, dependencies) in a SQLite file and, where it is named by --url, in an empty PostgreSQL database, and times in
processes of their own, one after the other:

- bare: the bare pass (SELECT of the rows that ranking stands on, streamed, nothing interpreted);
- nothing: ranking where nobody has read the evidence yet, as with a new lexicon; it keeps what the evidence shows, as
  the scoring at the end of a crawl does;
- rank: ranking as a crawl leaves the database: what the evidence shows is kept, on another day than it was scored for;
- again: ranking with other weights;
- half: ranking where half of the accounts were looked at anew.

Exits with 1 where ranking takes more than four times the bare pass or 500 MB, or ranking again more than a quarter of
ranking, by the clock or by processor time (that of PostgreSQL's own processes is in the clock's only).
"""

from __future__ import annotations

import argparse
import json
import random
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any, Final

from measuring import measure  # type: ignore[import-not-found]  # beside this script
from sqlalchemy import insert, select, text

from sourcer.brief import Brief
from sourcer.config import read_toml
from sourcer.score import rank
from sourcer.skills import load_lexicon
from sourcer.store import schema
from sourcer.store.database import Database
from sourcer.store.gists import forget_gists
from sourcer.store.sql import chunks
from sourcer.store.statistics import refresh_statistics

BRIEF: Final = Path(__file__).resolve().parent.parent / "sourcer" / "briefs" / "ml-engineer.toml"
TODAY: Final = datetime(2026, 11, 1, tzinfo=UTC)
FIRST, NEXT, LATER = (date(2026, 11, day) for day in (1, 2, 3))
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
    refresh_statistics(database)


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


def ranked(database: Database, lifecycle: float, day: date) -> None:
    """Rank the first fifty."""
    data = read_toml(BRIEF)
    data["weights"]["lifecycle"] = lifecycle
    brief = Brief.model_validate(data).named("ml")
    lexicon = load_lexicon()
    with database.read() as connection:
        people = rank(connection, brief, lexicon, as_of=day, cross_brief=False, top=50, keep=database)
    print(json.dumps([person.person for person in people[:3]]))


def looked_at_anew(database: Database) -> None:
    """Forget of every other account what it shows, as storing its evidence does; and rank on yet another day."""
    with database.write() as connection:
        forget_gists(connection, [("github", str(number)) for number in _numbers(connection) if number % 2])
    ranked(database, 1.5, LATER)


def _numbers(connection: Any) -> list[int]:
    return [int(uid) for uid in connection.scalars(select(schema.profile.c.uid))]


STEPS: Final[Mapping[str, Callable[[Database], None]]] = {
    "bare": bare,
    "nothing": lambda database: ranked(database, 1.5, FIRST),
    "rank": lambda database: ranked(database, 1.5, NEXT),
    "again": lambda database: ranked(database, 3, NEXT),
    "half": looked_at_anew,
}


def judge(url: str, people: int) -> bool:
    """Time everything on one database."""
    with Database(url) as database:
        fill(database, people)
        kind = database.dialect
    steps = {name: measure([sys.executable, __file__, "--step", name, "--url", url]) for name in STEPS}
    bare_pass, ranking, again = steps["bare"], steps["rank"], steps["again"]
    for name, took in steps.items():
        print(f"{kind}, {name}: {took}; {took.times(bare_pass)}")
    most = max(took.peak for took in steps.values())
    verdicts = {
        f"no step takes more than {most:.0f} MB, at most {MEMORY}": most <= MEMORY,
        "every step ended well": all(took.code == 0 for took in steps.values()),
    }
    for way in ("seconds", "processor"):
        times, share = (
            getattr(one, way) / getattr(other, way) for one, other in ((ranking, bare_pass), (again, ranking))
        )
        name = "the clock" if way == "seconds" else "processor time"
        verdicts |= {
            f"by {name}, ranking takes {times:.1f} times the bare pass, at most {TIMES:g}": times <= TIMES,
            f"by {name}, ranking again takes {share:.2f} of ranking, at most {AGAIN}": share <= AGAIN,
        }
    for line, holds in verdicts.items():
        print(f"{'yes' if holds else 'NO '}  {kind}: {line}", flush=True)
    return all(verdicts.values())


def main(arguments: Sequence[str]) -> int:
    """Print times and verdict."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--people", type=int, default=100_000)
    parser.add_argument("--url", action="append", default=[], help="an empty database beside the SQLite file")
    parser.add_argument("--step", choices=STEPS, help=argparse.SUPPRESS)
    options = parser.parse_args(arguments)
    if options.step:
        with Database(options.url[0]) as database:
            STEPS[options.step](database)
        return 0
    with tempfile.TemporaryDirectory() as folder:
        held = [judge(url, options.people) for url in (f"sqlite:///{folder}/people.db", *options.url)]
    return 0 if all(held) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
