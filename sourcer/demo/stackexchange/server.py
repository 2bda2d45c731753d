"""The copy of the Stack Exchange API on the loopback interface."""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Callable, Mapping
from typing import ClassVar, Final

from sourcer.demo.limits import Violation
from sourcer.demo.loopback import Answer, Asked, Loopback, Site
from sourcer.demo.model import World
from sourcer.demo.stackexchange.api import VERSION, Api, method_of
from sourcer.demo.stackexchange.manners import Manners
from sourcer.demo.stackexchange.mishaps import Mishap, banned, spoiled, struck
from sourcer.demo.stackexchange.refusal import Refused, packed
from sourcer.demo.strikes import Strikes

__all__ = ["KEY", "StackExchangeServer"]

KEY: Final = "invented-key"
"""The application key that the copy knows unless it is told another one."""

_UNAVAILABLE: Final = 60.0
"""Seconds for which a method rests that is temporarily unavailable."""


class StackExchangeServer(Site):
    """Serves the communities of a world as the API does, on ``http://127.0.0.1:PORT/2.3``, while its context is open.

    Args:
        world: What it serves; who changes it raises its ``revision``.
        key: The only key that it knows. Whoever comes without one gets 300 requests a day and 25 pages of a list.
        latency: Seconds before each answer.
        strikes: What goes wrong, and when.
        pauses: How many seconds of pause a good answer to a method asks for; ``None`` for none.
        clock: UTC epoch seconds, for all limits.
        manners: The limits.

    Attributes:
        requests: How many have come so far, refused ones too.
        statuses: The same by status and, for errors, ``error_id``; 0 stands for a connection that was broken.
    """

    name: ClassVar[str] = "stackoverflow"
    title: ClassVar[str] = "Stack Exchange"

    def __init__(
        self,
        world: World,
        *,
        key: str = KEY,
        latency: float = 0.0,
        strikes: Strikes[Mishap] | None = None,
        pauses: Callable[[str], int | None] = lambda _: None,
        clock: Callable[[], float] = time.time,
        manners: Manners | None = None,
    ) -> None:
        self.api = Api(world)
        self.key = key
        self.latency = latency
        self.strikes = strikes or Strikes()
        self.pauses = pauses
        self.manners = manners or Manners(clock)
        self.requests = 0
        self.statuses: Counter[int] = Counter()
        self._lock = threading.Lock()
        self._loopback = Loopback(self.respond, "demo-stackexchange", "nginx")

    @property
    def url(self) -> str:
        """The ``api_url`` of a configuration.

        Raises:
            RuntimeError: The server is not running.
        """
        return f"{self._loopback.url}/{VERSION}"

    @property
    def violations(self) -> list[Violation]:
        """Every step over a limit so far."""
        return self.manners.violations

    def settings(self) -> Mapping[str, str]:
        """What a configuration says to use it."""
        return {"url": self.url, "key": self.key}

    def respond(self, asked: Asked) -> Answer:
        """Answer one request."""
        with self._lock:
            self.requests += 1
            number = self.requests
        method = method_of(asked)
        heard = self.manners.enter(number, method, asked.target)
        if self.latency:
            time.sleep(self.latency)
        try:
            answer = self._answer(number, method, asked) if heard else banned()
            status = 0 if answer.drop else answer.status
        except Refused as no:
            answer, status = no.as_answer(), no.error
        with self._lock:
            self.statuses[status] += 1
        return answer

    def _answer(self, number: int, method: str, asked: Asked) -> Answer:
        has_key = self._has_key(asked)
        mishap = self.strikes.of(number)
        refusal = struck(mishap, self.strikes.retry_after)
        if refusal is not None:
            self._rest_after(mishap, method)
            return refusal
        quota = self.manners.quota(has_key=has_key)
        if not quota.take(1):
            self.manners.note("primary", number)
            left = max(1, quota.as_resource()["reset"] - int(self.manners.clock()))
            raise Refused(502, f"too many requests from this IP, more requests available in {left} seconds")
        told = {"quota_max": quota.limit, "quota_remaining": quota.as_resource()["remaining"]}
        pause = self.strikes.retry_after if mishap is Mishap.BACKOFF else self.pauses(method)
        if pause is not None:
            told["backoff"] = pause
            self.manners.rest(pause, method)
        answer = spoiled(mishap, packed(self.api.answer(asked, has_key=has_key, told=told)))
        if mishap not in (Mishap.GARBAGE, Mishap.HALF):
            self.manners.answered(asked.target)
        return answer

    def _rest_after(self, mishap: Mishap | None, method: str) -> None:
        if mishap is Mishap.THROTTLED:
            self.manners.rest(self.strikes.retry_after)
        if mishap is Mishap.UNAVAILABLE:
            self.manners.rest(_UNAVAILABLE, method)

    def _has_key(self, asked: Asked) -> bool:
        """Whether a request comes with the key.

        Raises:
            Refused: It comes with another one.
        """
        key = asked.query.get("key", "")
        if key and key != self.key:
            raise Refused(400, "`key` doesn't match a known application")
        return bool(key)
