"""A copy of Kaggle's API on the loopback interface that serves the invented world over HTTP."""

from __future__ import annotations

import json
import threading
import time
from collections import Counter
from collections.abc import Callable, Mapping
from typing import Any, ClassVar, Final

from sourcer.demo.kaggle.faults import Fault, coded, missing_page, refused, struck
from sourcer.demo.kaggle.methods import METHODS, Missing
from sourcer.demo.kaggle.model import Kaggle
from sourcer.demo.kaggle.paging import BadRequest
from sourcer.demo.limits import Guard, Violation
from sourcer.demo.loopback import Answer, Asked, Loopback, Site, json_answer
from sourcer.demo.model import World
from sourcer.demo.strikes import Strikes

__all__ = ["TOKEN", "KaggleServer"]

TOKEN: Final = "KGAT_invented"  # noqa: S105  # opens nothing but the copy
"""What the copy takes for a token unless it is told another one."""

_ROOT: Final = "/v1/"


class KaggleServer(Site):
    """Serves a world's Kaggle on ``http://127.0.0.1:PORT/v1`` while its context is open.

    Args:
        world: What it serves.
        token: The only one that it takes.
        latency: Seconds before each answer.
        faults: What goes wrong, and when.
        clock: UTC epoch seconds.

    Attributes:
        requests: How many have come so far.
        counts: The same by method, by its last part.
        statuses: The same by the status of the answer; 0 stands for a connection that was broken.
        asked: How often each question was asked that was answered in full.
    """

    name: ClassVar[str] = "kaggle"
    title: ClassVar[str] = "Kaggle"

    def __init__(
        self,
        world: World,
        *,
        token: str = TOKEN,
        latency: float = 0.0,
        faults: Strikes[Fault] | None = None,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self.site: Kaggle = world.kaggle
        self.token = token
        self.latency = latency
        self.faults = faults or Strikes[Fault]()
        self.clock = clock
        self.guard = Guard(None, clock)
        self.requests = 0
        self.counts: Counter[str] = Counter()
        self.statuses: Counter[int] = Counter()
        self.asked: Counter[str] = Counter()
        self._lock = threading.Lock()
        self._loopback = Loopback(self._respond, "demo-kaggle", software="Kaggle")

    @property
    def url(self) -> str:
        """The ``api_url`` of a configuration.

        Raises:
            RuntimeError: The server is not running.
        """
        return f"{self._loopback.url}{_ROOT.rstrip('/')}"

    @property
    def violations(self) -> list[Violation]:
        """Every request that came before a refusal's pause had ended."""
        return self.guard.violations

    def settings(self) -> Mapping[str, str]:
        """What a configuration says to use it."""
        return {"url": self.url, "token": self.token}

    def _respond(self, asked: Asked) -> Answer:
        method = asked.path.rpartition("/")[2]
        with self._lock:
            self.requests += 1
            self.counts[method] += 1
            number = self.requests
        self.guard.enter(number, method)
        try:
            if self.latency:
                time.sleep(self.latency)
            answer = self._answer(self.faults.of(number), asked)
        finally:
            self.guard.leave(method, 0.0)
        with self._lock:
            self.statuses[0 if answer.drop else answer.status] += 1
        if answer.limited and "retry-after" in answer.headers:
            self.guard.pause(self.clock() + self.faults.retry_after)
        return answer

    def _answer(self, fault: Fault | None, asked: Asked) -> Answer:
        answer = struck(fault, self.faults.retry_after, self.clock())
        if answer is None:
            answer = self._called(asked)
            answer.cut = fault is Fault.HALF
            if not answer.cut:
                with self._lock:
                    self.asked[f"{asked.path} {asked.body.decode(errors='replace')}"] += 1
        return answer

    def _called(self, asked: Asked) -> Answer:
        method = METHODS.get(asked.path.removeprefix(_ROOT)) if asked.path.startswith(_ROOT) else None
        if method is None or asked.method != "POST":
            return missing_page()
        if asked.headers.get("authorization") != f"Bearer {self.token}":
            return refused(401, "Unauthenticated", "UNAUTHENTICATED")
        try:
            return json_answer(200, method(self.site, _object(asked.body)))
        except Missing as missing:
            return coded(200, 404, str(missing))
        except (BadRequest, ValueError) as wrong:
            return coded(400, 400, str(wrong))


def _object(data: bytes) -> Mapping[str, Any]:
    body = json.loads(data or b"{}")
    if not isinstance(body, dict):
        raise BadRequest("The body is not an object")
    return body
