"""An invented site with no network at all: what the engine's tests crawl."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import ClassVar

from pydantic import BaseModel

from sourcer.connect import (
    Bucket,
    Checkpoint,
    Depth,
    Done,
    Evidence,
    Fetcher,
    Focus,
    Gone,
    Item,
    Plan,
    Profile,
    Ref,
    Settings,
    SitePlan,
    SitePolicy,
    Visit,
)

START = datetime(2026, 1, 1, tzinfo=UTC)


class FakeConfig(Settings):
    api_url: str = "http://127.0.0.1:9"
    people: int = 20


class FakeDiscover(Settings):
    topics: tuple[str, ...] = ("mlops",)


def ref(number: int) -> Ref:
    return Ref("invented", str(number), f"person{number}")


def evidence(number: int, kind: str, term: str) -> Evidence:
    return Evidence(
        ref(number),
        kind,
        f"https://invented.example/{number}/{kind}/{term}",
        (term,),
        {"stars": float(number % 7)},
        title=f"{term} of {number}",
        happened_at=START + timedelta(days=number % 300),
    )


class FakeConnector:
    """Every third person works on MLOps; every tenth is gone; discovery gives four people to a checkpoint."""

    name: ClassVar[str] = "invented"
    contract: ClassVar[int] = 1
    config_model: ClassVar[type[BaseModel]] = FakeConfig
    discover_model: ClassVar[type[BaseModel]] = FakeDiscover
    policy: ClassVar[SitePolicy] = SitePolicy(buckets=(Bucket("calls"),))
    batch_size: ClassVar[int] = 3

    #: Called before each account is fetched; a test plants faults here.
    hook: ClassVar[Callable[[Ref, Depth], None] | None] = None
    #: Called before each account is discovered.
    discover_hook: ClassVar[Callable[[int], None] | None] = None

    def __init__(self, config: FakeConfig, fetcher: Fetcher) -> None:
        self._config = config
        self._fetcher = fetcher

    def sites(self) -> tuple[str, ...]:
        return ("invented",)

    async def check(self) -> None:
        return None

    async def plan(self, discover: BaseModel) -> Plan:
        return Plan({"invented": SitePlan(cheap={"calls": self._config.people / 3}, people=self._config.people)})

    async def discover(self, discover: BaseModel, after: Checkpoint | None) -> AsyncIterator[Item]:
        start = after.state["next"] if after else 1
        for number in range(start, self._config.people + 1):
            discovering = type(self).discover_hook
            if discovering is not None:
                discovering(number)
            yield ref(number)
            if number % 4 == 0:
                yield Checkpoint({"next": number + 1})

    async def fetch(self, visits: Sequence[Visit], depth: Depth, focus: Focus) -> AsyncIterator[Item]:
        for visit in visits:
            fetching = type(self).hook
            if fetching is not None:
                fetching(visit.ref, depth)
            number = int(visit.ref.uid)
            if number % 10 == 0:
                yield Gone(visit.ref, "no such account")
                continue
            if depth == "cheap":
                yield Profile(visit.ref, f"https://invented.example/{number}", name=f"Person {number}")
                yield evidence(number, "repo.owned", "topic:mlops" if number % 3 == 0 else "topic:css")
                yield Done(visit.ref, ("repo.owned",), {"cheap": number})
            else:
                yield evidence(number, "repo.file", "pypi:mlflow")
                yield Done(visit.ref, ("repo.file",), {"deep": number})
