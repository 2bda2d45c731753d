"""What a visit says that discovery told, and whom a crawl looks at again."""

from __future__ import annotations

from datetime import timedelta

from sourcer.domain import Done, Gone, Visit
from sourcer.store.database import Database
from sourcer.store.freshness import Urgency
from sourcer.store.revisits import queue_known
from sourcer.store.runs import Run
from sourcer.store.visits import count_visits, next_visits
from support.store_items import NOON, account, begin, commit, end, piece, profile


def waiting(database: Database, run: Run, *kinds: str) -> list[Visit]:
    with database.read() as connection:
        return next_visits(connection, run.chain, "github", "cheap", 100, told_kinds=kinds)


def known(database: Database, run: Run, most: int = 100, brief: str = "ml", site: str = "github") -> int:
    with database.write() as connection:
        return queue_known(
            connection, chain=run.chain, connector="github", urgency=Urgency(brief, NOON), sites=(site,), most=most
        )


def test_a_visit_says_what_this_crawl_told(database: Database) -> None:
    run = begin(database)
    commit(database, run, account(1), piece(account(1), "b", "tag.score"), piece(account(1), "a", "badge.tag"))
    commit(database, run, account(2), piece(account(1), "c", "repo.owned"), piece(account(1), "d", "tag.score"))
    one, two = waiting(database, run, "tag.score", "badge.tag")
    assert {kind: sorted(keys) for kind, keys in one.told.items()} == {"badge.tag": ["a"], "tag.score": ["b", "d"]}
    assert two.told == {}
    assert waiting(database, run)[0].told == {}


def test_what_was_told_long_ago_is_not_told(database: Database) -> None:
    first = begin(database)
    commit(database, first, account(1), piece(account(1), "a", "tag.score"), Done(account(1)))
    end(database, first)
    for days, told in ((0.5, {"tag.score": ("a",)}), (2.0, {})):
        run = begin(database, days=days)
        commit(database, run, account(1))
        assert waiting(database, run, "tag.score")[0].told == told
        commit(database, run, Done(account(1)), phase="cheap")
        end(database, run)


def test_what_vanished_is_not_told(database: Database) -> None:
    first = begin(database)
    commit(database, first, account(1), piece(account(1), "a", "tag.score"), Done(account(1)))
    end(database, first)
    second = begin(database, days=0.5)
    commit(database, second, account(1), Done(account(1), ("tag.score",)))
    end(database, second)
    third = begin(database, days=0.7)
    commit(database, third, account(1))
    assert waiting(database, third, "tag.score")[0].told == {}


def test_who_was_found_before_and_not_now_is_visited_again(database: Database) -> None:
    first = begin(database)
    everybody = [account(number) for number in range(1, 5)]
    commit(database, first, *everybody, *map(profile, everybody), *map(Done, everybody))
    end(database, first)
    second = begin(database, days=1)
    commit(database, second, account(2))
    assert known(database, second) == 3
    assert [visit.ref for visit in waiting(database, second)] == [account(2), account(1), account(3), account(4)]
    assert known(database, second) == 0
    with database.read() as connection:
        assert count_visits(connection, second.chain, "github", "cheap").pending == 4


def test_those_not_seen_for_longest_go_first(database: Database) -> None:
    for day, number in ((0, 3), (1, 1), (2, 2)):
        run = begin(database, days=day)
        commit(database, run, account(number), profile(account(number)), Done(account(number)))
        end(database, run)
    last = begin(database, days=3)
    assert known(database, last, most=2) == 2
    assert [visit.ref.uid for visit in waiting(database, last)] == ["3", "1"]


def test_another_brief_site_or_forgotten_account_is_left_alone(database: Database) -> None:
    first = begin(database)
    commit(database, first, account(1), profile(account(1)), Done(account(1)))
    end(database, first)
    commit(database, first, account(2), profile(account(2)), Done(account(2)))
    for day in (1, 2):
        run = begin(database, days=day)
        commit(database, run, account(2), Gone(account(2), "404"), seen_at=NOON + timedelta(days=day))
        end(database, run)
    last = begin(database, days=3)
    assert known(database, last, brief="other") == 0
    assert known(database, last, site="ai") == 0
    assert known(database, last) == 1  # the second was gone on two days: nothing is left of it
