"""Asks again when an attempt failed in a way that may pass."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from typing import Final, TypeVar

import stamina
from stamina.instrumentation import RetryDetails, set_on_retry_hooks

from sourcer.fetch.client import Fault

__all__ = ["ATTEMPTS", "with_retries"]

_log: Final = logging.getLogger(__name__)

ATTEMPTS: Final = 4
"""Most attempts at one request."""

_LONGEST_WAIT: Final = 60.0

_T = TypeVar("_T")


def _log_retry(details: RetryDetails) -> None:
    _log.info("%s; asking again in %.1f s", details.caused_by, details.wait_for)


# By itself stamina prints retries to standard output, where only results belong.
set_on_retry_hooks([_log_retry])


async def with_retries(attempt_once: Callable[[], Awaitable[_T]]) -> _T:
    """Call until it gives something, pausing longer each time; a POST is repeated too, as every request only reads.

    Raises:
        Fault: That of the last attempt.
    """
    # Not a RetryingCaller: that one logs the arguments of the call, and credentials are among them.
    async for attempt in stamina.retry_context(
        on=_pause, attempts=ATTEMPTS, timeout=None, wait_initial=0.5, wait_max=20.0, wait_jitter=1.0
    ):
        with attempt:
            return await attempt_once()
    raise AssertionError("unreachable: the last attempt returns or raises")


def _pause(error: Exception) -> bool | float:
    if not isinstance(error, Fault):
        return False
    return True if error.retry_after is None else min(error.retry_after, _LONGEST_WAIT)
