"""Connectors are other people's code: whatever they do, they end their own site only and are named."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any, ClassVar

import pytest
from pydantic import BaseModel, field_validator

from sourcer.brief import Brief, Discover
from sourcer.config import Config
from sourcer.connect import Checkpoint, Denied, Done, NotConfigured, Profile, Ref
from sourcer.connect.plugins import Installed
from sourcer.connect.status import statuses
from sourcer.crawl import CrawlOutcome, CrawlRequest, crawl, plan_crawl
from sourcer.crawl.progress import Progress
from sourcer.errors import UsageError
from sourcer.store.database import Database
from support.fake_connector import FakeConfig, FakeConnector, FakeDiscover, evidence


class Broken(FakeConnector):
    """Serves a site of its own; each test breaks something else in it."""

    name: ClassVar[str] = "broken"

    def sites(self) -> tuple[str, ...]:
        return ("elsewhere",)

    async def discover(self, discover: BaseModel, after: Checkpoint | None) -> AsyncIterator[Any]:
        yield Ref("elsewhere", "1")
        yield Profile(Ref("elsewhere", "1"), "https://elsewhere.example/1")
        yield Done(Ref("elsewhere", "1"), ("profile.text",))


@pytest.fixture
def both(fake: type[FakeConnector], config: Config, monkeypatch: pytest.MonkeyPatch) -> tuple[Config, Brief]:
    """The healthy connector and the broken one, in one brief."""
    found = [Installed("invented", "sourcer-invented", "1", fake), Installed("broken", "sourcer-broken", "1", Broken)]
    for module in ("sourcer.crawl.choice", "sourcer.connect.sections", "sourcer.connect.status"):
        monkeypatch.setattr(f"{module}.installed", lambda: found)
    both = Config.model_validate({"connectors": {"invented": {}, "broken": {}}}).at(config.home)
    discover = Discover.model_validate({"invented": {}, "broken": {}})
    return both, Brief(title="Both", discover=discover).named("both")


async def crawled(both: tuple[Config, Brief], database: Database) -> CrawlOutcome:
    config, brief = both
    outcome = await crawl(config, CrawlRequest(brief), database)
    assert outcome.run.sites["invented"]["profiles"] == 18
    return outcome


def raising(error: BaseException) -> Any:
    async def discover(_self: Any, _discover: Any, _after: Any) -> AsyncIterator[Any]:
        yield Ref("elsewhere", "1")
        raise error

    return discover


@pytest.mark.parametrize(
    "error",
    [
        SystemExit(0),
        GeneratorExit(),
        ZeroDivisionError("bug"),
        asyncio.CancelledError(),
        BaseExceptionGroup("many", [SystemExit(1)]),
        UsageError("odd"),
    ],
    ids=["SystemExit", "GeneratorExit", "ZeroDivisionError", "CancelledError", "BaseExceptionGroup", "UsageError"],
)
async def test_what_discovery_raises(
    both: tuple[Config, Brief], own_database: Database, monkeypatch: pytest.MonkeyPatch, error: BaseException
) -> None:
    monkeypatch.setattr(Broken, "discover", raising(error))
    outcome = await crawled(both, own_database)
    assert (outcome.exit_code, outcome.run.status) == (3, "incomplete")
    assert outcome.messages[0].startswith("broken")
    assert outcome.run.sites["elsewhere"]["errors"][0]["kind"] == "connector_error"


async def test_an_exit_in_fetch(
    both: tuple[Config, Brief], own_database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def discover(_self: Any, _discover: Any, _after: Any) -> AsyncIterator[Any]:
        yield Ref("elsewhere", "1")

    def leave(_ref: Ref, _depth: str) -> None:
        raise SystemExit(0)

    monkeypatch.setattr(Broken, "discover", discover)
    monkeypatch.setattr(Broken, "hook", leave)
    outcome = await crawled(both, own_database)
    assert outcome.run.sites["elsewhere"]["unknown"] == 1


@pytest.mark.parametrize("sites", [(), None, (3,), ZeroDivisionError("bug")], ids=str)
async def test_sites_that_are_none(
    both: tuple[Config, Brief], own_database: Database, monkeypatch: pytest.MonkeyPatch, sites: Any
) -> None:
    def answer(_self: Any) -> Any:
        if isinstance(sites, Exception):
            raise sites
        return sites

    monkeypatch.setattr(Broken, "sites", answer)
    said: list[str] = []

    class Told(Progress):
        def message(self, text: str) -> None:
            said.append(text)

    outcome = await crawl(both[0], CrawlRequest(both[1]), own_database, progress=Told())
    assert outcome.exit_code == 0
    assert said[0].startswith("warning: broken is disabled")


async def test_a_site_of_another_connector(
    both: tuple[Config, Brief], own_database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    config, brief = both
    monkeypatch.setattr(Broken, "sites", lambda _self: ("invented",))
    outcome = await crawl(config, CrawlRequest(brief), own_database)
    assert "already served by broken" in outcome.messages[0]


async def test_items_that_are_none(
    both: tuple[Config, Brief], own_database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    good = Ref("elsewhere", "1")
    bad: list[Any] = [
        Profile(None, "https://elsewhere.example/1"),  # type: ignore[arg-type]
        Done(None),  # type: ignore[arg-type]
        Done("x"),  # type: ignore[arg-type]
        Checkpoint({"not json": object()}),
        Profile(good, "https://elsewhere.example/1", measure={"followers": 10**400}),
        evidence(1, "repo.owned", "topic:mlops"),  # of another site
        None,
        "text",
    ]

    async def discover(_self: Any, _discover: Any, _after: Any) -> AsyncIterator[Any]:
        for item in bad:
            yield item
        yield good
        yield Profile(good, "https://elsewhere.example/1")
        yield Done(good, ("profile.text",))

    monkeypatch.setattr(Broken, "discover", discover)
    outcome = await crawled(both, own_database)
    assert outcome.exit_code == 0
    assert outcome.run.sites["elsewhere"]["profiles"] == 1
    assert outcome.run.sites["elsewhere"]["errors"] == [
        {"kind": "invalid_item", "count": len(bad), "example": outcome.run.sites["elsewhere"]["errors"][0]["example"]}
    ]


@pytest.mark.parametrize("method", ["__init__", "check", "plan"])
async def test_plan_and_listing_name_who_crashed(
    both: tuple[Config, Brief], monkeypatch: pytest.MonkeyPatch, method: str
) -> None:
    def leave(*_args: Any) -> Any:
        raise SystemExit(4)

    monkeypatch.setattr(Broken, method, leave)
    planned, warnings = await plan_crawl(*both)
    assert "invented" in planned["sites"]
    assert "elsewhere" not in planned["sites"]
    assert any("broken" in warning for warning in warnings)
    listed = {status.name: status for status in await statuses(both[0])}
    assert listed["invented"].status == "enabled"
    if method != "plan":
        assert (listed["broken"].status, "SystemExit" in listed["broken"].reason) == ("disabled", True)


async def test_a_model_that_crashes_is_a_fault_of_its_section(
    both: tuple[Config, Brief], monkeypatch: pytest.MonkeyPatch
) -> None:
    class Odd(FakeConfig):
        @field_validator("people")
        @classmethod
        def _crash(cls, value: int) -> int:
            raise ZeroDivisionError("bug")

    monkeypatch.setattr(Broken, "config_model", Odd)
    config = Config.model_validate({"connectors": {"invented": {}, "broken": {"people": 3}}}).at(both[0].home)
    listed = {status.name: status for status in await statuses(config)}
    assert listed["invented"].status == "enabled"
    assert "ZeroDivisionError" in listed["broken"].reason


async def test_one_that_only_fails_does_not_keep_the_others_from_their_next_crawl(
    both: tuple[Config, Brief], own_database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Broken, "discover", raising(ZeroDivisionError("bug")))
    first = await crawled(both, own_database)
    with own_database.write() as connection:
        connection.exec_driver_sql("UPDATE run SET started_at = '2026-01-01 00:00:00.000000'")
    second = await crawled(both, own_database)
    assert second.run.chain != first.run.chain


def test_the_fake_models_are_models() -> None:
    assert issubclass(Broken.discover_model, FakeDiscover)


async def test_credentials_that_a_check_refuses(
    both: tuple[Config, Brief], own_database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def refuse(_self: Any) -> None:
        raise Denied("broken: the key has expired")

    monkeypatch.setattr(Broken, "check", refuse)
    outcome = await crawled(both, own_database)
    assert outcome.exit_code == 0
    assert "elsewhere" not in outcome.run.sites


async def test_a_replay_shares_the_limit_out_as_the_run_did(
    both: tuple[Config, Brief], own_database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def unset(_self: Any) -> None:
        raise NotConfigured("no key: set X")

    monkeypatch.setattr(Broken, "check", unset)
    config, brief = both
    few = brief.model_copy(update={"discover": brief.discover.model_copy(update={"limit": 12})}).named("both")
    live = await crawl(config, CrawlRequest(few), own_database)
    replayed = await crawl(config, CrawlRequest(few, replay=str(live.run.id)), own_database)
    assert live.run.sites["invented"]["profiles"] == 11  # of 12 one is gone
    assert replayed.exit_code == 0
    assert replayed.run.sites["invented"]["profiles"] == 11
    assert list(replayed.run.sites) == ["invented"]


async def test_items_of_accounts_that_were_not_asked_for(
    both: tuple[Config, Brief], own_database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def discover(_self: Any, _discover: Any, _after: Any) -> AsyncIterator[Any]:
        yield Ref("elsewhere", "1")

    async def fetch(_self: Any, visits: Any, _depth: Any, _focus: Any) -> AsyncIterator[Any]:
        yield Profile(Ref("elsewhere", "777"), "https://elsewhere.example/777")
        yield Done(visits[0].ref)

    monkeypatch.setattr(Broken, "discover", discover)
    monkeypatch.setattr(Broken, "fetch", fetch)
    outcome = await crawled(both, own_database)
    assert outcome.run.sites["elsewhere"]["profiles"] == 0
    assert outcome.run.sites["elsewhere"]["errors"][0]["kind"] == "not_asked"
