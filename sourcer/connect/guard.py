"""A fence around connectors' code: it is other people's, and whatever it raises ends its own site only."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sourcer.connect.contract import Connector
from sourcer.errors import AnswerError, Crashed, RunError, SiteError, UsageError

__all__ = ["foreign_code", "sites_of"]


@contextmanager
def foreign_code(name: str) -> Iterator[None]:
    """Run a connector's code: what it raises becomes a :class:`Crashed` that names it.

    Errors of the contract pass as they are, and so does :class:`RunError`, which its fetcher raises when the archive
    cannot be written. A cancellation passes when it is this task that is to end.

    Raises:
        Crashed: The code failed, or tried to end the whole program.
    """
    try:
        yield
    except (SiteError, AnswerError, RunError, KeyboardInterrupt):
        raise
    except UsageError as fault:
        raise Crashed(f"{name}: {fault}") from fault
    except asyncio.CancelledError as fault:
        task = asyncio.current_task()
        if task is not None and task.cancelling() > 0:
            raise
        raise Crashed(f"{name} cancelled itself") from fault
    except BaseException as fault:
        words = " ".join(f"{type(fault).__name__}: {fault}".split()).rstrip(": ")
        raise Crashed(f"{name} failed: {words}") from fault


def sites_of(connector: Connector) -> tuple[str, ...]:
    """The sites that a built connector serves.

    Raises:
        SiteError: It does not say so in the way of the contract.
    """
    with foreign_code(connector.name):
        sites: tuple[Any, ...] = tuple(connector.sites())
        if not sites or not all(isinstance(site, str) and site for site in sites):
            raise SiteError(f"{connector.name}: sites() must name at least one site, each by a text; it gave {sites!r}")
    return sites
