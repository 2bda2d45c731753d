from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from sourcer.brief import Brief, Discover
from sourcer.config import Config
from sourcer.connect.plugins import Installed
from sourcer.store.database import Database
from support.fake_connector import FakeConnector


@pytest.fixture
def fake(monkeypatch: pytest.MonkeyPatch) -> type[FakeConnector]:
    """A fresh fake connector, the only one that is installed."""

    class Connector(FakeConnector):
        pass

    found = [Installed("invented", "sourcer-invented", "1.0", Connector)]
    for module in ("sourcer.crawl.choice", "sourcer.connect.sections"):
        monkeypatch.setattr(f"{module}.installed", lambda: found)
    return Connector


@pytest.fixture
def config(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Config:
    monkeypatch.delenv("SOURCER_DATABASE_URL", raising=False)
    return Config.model_validate({"connectors": {"invented": {}}}).at(tmp_path)


@pytest.fixture
def brief() -> Brief:
    discover = Discover.model_validate({"limit": 500, "invented": {"topics": ["mlops"]}})
    return Brief(title="Invented", discover=discover).named("invented")


@pytest.fixture
def own_database(config: Config) -> Iterator[Database]:
    """A SQLite file where the configuration says."""
    with Database(config.database_url) as database:
        database.upgrade()
        yield database
