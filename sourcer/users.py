"""Who is at work: decisions belong to a user."""

from __future__ import annotations

import getpass
import os

from sourcer.errors import UsageError

__all__ = ["current_user"]


def current_user(named: str | None = None) -> str:
    """The user of ``--as``, else of ``SOURCER_USER``, else of the system.

    Raises:
        UsageError: None of them tells.
    """
    for said in (named, os.environ.get("SOURCER_USER")):
        if said is not None and said.strip():
            return said.strip()
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        raise UsageError("nobody says who decides this: give --as USER or set SOURCER_USER") from None
