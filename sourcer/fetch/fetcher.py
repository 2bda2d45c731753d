"""What connectors ask through: each request within the site's manners, each answer archived or replayed."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from http import HTTPStatus
from types import TracebackType
from typing import Any, Final, Self
from urllib.parse import urlsplit

from sourcer import __version__
from sourcer.config import FetchConfig
from sourcer.errors import AnswerError, Denied, SiteError, TooLarge
from sourcer.fetch.answer import Answer, Expect, Request
from sourcer.fetch.archive import Archive
from sourcer.fetch.bucket import BucketGate
from sourcer.fetch.budget import Clock, RunBudget, Sleep, WaitAllowance
from sourcer.fetch.client import Client, Fault, Received, Timeouts, full_url, is_same_origin
from sourcer.fetch.lasting import Lasting, Shelf
from sourcer.fetch.policy import Bucket, Refusal, SitePolicy
from sourcer.fetch.recorder import Recorder, Records
from sourcer.fetch.refusals import classify, is_good, reason_of
from sourcer.fetch.retry import with_retries
from sourcer.fetch.secrets import Secrets
from sourcer.fetch.usage import Usage
from sourcer.fetch.waits import retry_after

__all__ = ["Answer", "Fetcher"]

_MOST_REDIRECTS: Final = 5
_REDIRECTS: Final = (301, 302, 303, 307, 308)
_TIMEOUTS: Final = Timeouts()


class Fetcher:
    """The way of one connector to its sites. Use it as an async context manager, or close it.

    Every request waits for its turn within the quota of its bucket and is repeated when it failed in a way that may
    pass. What the connector is handed in the end is archived first, secrets stripped. A replay answers from the archive
    alone and never opens a connection; it spends nothing and has no limits.

    Args:
        connector: Its name: the folder in the archive, and named in messages.
        policy: The site's manners. Without buckets there is one, ``requests``, of unknown size.
        settings: ``[fetch]`` of the configuration.
        secrets: Values that must never be written anywhere (:func:`sourcer.config.secrets_of`).
        archive: Where answers are kept; ``None`` keeps none.
        replay: Answer from the archive.
        budget: What the whole run may spend; by default as ``settings`` say.
        started_at: When the chain of runs began; what the archive says about it goes first.
        shelf: Where answers that never change are kept from one crawl to the next; ``None`` keeps none.
        user_agent: Sent with each request.
        timeouts: How long to wait for a silent server.
        sleep: Waits for limits and for the pace, in seconds.
        clock: Tells the time, in seconds since the epoch.

    Raises:
        RunError: The archive cannot be used.
    """

    def __init__(
        self,
        connector: str,
        policy: SitePolicy,
        settings: FetchConfig,
        *,
        secrets: tuple[str, ...] = (),
        archive: Archive | None = None,
        replay: bool = False,
        budget: RunBudget | None = None,
        started_at: datetime | None = None,
        shelf: Shelf | None = None,
        user_agent: str = f"sourcer-crawler/{__version__}",
        timeouts: Timeouts = _TIMEOUTS,
        sleep: Sleep = asyncio.sleep,
        clock: Clock = time.time,
    ) -> None:
        self.connector = connector
        self.usage = Usage()
        self._policy = policy
        self._secrets = Secrets(secrets, policy)
        self._replay = replay
        self._clock = clock
        self._recorder = Recorder(
            connector, self._secrets, archive, replay=replay, started_at=started_at or self._time()
        )
        self._lasting = Lasting(connector, self._secrets, shelf)
        self._client = Client(user_agent, settings.max_bytes, timeouts)
        self._gates = self._make_gates(settings, budget or RunBudget(), sleep)

    def _make_gates(self, settings: FetchConfig, run: RunBudget, sleep: Sleep) -> dict[str, BucketGate]:
        most = settings.max_wait_minutes * 60 if run.max_wait_seconds is None else run.max_wait_seconds
        allowance = WaitAllowance(self.connector, most, self._clock, sleep)
        return {
            bucket.name: BucketGate(
                self.connector,
                bucket,
                self._policy.quota,
                reserve=settings.reserve,
                run=run,
                allowance=allowance,
                clock=self._clock,
                sleep=sleep,
            )
            for bucket in self._policy.buckets or (Bucket("requests"),)
        }

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.aclose()

    async def aclose(self) -> None:
        """Close the connections."""
        await self._client.aclose()

    @property
    def replaying(self) -> bool:
        """Whether answers come from the archive, which asks for no credentials."""
        return self._replay

    def now(self) -> datetime:
        """When this crawl (the chain of runs) began, UTC: the same in a resumed run and in a replay."""
        return self._recorder.started_at

    def take_records(self) -> Records:
        """What was archived since this was last asked: the engine notes what each stored unit was made from."""
        return self._recorder.take()

    def use_records(self, records: Records) -> None:
        """In a replay, answer from these records first: of what was asked twice, the one that was stored."""
        self._recorder.want(records)

    def budget_left(self) -> dict[str, float | None]:
        """Units that each bucket may still spend in its window, the reserve not counted; ``None`` is unknown."""
        return {name: gate.left() for name, gate in self._gates.items()}

    def budget_resets(self) -> dict[str, datetime | None]:
        """When each bucket is full again, as far as known."""
        return {
            name: None if gate.reset is None else datetime.fromtimestamp(gate.reset, UTC)
            for name, gate in self._gates.items()
        }

    async def get(
        self,
        url: str,
        *,
        params: Mapping[str, Any] | None = None,
        headers: Mapping[str, str] | None = None,
        bucket: str | None = None,
        expect: Expect = "json",
        accept: Collection[int] = (),
        lane: str = "",
        lasting: bool = False,
    ) -> Answer:
        """Ask for a page.

        Redirects within one host are followed; one that leads elsewhere is the answer, as credentials do not go there.

        Args:
            url: http or https.
            params: Added to the address; those that are ``None`` are left out.
            headers: Credentials go here, or into ``params``.
            bucket: The quota it counts to; the policy's first by default.
            expect: What the body of a good answer must be: anything else is a fault, and asked for again.
            accept: Statuses that are handed out at once where they would be asked again, or would end the connector:
                the caller asks for less instead, or with new credentials. A 5xx does not show that the site is alive;
                the next request waits for a while, the longer the more of them came in a row.
            lane: Which requests must wait where this answer, though good, asks for a pause (``Quota.pause``): those of
                the same lane; all of the bucket where it is empty.
            lasting: The site never changes the answer: what an earlier crawl got is handed out again and costs nothing.
                Only for what is about nobody. An answer that turns out to be of no use must be forgotten
                (:meth:`forget`), or it comes again each time.

        Returns:
            Any answer that is not a refusal: good ones, 304, 404, 410, 422, 451 and so on.

        Raises:
            AnswerError: It came to nothing after all attempts (``transport``, ``server_error``, ``bad_body``,
                ``redirects``, ``bad_request``); its accounts are unknown.
            TooLarge: The answer is longer than ``[fetch] max_bytes``.
            NotArchived: A replay has no such request.
            Denied: The site refused the credentials.
            Spent: The quota, the waiting time or ``--max-requests`` is used up.
            RunError: The archive cannot be written.
        """
        request = Request(
            "GET",
            self._address(url, params),
            _lowered(headers),
            expect=expect,
            accept=frozenset(accept),
            lane=lane,
            lasting=lasting,
        )
        return await self._ask(request, bucket)

    async def forget(
        self, url: str, *, params: Mapping[str, Any] | None = None, headers: Mapping[str, str] | None = None
    ) -> None:
        """Keep a lasting answer no longer: the next :meth:`get` of it asks the site. A replay changes nothing.

        Raises:
            AnswerError: This is no address.
        """
        if not self._replay:
            await self._lasting.forget(Request("GET", self._address(url, params), _lowered(headers)))

    async def post(
        self,
        url: str,
        *,
        json: Any,
        headers: Mapping[str, str] | None = None,
        bucket: str | None = None,
        expect: Expect = "json",
        accept: Collection[int] = (),
    ) -> Answer:
        """Send JSON and get an answer, as :meth:`get` does; redirects are not followed.

        It is asked again like a GET when it fails: everything that is posted through here only reads.
        """
        request = Request("POST", self._address(url, None), _lowered(headers), json, expect, frozenset(accept))
        return await self._ask(request, bucket)

    async def _ask(self, request: Request, bucket: str | None) -> Answer:
        gate = self._gate(bucket)
        self._secrets.learn_from_request(request.url, request.headers)
        try:
            answer = await self._recall(request) if self._replay else await self._fetch(request, gate)
        except AnswerError as error:
            self.usage.add_error(error)
            raise
        self.usage.answers += answer.status < HTTPStatus.INTERNAL_SERVER_ERROR
        if answer.status == HTTPStatus.NOT_MODIFIED:
            self.usage.not_modified += 1
        return answer

    async def _recall(self, request: Request) -> Answer:
        self.usage.requests += 1
        return await self._recorder.recall(request)

    async def _fetch(self, request: Request, gate: BucketGate) -> Answer:
        known = await self._lasting.recall(request) if request.lasting else None
        try:
            answer = known or await self._follow(request, gate)
        except AnswerError as error:
            await self._recorder.keep_fault(request, error, self._time())
            raise
        # What was known before is archived like the rest: a replay of this run finds it there.
        await self._recorder.keep_answer(request, answer)
        if request.lasting and known is None and is_good(answer):
            await self._lasting.keep(request, answer)
        return answer

    def _gate(self, bucket: str | None) -> BucketGate:
        if bucket is None:
            return next(iter(self._gates.values()))
        if bucket not in self._gates:
            raise SiteError(f"{self.connector}: its policy has no bucket {bucket!r}; it has {', '.join(self._gates)}")
        return self._gates[bucket]

    async def _follow(self, request: Request, gate: BucketGate) -> Answer:
        asked = request
        for _ in range(_MOST_REDIRECTS + 1):
            received, answer = await self._insist(asked, gate)
            target = received.headers.get("location", "")
            if request.method != "GET" or answer.status not in _REDIRECTS or not is_same_origin(asked.url, target):
                return answer
            asked = replace(asked, url=target)
        raise AnswerError(f"{self._where(request)}: more than {_MOST_REDIRECTS} redirects", kind="redirects")

    async def _insist(self, request: Request, gate: BucketGate) -> tuple[Received, Answer]:
        """Ask until there is an answer, or until it is clear that there will be none."""
        try:
            return await with_retries(lambda: self._pass_limits(request, gate))
        except (Fault, AnswerError) as fault:
            kind = TooLarge if isinstance(fault, TooLarge) else AnswerError
            error = kind(
                f"{self._where(request)}: {self._secrets.text(str(fault))}", kind=fault.kind, status=fault.status
            )
        raise error

    async def _pass_limits(self, request: Request, gate: BucketGate) -> tuple[Received, Answer]:
        """Ask until the site does not refuse for now; the gate gives up when that takes too long."""
        while True:
            async with gate.turn(request.lane) as wave:
                received, answer = await self._send(request, gate)
                refusal = classify(self._policy, answer)
                if refusal is not None and refusal.means == "limit":
                    self._close(gate, answer, refusal, wave)
                    continue
                gate.accepted()
            if refusal is None:
                gate.recovered()
                self._check_body(request, answer)
            elif answer.status in request.accept:
                if refusal.means == "retry":
                    gate.stumbled(answer)
                return received, answer
            elif refusal.means == "denied":
                raise Denied(
                    f"{self.connector}: {urlsplit(answer.url).netloc} refused the credentials ({reason_of(answer)}); "
                    f"check or renew them in [connectors.{self.connector}]"
                )
            elif refusal.means == "retry":
                wait = retry_after(answer, self._clock())
                raise Fault(reason_of(answer), kind="server_error", status=answer.status, retry_after=wait)
            return received, answer

    def _close(self, gate: BucketGate, answer: Answer, refusal: Refusal, wave: int) -> None:
        gate.refused(answer, refusal, wave)
        for other in self._gates.values() if refusal.whole_site else ():
            other.rest_with(gate)

    async def _send(self, request: Request, gate: BucketGate) -> tuple[Received, Answer]:
        """Send once, within a turn of the gate, and count it."""
        self.usage.requests += 1
        units = 1.0
        try:
            received = await self._client.send(request)
            answer = self._handed_out(received)
            units = gate.learn(answer, request.lane)
        finally:
            self.usage.add_cost(gate.name, units)
        return received, answer

    def _handed_out(self, received: Received) -> Answer:
        return Answer(
            url=self._secrets.url(received.url),
            status=received.status,
            headers=self._secrets.headers(received.headers),
            body=self._secrets.data(received.body),
            fetched_at=self._time(),
        )

    def _check_body(self, request: Request, answer: Answer) -> None:
        if request.expect == "json" and is_good(answer) and not answer.is_json:
            shown = self._secrets.without_grants(answer.excerpt())
            raise Fault(f"HTTP {answer.status}, not JSON: {shown!r}", kind="bad_body", status=answer.status)

    def _address(self, url: str, params: Mapping[str, Any] | None) -> str:
        whole = full_url(url, params)
        if whole is None:
            error = AnswerError(f"{self.connector}: asked for something that is no http(s) address", kind="bad_request")
            self.usage.add_error(error)
            raise error
        return whole

    def _where(self, request: Request) -> str:
        return f"{self.connector}: {request.method} {self._secrets.url(request.url)}"

    def _time(self) -> datetime:
        return datetime.fromtimestamp(self._clock(), UTC)


def _lowered(headers: Mapping[str, str] | None) -> dict[str, str]:
    return {name.lower(): value for name, value in (headers or {}).items()}
