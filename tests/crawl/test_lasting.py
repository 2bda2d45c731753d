from __future__ import annotations

import pytest

from sourcer.crawl.lasting import StoredShelf
from sourcer.crawl.writer import Writer
from sourcer.store.database import Database


async def test_a_shelf_keeps_records_in_the_database(database: Database) -> None:
    shelf = StoredShelf(Writer(database))
    assert await shelf.read("forge", "a1") is None
    await shelf.put("forge", "a1", {"body": "x"})
    assert await StoredShelf(Writer(database)).read("forge", "a1") == {"body": "x"}
    await shelf.drop("forge", "a1")
    assert await shelf.read("forge", "a1") is None


@pytest.mark.parametrize("url", ["sqlite:////no/such/folder/sourcer.db", "postgresql+psycopg://nobody@127.0.0.1:1/x"])
async def test_a_database_that_cannot_be_used_keeps_nothing_and_ends_nothing(url: str) -> None:
    with Database(url) as database:
        shelf = StoredShelf(Writer(database))
        await shelf.put("forge", "a1", {"body": "x"})
        await shelf.drop("forge", "a1")
        assert await shelf.read("forge", "a1") is None
