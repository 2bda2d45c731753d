"""The tests that every connector must pass, for its author to inherit.

::

    class TestForge(ConnectorContract):
        connector = Forge
        config = {"token": "invented"}
        discover = {"topics": ["mlops"]}
        answers = {"/search?topic=mlops": {...}, "/people/1": {...}}  # where it asks a site: canned answers of it

pytest collects them from the subclass. Without ``answers`` nothing is served: a connector that reads files names them
in ``config``, and one that needs another world overrides :meth:`ConnectorContract.world`.
"""

from __future__ import annotations

import asyncio
import json
import math
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from datetime import UTC, datetime
from typing import Any, ClassVar, Final, TypeVar

from pydantic import BaseModel

from sourcer.config import FetchConfig, parse_settings, secrets_of
from sourcer.connect.addresses import read_profile_url
from sourcer.connect.contract import Connector
from sourcer.connect.items import check_item
from sourcer.connect.loopback import Reply, serve
from sourcer.connect.shape import class_fault
from sourcer.domain import Checkpoint, Depth, Done, Evidence, Gone, Item, Plan, Profile, Ref, SitePlan, Visit, covers
from sourcer.errors import UsageError
from sourcer.fetch import Fetcher

__all__ = ["ConnectorContract", "Reply", "collect", "open_fetcher", "serve"]

_Result = TypeVar("_Result")
_CRAWL_BEGAN: Final = datetime(2026, 1, 15, 12, tzinfo=UTC)


def open_fetcher(connector: type[Connector], settings: BaseModel) -> Fetcher:
    """A real fetcher for tests: keeps no archive, does not wait, and its crawl always began at the same time.

    Use it as an async context manager.
    """

    async def at_once(_seconds: float) -> None:
        await asyncio.sleep(0)

    return Fetcher(
        connector.name,
        connector.policy,
        FetchConfig(archive_dir=""),
        secrets=secrets_of(settings),
        started_at=_CRAWL_BEGAN,
        sleep=at_once,
    )


async def collect(items: AsyncIterator[Item]) -> list[Item]:
    """Everything that a discovery or a fetch yields."""
    return [item async for item in items]


class ConnectorContract:
    """What a connector must keep to; see the module for how to use it."""

    connector: ClassVar[type[Connector]]
    """The class under test."""
    config: ClassVar[Mapping[str, Any]] = {}
    """Its section of ``sourcer.toml``."""
    discover: ClassVar[Mapping[str, Any]] = {}
    """Its part of a brief's ``[discover]``, one that finds somebody."""
    answers: ClassVar[Mapping[str, Any]] = {}
    """Canned answers for :func:`serve`; ``api_url`` of the section is set to its address."""

    def world(self) -> AbstractContextManager[Mapping[str, Any]]:
        """Set up what the connector needs and give what its section needs to know about it; override at will."""
        return self._served() if self.answers else nullcontext({})

    @contextmanager
    def _served(self) -> Iterator[Mapping[str, Any]]:
        with serve(self.answers) as url:
            yield {"api_url": url}

    # What follows are the tests.

    def test_the_class_has_the_shape_of_the_contract(self) -> None:
        """Attributes, methods, contract version."""
        fault = class_fault(self.connector, getattr(self.connector, "name", ""))
        _must(not fault, fault)

    def test_models_are_frozen_and_refuse_unknown_keys(self) -> None:
        """A typing error in a section or a brief is an error that names the key."""
        for model, data in ((self.connector.config_model, self.config), (self.connector.discover_model, self.discover)):
            _must(bool(model.model_config.get("frozen")), f"{model.__name__} is not frozen: derive it from Settings")
            _must(
                _refuses(model, {**data, "no_such_key": 1}),
                f"{model.__name__} takes unknown keys: derive it from Settings",
            )

    def test_sites_are_named(self) -> None:
        """At least one site, each a text."""
        sites: Any = self._run(_sites)
        _must(isinstance(sites, tuple) and bool(sites), f"sites() gives {sites!r}, not a tuple of names")
        _must(all(isinstance(site, str) and site for site in sites), f"sites() gives {sites!r}: a name is empty")

    def test_check_passes(self) -> None:
        """With what the test sets up, nothing is missing."""
        self._run(lambda connector: connector.check())

    def test_plan_names_known_sites_and_buckets(self) -> None:
        """A plan can be compared with what the policy grants."""

        async def plan(connector: Connector) -> tuple[Any, tuple[str, ...]]:
            return await connector.plan(self._wanted()), connector.sites()

        planned, sites = self._run(plan)
        _must(isinstance(planned, Plan), f"plan() gives a {type(planned).__name__}, not a Plan")
        unknown = set(planned.sites) - set(sites)
        _must(not unknown, f"plan() speaks of {unknown}, sites() does not")
        buckets = {bucket.name for bucket in self.connector.policy.buckets}
        for site, spending in planned.sites.items():
            fault = _plan_fault(spending, buckets)
            _must(not fault, f"plan() for {site}: {fault}")

    def test_discovery_yields_sound_items(self) -> None:
        """Somebody is found, and all that is said about them can be stored."""
        items, sites = self._discovered(), self._run(_sites)
        _must(any(isinstance(item, Ref) for item in items), "discover() found nobody in the world of this test")
        _sound(items, sites)

    def test_discovery_speaks_only_of_accounts_it_gave(self) -> None:
        """A Ref comes before anything else about its account."""
        known: set[str] = set()
        for item in self._discovered():
            if isinstance(item, Ref):
                known.add(item.key)
            elif not isinstance(item, Checkpoint):
                _must(item.ref.key in known, f"discover() gave {_name(item)} of {item.ref.key} before its Ref")

    def test_discovery_is_the_same_each_time(self) -> None:
        """Twice with one connector, and once with a fresh one."""

        async def twice(connector: Connector) -> tuple[list[Item], list[Item]]:
            return await self._discover(connector), await self._discover(connector)

        first, second = self._run(twice)
        _same(second, first, "the second discover() of one connector")
        _same(self._discovered(), first, "discover() of a fresh connector")

    def test_discovery_resumes_from_each_checkpoint(self) -> None:
        """From any checkpoint exactly the rest comes; a Ref that was given before may come again."""
        items = self._discovered()
        for position, item in enumerate(items):
            if isinstance(item, Checkpoint):
                before = items[: position + 1]
                resumed = self._discovered(Checkpoint(_through_json(item.state)))
                rest = _new(items[position + 1 :], before)
                _same(_new(resumed, before), rest, f"discover() after {item.state!r}")

    def test_evidence_of_a_discovery_lies_within_its_scope(self) -> None:
        """What discovery closes with Done names what it covered."""
        _within_scopes(self._discovered())

    def test_the_cheap_look_closes_every_account(self) -> None:
        """Each visit that discovery left open ends with one Done or Gone."""
        self._looks("cheap", _open(self._discovered()))

    def test_the_deep_look_closes_every_account(self) -> None:
        """So it does where nothing is relevant and where everything is."""
        everybody = _refs(self._discovered())
        for relevance in (0.0, 1.0):
            self._looks("deep", everybody, relevance)

    def test_a_second_look_closes_every_account(self) -> None:
        """With the state of the first one, which went through JSON and the database."""
        items = self._discovered()
        looks: tuple[tuple[Depth, list[Ref]], ...] = (("cheap", _open(items)), ("deep", _refs(items)))
        for depth, refs in looks:
            closed = self._looks(depth, refs)
            again = [
                Visit(item.ref, _CRAWL_BEGAN, None if item.state is None else _through_json(item.state))
                for item in closed
                if isinstance(item, Done)
            ]
            self._look(depth, again)

    def test_a_connector_holds_no_state(self) -> None:
        """A fresh connector looks at the accounts just as the one that discovered them."""
        refs = _open(self._discovered())

        async def after_discovery(connector: Connector) -> list[Item]:
            await self._discover(connector)
            await self._fetch(connector, [Visit(ref) for ref in refs], "cheap")
            return await self._fetch(connector, [Visit(ref) for ref in refs], "cheap")

        seasoned = self._run(after_discovery)
        fresh = self._run(lambda connector: self._fetch(connector, [Visit(ref) for ref in refs], "cheap"))
        _same(fresh, seasoned, "fetch() of a fresh connector")

    def test_items_hold_no_secret(self) -> None:
        """Credentials never get into what is stored."""
        items = self._discovered()
        found = [*items, *self._looks("cheap", _open(items)), *self._looks("deep", _refs(items))]
        with self._settings() as settings:
            secrets = secrets_of(settings)
        for item in found:
            _must(not any(secret in repr(item) for secret in secrets), f"{_name(item)} holds a secret of the section")

    def test_profile_addresses_are_recognised(self) -> None:
        """The policy's ``profile_urls``, where it has any, know the addresses that the connector itself gives."""
        items = self._discovered()
        patterns = self.connector.policy.profile_urls
        for item in (*items, *self._looks("cheap", _open(items))) if patterns else ():
            if isinstance(item, Profile):
                address = read_profile_url(item.url, patterns)
                known = address is not None and address.site == item.ref.site
                _must(known, f"profile_urls do not know {item.url} as a profile of {item.ref.site}")

    # What the tests stand on.

    @contextmanager
    def _settings(self) -> Iterator[BaseModel]:
        with self.world() as known:
            yield parse_settings(self.connector.config_model, {**self.config, **known}, "config")

    def _wanted(self) -> BaseModel:
        return parse_settings(self.connector.discover_model, self.discover, "discover")

    def _run(self, use: Callable[[Connector], Awaitable[_Result]]) -> _Result:
        """Use a fresh connector in a fresh world."""

        async def main(settings: BaseModel) -> _Result:
            factory: Any = self.connector
            async with open_fetcher(self.connector, settings) as fetcher:
                return await use(factory(settings, fetcher))

        with self._settings() as settings:
            return asyncio.run(main(settings))

    async def _discover(self, connector: Connector, after: Checkpoint | None = None) -> list[Item]:
        return await collect(connector.discover(self._wanted(), after))

    def _discovered(self, after: Checkpoint | None = None) -> list[Item]:
        return self._run(lambda connector: self._discover(connector, after))

    async def _fetch(
        self, connector: Connector, visits: Sequence[Visit], depth: Depth, relevance: float = 1.0
    ) -> list[Item]:
        size = self.connector.batch_size
        batches = [visits[start : start + size] for start in range(0, len(visits), size)]
        found: list[Item] = []
        for batch in batches:
            found += await collect(connector.fetch(batch, depth, lambda _terms: relevance))
        return found

    def _looks(self, depth: Depth, refs: Sequence[Ref], relevance: float = 1.0) -> list[Item]:
        return self._look(depth, [Visit(ref) for ref in refs], relevance)

    def _look(self, depth: Depth, visits: Sequence[Visit], relevance: float = 1.0) -> list[Item]:
        """Fetch in batches, and see that each account is closed once, by sound items about it and no other."""
        items = self._run(lambda connector: self._fetch(connector, visits, depth, relevance))
        _sound(items, self._run(_sites))
        still_open = {visit.ref.key for visit in visits}
        for item in items:
            what = f"fetch({depth}) gave {_name(item)}"
            if isinstance(item, Ref | Checkpoint):
                raise AssertionError(f"{what}: only discover() does")  # noqa: TRY004  # a test that fails
            _must(item.ref.key in still_open, f"{what} of {item.ref.key}, which was not asked for or is closed already")
            if isinstance(item, Done | Gone):
                still_open.remove(item.ref.key)
        _must(not still_open, f"fetch({depth}) did not close {', '.join(sorted(still_open))}")
        _within_scopes(items)
        return items


def _must(condition: bool, otherwise: str) -> None:  # noqa: FBT001  # reads as a sentence
    # Not `assert`: pytest rewrites asserts in tests only, and -O removes them.
    if not condition:
        raise AssertionError(otherwise)


async def _sites(connector: Connector) -> tuple[str, ...]:
    return connector.sites()


def _refuses(model: type[BaseModel], data: Mapping[str, Any]) -> bool:
    try:
        parse_settings(model, data, "section")
    except UsageError as fault:
        return "no_such_key" in str(fault)
    return False


def _plan_fault(spending: Any, buckets: set[str]) -> str:
    if not isinstance(spending, SitePlan):
        return f"a {type(spending).__name__}, not a SitePlan"
    if spending.people is not None and spending.people < 0:
        return f"{spending.people} people"
    for bucket, units in (*spending.cheap.items(), *spending.deep.items()):
        if bucket not in buckets:
            return f"no bucket {bucket!r} in the policy"
        if not math.isfinite(units) or units < 0:
            return f"{units} units of {bucket}"
    return ""


def _sound(items: Iterable[Item], sites: tuple[str, ...]) -> None:
    for item in items:
        wrong = check_item(item, sites)
        _must(wrong is None, str(wrong))


def _same(found: list[Item], expected: list[Item], what: str) -> None:
    for position, (one, other) in enumerate(zip(found, expected, strict=False)):
        _must(one == other, f"{what} differs at item {position}: {one!r} instead of {other!r}")
    _must(len(found) == len(expected), f"{what} gives {len(found)} items instead of {len(expected)}")


def _new(items: Iterable[Item], before: Iterable[Item]) -> list[Item]:
    """The items without those Refs that came already: the engine passes over them."""
    seen = {item.key for item in before if isinstance(item, Ref)}
    kept: list[Item] = []
    for item in items:
        if isinstance(item, Ref):
            if item.key in seen:
                continue
            seen.add(item.key)
        kept.append(item)
    return kept


def _refs(items: Iterable[Item]) -> list[Ref]:
    return list({item.key: item for item in items if isinstance(item, Ref)}.values())


def _open(items: Sequence[Item]) -> list[Ref]:
    closed = {item.ref.key for item in items if isinstance(item, Done | Gone)}
    return [ref for ref in _refs(items) if ref.key not in closed]


def _within_scopes(items: Sequence[Item]) -> None:
    scopes = {item.ref.key: item.scope for item in items if isinstance(item, Done)}
    for item in items:
        if isinstance(item, Evidence) and item.ref.key in scopes:
            scope = scopes[item.ref.key]
            inside = any(covers(pattern, item.kind) for pattern in scope)
            _must(inside, f"evidence {item.kind} of {item.ref.key} is outside the scope {scope} of its Done")


def _through_json(state: Mapping[str, Any]) -> dict[str, Any]:
    plain: dict[str, Any] = json.loads(json.dumps(dict(state)))
    return plain


def _name(item: Any) -> str:
    kind = f" {item.kind}" if isinstance(item, Evidence) else ""
    return f"{type(item).__name__}{kind}"
