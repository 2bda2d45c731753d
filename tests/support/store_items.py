"""Short ways to write units of work about invented accounts."""

from __future__ import annotations

from collections.abc import Collection
from datetime import UTC, datetime, timedelta
from typing import Any

from sourcer.domain import Evidence, Item, Profile, Ref
from sourcer.store.database import Database
from sourcer.store.runs import Run, RunStatus, finish_run, start_run
from sourcer.store.units import Counted, Unit, commit_unit
from sourcer.store.visits import read_checkpoint, set_phase

__all__ = ["NOON", "account", "begin", "commit", "end", "piece", "profile", "unit"]

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


def account(number: int, site: str = "github") -> Ref:
    """An invented account."""
    return Ref(site, str(number), f"user-{number}")


def profile(ref: Ref, **said: Any) -> Profile:
    """What an account says about itself."""
    return Profile(ref, f"https://{ref.site}.example.org/{ref.login}", **said)


def piece(ref: Ref, key: str, kind: str = "repo.owned", **said: Any) -> Evidence:
    """One piece of evidence."""
    usual: dict[str, Any] = {"terms": ("topic:mlops",), "measure": {"stars": 3}, "title": key, "happened_at": NOON}
    return Evidence(ref, kind, f"https://{ref.site}.example.org/{ref.uid}/{key}", key=key, **usual | said)


def begin(
    database: Database,
    *,
    brief: str = "ml",
    days: float = 0,
    connectors: Collection[str] = (),
    replay_of: int | None = None,
) -> Run:
    """Start a run, ``days`` after the first noon."""
    with database.write() as connection:
        return start_run(
            connection,
            brief=brief,
            purpose="hiring",
            config_digest="cafe",
            versions={"github": "1"},
            now=NOON + timedelta(days=days),
            connectors=connectors,
            replay_of=replay_of,
        )


def end(database: Database, run: Run, status: RunStatus = "complete") -> None:
    """End a run; in a complete one no phase is left."""
    with database.write() as connection:
        stored = read_checkpoint(connection, run.chain, "github")
        if status == "complete" and stored is not None:
            set_phase(connection, run.chain, "github", "done", stored.digest)
        finish_run(connection, run.id, status, run.started_at + timedelta(hours=1), {"github": {"profiles": 1}})


def unit(run: Run, *items: Item, **said: Any) -> Unit:
    """A unit of work of a run, seen when the run began."""
    columns: dict[str, Any] = {
        "chain": run.chain,
        "run_id": run.id,
        "brief": "ml",
        "connector": "github",
        "connector_version": "1.0",
        "seen_at": run.started_at,
        "phase": "discover",
    }
    return Unit(**columns | said, items=list(items))


def commit(database: Database, run: Run, *items: Item, **said: Any) -> Counted:
    """Store a unit of work in a transaction of its own."""
    with database.write() as connection:
        return commit_unit(connection, unit(run, *items, **said))
