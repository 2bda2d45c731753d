"""Crawl runs: what ran when, for whom, in which versions, what it counted; and which run goes on from which."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final, Literal, TypeAlias

from sqlalchemy import ColumnElement, Connection, delete, insert, select, update

from sourcer.domain import iso_time
from sourcer.store import schema

__all__ = ["Run", "RunRow", "RunStatus", "finish_run", "get_run", "last_run", "list_runs", "save_sites", "start_run"]

_WORN_AFTER: Final = timedelta(hours=20)
"""Less than the day between two runs of a daily schedule."""

RunStatus: TypeAlias = Literal["running", "complete", "incomplete", "failed"]


@dataclass(frozen=True, slots=True)
class Run:
    """A run that has just begun.

    Args:
        id: Its number; the archive keeps its answers under it.
        chain: The first run of the chain that it continues: its own number where it begins one.
        started_at: When it began.
        chain_started_at: When its chain began: the "now" of every request of the chain.
        resumed: Whether it continues another run.
    """

    id: int
    chain: int
    started_at: datetime
    chain_started_at: datetime
    resumed: bool


@dataclass(frozen=True, slots=True)
class RunRow:
    """A run as stored; ``sites`` are its counts by site. One that was killed never got its ``finished_at``."""

    id: int
    brief: str
    purpose: str
    status: RunStatus
    started_at: datetime
    finished_at: datetime | None
    config_digest: str
    versions: Mapping[str, str]
    chain: int
    replay_of: int | None
    sites: Mapping[str, Any]

    def as_json(self) -> dict[str, Any]:
        """The object that ``runs --json`` and ``crawl --json`` print; times are ISO 8601 in UTC."""
        return {
            "id": self.id,
            "brief": self.brief,
            "status": self.status,
            "started_at": _iso(self.started_at),
            "finished_at": _iso(self.finished_at),
            "purpose": self.purpose,
            "chain": self.chain,
            "replay_of": self.replay_of,
            "config_digest": self.config_digest,
            "versions": dict(self.versions),
            "sites": dict(self.sites),
        }


def start_run(
    connection: Connection,
    *,
    brief: str,
    purpose: str,
    config_digest: str,
    versions: Mapping[str, str],
    now: datetime,
    replay_of: int | None = None,
) -> Run:
    """Begin a run. The caller holds the brief's lock, so whatever still says "running" was killed.

    It continues the newest live run of the brief if that did not end or left somebody in a queue: what a failed one
    found is not lost either. In a chain of yesterday the connectors that ended start over, the others go on.
    A replay always begins a chain of its own, and no run continues it. Queues of the brief that no run will continue
    are dropped.
    """
    table = schema.run.c
    connection.execute(
        update(schema.run).where(table.brief == brief, table.status == "running").values(status="incomplete")
    )
    continued = None if replay_of is not None else _to_continue(connection, brief)
    number = _insert_run(
        connection,
        brief=brief,
        purpose=purpose,
        config_digest=config_digest,
        versions=dict(versions),
        started_at=now,
        chain=continued or 0,
        replay_of=replay_of,
    )
    if continued is not None and _is_worn(connection, continued, now):
        _carry_over(connection, continued, number)
        continued = None
    if continued is None:
        connection.execute(update(schema.run).where(table.id == number).values(chain=number))
    chain = number if continued is None else continued
    if replay_of is None:
        _drop_other_chains(connection, brief, chain)
    began = connection.scalar(select(table.started_at).where(table.id == chain)) or now
    return Run(number, chain, now.astimezone(UTC), began, resumed=continued is not None)


def _insert_run(connection: Connection, **values: Any) -> int:
    begin = insert(schema.run).values(status="running", sites={}, **values).returning(schema.run.c.id)
    return int(connection.execute(begin).scalar_one())


def _newest_live(connection: Connection, brief: str) -> Any:
    table = schema.run.c
    return connection.execute(
        select(table.chain, table.status)
        .where(table.brief == brief, table.replay_of.is_(None))
        .order_by(table.id.desc())
        .limit(1)
    ).first()


def _to_continue(connection: Connection, brief: str) -> int | None:
    """The chain that a new run of the brief continues: one that did not end, or that left somebody in a queue."""
    before = _newest_live(connection, brief)
    if before is None:
        return None
    queues = select(schema.checkpoint.c.connector).where(schema.checkpoint.c.chain == before.chain).limit(1)
    is_over = before.status == "complete" and connection.scalar(queues) is None
    return None if is_over else int(before.chain)


def _is_worn(connection: Connection, chain: int, now: datetime) -> bool:
    """Whether a chain is so old that the connectors that ended in it are due again, whatever keeps the others."""
    began = connection.scalar(select(schema.run.c.started_at).where(schema.run.c.id == chain))
    ended = select(schema.checkpoint.c.connector).where(_of_chain(chain), schema.checkpoint.c.phase == "done").limit(1)
    return began is not None and now - began > _WORN_AFTER and connection.scalar(ended) is not None


def _carry_over(connection: Connection, old: int, new: int) -> None:
    """Give the queues of connectors that did not end to another chain."""
    table = schema.checkpoint.c
    ended = select(table.connector).where(_of_chain(old), table.phase == "done")
    for queue in (schema.visit, schema.checkpoint):
        unfinished = (queue.c.chain == old) & queue.c.connector.not_in(ended)
        connection.execute(update(queue).where(unfinished).values(chain=new))


def _of_chain(chain: int) -> ColumnElement[bool]:
    return schema.checkpoint.c.chain == chain


def _drop_other_chains(connection: Connection, brief: str, chain: int) -> None:
    table = schema.run.c
    others = select(table.chain).where(table.brief == brief, table.chain != chain)
    for queue in (schema.visit, schema.checkpoint):
        connection.execute(delete(queue).where(queue.c.chain.in_(others)))


def save_sites(connection: Connection, run_id: int, sites: Mapping[str, Any]) -> None:
    """Store the counts of a run as they are now."""
    connection.execute(update(schema.run).where(schema.run.c.id == run_id).values(sites=sites))


def finish_run(connection: Connection, run_id: int, status: RunStatus, now: datetime, sites: Mapping[str, Any]) -> None:
    """End a run."""
    connection.execute(
        update(schema.run).where(schema.run.c.id == run_id).values(status=status, finished_at=now, sites=sites)
    )


def list_runs(connection: Connection, limit: int | None = None) -> list[RunRow]:
    """All runs, or the newest ``limit``, newest first."""
    rows = connection.execute(select(schema.run).order_by(schema.run.c.id.desc()).limit(limit))
    return [RunRow(**row._mapping) for row in rows]  # noqa: SLF001  # SQLAlchemy's public name


def get_run(connection: Connection, run_id: int) -> RunRow | None:
    """One run, or ``None``."""
    row = connection.execute(select(schema.run).where(schema.run.c.id == run_id)).first()
    return None if row is None else RunRow(**row._mapping)  # noqa: SLF001


def last_run(connection: Connection, brief: str) -> RunRow | None:
    """The newest run of a brief, replays too, or ``None``."""
    table = schema.run.c
    row = connection.execute(select(schema.run).where(table.brief == brief).order_by(table.id.desc()).limit(1)).first()
    return None if row is None else RunRow(**row._mapping)  # noqa: SLF001


def _iso(moment: datetime | None) -> str | None:
    return None if moment is None else iso_time(moment)
