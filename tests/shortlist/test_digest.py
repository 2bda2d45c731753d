"""Digests over sequences of invented crawls: each change is told once to each user, whatever happened in between."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import update

from sourcer.brief import Brief
from sourcer.domain import Done, Gone, Item, Ref
from sourcer.errors import UsageError
from sourcer.score import rank, score_and_store
from sourcer.shortlist import Digest, Told, View, keep_look, read_digest, read_since
from sourcer.skills import load_lexicon
from sourcer.store import schema
from sourcer.store.database import Database
from sourcer.store.decisions import read_standings
from sourcer.store.faces import read_faces
from sourcer.store.ids import person_id
from support.databases import wipe
from support.deciding import Desk
from support.facts import a_brief
from support.store_items import NOON, account, begin, commit, end, piece, profile

ADA, BEN, CLEO = (person_id("github", str(number)) for number in (1, 2, 3))
LEXICON = load_lexicon()
DAY = date(2026, 3, 1)


def someone(number: int, *repos: str, login: str = "", **said: Any) -> list[Item]:
    ref = Ref("github", str(number), login or f"user-{number}")
    pieces = [piece(ref, f"x/{name}", terms=("topic:mlflow",)) for name in repos]
    return [ref, profile(ref, **said), *pieces, Done(ref, ("repo.owned",))]


def crawl(database: Database, days: float, *people: Sequence[Item]) -> None:
    run = begin(database, days=days)
    commit(database, run, *[item for items in people for item in items])
    end(database, run)
    score_and_store(database, a_brief(), LEXICON, as_of=DAY, cross_brief=False)


def look(
    database: Database, user: str = "kim", *, days: float = 1, peek: bool = False, brief: Brief | None = None
) -> Digest:
    now = NOON + timedelta(days=days)
    with database.read() as connection:
        found = read_digest(connection, View(brief or a_brief(), LEXICON, user, now.date()), now)
    if not peek:
        assert keep_look(database, found)
    return found


def people(told: Sequence[Told]) -> list[int]:
    return [one.person for one in told]


def moved(digest: Digest, person: int) -> dict[str, tuple[Any, Any]]:
    changes = next(told.changes for told in (*digest.changed, *digest.back) if told.person == person)
    return {one.what: (one.before, one.now) for one in changes}


def is_empty(digest: Digest) -> bool:
    return not any(digest.sections().values())


def test_at_the_first_look_everybody_is_new_and_then_nobody(database: Database) -> None:
    crawl(database, 0, someone(1, "a", "b", bio="no recruiters please"), someone(2, "a"))
    assert people(look(database, peek=True).new) == [ADA, BEN]
    first = look(database)
    assert (first.is_first, people(first.new)) == (True, [ADA, BEN])
    assert "opted_out" in first.new[0].as_json()["flags"]
    assert is_empty(look(database))
    assert people(look(database, "lee").new) == [ADA, BEN]


def test_what_changed_is_told_from_what_to_what_once_to_each_user(database: Database) -> None:
    crawl(database, 0, someone(1, "a", location="Oslo", company="Example"), someone(2, "a"))
    look(database)
    look(database, "lee")
    crawl(database, 2, someone(1, "a", "b", login="ada", location="Bergen", open_to_work=True), someone(3, "a"))
    digest = look(database, days=3)
    found = moved(digest, ADA)
    assert found["login"] == ("user-1", "ada")
    assert found["location"] == ("Oslo", "Bergen")
    assert found["company"] == ("Example", None)
    assert found["open_to_work"] == (None, True)
    assert found["contributions"] == (1, 2)
    assert found["evidence"][1]["url"].endswith("/x/b")
    assert (people(digest.new), people(digest.changed)) == ([CLEO], [ADA])
    assert is_empty(look(database, days=3))
    crawl(database, 4, someone(1, "a", "b", login="ada", location="Trondheim", open_to_work=True))
    assert moved(look(database, days=5), ADA) == {"location": ("Bergen", "Trondheim")}
    # Who did not look meanwhile hears it in one.
    assert moved(look(database, "lee", days=5), ADA)["location"] == ("Oslo", "Trondheim")


def test_small_steps_of_a_score_add_up_until_they_are_news(database: Database) -> None:
    crawl(database, 0, someone(1, *"abcdefgh"))
    look(database)
    told = [moved(digest, ADA) for days in range(0, 1500, 50) if (digest := look(database, days=days)).changed]
    assert told
    assert len(told) < 30
    # Each goes on where the last one ended.
    assert all(later["score"][0] == sooner["score"][1] for sooner, later in pairwise(told))


def test_who_is_gone_is_told_once_also_when_nothing_is_left_of_them(database: Database) -> None:
    crawl(database, 0, someone(1, "a", name="Ada"), someone(2, "a", name="Ben"))
    look(database)
    look(database, "lee")
    for days in (2, 3):
        commit(database, begin(database, days=days), Gone(account(1), "404"), phase="cheap")
        if days == 2:
            (told,) = look(database, days=2).gone
            assert (told.name, told.erased) == ("Ada", False)
    assert is_empty(look(database, days=4))
    (told,) = look(database, "lee", days=4).gone
    assert (told.person, told.name, told.erased) == (ADA, "github:#1", True)
    with database.read() as connection:
        kept = connection.execute(schema.seen.select().where(schema.seen.c.person_id == ADA)).all()
    assert not any("user-1" in str(row) or any(row.accounts.values()) for row in kept)
    crawl(database, 6, someone(1, "a"))
    assert people(look(database, "lee", days=6).new) == [ADA]


def test_who_is_put_aside_is_not_told_about_and_comes_back_with_what_changed(database: Database) -> None:
    crawl(database, 0, someone(1, "a", location="Oslo"), someone(2, "a"))
    look(database)
    desk = Desk(database)
    desk.state("snoozed", "github:#1", reason="new job", until=date(2026, 3, 20))
    desk.state("rejected", "github:#2")
    crawl(database, 2, someone(1, "a", location="Bergen"), someone(2, "a", location="Bergen"))
    assert is_empty(look(database, days=3))
    (back,) = look(database, days=19).back
    assert (back.person, back.as_json()["until"], back.as_json()["reason"]) == (ADA, "2026-03-20", "new job")
    assert [(one.what, one.before, one.now) for one in back.changes] == [("location", "Oslo", "Bergen")]
    assert is_empty(look(database, days=20))
    assert [back.person for back in look(database, "lee", days=20).back] == [ADA]


def test_who_leaves_the_ranking_is_not_gone(database: Database) -> None:
    brief = a_brief(where={"countries": ("NO",), "remote_ok": False})
    crawl(database, 0, someone(1, "a", location="Oslo, Norway"), someone(2, "a", location="Oslo, Norway"))
    look(database, brief=brief)
    crawl(database, 2, someone(1, "a", location="Berlin, Germany"))
    digest = look(database, days=3, brief=brief)
    assert digest.gone == []
    assert moved(digest, ADA) == {"status": ("ranked", "left")}
    assert is_empty(look(database, days=3, brief=brief))
    crawl(database, 4, someone(1, "a", location="Oslo, Norway"))
    assert moved(look(database, days=5, brief=brief), ADA)["status"] == ("left", "ranked")


def test_joined_people_are_told_as_one(database: Database) -> None:
    crawl(database, 0, someone(1, "a"), someone(2, "b"))
    look(database)
    root, other = sorted((ADA, BEN))
    with database.write() as connection:
        connection.execute(update(schema.person).where(schema.person.c.id == other).values(merged_into=root))
    digest = look(database, days=2)
    assert (people(digest.changed), digest.new, digest.gone) == ([root], [], [])
    assert moved(digest, root)["accounts"][1] == ["github:#1", "github:#2"]
    assert is_empty(look(database, days=3))


def test_scores_of_another_brief_are_not_compared(database: Database) -> None:
    crawl(database, 0, someone(1, "a"), someone(2, "a"))
    look(database)
    digest = look(database, days=1, brief=a_brief(weights={"lifecycle": 5.0}))
    assert digest.is_rescored
    assert is_empty(digest)
    assert not look(database, days=1, brief=a_brief(weights={"lifecycle": 5.0})).is_rescored


def test_since_a_day_needs_no_look_and_moves_none(database: Database) -> None:
    crawl(database, 0, someone(1, "a", location="Oslo"), someone(2, "a"), someone(4, "a"))
    Desk(database).state("snoozed", "github:#4", until=date(2026, 3, 20))
    crawl(database, 10, someone(1, "a", "b", location="Bergen"), someone(3, "a"))
    commit(database, begin(database, days=11), Gone(account(2), "404"), phase="cheap")
    with database.read() as connection:
        view = View(a_brief(), LEXICON, "kim", date(2026, 3, 21))
        digest, nothing = (read_since(connection, view, date(2026, 3, day)) for day in (5, 21))
    assert (people(digest.new), people(digest.gone)) == ([CLEO], [BEN])
    assert people(digest.back) == [person_id("github", "4")]
    assert moved(digest, ADA)["location"] == ("Oslo", "Bergen")
    assert moved(digest, ADA)["evidence"][1]["title"] == "x/b"
    assert is_empty(nothing)
    assert not keep_look(database, digest)
    assert look(database, days=22).is_first


def test_what_changes_again_within_a_crawl_is_told_though_nobody_knows_from_what(database: Database) -> None:
    run = begin(database)
    commit(database, run, *someone(1, "a", location="Oslo"))
    look(database)
    commit(database, run, *someone(1, "a", location="Bergen"))
    (told,) = look(database).changed
    assert [(one.what, one.before, one.now, one.is_known) for one in told.changes] == [
        ("location", None, "Bergen", False)
    ]
    assert is_empty(look(database))


def test_a_look_that_another_one_overtook_is_not_kept(database: Database) -> None:
    crawl(database, 0, someone(1, "a"))
    slow = look(database, peek=True)
    look(database)
    assert not keep_look(database, slow)


@dataclass
class Picture:
    """What a user believes, from digests alone."""

    shown: dict[int, dict[str, Any]] = field(default_factory=dict)
    out: set[int] = field(default_factory=set)

    def hear(self, digest: Digest, now: dict[int, dict[str, Any]]) -> None:
        for told in (*digest.new, *digest.back):
            if told.person not in self.shown:
                self.shown[told.person] = dict(now[told.person])
        for told in (*digest.changed, *digest.back):
            for change in told.changes:
                self._learn(told.person, change.what, change.before, change.now, known=change.is_known)
        self.out |= {told.person for told in digest.gone}

    def _learn(self, person: int, what: str, before: Any, value: Any, *, known: bool) -> None:
        if what == "status":
            (self.out.discard if value == "ranked" else self.out.add)(person)
        elif what in self.shown[person]:
            assert known
            assert self.shown[person][what] == before != value
            self.shown[person][what] = value

    def believed(self) -> dict[int, dict[str, Any]]:
        return {person: values for person, values in self.shown.items() if person not in self.out}


def actual(database: Database, day: date) -> dict[int, dict[str, Any]]:
    with database.read() as connection:
        ranked = rank(connection, a_brief(), LEXICON, as_of=day, cross_brief=False, top=None)
        faces = read_faces(connection, [one.person for one in ranked])
    return {
        one.person: {
            "login": faces[one.person].accounts[0].login,
            "location": faces[one.person].accounts[0].shown[2],
            "contributions": one.contributions,
        }
        for one in ranked
    }


numbers = st.integers(1, 3)
steps = st.lists(
    st.one_of(
        st.tuples(
            st.just("crawl"),
            numbers,
            st.tuples(
                st.sampled_from(["ada", "ben"]),
                st.sampled_from(["Oslo", "Rome", None]),
                st.sampled_from(["", "a", "ab"]),
            ),
        ),
        st.tuples(st.just("gone"), numbers, st.none()),
        st.tuples(st.just("kill"), st.sampled_from(["complete", "incomplete"]), st.none()),
        st.tuples(st.just("state"), numbers, st.sampled_from(["new", "rejected", "contacted", "snoozed"])),
        st.tuples(st.just("look"), st.sampled_from(["kim", "lee"]), st.none()),
    ),
    min_size=3,
    max_size=14,
)


@pytest.mark.slow
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(work=steps)
def test_from_digests_alone_a_user_knows_how_everybody_stands(database: Database, work: list[Any]) -> None:
    wipe(database)
    pictures = {"kim": Picture(), "lee": Picture()}
    run = begin(database)
    for place, (action, who, what) in enumerate([*work, ("look", "kim", None), ("look", "lee", None)]):
        days = place / 3
        seen_at = NOON + timedelta(days=days)
        if action == "crawl":
            login, location, repos = what
            commit(database, run, *someone(who, *repos, login=login, location=location), seen_at=seen_at)
        elif action == "gone":
            commit(database, run, Gone(account(who), "404"), phase="cheap", seen_at=seen_at)
        elif action == "state":
            _decide(database, who, what, days)
        else:
            end(database, run, "incomplete" if who == "incomplete" else "complete")
            if action == "look":
                _look_and_compare(database, pictures[who], who, days)
            run = begin(database, days=days)


def _look_and_compare(database: Database, picture: Picture, user: str, days: float) -> None:
    day = (NOON + timedelta(days=days)).date()
    now = actual(database, day)
    picture.hear(look(database, user, days=days), now)
    with database.read() as connection:
        standings = read_standings(connection, "ml")
    hidden = {one for one, found in standings.items() if found.is_hidden(day)}
    assert {one: told for one, told in picture.believed().items() if one not in hidden} == now
    assert is_empty(look(database, user, days=days))


def _decide(database: Database, who: int, state: str, days: float) -> None:
    until = (NOON + timedelta(days=days + 2)).date() if state == "snoozed" else None
    with suppress(UsageError):  # not found yet, or erased
        Desk(database, days=days).state(state, f"github:#{who}", until=until)
