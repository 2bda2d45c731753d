"""An invented world of two sites that changes every day, and a process that dies while it crawls it."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, ClassVar
from unittest.mock import patch

import time_machine
from pydantic import BaseModel

from sourcer.config import load_config
from sourcer.connect import Checkpoint, Depth, Done, Evidence, Focus, Gone, Item, Profile, Ref, SiteError, Visit
from sourcer.connect.plugins import Installed
from sourcer.service import schedule_once
from sourcer.store.database import Database
from sourcer.store.units import commit_unit
from support.fake_connector import FakeConnector

__all__ = ["SITES", "World", "installed_world", "people_on"]

SITES = ("invented", "other")
_PEOPLE = 12
_DELETED = {7: 3, 13: 8, 21: 4, 26: 9}
"""On which day which account is deleted."""
_LONG_FROM = 17
"""From this day on people write long texts about themselves: the database has to grow."""


def people_on(day: int) -> dict[int, frozenset[str]]:
    """Everybody who is there on a day, with the names of their repositories: one comes a day, one opens another."""
    gone = {number for since, number in _DELETED.items() if since <= day}
    return {
        number: frozenset({"first", *(f"day-{since}" for since in range(1, day + 1) if since * 3 % 11 + 1 == number)})
        for number in range(1, _PEOPLE + day + 1)
        if number not in gone
    }


class World(FakeConnector):
    """One site of it; what befalls a site befalls it until it is taken back."""

    batch_size: ClassVar[int] = 5
    site: ClassVar[str] = ""
    #: Of both sites.
    day: ClassVar[int] = 0
    trouble: ClassVar[dict[str, SiteError]] = {}

    def sites(self) -> tuple[str, ...]:
        return (self.site,)

    def revisits(self, discover: BaseModel) -> bool:
        return True

    def _ref(self, number: int) -> Ref:
        return Ref(self.site, str(number), f"person{number}")

    async def plan(self, discover: BaseModel) -> Any:
        raise SiteError(f"{self.site}: tells no plan")

    async def discover(self, discover: BaseModel, after: Checkpoint | None) -> AsyncIterator[Item]:
        self._be_there()
        for number in people_on(World.day):
            if after is not None and number <= after.state["last"]:
                continue
            yield self._ref(number)
            if number % 6 == 0:
                yield Checkpoint({"last": number})

    async def fetch(self, visits: Sequence[Visit], depth: Depth, focus: Focus) -> AsyncIterator[Item]:
        self._be_there()
        there = people_on(World.day)
        for visit in visits:
            number = int(visit.ref.uid)
            if number not in there:
                yield Gone(visit.ref, "no such account")
                continue
            if depth == "deep":  # there is no more to see, so that news does not depend on who had a deep look when
                yield Done(visit.ref, ("repo.file",))
                continue
            bio = "I build things. " * (250 if World.day >= _LONG_FROM else 1)
            yield Profile(visit.ref, f"https://{self.site}.example/{number}", name=f"Person {number}", bio=bio)
            for name in sorted(there[number]):
                url = f"https://{self.site}.example/{number}/{name}"
                terms = ("topic:mlops",)
                yield Evidence(visit.ref, "repo.owned", url, terms, {"stars": 3.0}, title=name, happened_at=_BEGIN)
            yield Done(visit.ref, ("repo.owned",))

    def _be_there(self) -> None:
        if self.site in World.trouble:
            raise World.trouble[self.site]


_BEGIN = datetime(2026, 1, 1, tzinfo=UTC)


@contextmanager
def installed_world() -> Iterator[None]:
    """Both sites of it are installed, and nothing else."""
    found = [
        Installed(site, f"sourcer-{site}", "1.0", type(site.title(), (World,), {"name": site, "site": site}))
        for site in SITES
    ]
    with (
        patch("sourcer.crawl.choice.installed", lambda: found),
        patch("sourcer.connect.sections.installed", lambda: found),
    ):
        yield


def die(folder: Path, moment: datetime, day: int, units: int) -> None:
    """Run what is due at a moment, and be killed in the middle of so many units of work from the first."""
    World.day = day
    stored = commit_unit
    left = units

    def kill(*args: Any) -> Any:
        nonlocal left
        counted = stored(*args)
        left -= 1
        if left == 0:
            os.kill(os.getpid(), signal.SIGKILL)
        return counted

    config = load_config(folder / "sourcer.toml")
    with (
        installed_world(),
        time_machine.travel(moment),
        patch("sourcer.crawl.writer.commit_unit", kill),
        Database(config.database_url) as database,
    ):
        schedule_once(config, database, print, print)


if __name__ == "__main__":
    die(Path(sys.argv[1]), datetime.fromisoformat(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4]))
