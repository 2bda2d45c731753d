"""The contract tests pass on a good connector, and each of them fails on a connector with the fault it is there for."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Sequence
from typing import Any, ClassVar, Literal

import pytest
from pydantic import BaseModel, ConfigDict

from sourcer.connect import (
    CONTRACT,
    Bucket,
    Checkpoint,
    Depth,
    Done,
    Evidence,
    Fetcher,
    Focus,
    Gone,
    Item,
    NotConfigured,
    Plan,
    Profile,
    ProfileUrl,
    Ref,
    Secret,
    SecretRef,
    Settings,
    SitePlan,
    SitePolicy,
    Unknown,
    Visit,
)
from sourcer.connect.testing import ConnectorContract, Reply, collect, open_fetcher, serve

PAGES = {"/people?page=1": [[1, 2], True], "/people?page=2": [[2, 3], False]}


class Config(Settings):
    api_url: str
    token: Secret = SecretRef()


class Wanted(Settings):
    topics: tuple[str, ...]


class Good:
    name: ClassVar[str] = "guild"
    contract: ClassVar[int] = CONTRACT
    config_model: ClassVar[type[BaseModel]] = Config
    discover_model: ClassVar[type[BaseModel]] = Wanted
    policy: ClassVar[SitePolicy] = SitePolicy(
        (Bucket("requests"),), profile_urls=(ProfileUrl("guild", r"https://guild\.example/(?P<uid>[0-9]+)"),)
    )
    batch_size: ClassVar[int] = 2

    def __init__(self, config: BaseModel, fetcher: Fetcher) -> None:
        self.config = Config.model_validate(config)
        self.fetcher = fetcher

    def sites(self) -> tuple[str, ...]:
        return ("guild",)

    async def check(self) -> None:
        await self.fetcher.get(f"{self.config.api_url}/people", params={"page": 1})

    async def plan(self, discover: BaseModel) -> Plan:
        return Plan({"guild": SitePlan({"requests": 2}, {"requests": 1.5}, 3)})

    async def discover(self, discover: BaseModel, after: Checkpoint | None) -> AsyncIterator[Item]:
        page = after.state["page"] if after else 1
        while page:
            answer = await self.fetcher.get(f"{self.config.api_url}/people", params={"page": page})
            people, more = answer.json()
            for number in people:
                yield Ref("guild", str(number))
            page = page + 1 if more else 0
            yield Checkpoint({"page": page})

    async def fetch(self, visits: Sequence[Visit], depth: Depth, focus: Focus) -> AsyncIterator[Item]:
        for visit in visits:
            ref, url = visit.ref, f"https://guild.example/{visit.ref.uid}"
            if ref.uid == "3":
                yield Gone(ref, "HTTP 404")
            elif depth == "cheap":
                yield Profile(ref, url, name=f"Invented {ref.uid}")
                yield Evidence(ref, "repo.owned", f"{url}/1", ("topic:mlops",))
                yield Done(ref, ("repo.owned",), {"seen": 1})
            else:
                yield Unknown(ref, "repo.dependency", "HTTP 502")
                yield Done(ref)


class GuildTests(ConnectorContract):
    connector, config, discover = Good, {"token": "invented-secret"}, {"topics": ["mlops"]}
    answers = PAGES


class TestGood(GuildTests):
    """Collected by pytest as a third party's would be."""


Kind = Literal["discover", "fetch"]


def changing(method: Kind, change: Callable[[Good, Item], list[Any]]) -> type[Good]:
    """A connector like the good one, whose items pass through ``change`` on their way."""

    class Changed(Good):
        async def discover(self, discover: BaseModel, after: Checkpoint | None) -> AsyncIterator[Item]:
            async for item in super().discover(discover, after):
                for changed in change(self, item) if method == "discover" else [item]:
                    yield changed

        async def fetch(self, visits: Sequence[Visit], depth: Depth, focus: Focus) -> AsyncIterator[Item]:
            async for item in super().fetch(visits, depth, focus):
                for changed in change(self, item) if method == "fetch" else [item]:
                    yield changed

    return Changed


def replacing(kind: type, *instead: Any) -> Callable[[Good, Item], list[Any]]:
    return lambda _, item: list(instead) if isinstance(item, kind) else [item]


class Counting(Good):
    def __init__(self, config: BaseModel, fetcher: Fetcher) -> None:
        super().__init__(config, fetcher)
        self.looked = 0

    async def fetch(self, visits: Sequence[Visit], depth: Depth, focus: Focus) -> AsyncIterator[Item]:
        for visit in visits:
            self.looked += 1
            yield Done(visit.ref, (), {"nth": self.looked})


class Once(Good):
    """Remembers on the instance whom it found."""

    def __init__(self, config: BaseModel, fetcher: Fetcher) -> None:
        super().__init__(config, fetcher)
        self.known: set[str] = set()

    async def discover(self, discover: BaseModel, after: Checkpoint | None) -> AsyncIterator[Item]:
        async for item in super().discover(discover, after):
            if isinstance(item, Ref):
                if item.uid in self.known:
                    continue
                self.known.add(item.uid)
            yield item


class Forgetful(Good):
    """Starts over whatever the checkpoint says."""

    def discover(self, discover: BaseModel, after: Checkpoint | None) -> AsyncIterator[Item]:
        return super().discover(discover, None)


class Skipping(Good):
    """Goes on one page too late."""

    async def discover(self, discover: BaseModel, after: Checkpoint | None) -> AsyncIterator[Item]:
        async for item in super().discover(discover, Checkpoint({"page": 0}) if after else None):
            yield item


class Stateful(Good):
    """Trips over its own state."""

    async def fetch(self, visits: Sequence[Visit], depth: Depth, focus: Focus) -> AsyncIterator[Item]:
        async for item in super().fetch([visit for visit in visits if visit.state is None], depth, focus):
            yield item


class Irrelevant(Good):
    """Leaves out whom the brief does not care for."""

    async def fetch(self, visits: Sequence[Visit], depth: Depth, focus: Focus) -> AsyncIterator[Item]:
        if depth == "cheap" or focus(("topic:mlops",)) > 0:
            async for item in super().fetch(visits, depth, focus):
                yield item


class Unset(Good):
    async def check(self) -> None:
        raise NotConfigured("no token")


class Planless(Good):
    plan_given: ClassVar[Any] = None

    async def plan(self, discover: BaseModel) -> Plan:
        given: Plan = self.plan_given
        return given


def planning(plan: Any) -> type[Good]:
    return type("Planning", (Planless,), {"plan_given": plan})


class Loose(BaseModel):
    model_config = ConfigDict(frozen=True)
    topics: tuple[str, ...] = ()


class Thawed(BaseModel):
    model_config = ConfigDict(extra="forbid")
    topics: tuple[str, ...] = ()


STRANGER = Ref("guild", "99")
LEAK = Evidence(Ref("guild", "1"), "repo.owned", "https://guild.example/1?token=invented-secret")


def leak(self: Good, item: Item) -> list[Any]:
    return (
        [item]
        if not isinstance(item, Evidence)
        else [Evidence(item.ref, "repo.owned", f"{item.url}?t=invented-secret")]
    )


FAULTS: list[tuple[str, type[Any], str]] = [
    ("the_class_has_the_shape_of_the_contract", type("C", (Good,), {"contract": 0}), "contract 0"),
    ("models_are_frozen_and_refuse_unknown_keys", type("C", (Good,), {"discover_model": Loose}), "unknown keys"),
    ("models_are_frozen_and_refuse_unknown_keys", type("C", (Good,), {"discover_model": Thawed}), "not frozen"),
    ("sites_are_named", type("C", (Good,), {"sites": lambda _: ()}), "sites()"),
    ("sites_are_named", type("C", (Good,), {"sites": lambda _: ["guild"]}), "sites()"),
    ("sites_are_named", type("C", (Good,), {"sites": lambda _: ("",)}), "empty"),
    ("plan_names_known_sites_and_buckets", planning({}), "a dict, not a Plan"),
    ("plan_names_known_sites_and_buckets", planning(Plan({"forge": SitePlan()})), "forge"),
    ("plan_names_known_sites_and_buckets", planning(Plan({"guild": SitePlan({"core": 1})})), "no bucket 'core'"),
    ("plan_names_known_sites_and_buckets", planning(Plan({"guild": SitePlan({"requests": -1})})), "-1 units"),
    ("plan_names_known_sites_and_buckets", planning(Plan({"guild": SitePlan(people=-1)})), "-1 people"),
    ("discovery_yields_sound_items", changing("discover", replacing(Ref)), "found nobody"),
    ("discovery_yields_sound_items", changing("discover", replacing(Checkpoint, "page 1")), "no item"),
    ("discovery_yields_sound_items", changing("discover", replacing(Ref, Ref("forge", "1"))), "forge"),
    (
        "discovery_speaks_only_of_accounts_it_gave",
        changing("discover", replacing(Checkpoint, Profile(STRANGER, "https://guild.example/99"))),
        "before its Ref",
    ),
    ("discovery_is_the_same_each_time", Once, "differs"),
    ("discovery_resumes_from_each_checkpoint", Forgetful, "after {'page': 2}"),
    ("discovery_resumes_from_each_checkpoint", Skipping, "after {'page': 2}"),
    (
        "evidence_of_a_discovery_lies_within_its_scope",
        changing("discover", replacing(Checkpoint, LEAK, Done(LEAK.ref, ("answer.*",)))),
        "outside the scope",
    ),
    ("the_cheap_look_closes_every_account", changing("fetch", replacing(Gone)), "did not close guild:#3"),
    ("the_cheap_look_closes_every_account", changing("fetch", lambda _, item: [item, item]), "closed already"),
    ("the_cheap_look_closes_every_account", changing("fetch", replacing(Gone, Gone(STRANGER, "x"))), "not asked for"),
    ("the_cheap_look_closes_every_account", changing("fetch", replacing(Evidence, STRANGER)), "only discover()"),
    ("the_cheap_look_closes_every_account", changing("fetch", replacing(Evidence, LEAK.ref)), "only discover()"),
    (
        "the_cheap_look_closes_every_account",
        changing("fetch", replacing(Gone, Gone(Ref("guild", "3"), ""))),
        "no reason",
    ),
    (
        "the_cheap_look_closes_every_account",
        changing("fetch", lambda _, item: [Done(item.ref)] if isinstance(item, Done) else [item]),
        "outside the scope ()",
    ),
    ("the_deep_look_closes_every_account", Irrelevant, "did not close"),
    ("a_second_look_closes_every_account", Stateful, "did not close"),
    ("a_connector_holds_no_state", Counting, "differs"),
    ("items_hold_no_secret", changing("fetch", leak), "holds a secret"),
    (
        "profile_addresses_are_recognised",
        type(
            "C", (Good,), {"policy": SitePolicy(Good.policy.buckets, profile_urls=(ProfileUrl("guild", "(?P<uid>x)"),))}
        ),
        "do not know https://guild.example/1",
    ),
]


@pytest.mark.parametrize(("test", "connector", "words"), FAULTS, ids=[f"{n}-{one[0]}" for n, one in enumerate(FAULTS)])
def test_each_fault_is_found(test: str, connector: type[Any], words: str) -> None:
    suite = type("Suite", (GuildTests,), {"connector": connector})()
    with pytest.raises(AssertionError) as caught:
        getattr(suite, f"test_{test}")()
    assert words in str(caught.value)


def test_a_failing_check_shows_its_reason() -> None:
    suite = type("Suite", (GuildTests,), {"connector": Unset})()
    with pytest.raises(NotConfigured, match="no token"):
        suite.test_check_passes()


def test_every_contract_test_was_seen_to_fail() -> None:
    tests = {name.removeprefix("test_") for name in vars(ConnectorContract) if name.startswith("test_")}
    assert tests == {test for test, _, _ in FAULTS} | {"check_passes"}


def test_a_world_without_a_server() -> None:
    class Quiet(Good):
        async def check(self) -> None:
            assert self.config.api_url == "http://127.0.0.1:1"

    class Suite(ConnectorContract):
        connector, config, discover = Quiet, {"api_url": "http://127.0.0.1:1"}, {"topics": []}

    Suite().test_check_passes()


async def test_canned_answers_are_served() -> None:
    answers = {
        "/a": {"n": 1},
        "/a?page=2": {"n": 2},
        "/a?page=2&size=5": Reply({"n": 3}, status=410, headers={"X-Left": "7"}),
        "/raw": Reply(b"\x00\x01", headers={"Content-Type": "application/octet-stream"}),
    }
    with serve(answers) as url:
        async with open_fetcher(Good, Config(api_url=url)) as fetcher:
            asked = [await fetcher.get(f"{url}/a{query}") for query in ("", "?page=1", "?page=2", "?size=5&page=2&x=1")]
            assert [answer.json()["n"] for answer in asked] == [1, 1, 2, 3]
            assert (asked[3].status, asked[3].headers["x-left"]) == (410, "7")
            assert (await fetcher.get(f"{url}/raw", expect="bytes")).body == b"\x00\x01"
            missing = await fetcher.post(f"{url}/b", json={"q": 1})
            assert (missing.status, missing.json()) == (404, {"message": "no canned answer for /b"})


async def test_fetchers_of_tests_agree_on_the_time() -> None:
    async with (
        open_fetcher(Good, Config(api_url="http://x")) as one,
        open_fetcher(Good, Config(api_url="http://x")) as two,
    ):
        assert one.now() == two.now()


async def test_collect_takes_everything() -> None:
    async def three() -> AsyncIterator[Item]:
        for number in range(3):
            yield Ref("guild", str(number))

    assert [item.uid for item in await collect(three()) if isinstance(item, Ref)] == ["0", "1", "2"]
