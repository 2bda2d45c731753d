"""Who must be told, and until when."""

from __future__ import annotations

from datetime import date, timedelta

from sourcer.domain import Gone, Ref
from sourcer.privacy import NOTICE_DAYS, notices_due
from sourcer.show import notices_table
from sourcer.store.database import Database
from sourcer.store.links import merge_people
from support.store_items import NOON, account, begin, commit, profile


def due(database: Database, days: float, within: int) -> list[tuple[int, date]]:
    with database.read() as connection:
        return [
            (int(notice.urls[0].rpartition("-")[2]), notice.due)
            for notice in notices_due(connection, (NOON + timedelta(days=days)).date(), within)
        ]


def test_people_are_due_a_month_after_they_were_first_stored(database: Database) -> None:
    for number, days in ((1, 0), (2, 5)):
        run = begin(database, days=days)
        commit(database, run, account(number), profile(account(number)))
    again = begin(database, days=20)
    commit(database, again, account(1), profile(account(1)))  # seen again is not stored first
    first = NOON.date() + timedelta(days=NOTICE_DAYS)
    assert due(database, 23, 6) == []
    assert due(database, 23, 7) == [(1, first)]
    assert due(database, 23, 30) == [(1, first), (2, first + timedelta(days=5))]
    assert due(database, NOTICE_DAYS, 0) == [(1, first)]
    # Nothing says yet that somebody was told: who is overdue stays, at the top.
    assert due(database, NOTICE_DAYS + 1, 0) == [(1, first)]
    assert due(database, NOTICE_DAYS + 1, 4) == [(1, first), (2, first + timedelta(days=5))]
    with database.read() as connection:
        told = notices_due(connection, first + timedelta(days=1), 4)
    assert [notice.overdue for notice in told] == [True, False]
    assert f"{first}, overdue" in notices_table(told)


def test_a_person_with_several_accounts_counts_once_and_from_the_first(database: Database) -> None:
    run = begin(database)
    other = Ref("kaggle", "7", "user-7")
    commit(database, run, account(1), profile(account(1)))
    later = begin(database, days=3)
    commit(database, later, other, profile(other), account(3), profile(account(3)))
    commit(database, later, Gone(account(3), "no such account"))
    with database.write() as connection:
        merge_people(connection, [frozenset({("github", "1"), ("kaggle", "7")})])
    with database.read() as connection:
        (notice,) = notices_due(connection, NOON.date() + timedelta(days=3), 30)
    assert notice.first_stored == NOON.date()
    assert len(notice.urls) == 2
    assert notice.as_json()["notice_due"] == "2026-03-31"
