"""Sends one request over HTTP and reads one answer; the only module that calls an HTTP client."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from http.cookiejar import CookieJar, DefaultCookiePolicy
from typing import Any, Final
from urllib.parse import urljoin

import httpx

from sourcer.errors import AnswerError, TooLarge
from sourcer.fetch.answer import Request
from sourcer.fetch.decode import ACCEPTED, BadBodyError, BodyReader, OverlongError

__all__ = ["Client", "Fault", "Received", "Timeouts", "full_url", "is_same_origin"]

_MOST_CONNECTIONS: Final = 8


class _NoAddresses(logging.Filter):
    """The HTTP client logs every address with its parameters, and keys are among them."""

    def filter(self, record: logging.LogRecord) -> bool:
        return record.levelno >= logging.WARNING


logging.getLogger("httpx").addFilter(_NoAddresses())
logging.getLogger("httpcore").setLevel(logging.INFO)  # below that it logs headers


@dataclass(frozen=True, slots=True)
class Timeouts:
    """Seconds: to connect, between two pieces of an answer, and for one whole answer."""

    connect: float = 15.0
    read: float = 30.0
    total: float = 180.0


@dataclass(frozen=True, slots=True)
class Received:
    """An answer as it came, nothing stripped."""

    url: str
    status: int
    headers: Mapping[str, str]
    body: bytes


class Fault(Exception):
    """One attempt failed in a way that may pass; it is caught within this package and becomes an AnswerError.

    Args:
        message: What happened, without secrets and addresses.
        kind: As in :class:`AnswerError`.
        status: Of the answer, if there was one.
        retry_after: Seconds after which the site wants to be asked again.
    """

    def __init__(self, message: str, *, kind: str, status: int | None = None, retry_after: float | None = None) -> None:
        super().__init__(message)
        self.kind = kind
        self.status = status
        self.retry_after = retry_after


def full_url(url: str, params: Mapping[str, Any] | None) -> str | None:
    """The address with its parameters; those it already has stay unless ``params`` names them too.

    ``None`` where it is no http(s) address. Parameters that are ``None`` are left out.
    """
    try:
        whole = httpx.URL(url)
        if params:
            whole = whole.copy_merge_params({key: value for key, value in params.items() if value is not None})
    except (httpx.InvalidURL, TypeError, ValueError):
        return None
    return str(whole) if whole.scheme in ("http", "https") and whole.host else None


def is_same_origin(url: str, other: str) -> bool:
    """Whether credentials for one address may be sent to the other: scheme, host and port are the same."""
    try:
        one, two = httpx.URL(url), httpx.URL(other)
    except httpx.InvalidURL:
        return False
    return (one.scheme, one.host, _port(one)) == (two.scheme, two.host, _port(two))


def _port(url: httpx.URL) -> int:
    return url.port or (443 if url.scheme == "https" else 80)


def _absolute(url: str, location: str) -> str:
    try:
        return urljoin(url, location)
    except ValueError:
        return location


class Client:
    """A pool of connections, opened by the first request. It keeps no cookies and follows no redirects.

    Args:
        user_agent: Sent with each request.
        max_bytes: Most bytes of a decoded body.
        timeouts: How long to wait for a silent server.
    """

    def __init__(self, user_agent: str, max_bytes: int, timeouts: Timeouts) -> None:
        self._user_agent = user_agent
        self._max_bytes = max_bytes
        self._timeouts = timeouts
        self._http: httpx.AsyncClient | None = None

    async def aclose(self) -> None:
        """Close the connections."""
        if self._http is not None:
            await self._http.aclose()
            self._http = None

    async def send(self, request: Request) -> Received:
        """Ask once.

        Raises:
            Fault: The connection or the body failed; asking again may help.
            TooLarge: The body is longer than the limit; the message has no address.
            AnswerError: The request cannot be sent as it is (kind ``bad_request``).
        """
        built = self._build(request)
        try:
            async with asyncio.timeout(self._timeouts.total):
                return await self._exchange(built)
        except (httpx.LocalProtocolError, httpx.UnsupportedProtocol) as fault:
            failure: Exception = _unsendable(fault)
        except (httpx.TimeoutException, TimeoutError) as fault:
            failure = Fault(f"no answer in time ({type(fault).__name__})", kind="transport")
        except httpx.TransportError as fault:
            failure = Fault(f"the connection failed ({_described(fault)})", kind="transport")
        # Raised outside the handlers: what they caught may hold credentials.
        raise failure

    def _build(self, request: Request) -> httpx.Request:
        headers = {"accept-encoding": ACCEPTED, **request.headers}
        try:
            return self._open().build_request(request.method, request.url, headers=headers, json=request.json)
        except (httpx.InvalidURL, TypeError, ValueError) as fault:
            failure = _unsendable(fault)
        raise failure

    async def _exchange(self, built: httpx.Request) -> Received:
        response = await self._open().send(built, stream=True)
        try:
            body = await self._read(response)
        finally:
            await response.aclose()
        headers = {name.lower(): value for name, value in response.headers.items()}
        if "location" in headers:
            headers["location"] = _absolute(str(response.url), headers["location"])
        return Received(str(response.url), response.status_code, headers, body)

    async def _read(self, response: httpx.Response) -> bytes:
        try:
            reader = BodyReader(response.headers.get("content-encoding", ""), self._max_bytes)
            # A 304 has no body and yet may tell the length of the page that did not change.
            if response.status_code != HTTPStatus.NOT_MODIFIED:
                reader.announce(response.headers.get("content-length", ""))
            async for chunk in response.aiter_raw():
                reader.feed(chunk)
            return reader.finish()
        except OverlongError:
            raise TooLarge(
                f"the answer is longer than the {self._max_bytes} bytes of [fetch] max_bytes",
                kind="too_large",
                status=response.status_code,
            ) from None
        except BadBodyError as fault:
            raise Fault(
                f"HTTP {response.status_code}, the body is unusable: {fault}",
                kind="bad_body",
                status=response.status_code,
            ) from None

    def _open(self) -> httpx.AsyncClient:
        if self._http is None:
            limits = httpx.Limits(max_connections=_MOST_CONNECTIONS, max_keepalive_connections=_MOST_CONNECTIONS)
            timeout = httpx.Timeout(self._timeouts.read, connect=self._timeouts.connect, pool=None)
            self._http = httpx.AsyncClient(
                headers={"user-agent": self._user_agent},
                limits=limits,
                timeout=timeout,
                cookies=CookieJar(DefaultCookiePolicy(allowed_domains=[])),
                # A proxy of the environment cannot reach this machine's own servers.
                mounts={f"all://{host}": None for host in ("127.0.0.1", "localhost", "[::1]")},
            )
        return self._http


def _unsendable(fault: Exception) -> AnswerError:
    return AnswerError(f"the request cannot be sent ({type(fault).__name__})", kind="bad_request")


def _described(fault: httpx.TransportError) -> str:
    # Only the words about connecting hold nothing that was sent or received: they speak of host and certificate.
    text = " ".join(str(fault).split()) if isinstance(fault, httpx.ConnectError) else ""
    return f"{type(fault).__name__}: {text}" if text else type(fault).__name__
