"""Looking again at stored people whose data is old, besides those whom crawls find."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import Connection, select

from sourcer.brief import Brief
from sourcer.crawl.accounts import Account
from sourcer.crawl.engine import CrawlRequest
from sourcer.store import schema
from sourcer.store.freshness import stale_accounts, urgency_of

__all__ = ["refresh_request"]


def refresh_request(connection: Connection, brief: Brief, now: datetime) -> CrawlRequest | None:
    """The crawl that looks at the most urgent of a brief's people whose data is old.

    ``None`` where nobody's is, and where the last crawl is not complete: its queue is not thrown away for this.
    """
    run = schema.run.c
    last = connection.execute(
        select(run.status, run.kind).where(run.brief == brief.name, run.replay_of.is_(None)).order_by(run.id.desc())
    ).first()
    if last is None or (last.status != "complete" and last.kind == "crawl"):
        return None
    urgency = urgency_of(connection, brief.name, now - timedelta(days=brief.freshness.stale_after_days), now.date())
    accounts = tuple(
        Account(number, f"{site}:#{uid}", site, f"#{uid}")
        for number, (site, uid) in enumerate(stale_accounts(connection, urgency, brief.freshness.refresh), 1)
    )
    return CrawlRequest(brief, accounts=accounts, kind="refresh") if accounts else None
