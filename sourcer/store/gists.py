"""The gists of accounts: what their evidence shows, kept so that no ranking reads the same words twice.

A gist goes when evidence of its account is written, and with the account. Nobody needs one: without it, the evidence
is read.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, delete

from sourcer.store import schema
from sourcer.store.screening import Row, rows_of
from sourcer.store.sql import Key, account_filters, lock_sites, upsert

__all__ = ["Gist", "forget_gists", "keep_gists"]


@dataclass(frozen=True, slots=True)
class Gist:
    """What an account's evidence shows, as text, and the rows that were read for it."""

    content: str
    rows: Sequence[Row]


def keep_gists(connection: Connection, digest: str, gists: Mapping[Key, Gist]) -> None:
    """Keep gists, but not of accounts whose evidence is another one by now.

    Args:
        connection: A write transaction.
        digest: Of what they were read by.
        gists: By account.
    """
    # Who writes evidence holds its site, too: none can come between the look and the end of this.
    lock_sites(connection, (site for site, _ in gists))
    now = rows_of(connection, gists)
    rows = [
        {"site": key[0], "uid": key[1], "digest": digest, "content": gist.content}
        for key, gist in gists.items()
        if Counter(now[key]) == Counter(gist.rows)
    ]
    upsert(connection, schema.gist, rows, key=("site", "uid"))


def forget_gists(connection: Connection, accounts: Collection[Key]) -> None:
    """Forget what the evidence of accounts showed: it is being written."""
    for where in account_filters(connection, schema.gist, accounts):
        connection.execute(delete(schema.gist).where(where))
