"""Crawl runs: what ran when, for whom, in which versions, what it counted; and which run goes on from which."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final, Literal, TypeAlias

from sqlalchemy import ColumnElement, Connection, case, delete, insert, select, update

from sourcer.domain import iso_time
from sourcer.store import schema

__all__ = [
    "Finding",
    "Run",
    "RunKind",
    "RunRow",
    "RunStatus",
    "finish_run",
    "get_run",
    "list_runs",
    "save_sites",
    "start_run",
]

_WORN_AFTER: Final = timedelta(hours=20)
"""Less than the day between two runs of a daily schedule."""

RunStatus: TypeAlias = Literal["running", "complete", "incomplete", "failed"]
RunKind: TypeAlias = Literal["crawl", "part", "accounts", "refresh"]


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
class Finding:
    """What is unusual about a run on one site.

    Args:
        site: Where.
        kind: ``failing`` (three runs in a row), ``low`` (finds far fewer people than usual) or ``absent``.
        detail: In words.
    """

    site: str
    kind: Literal["failing", "low", "absent"]
    detail: str


@dataclass(frozen=True, slots=True)
class RunRow:
    """A run as stored; ``sites`` are its counts by site. One that was killed never got its ``finished_at``.

    ``kind`` says who was looked at, ``fire_time`` which time of the schedule it serves, ``stopped_by`` what ended it
    before its end: ``signal``, ``pause`` or ``fault`` (such as a full disk), ``health`` what is unusual about it (see
    :mod:`sourcer.store.health`).
    """

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
    kind: RunKind = "crawl"
    fire_time: datetime | None = None
    stopped_by: str | None = None
    health: tuple[Finding, ...] = ()

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
            "kind": self.kind,
            "fire_time": _iso(self.fire_time),
            "stopped_by": self.stopped_by,
            "sites": dict(self.sites),
            "health": [asdict(finding) for finding in self.health],
        }


def start_run(
    connection: Connection,
    *,
    brief: str,
    purpose: str,
    config_digest: str,
    versions: Mapping[str, str],
    now: datetime,
    connectors: Collection[str] = (),
    replay_of: int | None = None,
    kind: RunKind = "crawl",
    fire_time: datetime | None = None,
) -> Run:
    """Begin a run. The caller holds the brief's lock, so whatever still says "running" was killed.

    It continues the chain of the newest live run of the brief if that did not end, or left one of ``connectors``, which
    take part now, in its queue. In a chain of yesterday those of them that ended start over: then a new chain begins
    too. Queues of connectors that did not end move into a new chain, so that nothing they found is lost.
    What a connector has finished discovering within the day is not asked for again: the accounts are queued anew.
    A replay always begins a chain of its own, and no run continues it.
    """
    table = schema.run.c
    connection.execute(
        update(schema.run).where(table.brief == brief, table.status == "running").values(status="incomplete")
    )
    before = None if replay_of is not None else _newest_live(connection, brief)
    continued = (
        before.chain if before is not None and _goes_on(connection, before, now, frozenset(connectors)) else None
    )
    number = _insert_run(
        connection,
        brief=brief,
        purpose=purpose,
        config_digest=config_digest,
        versions=dict(versions),
        started_at=now,
        chain=continued or 0,
        replay_of=replay_of,
        kind=kind,
        fire_time=fire_time,
    )
    if continued is None:
        connection.execute(update(schema.run).where(table.id == number).values(chain=number))
        if before is not None:
            _carry_over(connection, before.chain, number)
            _renew(connection, before.chain, number, now)
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


def _goes_on(connection: Connection, before: Any, now: datetime, connectors: frozenset[str]) -> bool:
    """Whether a run that these connectors take part in continues the chain of the run before."""
    table = schema.checkpoint.c
    rows = connection.execute(select(table.connector, table.phase).where(table.chain == before.chain))
    unfinished = {row.connector for row in rows if row.phase != "done"}
    if before.status == "complete" and not unfinished & connectors:
        return False
    began = connection.scalar(select(schema.run.c.started_at).where(schema.run.c.id == before.chain))
    is_old = began is not None and now - began > _WORN_AFTER
    return not (is_old and connectors - unfinished)


def _carry_over(connection: Connection, old: int, new: int) -> None:
    """Give the queues of connectors that did not end to another chain."""
    table = schema.checkpoint.c
    ended = select(table.connector).where(table.chain == old, table.phase == "done")
    for queue in (schema.visit, schema.checkpoint):
        unfinished = (queue.c.chain == old) & queue.c.connector.not_in(ended)
        connection.execute(update(queue).where(unfinished).values(chain=new))


def _renew(connection: Connection, old: int, new: int, now: datetime) -> None:
    """Queue what a young chain found once more, for the connectors that asked a site about each account.

    What discovery itself closed costs no visits, and files are read anew: they may be others by now. Who is gone by the
    site's word of today is not asked for again: a second word of the same day says no more.
    """
    began = connection.scalar(select(schema.run.c.started_at).where(schema.run.c.id == old))
    if began is None or now - began > _WORN_AFTER:
        return
    visit, checkpoint = schema.visit.c, schema.checkpoint.c
    closed = select(visit.connector).where(visit.chain == old, visit.status == "closed")
    visited = select(visit.connector).where(visit.chain == old, visit.depth == "cheap", visit.status == "done")
    connectors = list(
        connection.scalars(
            select(checkpoint.connector).where(
                checkpoint.chain == old,
                checkpoint.phase == "done",
                checkpoint.connector.in_(visited),
                checkpoint.connector.not_in(closed),
            )
        )
    )
    mine = (visit.chain == old) & visit.connector.in_(connectors)
    connection.execute(delete(schema.visit).where(mine, visit.depth == "deep"))
    asked = {"status": "pending"} if began.date() < now.astimezone(UTC).date() else {"status": _unless_gone()}
    connection.execute(update(schema.visit).where(mine).values(chain=new, **asked))
    renewed = (checkpoint.chain == old) & checkpoint.connector.in_(connectors)
    connection.execute(update(schema.checkpoint).where(renewed).values(chain=new, phase="cheap"))


def _unless_gone() -> ColumnElement[str]:
    """The status of a visit to be made again: who is gone has no look, or a profile that says so."""
    visit, look, profile = schema.visit.c, schema.look.c, schema.profile.c
    seen = select(look.uid).where(look.site == visit.site, look.uid == visit.uid, look.depth == "cheap").exists()
    owner = (profile.site == visit.site) & (profile.uid == visit.uid)
    gone = select(profile.uid).where(owner, profile.gone_at.is_not(None)).exists()
    return case((seen & ~gone, "pending"), else_="done")


def _drop_other_chains(connection: Connection, brief: str, chain: int) -> None:
    table = schema.run.c
    others = select(table.chain).where(table.brief == brief, table.chain != chain)
    for queue in (schema.visit, schema.checkpoint):
        connection.execute(delete(queue).where(queue.c.chain.in_(others)))


def save_sites(connection: Connection, run_id: int, sites: Mapping[str, Any]) -> None:
    """Store the counts of a run as they are now."""
    connection.execute(update(schema.run).where(schema.run.c.id == run_id).values(sites=sites))


def finish_run(
    connection: Connection,
    run_id: int,
    status: RunStatus,
    now: datetime,
    sites: Mapping[str, Any],
    *,
    stopped_by: str | None = None,
) -> None:
    """End a run; ``stopped_by`` says what ended it before its end."""
    ended = {"status": status, "finished_at": now, "sites": sites, "stopped_by": stopped_by}
    connection.execute(update(schema.run).where(schema.run.c.id == run_id).values(**ended))


def list_runs(connection: Connection, limit: int | None = None) -> list[RunRow]:
    """All runs, or the newest ``limit``, newest first."""
    rows = connection.execute(select(schema.run).order_by(schema.run.c.id.desc()).limit(limit))
    return [RunRow(**row._mapping) for row in rows]  # noqa: SLF001  # SQLAlchemy's public name


def get_run(connection: Connection, run_id: int) -> RunRow | None:
    """One run, or ``None``."""
    row = connection.execute(select(schema.run).where(schema.run.c.id == run_id)).first()
    return None if row is None else RunRow(**row._mapping)  # noqa: SLF001


def _iso(moment: datetime | None) -> str | None:
    return None if moment is None else iso_time(moment)
