"""The commands as a user runs them: processes of their own, on an invented world that was crawled once."""

from __future__ import annotations

import csv
import json
import math
import shutil
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest

from sourcer.demo.run import BRIEF, DemoWorld
from sourcer.domain import DIMENSIONS, ROLES
from sourcer.export import GENERIC as HEADER
from sourcer.score.roles import role_in_words
from support.cli_runner import Ran, sourcer
from support.databases import PostgresScratch

pytestmark = pytest.mark.slow

Run = Callable[..., Ran]

RANK_KEYS = {
    "rank", "score", "person", "name", "profiles", "dimensions", "roles", "coverage", "country", "top_skills",
    "missing", "unknown", "why", "flags", "state", "tags", "first_seen", "last_seen", "contributions",
}  # fmt: skip
AS_OF = "2026-11-01"


def test_rank_prints_the_keys_of_the_design(run: Run) -> None:
    people = json.loads(run("rank", BRIEF, "--json", "--as-of", AS_OF).out)
    assert [person["rank"] for person in people] == list(range(1, len(people) + 1))
    assert all(set(person) >= RANK_KEYS for person in people)
    assert all(set(person["dimensions"]) == set(DIMENSIONS) for person in people)
    assert all(set(person["roles"]) == set(ROLES) for person in people)
    assert all(math.isclose(sum(person["roles"].values()), 1.0) for person in people)
    scores = [person["score"] for person in people]
    assert scores == sorted(scores, reverse=True)
    assert all("\n" not in person["why"] for person in people)


def test_rank_for_a_reader_names_people_and_reasons(run: Run) -> None:
    shown = run("rank", BRIEF, "--top", "3", "--as-of", AS_OF)
    assert shown.code == 0
    first = json.loads(run("rank", BRIEF, "--top", "1", "--json", "--as-of", AS_OF).out)[0]
    assert str(first["person"]) in shown.out
    assert first["profiles"][0]["url"] in shown.out
    role = role_in_words(first["likeliest_role"])
    assert f"{first['score']:.1f} points   {role}   (person {first['person']})" in shown.out
    explained = run("explain", str(first["person"]), "--brief", BRIEF, "--as-of", AS_OF).out
    assert f"\n  {role}; coding " in explained


@pytest.mark.slow
def test_explain_adds_up(run: Run) -> None:
    first = json.loads(run("rank", BRIEF, "--top", "4", "--json", "--as-of", AS_OF).out)
    assert len(first) == 4
    for person in first:
        explained = json.loads(run("explain", str(person["person"]), "--brief", BRIEF, "--json", "--as-of", AS_OF).out)
        assert explained["score"] == person["score"]
        assert abs(sum(each["points"] for each in explained["contributions"]) - explained["score"]) <= 1e-9
        assert len(explained["contributions"]) == person["contributions"]
        for each in explained["contributions"]:
            assert set(each["evidence"]) >= {
                "id",
                "kind",
                "site",
                "url",
                "title",
                "happened_at",
                "seen_at",
                "terms",
                "measure",
            }
            assert each["evidence"]["url"].startswith("https://")


@pytest.mark.slow
def test_explain_takes_every_spelling_of_a_person(run: Run) -> None:
    person = json.loads(run("rank", BRIEF, "--top", "1", "--json").out)[0]
    profile = person["profiles"][0]
    spellings = [
        str(person["person"]),
        f"{profile['site']}:#{profile['uid']}",
        f"{profile['site']}:{profile['login']}",
        profile["url"],
    ]
    answers = {run("explain", spelling, "--brief", BRIEF, "--as-of", AS_OF).out for spelling in spellings}
    assert len(answers) == 1
    if profile["site"] == "github":
        browser = profile["url"].removeprefix("https://")
        shown = [
            f"https://{browser}?tab=repositories",
            browser,
            f"https://www.{browser}/",
            f"GitHub:{profile['login']}",
        ]
        answers |= {run("explain", spelling, "--brief", BRIEF, "--as-of", AS_OF).out for spelling in shown}
        assert len(answers) == 1
    nobody = run("explain", "github:nobody-by-this-name", "--brief", BRIEF)
    assert (nobody.code, nobody.out) == (2, "")
    assert "nobody here" in nobody.err


@pytest.mark.slow
def test_two_exports_are_byte_identical_whatever_the_hash_seed(run: Run, world: DemoWorld) -> None:
    for name, seed in (("a.csv", "1"), ("b.csv", "2")):
        assert run("export", BRIEF, "--output", name, "--as-of", AS_OF, PYTHONHASHSEED=seed).code == 0
    first = (world.folder / "a.csv").read_bytes()
    assert first == (world.folder / "b.csv").read_bytes()
    with (world.folder / "a.csv").open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream, strict=True))
    assert tuple(rows[0]) == HEADER
    ranked = {
        str(person["person"]): person for person in json.loads(run("rank", BRIEF, "--json", "--as-of", AS_OF).out)
    }
    for row in rows:
        assert not any(cell.lstrip().startswith(("=", "+", "-", "@")) for cell in row.values())
        assert "opted_out" not in row["flags"]
        assert row["why"] == ranked[row["person"]]["why"]
    left_out = {number for number, person in ranked.items() if "opted_out" in person["flags"]}
    assert left_out
    assert {row["person"] for row in rows} == set(ranked) - left_out


def test_what_is_quoted_from_stack_exchange_is_attributed(run: Run, world: DemoWorld) -> None:
    run("export", BRIEF, "--output", "licence.csv", "--as-of", AS_OF)
    with (world.folder / "licence.csv").open(encoding="utf-8", newline="") as stream:
        answered = [row for row in csv.DictReader(stream) if "answer." in row["evidence_1"]]
    assert answered
    assert all("CC BY-SA" in row["attribution"] for row in answered)


NOBODY = ("bot", "bot_as_user", "organization", "deleted_account", "community_user")
NOBODY_ON_KAGGLE = ("kaggle_staff", "kaggle_organization", "kaggle_deleted", "kaggle_opted_out")


def test_traps_of_the_world_are_not_ranked(run: Run, world: DemoWorld) -> None:
    ranked = {
        f"{profile['site']}:{name}"
        for person in json.loads(run("rank", BRIEF, "--json").out)
        for profile in person["profiles"]
        for name in (profile["login"], f"#{profile['uid']}")
    }
    assert ranked.intersection(world.world.traps["non_latin_name"])
    for trap in (*NOBODY, *NOBODY_ON_KAGGLE):
        assert ranked.isdisjoint(world.world.traps[trap]), trap


def test_runs_tells_what_was_found_and_spent(run: Run) -> None:
    newest = json.loads(run("runs", "--json").out)[-1]
    assert newest["status"] == "complete"
    for site in ("github", "stackoverflow"):
        assert set(newest["sites"][site]) >= {
            "spent", "requests", "not_modified", "profiles", "evidence", "gone", "suppressed", "unknown", "errors",
        }  # fmt: skip
        assert newest["sites"][site]["profiles"] > 0
    assert newest["sites"]["github"]["spent"]["graphql"] > 0
    assert BRIEF in run("runs").out


def test_connectors_say_what_they_need(run: Run) -> None:
    found = {one["name"]: one for one in json.loads(run("connectors", "--json").out)}
    assert found["github"]["status"] == found["stackoverflow"]["status"] == "enabled"
    assert json.loads(run("connectors", "--check", "--json").out)[0]["status"] == "enabled"


def test_plan_says_what_a_crawl_would_spend(run: Run) -> None:
    planned = json.loads(run("plan", BRIEF, "--json").out)
    assert planned["brief"] == BRIEF
    assert planned["sites"]["github"]["cheap"]["graphql"] > 0
    assert planned["sites"]["github"]["people"] > 0
    assert set(planned["sites"]["stackoverflow"]) == {"discover", "cheap", "deep", "people"}


@pytest.mark.slow
def test_a_replay_gives_the_same_ranking(run: Run, world: DemoWorld, tmp_path: Path) -> None:
    before = run("rank", BRIEF, "--json", "--as-of", AS_OF).out
    with sqlite3.connect(world.folder / "demo.db") as connection:
        (run_id,) = connection.execute("SELECT min(id) FROM run").fetchone()
    connection.close()
    copy = tmp_path / "fresh.db"
    done = run("crawl", BRIEF, "--replay", str(run_id), SOURCER_DATABASE_URL=f"sqlite:///{copy}")
    assert done.code == 0, done.err
    after = run("rank", BRIEF, "--json", "--as-of", AS_OF, SOURCER_DATABASE_URL=f"sqlite:///{copy}").out
    seen = ("first_seen", "last_seen")
    assert [{key: value for key, value in person.items() if key not in seen} for person in json.loads(after)] == [
        {key: value for key, value in person.items() if key not in seen} for person in json.loads(before)
    ]


@pytest.mark.slow
def test_a_limit_of_requests_ends_incomplete_and_the_next_crawl_goes_on(
    world: DemoWorld, run: Run, tmp_path: Path
) -> None:
    shutil.copytree(world.folder, tmp_path / "copy", ignore=shutil.ignore_patterns("demo.db*", "archive", "*.csv"))
    folder = tmp_path / "copy"
    first = sourcer("crawl", BRIEF, "--only", "github", "--max-requests", "4", "--json", cwd=folder)
    assert first.code == 3
    assert json.loads(first.out)["status"] == "incomplete"
    assert "--max-requests" in first.err
    second = sourcer("crawl", BRIEF, "--json", cwd=folder)
    assert second.code == 0
    assert json.loads(second.out)["sites"]["github"]["requests"] > 0
    kept = [
        json.loads(out)
        for out in (
            sourcer("rank", BRIEF, "--json", "--as-of", AS_OF, cwd=folder).out,
            run("rank", BRIEF, "--json", "--as-of", AS_OF).out,
        )
    ]
    for people in kept:
        for person in people:
            person.pop("first_seen")
            person.pop("last_seen")
    assert kept[0] == kept[1]


def test_a_crawl_of_accounts_looks_at_nobody_else(run: Run, world: DemoWorld, tmp_path: Path) -> None:
    logins = [account.login for account in world.world.accounts if account.kind == "User" and not account.is_deleted][
        :3
    ]
    path = tmp_path / "people.txt"
    lines = [
        f"github:{logins[0]} # first",
        f"https://github.com/{logins[1]}",
        "github:nobody-by-this-name",
        "nowhere:x",
    ]
    path.write_text("\n".join(["# people", *lines]), encoding="utf-8")
    url = f"sqlite:///{tmp_path / 'accounts.db'}"
    done = run("crawl", BRIEF, "--accounts", str(path), "--json", SOURCER_DATABASE_URL=url)
    assert done.code == 0, done.err
    assert "warning: line 5: nowhere:x left out: no enabled connector serves nowhere" in done.err
    site = json.loads(done.out)["sites"]["github"]
    assert site["profiles"] == 2
    assert [(one["kind"], one["example"]) for one in site["errors"]] == [
        ("no_account", "there is no such account: nobody-by-this-name")
    ]
    assert list(json.loads(done.out)["sites"]) == ["github"]


@pytest.mark.slow
def test_the_team_s_postgresql_gives_the_same_ranking(world: DemoWorld, run: Run, postgres: PostgresScratch) -> None:
    url = postgres.borrow_empty()
    done = run("crawl", BRIEF, SOURCER_DATABASE_URL=url)
    assert done.code == 0, done.err
    on_postgres = json.loads(run("rank", BRIEF, "--json", "--as-of", AS_OF, SOURCER_DATABASE_URL=url).out)
    on_sqlite = json.loads(run("rank", BRIEF, "--json", "--as-of", AS_OF).out)
    for person in (*on_postgres, *on_sqlite):
        person.pop("first_seen")
        person.pop("last_seen")
    assert on_postgres == on_sqlite
    postgres.give_back_empty(url)


@pytest.mark.parametrize(
    ("arguments", "code", "says"),
    [
        (("rank", "mlops-enginer"), 2, "did you mean mlops-engineer?"),
        (("crawl", BRIEF, "--only", "gitub"), 2, "did you mean github?"),
        (("crawl", BRIEF, "--replay", "99"), 2, "is not in the archive"),
        (("crawl", BRIEF, "--accounts", "sourcer.toml"), 2, "is no account; write site:login"),
        (("export", BRIEF, "--output", "missing/out.csv"), 2, "cannot be written"),
        (("rank", BRIEF, "--as-of", "yesterday"), 2, "2026-01-31"),
        (("rank", BRIEF, "--as-of", "9999-12-31"), 2, "is not a day between"),
        (("--config", "nowhere.toml", "runs"), 2, "sourcer init"),
        (("schedule", "--once", "--list"), 2, "exclude"),
    ],
)
def test_errors_are_one_line_that_says_what_to_do(run: Run, arguments: tuple[str, ...], code: int, says: str) -> None:
    ended = run(*arguments)
    assert ended.code == code
    assert ended.out == ""
    assert says in ended.err


def test_a_database_that_is_not_there_says_how_to_make_one(run: Run, tmp_path: Path) -> None:
    ended = run("rank", BRIEF, SOURCER_DATABASE_URL=f"sqlite:///{tmp_path / 'none.db'}")
    assert ended.code == 1
    assert "sourcer db upgrade" in ended.err


def test_a_password_in_a_database_url_is_never_shown(run: Run) -> None:
    ended = run("runs", SOURCER_DATABASE_URL="postgresql+psycopg://me:hidden-word@127.0.0.1:9/x")
    assert ended.code == 1
    assert "hidden-word" not in ended.err
    assert len(ended.err.strip().splitlines()) == 1


def test_db_status_and_upgrade(run: Run, tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'new.db'}"
    assert "missing" in run("db", "status", SOURCER_DATABASE_URL=url).out
    assert "current" in run("db", "upgrade", SOURCER_DATABASE_URL=url).out
    assert "current" in run("db", "status", SOURCER_DATABASE_URL=url).out


def test_help_lists_every_command_in_the_order_of_a_day(run: Run) -> None:
    shown = run("--help").out
    names = [
        "init",
        "demo",
        "connectors",
        "plan",
        "crawl",
        "rank",
        "explain",
        "export",
        "runs",
        "schedule",
        "privacy",
        "db",
    ]
    places = [shown.index(f"\n  {name} ") for name in names]
    assert places == sorted(places)
    assert "..." not in shown.partition("Commands:")[2]


@pytest.mark.slow
def test_an_export_that_leaves_somebody_out_is_filled_up(run: Run, world: DemoWorld) -> None:
    ranked = json.loads(run("rank", BRIEF, "--json", "--as-of", AS_OF).out)
    (place, *_) = [person["rank"] for person in ranked if "opted_out" in person["flags"]]
    told = run("export", BRIEF, "--output", "filled.csv", "--top", str(place), "--as-of", AS_OF)
    assert "1 left out who say no to recruiters" in told.err
    with (world.folder / "filled.csv").open(encoding="utf-8", newline="") as stream:
        places = [int(row["rank"]) for row in csv.DictReader(stream)]
    assert places == [*range(1, place), place + 1]


def test_an_unwritable_archive_is_said_before_a_run_begins(run: Run, world: DemoWorld, tmp_path: Path) -> None:
    before = len(json.loads(run("runs", "--json").out))
    (tmp_path / "file").write_text("", encoding="utf-8")
    broken = world.folder / "broken.toml"
    text = (world.folder / "sourcer.toml").read_text(encoding="utf-8")
    start, _, rest = text.partition("archive_dir = ")
    broken.write_text(f'{start}archive_dir = "{tmp_path}/file/x"\n{rest.partition(chr(10))[2]}', encoding="utf-8")
    ended = run("--config", "broken.toml", "crawl", BRIEF)
    assert ended.code == 2
    assert "archive_dir" in ended.err
    assert len(json.loads(run("runs", "--json").out)) == before


def test_a_country_that_is_none_names_the_right_one(run: Run, world: DemoWorld) -> None:
    path = world.folder / "briefs" / "british.toml"
    path.write_text('title = "x"\n[where]\ncountries = ["UK"]\n', encoding="utf-8")
    ended = run("rank", "british")
    path.unlink()
    assert ended.code == 2
    assert "did you mean GB?" in ended.err


def test_a_database_is_copied_and_compared(run: Run, world: DemoWorld, tmp_path: Path) -> None:
    here, there = (f"sqlite:///{path}" for path in (world.folder / "demo.db", tmp_path / "there.db"))
    copied = run("db", "copy", here, there)
    assert copied.code == 0
    assert len(copied.out.splitlines()) > 10
    assert all(line.endswith("the same in both") for line in copied.out.splitlines())
    rank = ("rank", BRIEF, "--as-of", "2026-11-01", "--json")
    assert run(*rank, SOURCER_DATABASE_URL=there).out == run(*rank).out
    wrong = run("db", "copy", here, "there.db")
    assert (wrong.code, wrong.out) == (2, "")
    assert wrong.err.startswith("sourcer: TO is not a database URL")


def test_a_brief_that_asks_for_a_protected_trait_is_warned_about_once(run: Run, world: DemoWorld) -> None:
    path = world.folder / "briefs" / "young.toml"
    path.write_text('title = "Young engineers, class of 2022"\n[skills]\nmust = ["mlflow"]\n', encoding="utf-8")
    ended = run("rank", "young", "--json")
    path.unlink()
    assert ended.code == 0
    assert json.loads(ended.out) == []
    assert ended.err.count("warning: young: title: 'Young engineers, class of 2022' may stand for age") == 1
    assert "ask for skills" in ended.err
