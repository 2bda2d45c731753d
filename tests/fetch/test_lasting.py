from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import httpx
import pytest
import respx

from sourcer.errors import AnswerError
from sourcer.fetch import Answer, Archive, Fetcher
from support.fetching import API, MakeFetcher
from support.shelf import DictShelf

URL = f"{API}/filters/create"
FIELDS = {"include": "answer.tags", "key": "secret-key-1"}


async def ask(fetcher: Fetcher, **fields: str) -> Answer:
    return await fetcher.get(URL, params={**FIELDS, **fields}, lasting=True)


@pytest.fixture
def served() -> Any:
    with respx.mock(assert_all_called=False) as router:
        made = [httpx.Response(200, json={"filter": f"!made{number}"}) for number in range(5)]
        yield router.get(URL).mock(side_effect=made)


async def test_an_answer_that_lasts_is_asked_for_once_and_costs_nothing_after(
    make: MakeFetcher, served: respx.Route
) -> None:
    shelf = DictShelf()
    first = await ask(make(shelf=shelf))
    later = make(shelf=shelf)
    again = await ask(later)
    assert again.json() == first.json() == {"filter": "!made0"}
    assert (again.fetched_at, again.replayed) == (first.fetched_at, False)
    assert served.call_count == 1
    assert (later.usage.requests, later.usage.spent) == (0, {})


async def test_another_question_is_another_answer_whoever_asks(make: MakeFetcher, served: respx.Route) -> None:
    shelf = DictShelf()
    await ask(make(shelf=shelf))
    assert (await ask(make(shelf=shelf), key="another-key-2")).json() == {"filter": "!made0"}
    assert (await ask(make(shelf=shelf), include="answer.title")).json() == {"filter": "!made1"}


async def test_secrets_are_not_kept(make: MakeFetcher, served: respx.Route) -> None:
    shelf = DictShelf()
    await ask(make(shelf=shelf, secrets=("secret-key-1",)))
    assert "secret-key-1" not in json.dumps(list(shelf.records.values()))


async def test_what_was_forgotten_is_asked_for_again(make: MakeFetcher, served: respx.Route) -> None:
    fetcher = make(shelf=DictShelf())
    await ask(fetcher)
    await fetcher.forget(URL, params=FIELDS)
    await fetcher.forget(URL, params={"include": "never asked"})
    assert (await ask(fetcher)).json() == {"filter": "!made1"}


@pytest.mark.parametrize("record", [{}, {"body": 3}, {"fault": {"kind": "x", "message": "m", "status": None}}])
async def test_a_damaged_record_is_none(make: MakeFetcher, served: respx.Route, record: Mapping[str, Any]) -> None:
    shelf = DictShelf()
    await ask(make(shelf=shelf))
    shelf.records = dict.fromkeys(shelf.records, record)
    assert (await ask(make(shelf=shelf))).json() == {"filter": "!made1"}


async def test_only_good_answers_last(make: MakeFetcher) -> None:
    shelf = DictShelf()
    with respx.mock:
        answers = [httpx.Response(404, json={}), httpx.Response(200, text="<html>")]
        respx.get(URL).mock(side_effect=answers + [httpx.Response(200, text="<html>")] * 9)
        assert (await ask(make(shelf=shelf))).status == 404
        with pytest.raises(AnswerError):
            await ask(make(shelf=shelf))
    assert shelf.records == {}


async def test_without_a_shelf_it_is_asked_for_each_time(make: MakeFetcher, served: respx.Route) -> None:
    fetcher = make()
    assert [(await ask(fetcher)).json() for _ in range(2)] == [{"filter": "!made0"}, {"filter": "!made1"}]
    await fetcher.forget(URL)


async def test_a_replay_finds_what_its_run_had_known_already(
    make: MakeFetcher, served: respx.Route, tmp_path: Path
) -> None:
    shelf = DictShelf()
    first = await ask(make(shelf=shelf))
    await ask(make(shelf=shelf, archive=Archive(tmp_path, 2)))
    replay = make(archive=Archive(tmp_path, 2), replay=True)
    replayed = await ask(replay)
    assert (replayed.json(), replayed.fetched_at, replayed.replayed) == (first.json(), first.fetched_at, True)
    await replay.forget(URL, params=FIELDS)
    assert served.call_count == 1
