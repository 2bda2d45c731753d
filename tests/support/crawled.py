"""What a crawl of the invented site left behind."""

from __future__ import annotations

import sqlite3
from typing import Any

from sourcer.config import Config
from sourcer.crawl import CrawlOutcome

__all__ = ["counts", "rows"]

TABLES = {
    "profile": "site, uid, login, name, url, person_id, gone_at IS NULL",
    "evidence": "id, site, uid, kind, url, title, terms, measure, vanished_at IS NULL",
    "found": "brief, site, uid",
    "unknown": "site, uid, what, reason",
    "look": "site, uid, depth, scope, state",
    "candidate": "brief, person_id, rank, score",
}


def rows(config: Config) -> dict[str, list[tuple[Any, ...]]]:
    """The rows of each table, without what differs from run to run."""
    connection = sqlite3.connect(config.path("sourcer.db"))
    try:
        return {
            table: sorted(connection.execute(f"SELECT {what} FROM {table}"), key=repr) for table, what in TABLES.items()
        }
    finally:
        connection.close()


def counts(outcome: CrawlOutcome) -> dict[str, Any]:
    """What the run counted."""
    return dict(outcome.run.sites["invented"])
