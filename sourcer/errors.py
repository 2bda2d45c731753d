"""What can go wrong, ordered by consequence.

::

    SourcerError
    ├── UsageError          the command, the configuration or a brief must be changed          exit 2
    ├── RunError            the whole run cannot start or go on                                exit 1
    │   ├── DatabaseError   the database is missing, too new, or cannot be opened
    │   ├── BusyError       the same brief is being crawled by somebody else
    │   └── Paused          somebody has paused everything on this database
    ├── SiteError           one connector stops, the others go on
    │   ├── NotConfigured   it was never set up: what to set is in the message
    │   ├── Crashed         its code failed: a bug of the connector
    │   ├── Denied          the site refused the credentials: what to renew is in the message
    │   └── Spent           quota, waiting time or --max-requests used up: the next run goes on exit 3
    └── AnswerError         one request came to nothing: its accounts become unknown, the crawl goes on
        ├── TooLarge        the answer was longer than [fetch] max_bytes
        └── NotArchived     a replay asked for something the archive does not hold

Messages are one line: what happened, where, and what to do.
"""

from __future__ import annotations

__all__ = [
    "AnswerError",
    "BusyError",
    "Crashed",
    "DatabaseError",
    "Denied",
    "NotArchived",
    "NotConfigured",
    "Paused",
    "RunError",
    "SiteError",
    "SourcerError",
    "Spent",
    "TooLarge",
    "UsageError",
]


class SourcerError(Exception):
    """The root of everything that Sourcer raises on purpose; its text is shown to the user as it is."""


class UsageError(SourcerError):
    """The command, the configuration or a brief must be changed."""


class RunError(SourcerError):
    """The whole run cannot start or go on."""


class DatabaseError(RunError):
    """The database is missing, newer than the program, or cannot be opened."""


class BusyError(RunError):
    """The same brief is being crawled by somebody else."""


class Paused(RunError):
    """Somebody has paused everything on this database; the message says who, and how it goes on."""


class SiteError(SourcerError):
    """One connector stops; the others go on."""


class NotConfigured(SiteError):
    """The connector was never set up; the message says what to set."""


class Crashed(SiteError):
    """A connector's own code failed; the message says how."""


class Denied(SiteError):
    """The site refused the credentials; the message says what to renew."""


class Spent(SiteError):
    """Quota, waiting time or ``--max-requests`` is used up; the next run goes on from the checkpoint."""


class AnswerError(SourcerError):
    """One request came to nothing after its retries; ``kind`` is what the run's error counts are keyed by.

    Args:
        message: What happened, without secrets.
        kind: A short stable word: ``server_error``, ``transport``, ``bad_body``, ``too_large``, ``not_archived``.
        status: The HTTP status of the last answer, if there was one.
    """

    def __init__(self, message: str, *, kind: str = "bad_answer", status: int | None = None) -> None:
        super().__init__(message)
        self.kind = kind
        self.status = status


class TooLarge(AnswerError):
    """The answer was longer than ``[fetch] max_bytes``."""


class NotArchived(AnswerError):
    """A replay asked for something the archive does not hold."""
