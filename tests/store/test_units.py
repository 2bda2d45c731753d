from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import event, func, select

from sourcer.domain import Checkpoint, Done, Gone, Item, LinkClaim, Ref, Unknown
from sourcer.store import schema
from sourcer.store.database import Database
from sourcer.store.ids import evidence_id, person_id
from sourcer.store.units import Counted, commit_unit
from sourcer.store.visits import read_checkpoint
from support.store_items import NOON, account, begin, commit, end, piece, profile, unit

ADA = account(1)
BEN = account(2)


def rows(database: Database, table: str, *columns: str) -> list[tuple[object, ...]]:
    chosen = schema.metadata.tables[table]
    wanted = [chosen.c[name] for name in columns] or list(chosen.c)
    with database.read() as connection:
        return [tuple(row) for row in connection.execute(select(*wanted).order_by(*wanted))]


def vanished(database: Database) -> dict[str, bool]:
    return {str(key): when is not None for key, when in rows(database, "evidence", "key", "vanished_at")}


def test_a_profile_is_stored_with_all_it_says_and_where_it_comes_from(database: Database) -> None:
    run = begin(database)
    said = profile(
        ADA,
        name="Ada Beispiel",
        location="Lyon, France",
        bio="builds pipelines",
        links=(LinkClaim("https://ada.example.org", "website"),),
        measure={"followers": 3.0},
        created_at=NOON,
    )
    counted = commit(database, run, ADA, said, Done(ADA))
    assert counted == Counted(people=1, profiles=1)
    with database.read() as connection:
        row = connection.execute(select(schema.profile)).one()
    assert (row.name, row.country, row.bio, row.measure) == ("Ada Beispiel", "FR", "builds pipelines", {"followers": 3})
    assert row.links == [{"url": "https://ada.example.org", "where": "website"}]
    assert (row.person_id, row.account_created_at) == (person_id("github", "1"), NOON)
    assert (row.connector, row.connector_version, row.run_id) == ("github", "1.0", run.id)
    assert row.first_seen_at == row.seen_at == NOON
    assert row.seen_at.tzinfo is not None


def test_evidence_has_an_id_that_follows_from_what_it_is(database: Database) -> None:
    run = begin(database)
    counted = commit(database, run, piece(ADA, "a"), piece(ADA, "a", "repo.file"), piece(ADA, "a", title="newer"))
    assert counted.evidence == 2
    assert rows(database, "evidence", "id", "kind", "title") == sorted(
        [
            (evidence_id("github", "1", "repo.owned", "a"), "repo.owned", "newer"),
            (evidence_id("github", "1", "repo.file", "a"), "repo.file", "a"),
        ]
    )


def test_evidence_without_a_key_is_known_by_its_url(database: Database) -> None:
    run = begin(database)
    commit(database, run, piece(ADA, ""))
    assert rows(database, "evidence", "key") == [("https://github.example.org/1/",)]


def test_a_later_sighting_keeps_the_first_and_takes_the_rest(database: Database) -> None:
    first = begin(database)
    commit(database, first, profile(ADA, name="Old", bio="x"), piece(ADA, "a"))
    end(database, first)
    second = begin(database, days=1)
    renamed = Ref("github", "1", "new-login")
    commit(database, second, profile(renamed, name="New"), piece(renamed, "a", measure={"stars": 9}))
    later = NOON + timedelta(days=1)
    assert rows(database, "profile", "login", "name", "bio", "first_seen_at", "seen_at", "run_id") == [
        ("new-login", "New", None, NOON, later, second.id)
    ]
    assert rows(database, "evidence", "measure", "first_seen_at", "seen_at", "run_id") == [
        ({"stars": 9}, NOON, later, second.id)
    ]
    assert len(rows(database, "person")) == 1


def test_a_profile_stays_with_its_person_after_a_merge(database: Database) -> None:
    run = begin(database)
    commit(database, run, profile(ADA), profile(BEN))
    one, two = person_id("github", "1"), person_id("github", "2")
    with database.write() as connection:
        connection.execute(schema.profile.update().where(schema.profile.c.uid == "2").values(person_id=one))
        connection.execute(schema.person.update().where(schema.person.c.id == two).values(merged_into=one))
    commit(database, run, profile(BEN, name="Ben"))
    assert rows(database, "profile", "uid", "person_id") == [("1", one), ("2", one)]


def test_people_are_bound_to_the_brief_that_found_them(database: Database) -> None:
    run, other = begin(database), begin(database, brief="data")
    commit(database, run, ADA, BEN)
    commit(database, other, ADA, brief="data", seen_at=NOON + timedelta(days=3))
    commit(database, run, ADA, seen_at=NOON + timedelta(days=9))
    assert rows(database, "found", "brief", "uid", "run_id", "found_at") == [
        ("data", "1", other.id, NOON + timedelta(days=3)),
        ("ml", "1", run.id, NOON),
        ("ml", "2", run.id, NOON),
    ]


def test_a_fetch_finds_nobody(database: Database) -> None:
    run = begin(database)
    counted = commit(database, run, ADA, profile(ADA), Done(ADA), phase="cheap")
    assert counted.people == 0
    assert rows(database, "found") == rows(database, "visit") == []


def test_a_hash_shared_by_two_pieces_gives_the_second_the_next_id(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sourcer.store.writes.evidence_id", lambda *_: 77)
    monkeypatch.setattr("sourcer.store.writes.person_id", lambda *_: 5)
    run = begin(database)
    items: list[Item] = [profile(ADA), profile(BEN), piece(ADA, "a"), piece(ADA, "b")]
    commit(database, run, *items)
    commit(database, run, piece(ADA, "c"), profile(account(3)))
    commit(database, run, *items, piece(ADA, "c"))
    assert rows(database, "evidence", "id", "key") == [(77, "a"), (78, "b"), (79, "c")]
    assert rows(database, "profile", "person_id", "uid") == [(5, "1"), (6, "2"), (7, "3")]


def test_what_did_not_come_again_has_vanished_within_the_scope(database: Database) -> None:
    first = begin(database)
    commit(
        database, first, piece(ADA, "stays"), piece(ADA, "goes"), piece(ADA, "other", "pr.merged"), piece(BEN, "bens")
    )
    end(database, first)
    second = begin(database, days=1)
    commit(database, second, piece(ADA, "stays"), phase="cheap")
    counted = commit(database, second, Done(ADA, ("repo.*",)), phase="cheap")
    assert counted.vanished == 1
    assert vanished(database) == {"stays": False, "goes": True, "other": False, "bens": False}
    end(database, second)
    commit(database, begin(database, days=2), piece(ADA, "goes"), Done(ADA, ("repo.owned",)), phase="cheap")
    assert vanished(database) == {"stays": True, "goes": False, "other": False, "bens": False}


def test_only_the_things_that_were_looked_at_can_lose_parts(database: Database) -> None:
    first = begin(database)
    files = [piece(ADA, key, "repo.file") for key in ("1:a", "1:b", "2:a", "21:a", "2")]
    commit(database, first, *files, Done(ADA, ("repo.file",)))
    end(database, first)
    second = begin(database, days=2)
    commit(database, second, piece(ADA, "1:a", "repo.file"), Done(ADA, ("repo.file",), things=("1", "2")))
    assert vanished(database) == {"1:a": False, "1:b": True, "2:a": True, "21:a": False, "2": True}


def test_of_unchanged_accounts_only_the_things_that_were_looked_at_count_as_seen(database: Database) -> None:
    first = begin(database)
    commit(database, first, *[piece(ADA, key, "repo.file") for key in ("1:a", "2", "21:a")], Done(ADA))
    end(database, first)
    second = begin(database, days=2)
    commit(database, second, Done(ADA, ("repo.file",), unchanged=True, things=("1", "2")))
    seen = {key for key, when in rows(database, "evidence", "key", "seen_at") if when == second.started_at}
    assert seen == {"1:a", "2"}


def test_what_belongs_to_something_vanishes_with_it(database: Database) -> None:
    first = begin(database)
    owned = [piece(ADA, key) for key in ("1", "12")]
    parts = [piece(ADA, "1:src/a:b", "repo.file"), piece(ADA, "12:a", "repo.file"), piece(ADA, "1:x", "pr.merged")]
    commit(database, first, *owned, *parts, Done(ADA, ("repo.owned",)))
    end(database, first)
    second = begin(database, days=2)
    commit(database, second, owned[1], Done(ADA, ("repo.owned",)))
    assert vanished(database) == {"1": True, "1:src/a:b": True, "12": False, "12:a": False, "1:x": False}


def test_what_was_answered_is_no_longer_unknown_though_nothing_vanishes(database: Database) -> None:
    first = begin(database)
    lost = [Unknown(ADA, what, "a timeout") for what in ("pr.merged", "pr.reviewed", "profile")]
    commit(database, first, piece(ADA, "a", "pr.merged"), *lost, Done(ADA), phase="cheap")
    end(database, first)
    second = begin(database, days=2)
    again = Unknown(ADA, "pr.reviewed", "a timeout")
    commit(database, second, again, Done(ADA, answered=("pr.merged", "profile")), phase="cheap")
    assert rows(database, "unknown", "what") == [("pr.reviewed",)]
    assert vanished(database) == {"a": False}


def test_evidence_of_another_connector_does_not_vanish(database: Database) -> None:
    first = begin(database)
    commit(database, first, piece(ADA, "a"), connector="plugin")
    end(database, first)
    commit(database, begin(database, days=1), Done(ADA, ("*",)), phase="cheap")
    assert vanished(database) == {"a": False}


def test_what_a_killed_run_of_the_same_crawl_saw_does_not_vanish(database: Database) -> None:
    killed = begin(database)
    commit(database, killed, ADA, piece(ADA, "a"))
    resumed = begin(database)
    assert resumed.chain == killed.chain
    commit(database, resumed, Done(ADA, ("*",)))
    assert vanished(database) == {"a": False}


@pytest.mark.parametrize(
    ("what", "covered"), [("repo.owned", True), ("repo.*", True), ("*", True), ("profile", False), ("pr.merged", False)]
)
@pytest.mark.parametrize("in_one_unit", [True, False])
def test_unknown_is_not_vanished(database: Database, what: str, covered: bool, in_one_unit: bool) -> None:
    first = begin(database)
    commit(database, first, piece(ADA, "a"))
    end(database, first)
    second = begin(database, days=1)
    items: list[Item] = [Unknown(ADA, what, "the site was slow"), Done(ADA, ("repo.*",))]
    for part in [items] if in_one_unit else [[item] for item in items]:
        commit(database, second, *part, phase="cheap")
    assert vanished(database) == {"a": not covered}
    assert rows(database, "unknown", "what", "reason") == [(what, "the site was slow")]


@pytest.mark.parametrize(
    ("what", "scope", "stays"),
    [
        ("repo.owned", ("repo.*",), False),
        ("repo.*", ("repo.*",), False),
        ("repo.*", ("repo.owned",), True),
        ("*", ("repo.owned",), False),
        ("*", (), True),
        ("profile", ("*",), False),
        ("pr.merged", ("repo.*",), True),
    ],
)
def test_a_later_look_answers_what_was_unknown(
    database: Database, what: str, scope: tuple[str, ...], stays: bool
) -> None:
    first = begin(database)
    commit(database, first, Unknown(ADA, what, "slow"), Done(ADA, ("*",)), phase="cheap")
    end(database, first)
    commit(database, begin(database, days=1), Done(ADA, scope), phase="cheap")
    assert bool(rows(database, "unknown")) == stays


def test_the_deep_look_answers_what_the_cheap_one_left_open(database: Database) -> None:
    run = begin(database)
    commit(database, run, Unknown(ADA, "repo.file", "slow"), Done(ADA, ("repo.*",)), phase="cheap")
    assert len(rows(database, "unknown")) == 1
    commit(database, run, Done(ADA, ("repo.file",)), phase="deep")
    assert rows(database, "unknown") == []


def test_done_remembers_the_look(database: Database) -> None:
    run = begin(database)
    commit(database, run, ADA, Done(ADA, ("repo.*",), {"etag": "x"}))
    commit(database, run, Done(ADA, ("repo.file",)), phase="deep")
    assert rows(database, "look", "depth", "scope", "state") == [
        ("cheap", ["repo.*"], {"etag": "x"}),
        ("deep", ["repo.file"], None),
    ]
    commit(database, run, Done(ADA, ("repo.*",)), phase="cheap")
    assert rows(database, "look", "depth", "state") == [("cheap", None), ("deep", None)]


def test_gone_once_hides_and_gone_on_another_day_forgets(database: Database) -> None:
    run = begin(database)
    said = profile(
        ADA, name="Ada", location="Oslo", bio="b", company="c", website="w", open_to_work=True, measure={"followers": 1}
    )
    commit(database, run, ADA, said, piece(ADA, "a"), Unknown(ADA, "pr.*", "slow"), Done(ADA), profile(BEN))
    with database.write() as connection:
        part = {"brief": "ml", "person_id": person_id("github", "1"), "position": 1, "skill": "s", "dimension": "d"}
        number = evidence_id("github", "1", "repo.owned", "a")
        connection.execute(schema.contribution.insert(), [part | {"evidence_id": number, "rule": "r", "points": 1.0}])
    for hours in (1, 11):
        counted = commit(database, run, Gone(ADA, "404"), phase="cheap", seen_at=NOON + timedelta(hours=hours))
        assert counted.gone == 1
        assert len(rows(database, "evidence")) == 1
    sightings = ("gone_at", "gone_last_at")
    first, last = NOON + timedelta(hours=1), NOON + timedelta(hours=11)
    assert rows(database, "profile", "uid", "name", *sightings)[0] == ("1", "Ada", first, last)
    commit(database, run, Gone(ADA, "404"), phase="cheap", seen_at=NOON + timedelta(hours=12))
    personal = ("uid", "login", "name", "url", "location", "country", "bio", "company", "website", "open_to_work")
    assert rows(database, "profile", *personal)[0] == ("1", "", None, "", None, None, None, None, None, None)
    tombstone = rows(database, "profile", "uid", "links", "measure", "account_created_at", *sightings)[0]
    assert tombstone == ("1", [], {}, None, first, NOON + timedelta(hours=12))
    for table in ("evidence", "unknown", "look", "contribution"):
        assert rows(database, table) == []
    assert rows(database, "profile", "uid", "gone_at")[1] == ("2", None)


def test_who_is_there_again_is_not_gone(database: Database) -> None:
    run = begin(database)
    commit(database, run, profile(ADA), Gone(ADA, "404"), profile(ADA, name="Ada"))
    assert rows(database, "profile", "name", "gone_at", "gone_last_at") == [("Ada", None, None)]
    commit(database, run, Gone(BEN, "404"))
    assert len(rows(database, "profile")) == 1


def test_the_checkpoint_is_stored_with_the_work(database: Database) -> None:
    run = begin(database)
    commit(database, run, ADA, checkpoint=Checkpoint({"page": 2, "odd": "\ud800\0"}), digest="d1")
    commit(database, run, ADA, BEN)
    with database.read() as connection:
        stored = read_checkpoint(connection, run.chain, "github")
        assert read_checkpoint(connection, run.chain, "kaggle") is None
    assert stored is not None
    assert stored.checkpoint == Checkpoint({"page": 2, "odd": "\ud800\0"})
    assert (stored.phase, stored.found, stored.digest) == ("discover", 2, "d1")


def test_a_unit_that_fails_leaves_nothing(database: Database) -> None:
    run = begin(database)

    with pytest.raises(ZeroDivisionError), database.write() as connection:
        _ = commit_unit(connection, unit(run, ADA, profile(ADA), checkpoint=Checkpoint({"page": 2}))), 1 / 0
    for table in ("person", "profile", "visit", "checkpoint"):
        assert rows(database, table) == []


def test_the_counts_of_the_run_are_stored_with_the_work(database: Database) -> None:
    run = begin(database)
    commit(database, run, run_sites={"github": {"profiles": 3}})
    assert rows(database, "run", "sites") == [({"github": {"profiles": 3}},)]


def test_a_whole_unit_is_stored_fast(database: Database) -> None:
    run = begin(database)
    items: list[Item] = []
    for number in range(500):
        ref = account(number)
        items += [ref, profile(ref), *(piece(ref, str(key)) for key in range(10)), Done(ref, ("repo.*",))]
    calls: list[str] = []
    event.listen(database.engine, "before_cursor_execute", lambda *call: calls.append(call[2]))
    commit(database, run, *items)
    assert len(calls) < 60, "statements must not grow with the number of accounts"
    with database.read() as connection:
        assert connection.scalar(select(func.count()).select_from(schema.evidence)) == 5000


def test_what_is_unchanged_counts_as_seen_now(database: Database) -> None:
    first = begin(database)
    commit(database, first, profile(ADA), piece(ADA, "a"), piece(ADA, "b", "pr.merged"), Done(ADA, ("repo.owned",)))
    commit(database, first, profile(BEN), piece(BEN, "c"), Done(BEN, ("repo.owned",)))
    end(database, first)
    second = begin(database, days=2)
    later = NOON + timedelta(days=2)
    commit(database, second, Done(ADA, ("repo.*",), {"n": 1}, unchanged=True), phase="cheap")
    assert rows(database, "evidence", "key", "seen_at") == [("a", later), ("b", NOON), ("c", NOON)]
    assert rows(database, "profile", "uid", "seen_at") == [("1", later), ("2", NOON)]
    assert not any(vanished(database).values())
    with database.read() as connection:
        assert connection.scalar(select(schema.look.c.state).where(schema.look.c.uid == "1")) == {"n": 1}


def test_what_vanished_stays_so_though_the_rest_is_unchanged(database: Database) -> None:
    first = begin(database)
    commit(database, first, profile(ADA), piece(ADA, "a"), piece(ADA, "b"), Done(ADA, ("repo.owned",)))
    end(database, first)
    second = begin(database, days=2)
    commit(database, second, piece(ADA, "a"), Done(ADA, ("repo.owned",)), phase="cheap")
    end(database, second)
    commit(database, begin(database, days=4), Done(ADA, ("*",), unchanged=True), phase="cheap")
    assert vanished(database) == {"a": False, "b": True}


def test_an_unchanged_account_is_not_gone(database: Database) -> None:
    first = begin(database)
    commit(database, first, profile(ADA), Done(ADA))
    commit(database, first, Gone(ADA, "404"), phase="cheap")
    end(database, first)
    commit(database, begin(database, days=2), Done(ADA, ("repo.owned",), unchanged=True), phase="cheap")
    assert rows(database, "profile", "gone_at") == [(None,)]
