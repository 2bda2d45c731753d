"""Ranking and explaining what is stored, on SQLite and PostgreSQL."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import UTC, date, datetime
from typing import Any

import pytest
from sqlalchemy import text

from sourcer.brief import Brief
from sourcer.domain import DIMENSIONS, HIDDEN_STATES, ROLES, Done, Item, Ref, Unknown
from sourcer.errors import UsageError
from sourcer.score import SCORER_VERSION, Candidate, Explanation, explain, rank, score_and_store
from sourcer.skills import load_lexicon
from sourcer.store.database import Database
from sourcer.store.ids import person_id
from support.deciding import Desk
from support.facts import a_brief
from support.store_items import account, begin, commit, piece, profile

DAY = date(2026, 3, 2)
KEYS = {
    "rank", "score", "person", "name", "profiles", "dimensions", "roles", "likeliest_role", "coverage", "country",
    "top_skills", "missing", "unknown", "affiliations", "confidence", "strongest_evidence", "why", "flags", "state",
    "tags", "first_seen", "last_seen", "contributions",
}  # fmt: skip

ADA, BEN, CLEO, DAN = (account(number) for number in (1, 2, 3, 4))


def someone(ref: Ref, terms: Sequence[Sequence[str]], **said: Any) -> list[Item]:
    """An account with one repository for each list of terms, whole."""
    repos: list[Item] = [piece(ref, f"x/repo-{place}", terms=tuple(found)) for place, found in enumerate(terms)]
    return [ref, profile(ref, **said), *repos, Done(ref, ("repo.owned",))]


@pytest.fixture
def stored(database: Database) -> Database:
    """Four people: ADA does MLOps, BEN some Python, CLEO the same as BEN, DAN nothing to see."""
    run = begin(database)
    work = [["topic:mlflow", "topic:mlops"], ["topic:kubeflow"], ["topic:pytorch"]]
    commit(
        database,
        run,
        *someone(ADA, work, name="Ada Example", location="Kraków, Polska"),
        Unknown(ADA, "repo.file", "the site did not answer"),
        *someone(BEN, [["language:python"]], location="Berlin"),
        *someone(CLEO, [["language:python"]], location="Remote, Germany"),
        *someone(DAN, [["language:javascript"]]),
    )
    return database


def ranked(
    database: Database,
    brief: Brief | None = None,
    *,
    top: int | None = None,
    day: date = DAY,
    include: Collection[str] = (),
) -> list[Candidate]:
    with database.read() as connection:
        return rank(
            connection, brief or a_brief(), load_lexicon(), as_of=day, cross_brief=False, top=top, include=include
        )


def explained(database: Database, ref: Ref, brief: Brief | None = None, *, cross_brief: bool = False) -> Explanation:
    with database.read() as connection:
        person = person_id(ref.site, ref.uid)
        return explain(connection, person, brief or a_brief(), load_lexicon(), as_of=DAY, cross_brief=cross_brief)


def logins(candidates: Sequence[Candidate]) -> list[str]:
    return [candidate.profiles[0].login for candidate in candidates]


def test_whom_a_human_put_aside_is_left_out_until_asked_for(stored: Database) -> None:
    desk = Desk(stored)
    desk.state("rejected", "github:#1")
    desk.state("snoozed", "github:#2", until=date(2026, 3, 9))
    desk.tag("berlin", "github:#2")
    desk.state("contacted", "github:#3")
    everybody = ranked(stored, include=HIDDEN_STATES)
    assert [(person.state, person.rank) for person in everybody] == [("rejected", 1), ("snoozed", 2), ("contacted", 3)]
    assert (everybody[1].as_json()["state"], everybody[1].as_json()["tags"]) == ("snoozed", ["berlin"])
    assert logins(ranked(stored)) == logins(ranked(stored, top=1)) == ["user-3"]
    assert logins(ranked(stored, include=["rejected"])) == ["user-1", "user-3"]
    assert logins(ranked(stored, day=date(2026, 3, 9))) == ["user-2", "user-3"]
    # What is stored for others to read is the whole ranking.
    assert score_and_store(stored, a_brief(), load_lexicon(), as_of=DAY, cross_brief=False) == 3


def test_the_best_come_first_and_those_without_contribution_not_at_all(stored: Database) -> None:
    found = ranked(stored)
    assert logins(found) == ["user-1", "user-2", "user-3"]
    assert [candidate.rank for candidate in found] == [1, 2, 3]
    assert found[0].score > found[1].score == found[2].score > 0


def test_the_first_few_are_the_same_as_of_all(stored: Database) -> None:
    assert [c.as_json() for c in ranked(stored, top=2)] == [c.as_json() for c in ranked(stored)[:2]]
    assert ranked(stored, top=0) == []


def test_a_candidate_as_json(stored: Database) -> None:
    found = json.loads(json.dumps(ranked(stored, a_brief(must=["pytorch", "dvc | wandb"]))[0].as_json()))
    assert set(found) == KEYS
    assert found["name"] == "Ada Example"
    assert found["profiles"] == [
        {"site": "github", "uid": "1", "login": "user-1", "url": "https://github.example.org/user-1"}
    ]
    assert found["country"] == "PL"
    assert found["missing"] == ["dvc | wandb"]
    assert found["unknown"] == ["repo.file on github: the site did not answer"]
    assert found["coverage"] == 0.5
    assert set(found["dimensions"]) == set(DIMENSIONS)
    assert abs(sum(found["roles"].values()) - 1) <= 1e-9
    assert set(found["roles"]) == set(ROLES)
    assert (found["state"], found["tags"], found["flags"]) == ("new", [], [])
    assert found["first_seen"] == found["last_seen"] == "2026-03-01T12:00:00Z"
    assert "PyTorch" in found["top_skills"]
    assert found["why"] == (
        "The repository “x/repo-2” is about PyTorch (last changed in March 2026, 3 stars). "
        "The repository “x/repo-0” is about MLflow and MLOps (last changed in March 2026, 3 stars). "
        "The repository “x/repo-1” is about Kubeflow (last changed in March 2026, 3 stars)."
    )
    assert found["contributions"] >= 4


def test_a_name_falls_back_to_login_and_then_to_the_account(database: Database) -> None:
    run = begin(database)
    nameless = Ref("ai", "9", "9")
    commit(database, run, *someone(BEN, [["topic:mlflow"]]), *someone(nameless, [["topic:mlflow"]]))
    assert {candidate.name for candidate in ranked(database)} == {"user-2", "ai:#9"}


def test_places_filter_only_those_whose_place_is_known(stored: Database) -> None:
    def where(**said: Any) -> list[str]:
        return logins(ranked(stored, a_brief(where=said)))

    assert where(countries=["PL"]) == ["user-1", "user-3"]
    assert where(countries=["PL"], remote_ok=False) == ["user-1"]
    assert where(regions=["india"], remote_ok=False) == []
    assert where(regions=["dach"]) == ["user-2", "user-3"]
    assert where(regions=["eastern-europe"], countries=["DE"]) == ["user-1", "user-2", "user-3"]
    with pytest.raises(UsageError, match="did you mean india"):
        where(regions=["indai"])


def test_an_unknown_place_stays(database: Database) -> None:
    run = begin(database)
    commit(database, run, *someone(ADA, [["topic:mlflow"]], location="the moon"))
    assert logins(ranked(database, a_brief(where={"countries": ["PL"]}))) == ["user-1"]
    assert logins(ranked(database, a_brief(where={"countries": ["PL"], "unknown_ok": False}))) == []
    assert logins(ranked(database, a_brief(where={"unknown_ok": False}))) == ["user-1"]  # no place was asked for


def test_an_excluded_skill_leaves_out(stored: Database) -> None:
    assert logins(ranked(stored, a_brief(exclude=["python"]))) == ["user-1"]


def test_only_the_briefs_people_are_ranked_unless_told(stored: Database) -> None:
    other = a_brief().named("other")
    assert ranked(stored, other) == []
    with stored.read() as connection:
        everybody = rank(connection, other, load_lexicon(), as_of=DAY, cross_brief=True, top=None)
    assert len(everybody) == 3


def test_before_it_happened_nothing_is_ranked(stored: Database) -> None:
    assert ranked(stored, day=date(2026, 2, 28)) == []


def test_an_explanation_adds_up_and_names_its_evidence(stored: Database) -> None:
    found = json.loads(json.dumps(explained(stored, ADA).as_json()))
    assert found["score"] == ranked(stored)[0].score
    assert abs(sum(item["points"] for item in found["contributions"]) - found["score"]) <= 1e-9
    assert [item["points"] for item in found["contributions"]] == sorted(
        (item["points"] for item in found["contributions"]), reverse=True
    )
    first = found["contributions"][0]
    assert set(first) == {"points", "dimension", "skill", "rule", "matched", "evidence"}
    assert first["matched"] == {
        "scheme": "topic",
        "words": first["evidence"]["terms"][0][len("topic:") :],
        "span": [0, len(first["matched"]["words"])],
    }
    assert set(first["evidence"]) == {
        "id", "kind", "site", "url", "title", "happened_at", "seen_at", "terms", "measure", "licence", "author",
    }  # fmt: skip
    assert first["evidence"]["happened_at"] == "2026-03-01T12:00:00Z"
    assert first["rule"].startswith("repo.owned · topic 0.8 · size")


def test_what_the_musts_cost_is_said_and_adds_up(stored: Database) -> None:
    found = explained(stored, ADA, a_brief(must=["dvc", "mlflow", "python | java"]))
    musts = {item["must"]: item["factor"] for item in found.as_json()["musts"]}
    assert list(musts) == ["dvc", "mlflow", "python | java"]
    assert musts["dvc"] == 0.75
    assert 0.75 < musts["mlflow"] < 1
    said = [line for line in found.in_words() if "a must of the brief" in line]
    assert said[0].startswith("No evidence for dvc, ")
    assert (
        f"Little evidence for mlflow, a must of the brief: the score is {1 - musts['mlflow']:.0%} less for it." in said
    )
    without = explained(stored, ADA, a_brief(nice=["mlflow"]))
    assert without.as_json()["musts"] == []
    assert not any("a must" in line for line in without.in_words())


def test_an_explanation_in_sentences(stored: Database) -> None:
    found = explained(stored, ADA, a_brief(must=["dvc"]))
    lines = found.in_words()
    assert "points: The repository “" in lines[0]
    told = r"\(last changed in March 2026, 3 stars\)\. https://github\.example\.org/1/x/repo-\d \(seen 1 day ago\)$"
    assert re.search(told, lines[0])
    after = lines.index("No evidence for dvc, a must of the brief: the score is 25% less for it.")
    reasons = "little public evidence for this brief; some questions were not answered; no deep look yet"
    assert lines[after + 1 : after + 6] == [
        "Not known: repo.file on github: the site did not answer",
        "Looked at github: repositories; no answer for files; no deep look yet",
        f"Confidence in this score: fair: {reasons}",
        "",
        "What would change this:",
    ]


def test_a_candidate_names_the_evidence_that_earns_most(stored: Database) -> None:
    ada = next(found for found in ranked(stored) if found.name == "Ada Example")
    points: defaultdict[int, float] = defaultdict(float)
    for item in explained(stored, ADA).contributions:
        points[item.evidence.id] += item.points
    assert len(points) == 3
    assert list(ada.strongest_evidence) == sorted(points, key=lambda piece: (-points[piece], piece))


def test_somebody_who_earns_nothing_is_explained_too(stored: Database) -> None:
    lines = explained(stored, DAN).in_words()
    assert lines[0] == "Not in the ranking, because nothing that was seen earns points for this brief."
    assert any(line.startswith("Little public evidence") for line in lines)


def test_who_is_not_in_the_pool_cannot_be_explained(stored: Database) -> None:
    with pytest.raises(UsageError, match="was not found by the brief 'other'"):
        explained(stored, ADA, a_brief().named("other"))
    assert explained(stored, ADA, a_brief().named("other"), cross_brief=True).score > 0
    with pytest.raises(UsageError, match="nobody is known"):
        explained(stored, account(77))


def test_the_ranking_is_stored_with_its_contributions(stored: Database) -> None:
    assert score_and_store(stored, a_brief(), load_lexicon(), as_of=DAY, cross_brief=False) == 3
    assert score_and_store(stored, a_brief(), load_lexicon(), as_of=DAY, cross_brief=False) == 3
    best = ranked(stored)[0]
    with stored.read() as connection:
        rows = connection.execute(
            text("SELECT person, rank, score, scorer_version FROM v_candidate ORDER BY rank")
        ).all()
        points = connection.execute(
            text(
                "SELECT c.person, SUM(c.points) FROM v_contribution c JOIN v_evidence e ON e.id = c.evidence GROUP BY 1"
            )
        ).all()
    assert [row.rank for row in rows] == [1, 2, 3]
    assert (rows[0].person, rows[0].score, rows[0].scorer_version) == (best.person, best.score, SCORER_VERSION)
    sums = {row[0]: row[1] for row in points}
    assert all(abs(sums[row.person] - row.score) <= 1e-9 for row in rows)


def test_odd_titles_stay_on_one_line(database: Database) -> None:
    run = begin(database)
    odd = piece(ADA, "a", kind="answer.given", terms=("tag:pytorch",), title="a\nb\u2028c\x07 \u202ed")
    commit(database, run, ADA, profile(ADA), odd, Done(ADA, ("answer.given",)))
    found = ranked(database)[0]
    line = explained(database, ADA).in_words()[0]
    assert found.why == "Answered “a b c d”: PyTorch (in March 2026)."
    assert all(len(shown.splitlines()) == 1 and shown.isprintable() for shown in (found.why, line))


SCRIPT = """
from datetime import UTC, date, datetime
from support.facts import a_brief, a_person, evidence
from sourcer.score import Scorer, load_rules
from sourcer.score.candidate import build_candidate
from sourcer.skills import load_lexicon
scorer = Scorer(a_brief(must=["pytorch | tensorflow"]), load_lexicon(), load_rules(), date(2026, 6, 1))
terms = ["topic:mlops", "pypi:mlflow", "pypi:torch", "tag:nlp", "text:Ray and Spark pipelines", "file:Dockerfile"]
facts = a_person(*(evidence(n, kind, terms[: n % 7]) for n in range(40) for kind in ["repo.owned", "answer.given"]))
score = scorer.score(facts)
print(build_candidate(scorer, facts, score, 1).as_json(), [(c.points, c.rule) for c in score.strongest()])
"""


@pytest.mark.slow
def test_the_same_bytes_whatever_the_hash_seed() -> None:
    def output(seed: str) -> str:
        environment = os.environ | {"PYTHONHASHSEED": seed, "PYTHONPATH": os.pathsep.join(sys.path)}
        done = subprocess.run(
            [sys.executable, "-c", SCRIPT], env=environment, capture_output=True, text=True, check=True, timeout=60
        )
        return done.stdout

    assert output("1") == output("2") != ""


def test_the_day_ends_at_midnight_utc(database: Database) -> None:
    run = begin(database)
    late = piece(ADA, "a", terms=("topic:mlflow",), happened_at=datetime(2026, 3, 2, 23, 59, tzinfo=UTC))
    commit(database, run, ADA, profile(ADA), late, Done(ADA, ("repo.owned",)))
    assert len(ranked(database)) == 1
    assert ranked(database, day=date(2026, 3, 1)) == []
