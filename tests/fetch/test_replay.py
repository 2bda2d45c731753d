from __future__ import annotations

import asyncio
import socket
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
import respx

from sourcer.config import FetchConfig
from sourcer.errors import AnswerError, NotArchived, RunError, SourcerError, TooLarge
from sourcer.fetch import Answer, Archive, Fetcher, RunBudget
from support.clock import START, FakeClock
from support.fetching import API, MakeFetcher

TOKEN = {"Authorization": "Bearer 0123456789abcdef"}


async def crawl(fetcher: Fetcher, *, headers: dict[str, str] | None = None) -> list[Any]:
    """A little crawl: what each question came to, errors too."""
    questions = [
        fetcher.get(f"{API}/users", params={"page": 1, "key": "secret-key-1"}, headers=headers),
        fetcher.get(f"{API}/users", params={"page": 2}, headers=headers),
        fetcher.get(f"{API}/users", params={"page": 1}, headers=headers),
        fetcher.get(f"{API}/gone", headers=headers),
        fetcher.get(f"{API}/moved", headers=headers),
        fetcher.get(f"{API}/broken", headers=headers),
        fetcher.get(f"{API}/huge", headers=headers, expect="bytes"),
        fetcher.get(f"{API}/image", headers=headers, expect="bytes"),
        fetcher.post(f"{API}/graphql", json={"query": "{ä}", "variables": {"n": [1, None]}}, headers=headers),
    ]
    outcomes: list[Any] = []
    for question in questions:
        try:
            answer = await question
        except AnswerError as error:
            outcomes.append((type(error), str(error), error.kind, error.status))
        else:
            outcomes.append((answer.status, answer.url, dict(answer.headers), answer.body, answer.fetched_at))
    return outcomes


def world(router: respx.MockRouter) -> None:
    pages = router.get(f"{API}/users", params__contains={"page": "1"})
    pages.mock(side_effect=[httpx.Response(200, json=["ann"]), httpx.Response(200, json=["ann", "bo"])])
    router.get(f"{API}/users", params__contains={"page": "2"}).respond(json=["Ċiŭ"], headers={"ETag": '"2"'})
    router.get(f"{API}/gone").respond(404, json={"message": "Not Found"})
    router.get(f"{API}/moved").respond(301, headers={"Location": "/gone"})
    router.get(f"{API}/broken").respond(502, text="<html>")
    router.get(f"{API}/huge").respond(text="x" * 5001)
    router.get(f"{API}/image").respond(content=bytes(range(256)))
    router.post(f"{API}/graphql").mock(side_effect=[httpx.Response(429), httpx.Response(200, json={"data": {"ä": 1}})])


def contents(root: Path) -> dict[Path, bytes]:
    return {path: path.read_bytes() for path in root.rglob("*") if path.is_file()}


def records(root: Path) -> int:
    return len(list(root.rglob("*.gz")))


@pytest.fixture
def no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(self: socket.socket, address: object) -> None:
        raise AssertionError(f"a replay opened a connection to {address}")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket.socket, "connect_ex", refuse)


SMALL = FetchConfig(max_bytes=5000)


async def record(make: MakeFetcher, root: Path) -> tuple[Fetcher, list[Any]]:
    with respx.mock(assert_all_called=True) as router:
        world(router)
        live = make(None, SMALL, archive=Archive(root, 3), secrets=("secret-key-1",))
        return live, await crawl(live, headers=TOKEN)


async def test_a_replay_says_the_same_without_network(
    make: MakeFetcher, tmp_path: Path, clock: FakeClock, no_network: None
) -> None:
    live, outcomes = await record(make, tmp_path)
    assert [outcome[0] for outcome in outcomes] == [200, 200, 200, 404, 404, AnswerError, TooLarge, 200, 200]
    clock.now += 40 * 86400
    replayed = make(None, SMALL, archive=Archive(tmp_path, 3), replay=True, budget=RunBudget(max_requests=0))
    # Neither token nor key: a replay needs none.
    assert await crawl(replayed) == outcomes
    assert replayed.now() == live.now() == datetime.fromtimestamp(START, UTC)
    assert replayed._client._http is None
    assert replayed.usage.spent == {}
    assert replayed.usage.requests == 9
    assert replayed.usage.errors == live.usage.errors


async def test_a_replayed_answer_says_so(make: MakeFetcher, tmp_path: Path) -> None:
    await record(make, tmp_path)
    answer = await make(None, SMALL, archive=Archive(tmp_path, 3), replay=True).get(f"{API}/gone")
    assert answer.replayed
    assert answer.json() == {"message": "Not Found"}


async def test_a_replay_does_not_write(make: MakeFetcher, tmp_path: Path) -> None:
    await record(make, tmp_path)
    before = contents(tmp_path)
    replayed = make(None, SMALL, archive=Archive(tmp_path, 3), replay=True)
    await crawl(replayed)
    with pytest.raises(NotArchived):
        await replayed.get(f"{API}/new")
    assert contents(tmp_path) == before


async def test_refusals_and_failed_attempts_are_not_archived(make: MakeFetcher, tmp_path: Path) -> None:
    live, _ = await record(make, tmp_path)
    assert live.usage.requests > 9
    assert records(tmp_path) == 9


@pytest.mark.parametrize(
    ("url", "more"),
    [
        (f"{API}/gone?x=1", {}),
        (f"{API}/gone", {"headers": {"Accept": "application/vnd.somesite.star+json"}}),
        (f"{API}/graphql", {}),
    ],
)
async def test_another_question_is_not_archived(
    make: MakeFetcher, tmp_path: Path, url: str, more: dict[str, Any]
) -> None:
    await record(make, tmp_path)
    fetcher = make(None, SMALL, archive=Archive(tmp_path, 3), replay=True)
    with pytest.raises(NotArchived, match="the archive does not hold it") as caught:
        await fetcher.get(url, **more)
    assert caught.value.kind == "not_archived"
    assert fetcher.usage.errors["not_archived"][0] == 1


async def test_connectors_do_not_see_each_others_answers(make: MakeFetcher, tmp_path: Path) -> None:
    await record(make, tmp_path)
    other = Fetcher("other", make()._policy, SMALL, archive=Archive(tmp_path, 3), replay=True)
    with pytest.raises(NotArchived):
        await other.get(f"{API}/gone")


async def test_a_resumed_run_began_when_its_chain_began(make: MakeFetcher, tmp_path: Path, clock: FakeClock) -> None:
    first = make(archive=Archive(tmp_path, 3), started_at=datetime(2026, 11, 1, tzinfo=UTC))
    clock.now += 9999
    resumed = make(archive=Archive(tmp_path, 3), started_at=datetime(2026, 11, 2, tzinfo=UTC))
    assert resumed.now() == first.now() == datetime(2026, 11, 1, tzinfo=UTC)


async def test_there_must_be_something_to_replay(make: MakeFetcher, tmp_path: Path) -> None:
    with pytest.raises(RunError, match="holds nothing of run 9"):
        make(archive=Archive(tmp_path, 9), replay=True)
    with pytest.raises(RunError, match=r"\[fetch\] archive_dir"):
        make(replay=True)


async def test_unchanged_only_answers_who_saw_the_page(
    make: MakeFetcher, tmp_path: Path, respx_mock: respx.MockRouter
) -> None:
    respx_mock.get(API).respond(304)
    seen = {"If-None-Match": '"1"'}
    live = make(archive=Archive(tmp_path, 1))
    assert (await live.get(API, headers=seen)).status == 304
    assert live.usage.not_modified == 1
    replayed = make(archive=Archive(tmp_path, 1), replay=True)
    assert (await replayed.get(API, headers={"If-None-Match": '"2"'})).status == 304
    with pytest.raises(NotArchived):
        await replayed.get(API)


async def test_a_granted_token_is_handed_out_once_and_never_written(
    make: MakeFetcher, tmp_path: Path, respx_mock: respx.MockRouter
) -> None:
    granted = "ghs_granted0123456789"
    respx_mock.post(f"{API}/tokens").respond(json={"token": granted, "expires_at": "2026-11-23T12:00:00Z"})
    respx_mock.get(f"{API}/me").respond(json={"echo": granted})

    async def use(fetcher: Fetcher) -> Answer:
        token = (await fetcher.post(f"{API}/tokens", json={})).json()["token"]
        return await fetcher.get(f"{API}/me", headers={"Authorization": f"Bearer {token}"})

    live = await use(make(archive=Archive(tmp_path, 1)))
    assert respx_mock.calls.last.request.headers["authorization"] == f"Bearer {granted}"
    assert live.json() == {"echo": "[secret]"}
    replayed = await use(make(archive=Archive(tmp_path, 1), replay=True))
    assert replayed.body == live.body


async def test_an_archive_that_cannot_be_written_ends_the_run(
    make: MakeFetcher, tmp_path: Path, respx_mock: respx.MockRouter, monkeypatch: pytest.MonkeyPatch
) -> None:
    respx_mock.get(API).respond(json=1)
    fetcher = make(archive=Archive(tmp_path, 1))

    def full(self: Path, target: Path) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", full)
    with pytest.raises(RunError, match="No space left on device"):
        await fetcher.get(API)


async def test_many_fetchers_share_an_archive(make: MakeFetcher, tmp_path: Path, respx_mock: respx.MockRouter) -> None:
    respx_mock.get(url__startswith=API).mock(side_effect=lambda request: httpx.Response(200, json=request.url.path))
    archive = Archive(tmp_path, 1)
    fetchers = [make(archive=archive) for _ in range(4)]
    await asyncio.gather(*(fetcher.get(f"{API}/{n}") for fetcher in fetchers for n in range(5)))
    assert records(tmp_path) == 20


async def test_times_are_kept(make: MakeFetcher, tmp_path: Path, respx_mock: respx.MockRouter) -> None:
    respx_mock.get(API).respond(json=1)
    later = FakeClock(START + 60)
    live = await make(archive=Archive(tmp_path, 1), clock=later).get(API)
    replayed = await make(archive=Archive(tmp_path, 1), replay=True).get(API)
    assert replayed.fetched_at == live.fetched_at == datetime.fromtimestamp(START, UTC) + timedelta(seconds=60)


async def test_a_record_that_is_none_is_not_archived(make: MakeFetcher, tmp_path: Path) -> None:
    await record(make, tmp_path)
    archive = Archive(tmp_path, 3)
    fetcher = make(None, SMALL, archive=archive, replay=True)
    archive.read = lambda connector, digest: {"status": 200}  # type: ignore[method-assign]
    with pytest.raises(SourcerError, match="does not hold it"):
        await fetcher.get(f"{API}/gone")
