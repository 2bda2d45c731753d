from __future__ import annotations

import asyncio
import socket
from pathlib import Path
from typing import Any

import httpx
import pytest
import respx
import stamina

from sourcer.brief import Brief, Discover
from sourcer.config import Config
from sourcer.connect import AnswerError, Denied, Depth, Done, Profile, Ref, Spent
from sourcer.connect.plugins import Installed
from sourcer.crawl import CrawlRequest, crawl
from sourcer.errors import BusyError, RunError, UsageError
from sourcer.store.database import Database
from sourcer.store.locks import hold
from support.crawled import counts, rows
from support.fake_connector import FakeConnector


@pytest.mark.usefixtures("fake")
async def test_everybody_is_looked_at_and_half_of_the_telling_ones_deeply(
    config: Config, brief: Brief, own_database: Database
) -> None:
    outcome = await crawl(config, CrawlRequest(brief), own_database)
    assert outcome.exit_code == 0
    assert outcome.run.status == "complete"
    stored = rows(config)
    assert len(stored["found"]) == 20
    assert len(stored["profile"]) == 18  # two are gone
    deep = {row[1] for row in stored["look"] if row[2] == "deep"}
    assert deep == {"3", "6", "9", "12", "15", "18"}  # those whose topic is mlops; fewer than half
    assert counts(outcome)["profiles"] == 18
    assert counts(outcome)["gone"] == 2
    assert stored["candidate"]


@pytest.mark.usefixtures("fake")
async def test_the_deep_look_is_for_a_share_only(config: Config, brief: Brief, own_database: Database) -> None:
    narrow = config.model_copy(update={"crawl": config.crawl.model_copy(update={"deep_share": 0.1})}).at(config.home)
    await crawl(narrow, CrawlRequest(brief), own_database)
    assert len([row for row in rows(config)["look"] if row[2] == "deep"]) == 2


@pytest.mark.usefixtures("fake")
async def test_the_deep_look_is_for_those_above_the_bar(config: Config, brief: Brief, own_database: Database) -> None:
    strict = config.model_copy(update={"crawl": config.crawl.model_copy(update={"deep_bar": 1.0})}).at(config.home)
    await crawl(strict, CrawlRequest(brief), own_database)
    assert not [row for row in rows(config)["look"] if row[2] == "deep"]


@pytest.mark.usefixtures("fake")
@pytest.mark.parametrize("limit", [1, 4, 7, 19, 20, 21])
async def test_no_more_people_than_the_limit(config: Config, brief: Brief, own_database: Database, limit: int) -> None:
    discover = brief.discover.model_copy(update={"limit": limit})
    limited = brief.model_copy(update={"discover": discover}).named("invented")
    await crawl(config, CrawlRequest(limited), own_database)
    assert {int(row[2]) for row in rows(config)["found"]} == set(range(1, min(limit, 20) + 1))


@pytest.mark.parametrize(
    "moment", ["discover 1", "discover 6", "discover 20", "cheap 1", "cheap 8", "deep 3", "deep 12"]
)
async def test_what_a_stopped_crawl_left_the_next_one_does(
    fake: type[FakeConnector], config: Config, brief: Brief, own_database: Database, *, tmp_path: Path, moment: str
) -> None:
    phase, number = moment.split()

    def spent(at: int) -> None:
        if at == int(number):
            raise Spent("no more today")

    if phase == "discover":
        fake.discover_hook = spent
    else:
        fake.hook = lambda ref, depth: spent(int(ref.uid)) if depth == phase else None
    first = await crawl(config, CrawlRequest(brief), own_database)
    assert (first.exit_code, first.run.status) == (3, "incomplete")
    assert first.messages == ("invented: no more today",)

    asked: list[tuple[str, Depth]] = []
    fake.discover_hook = None
    fake.hook = lambda ref, depth: asked.append((ref.uid, depth))
    second = await crawl(config, CrawlRequest(brief), own_database)
    assert (second.exit_code, second.run.status) == (0, "complete")
    assert second.run.chain == first.run.id
    if phase == "deep":
        assert not [uid for uid, depth in asked if depth == "cheap"]

    whole = config.at(tmp_path / "whole")
    (tmp_path / "whole").mkdir()
    fake.hook = None
    with Database(whole.database_url) as other:
        other.upgrade()
        await crawl(whole, CrawlRequest(brief), other)
    assert rows(config) == rows(whole)


async def test_one_account_that_always_fails_costs_nobody_else(
    fake: type[FakeConnector], config: Config, brief: Brief, own_database: Database
) -> None:
    def fail(ref: Ref, _depth: Depth) -> None:
        if ref.uid == "5":
            raise AnswerError("HTTP 502", kind="server_error")

    fake.hook = fail
    outcome = await crawl(config, CrawlRequest(brief), own_database)
    assert outcome.exit_code == 0
    assert len(rows(config)["profile"]) == 17
    assert rows(config)["unknown"] == [("invented", "5", "*", "the site gave no usable answer")]
    assert counts(outcome)["errors"] == [{"kind": "server_error", "count": 2, "example": "HTTP 502"}]


async def test_a_connector_that_only_fails_is_given_up_and_nobody_becomes_unknown_for_it(
    fake: type[FakeConnector], config: Config, brief: Brief, own_database: Database
) -> None:
    def fail(ref: Ref, _depth: Depth) -> None:
        raise ZeroDivisionError("a bug")

    fake.hook = fail
    outcome = await crawl(config, CrawlRequest(brief), own_database)
    assert (outcome.exit_code, outcome.run.status) == (3, "incomplete")
    assert "ZeroDivisionError: a bug" in outcome.messages[0]
    fake.hook = None
    again = await crawl(config, CrawlRequest(brief), own_database)
    assert again.exit_code == 0


async def test_refused_credentials_fail_the_run(
    fake: type[FakeConnector], config: Config, brief: Brief, own_database: Database
) -> None:
    def refuse(_ref: Ref, _depth: Depth) -> None:
        raise Denied("invented: bad credentials; renew the token")

    fake.hook = refuse
    outcome = await crawl(config, CrawlRequest(brief), own_database)
    assert outcome.exit_code == 1
    assert outcome.messages == ("invented: bad credentials; renew the token",)


async def test_stopping_ends_at_the_checkpoint(
    fake: type[FakeConnector], config: Config, brief: Brief, own_database: Database
) -> None:
    stop = asyncio.Event()
    fake.hook = lambda ref, _depth: stop.set() if ref.uid == "8" else None
    outcome = await crawl(config, CrawlRequest(brief), own_database, stop=stop)
    assert outcome.exit_code == 3
    assert "stopped on request" in outcome.messages[0]
    fake.hook = None
    assert (await crawl(config, CrawlRequest(brief), own_database)).exit_code == 0
    assert len(rows(config)["profile"]) == 18


@pytest.mark.usefixtures("fake")
async def test_two_crawls_of_one_world_leave_the_same_rows(
    config: Config, brief: Brief, own_database: Database
) -> None:
    await crawl(config, CrawlRequest(brief), own_database)
    first = rows(config)
    await crawl(config, CrawlRequest(brief), own_database)
    assert rows(config) == first


@pytest.mark.usefixtures("fake")
async def test_the_same_brief_is_not_crawled_twice_at_a_time(
    config: Config, brief: Brief, own_database: Database
) -> None:
    with hold(own_database, "crawl:invented"), pytest.raises(BusyError):
        await crawl(config, CrawlRequest(brief), own_database)


@pytest.mark.usefixtures("fake")
async def test_a_live_crawl_needs_the_privacy_block(config: Config, brief: Brief, own_database: Database) -> None:
    live = Config.model_validate({"connectors": {"invented": {"api_url": "https://api.example.org"}}}).at(config.home)
    with pytest.raises(RunError, match="controller, contact, lawful_basis, purpose"):
        await crawl(live, CrawlRequest(brief), own_database)


@pytest.mark.usefixtures("fake")
async def test_a_brief_without_a_usable_site_says_what_to_set(
    config: Config, brief: Brief, own_database: Database
) -> None:
    with pytest.raises(RunError, match=r"add a section \[connectors.invented\]"):
        await crawl(Config().at(config.home), CrawlRequest(brief), own_database)


@pytest.mark.usefixtures("fake")
async def test_a_brief_that_names_no_connector_of_ours_is_wrong_usage(config: Config, own_database: Database) -> None:
    typo = Brief(title="x", discover=Discover.model_validate({"inventd": {"topics": []}})).named("typo")
    with pytest.raises(UsageError, match="did you mean invented"):
        await crawl(config, CrawlRequest(typo), own_database)


@pytest.mark.usefixtures("fake")
async def test_only_must_name_something_of_the_brief(config: Config, brief: Brief, own_database: Database) -> None:
    with pytest.raises(UsageError, match="--only github"):
        await crawl(config, CrawlRequest(brief, only=("github",)), own_database)
    assert (await crawl(config, CrawlRequest(brief, only=("invented",)), own_database)).exit_code == 0


@pytest.mark.usefixtures("fake")
async def test_another_question_starts_discovery_over(
    fake: type[FakeConnector], config: Config, brief: Brief, own_database: Database
) -> None:
    def spent(at: int) -> None:
        if at == 18:
            raise Spent("no more today")

    fake.discover_hook = spent
    await crawl(config, CrawlRequest(brief), own_database)
    seen: list[int] = []
    fake.discover_hook = seen.append
    changed = Discover.model_validate({"invented": {"topics": ["mlops", "kubeflow"]}})
    await crawl(config, CrawlRequest(brief.model_copy(update={"discover": changed}).named("invented")), own_database)
    assert seen[0] == 1


async def test_a_bad_item_is_counted_and_the_rest_is_kept(
    fake: type[FakeConnector], config: Config, brief: Brief, own_database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    from support import fake_connector

    good = fake_connector.evidence

    def evidence(number: int, kind: str, term: str) -> Any:
        return good(number, kind, "no scheme" if number == 7 else term)

    monkeypatch.setattr(fake_connector, "evidence", evidence)
    outcome = await crawl(config, CrawlRequest(brief), own_database)
    assert outcome.exit_code == 0
    assert [error["kind"] for error in counts(outcome)["errors"]] == ["invalid_item"]
    assert ("invented", "7", "repo.owned", "the connector gave an item that cannot be stored") in rows(config)[
        "unknown"
    ]
    assert len(rows(config)["profile"]) == 18


async def test_a_replay_needs_no_network_and_gives_the_same_rows(
    fake: type[FakeConnector], config: Config, brief: Brief, own_database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Stopped and resumed, so that the archive holds batches of two runs.
    fake.hook = lambda ref, depth: (
        (_ for _ in ()).throw(Spent("no more")) if (ref.uid, depth) == ("8", "cheap") else None
    )
    first = await crawl(config, CrawlRequest(brief), own_database)
    fake.hook = None
    await crawl(config, CrawlRequest(brief), own_database)
    before = rows(config)
    other = config.path("sourcer.db")
    own_database.close()
    for path in (other, Path(f"{other}-wal"), Path(f"{other}-shm")):
        path.unlink(missing_ok=True)
    own_database.upgrade()

    def refuse(*_args: object) -> None:
        raise OSError("the network is blocked")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    replayed = await crawl(config, CrawlRequest(brief, replay=str(first.run.id)), own_database)
    assert replayed.exit_code == 0
    assert rows(config) == before


@pytest.mark.usefixtures("fake")
async def test_a_replay_of_nothing_says_what_there_is(config: Config, brief: Brief, own_database: Database) -> None:
    with pytest.raises(UsageError, match="there is no archive"):
        await crawl(config, CrawlRequest(brief, replay="1"), own_database)
    await crawl(config, CrawlRequest(brief), own_database)
    with pytest.raises(UsageError, match="is not in the archive"):
        await crawl(config, CrawlRequest(brief, replay="99"), own_database)


async def test_a_damaged_file_is_counted_and_what_it_held_is_looked_at(
    fake: type[FakeConnector], config: Config, brief: Brief, own_database: Database
) -> None:
    def torn(number: int) -> None:
        if number == 18:
            raise AnswerError("Posts.xml ends in the middle of row 17", kind="torn_file")

    fake.discover_hook = torn
    outcome = await crawl(config, CrawlRequest(brief), own_database)
    assert (outcome.exit_code, outcome.run.status) == (0, "complete")
    assert counts(outcome)["errors"] == [
        {"kind": "torn_file", "count": 1, "example": "Posts.xml ends in the middle of row 17"}
    ]
    assert len(rows(config)["found"]) == 17
    assert len(rows(config)["profile"]) == 16


async def test_accounts_that_are_closed_without_a_ref_count_for_the_limit(
    fake: type[FakeConnector], config: Config, brief: Brief, own_database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    from support.fake_connector import ref

    async def discover(_self: Any, _discover: Any, _after: Any) -> Any:
        for number in range(1, 30):
            yield Profile(ref(number), f"https://invented.example/{number}")
            yield Done(ref(number), ("profile.text",))

    monkeypatch.setattr(fake, "discover", discover)
    limited = brief.model_copy(update={"discover": brief.discover.model_copy(update={"limit": 9})}).named("invented")
    await crawl(config, CrawlRequest(limited), own_database)
    assert len(rows(config)["found"]) == len(rows(config)["profile"]) == 9


async def test_a_crawl_that_ends_while_it_scores_is_scored_by_the_next_one(
    fake: type[FakeConnector], config: Config, brief: Brief, own_database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_args: object, **_named: object) -> int:
        raise MemoryError

    with monkeypatch.context() as patch:
        patch.setattr("sourcer.crawl.engine.score_and_store", fail)
        with pytest.raises(MemoryError):
            await crawl(config, CrawlRequest(brief), own_database)
    assert not rows(config)["candidate"]
    asked: list[str] = []
    fake.hook = lambda ref, _depth: asked.append(ref.uid)
    again = await crawl(config, CrawlRequest(brief), own_database)
    assert (again.exit_code, again.run.chain) == (0, 1)
    assert not asked
    assert rows(config)["candidate"]


async def test_a_stopped_crawl_does_not_begin_to_score(
    fake: type[FakeConnector], config: Config, brief: Brief, own_database: Database
) -> None:
    stop = asyncio.Event()
    fake.hook = lambda _ref, depth: stop.set() if depth == "deep" else None
    outcome = await crawl(config, CrawlRequest(brief), own_database, stop=stop)
    assert outcome.exit_code == 3
    assert not rows(config)["candidate"]


async def test_a_crawl_of_one_connector_leaves_the_queue_of_another_alone(
    fake: type[FakeConnector], config: Config, brief: Brief, own_database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Other(FakeConnector):
        name = "other"

        def sites(self) -> tuple[str, ...]:
            return ("other",)

        async def discover(self, discover: Any, after: Any) -> Any:
            yield Ref("other", "1")

        async def fetch(self, visits: Any, depth: Any, focus: Any) -> Any:
            for visit in visits:
                yield Done(visit.ref)

    found = [Installed("invented", "a", "1", fake), Installed("other", "b", "1", Other)]
    for module in ("sourcer.crawl.choice", "sourcer.connect.sections"):
        monkeypatch.setattr(f"{module}.installed", lambda: found)
    two = Config.model_validate({"connectors": {"invented": {}, "other": {}}}).at(config.home)
    discover = Discover.model_validate({"invented": {}, "other": {}})
    both = brief.model_copy(update={"discover": discover}).named("invented")

    def spent(ref: Ref, _depth: Depth) -> None:
        if ref.uid == "8":
            raise Spent("no more today")

    fake.hook = spent
    first = await crawl(two, CrawlRequest(both), own_database)
    assert first.exit_code == 3
    assert (await crawl(two, CrawlRequest(both, only=("other",)), own_database)).exit_code == 0
    asked: list[str] = []
    fake.hook = lambda ref, _depth: asked.append(ref.uid)
    last = await crawl(two, CrawlRequest(both), own_database)
    assert (last.exit_code, last.run.chain) == (0, first.run.id)
    assert "1" not in asked


async def test_a_stop_just_before_scoring_is_incomplete(
    config: Config, brief: Brief, own_database: Database, fake: type[FakeConnector]
) -> None:
    stop = asyncio.Event()
    fake.hook = lambda ref, depth: stop.set() if (ref.uid, depth) == ("18", "deep") else None
    outcome = await crawl(config, CrawlRequest(brief), own_database, stop=stop)
    assert outcome.exit_code == 3
    assert any("stopped on request" in message for message in outcome.messages)
    assert outcome.ranked is None


async def test_one_account_is_not_unknown_while_its_site_is_down(
    fake: type[FakeConnector], config: Config, brief: Brief, own_database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = "http://127.0.0.1:9/"  # nobody answers there

    async def ask(self: Any, *_args: Any) -> None:
        await self._fetcher.get(url)

    async def fetch(self: Any, visits: Any, depth: Any, focus: Any) -> Any:
        await ask(self)
        yield Done(visits[0].ref)

    monkeypatch.setattr(fake, "fetch", fetch)
    one = brief.model_copy(update={"discover": brief.discover.model_copy(update={"limit": 1})}).named("invented")
    with stamina.set_testing(True, attempts=1):
        for _ in range(2):
            outcome = await crawl(config, CrawlRequest(one), own_database)
            monkeypatch.setattr(fake, "check", ask)  # a check that asks the site tells the difference in any run
            assert outcome.exit_code == 3
            assert "no usable answer" in outcome.messages[0]
    assert rows(config)["unknown"] == []


@respx.mock
async def test_one_account_that_breaks_its_batch_does_not_hold_the_crawl_for_good(
    fake: type[FakeConnector], config: Config, brief: Brief, own_database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    site = "https://site.example"
    respx.get(f"{site}/alive").mock(return_value=httpx.Response(200, json={}))
    respx.get(url__regex=rf"{site}/people/(.*,)?5(,.*)?$").mock(return_value=httpx.Response(500))
    respx.get(url__regex=rf"{site}/people/.*").mock(return_value=httpx.Response(200, json={}))

    async def fetch(self: Any, visits: Any, _depth: Any, _focus: Any) -> Any:
        await self._fetcher.get(f"{site}/people/{','.join(visit.ref.uid for visit in visits)}")
        for visit in visits:
            yield Profile(visit.ref, f"{site}/{visit.ref.uid}")
            yield Done(visit.ref, ("profile.text",))

    async def check(self: Any) -> None:
        await self._fetcher.get(f"{site}/alive")

    monkeypatch.setattr(fake, "fetch", fetch)
    monkeypatch.setattr(fake, "check", check)
    with stamina.set_testing(True, attempts=1):
        outcome = await crawl(config, CrawlRequest(brief), own_database)
    assert (outcome.exit_code, outcome.run.status) == (0, "complete")
    assert len(rows(config)["profile"]) == 19
    assert rows(config)["unknown"] == [("invented", "5", "*", "the site gave no usable answer")]
