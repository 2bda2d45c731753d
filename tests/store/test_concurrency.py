"""Two crawls may meet the same people at one time: nobody waits forever, and nothing is there twice."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

from sqlalchemy import func, select

from sourcer.domain import Done, Item
from sourcer.store import schema
from sourcer.store.database import Database
from sourcer.store.runs import Run
from support.store_items import account, begin, commit, piece, profile


def test_two_crawls_of_the_same_people_in_opposite_order(database: Database) -> None:
    people = [account(number, site) for number in range(30) for site in ("github", "ai")]

    def crawl(run: Run, brief: str, *, backwards: bool) -> None:
        for _ in range(5):
            items: list[Item] = []
            for ref in reversed(people) if backwards else people:
                items += [ref, profile(ref), piece(ref, "a"), piece(ref, "b"), Done(ref, ("repo.*",), {"x": 1})]
            commit(database, run, *items, brief=brief)

    runs = begin(database), begin(database, brief="data")
    with ThreadPoolExecutor(2) as pool:
        one = pool.submit(crawl, runs[0], "ml", backwards=False)
        other = pool.submit(crawl, runs[1], "data", backwards=True)
        one.result(timeout=60)
        other.result(timeout=60)
    with database.read() as connection:
        counts = {
            table.name: connection.scalar(select(func.count()).select_from(table))
            for table in (schema.person, schema.profile, schema.evidence, schema.found, schema.look)
        }
    assert counts == {"person": 60, "profile": 60, "evidence": 120, "found": 120, "look": 60}
