"""Fixtures that many tests share: a database of each kind."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from sourcer.store.database import Database
from support.databases import BACKENDS, PostgresScratch

# How long an example takes says something about the machine, not about the program: benchmarks measure that.
settings.register_profile("sourcer", deadline=None, suppress_health_check=[HealthCheck.too_slow], max_examples=20)
# More of them: what `make slow` runs besides.
settings.register_profile("thorough", settings.get_profile("sourcer"), max_examples=50)
settings.load_profile(os.environ.get("SOURCER_TEST_PROFILE", "sourcer"))


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated SQLite file to copy."""
    path = tmp_path_factory.mktemp("template") / "template.db"
    with Database(f"sqlite:///{path}") as database:
        database.upgrade()
    return path


@pytest.fixture(scope="session")
def postgres() -> Iterator[PostgresScratch]:
    """A PostgreSQL server. Without one its tests are skipped, but not in CI: there nothing may be skipped."""
    scratch = PostgresScratch()
    reason = scratch.why_not()
    if reason is not None and os.environ.get("CI") == "true":
        pytest.fail(reason, pytrace=False)
    if reason is not None:
        pytest.skip(reason)
    try:
        yield scratch
    finally:
        scratch.drop_all()


@pytest.fixture(params=BACKENDS)
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The URL of a migrated, empty database: each test runs on SQLite and on PostgreSQL."""
    if request.param == "sqlite":
        path = shutil.copy(request.getfixturevalue("sqlite_template"), tmp_path / "sourcer.db")
        yield f"sqlite:///{path}"
        return
    scratch: PostgresScratch = request.getfixturevalue("postgres")
    url = scratch.borrow()
    yield url
    scratch.give_back(url)


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    """A migrated, empty database: each test runs on SQLite and on PostgreSQL."""
    with Database(database_url) as opened:
        yield opened


@pytest.fixture(params=BACKENDS)
def missing_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The URL of a database that nothing was made in yet."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'new' / 'sourcer.db'}"
        return
    scratch: PostgresScratch = request.getfixturevalue("postgres")
    url = scratch.borrow_empty()
    yield url
    scratch.give_back_empty(url)
