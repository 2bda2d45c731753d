"""A copy of GitHub on the loopback interface that serves the invented world over HTTP."""

from __future__ import annotations

import gzip
import json
import socket
import struct
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Final, Self

from sourcer.demo.faults import Fault, Faults, strike_out
from sourcer.demo.graphql import GraphQL
from sourcer.demo.model import World
from sourcer.demo.quota import Quota

__all__ = ["TOKEN", "GitHubServer"]

TOKEN: Final = "invented-token"  # noqa: S105  # opens nothing but the copy
"""What the copy takes for a token unless it is told another one."""

_DOCS: Final = "https://docs.github.com"
_JSON: Final = "application/json; charset=utf-8"
_HTML: Final = "text/html; charset=utf-8"
_PROXY_PAGE: Final = (
    b"<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n<body>502 Bad Gateway</body>\r\n</html>\r\n"
)
_TIMEOUT: Final = (
    "Something went wrong while executing your query. This may be the result of a timeout, or it could be a GitHub bug."
)
_RATE_LIMITED: Final = {
    "errors": [
        {
            "type": "RATE_LIMITED",
            "code": "graphql_rate_limit",
            "message": "API rate limit already exceeded for user ID 2000000000.",
        }
    ]
}
_SECONDARY: Final = {
    "message": "You have exceeded a secondary rate limit. Please wait a few minutes before you try again.",
    "documentation_url": f"{_DOCS}/graphql/overview/rate-limits-and-query-limits-for-the-graphql-api",
}
_REFUSALS: Final = {
    Fault.SECONDARY: (403, _SECONDARY),
    Fault.TOO_MANY: (429, _SECONDARY),
    Fault.SECONDARY_OK: (200, _SECONDARY),
    Fault.RATE_LIMITED: (200, _RATE_LIMITED),
}
_WORTH_PACKING: Final = 1_000


@dataclass(slots=True)
class _Answer:
    status: int
    body: bytes
    headers: dict[str, str] = field(default_factory=dict)
    cut: bool = False
    """Stop in the middle of the body."""
    drop: bool = False
    """Break the connection instead."""


def _json(status: int, value: Any, headers: Mapping[str, str] | None = None) -> _Answer:
    body = json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()
    return _Answer(status, body, {"content-type": _JSON} | dict(headers or {}))


class GitHubServer:
    """Serves a world as GitHub on ``http://127.0.0.1:PORT`` while its context is open.

    Args:
        world: What it serves.
        token: The only one that it takes.
        latency: Seconds before each answer.
        faults: What goes wrong, and when.
        limit: Points an hour.
        clock: UTC epoch seconds, for the quota.

    Attributes:
        requests: How many have come to ``/graphql`` so far, refused ones too.
        points: What they have cost.
        peak: Most that were in work at a time.
    """

    def __init__(
        self,
        world: World,
        *,
        token: str = TOKEN,
        latency: float = 0.0,
        faults: Faults | None = None,
        limit: int = 5_000,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self.graphql = GraphQL(world)
        self.token = token
        self.latency = latency
        self.faults = faults or Faults()
        self.quota = Quota(limit, clock)
        self.requests = 0
        self.peak = 0
        self._working = 0
        self._lock = threading.Lock()
        self._http: _HttpServer | None = None
        self._thread: threading.Thread | None = None

    @property
    def points(self) -> int:
        """What the queries so far have cost."""
        return self.quota.spent

    @property
    def url(self) -> str:
        """The ``api_url`` of a configuration.

        Raises:
            RuntimeError: The server is not running.
        """
        if self._http is None:
            raise RuntimeError("the server is not running: open it with `with`")
        return f"http://127.0.0.1:{self._http.server_address[1]}"

    def __enter__(self) -> Self:
        self._http = _HttpServer(self)
        self._thread = threading.Thread(target=self._http.serve_forever, args=(0.02,), name="demo-github", daemon=True)
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._http is not None and self._thread is not None:
            self._http.shutdown()
            self._http.server_close()
            self._thread.join()
        self._http = self._thread = None

    def respond(self, method: str, path: str, headers: Mapping[str, str], body: bytes) -> _Answer:
        """Answer one request; header names are in lower case."""
        if not headers.get("user-agent"):
            text = b"\r\nRequest forbidden by administrative rules. Please make sure your request has a User-Agent."
            return _Answer(403, text, {"content-type": _HTML})
        if path == "/graphql" and method == "POST":
            return self._counted(headers, body)
        if not self._is_known(headers):
            return _bad_credentials("/rest")
        if path == "/rate_limit" and method == "GET":
            rate = self.quota.as_resource()
            return _json(200, {"resources": {"core": rate, "graphql": rate}, "rate": rate}, self.quota.headers("core"))
        return _json(404, {"message": "Not Found", "documentation_url": f"{_DOCS}/rest", "status": "404"})

    def _is_known(self, headers: Mapping[str, str]) -> bool:
        return headers.get("authorization", "") in (f"Bearer {self.token}", f"token {self.token}")

    def _counted(self, headers: Mapping[str, str], body: bytes) -> _Answer:
        with self._lock:
            self.requests += 1
            number = self.requests
            self._working += 1
            self.peak = max(self.peak, self._working)
        try:
            if self.latency:
                time.sleep(self.latency)
            return self._graphql(number, headers, body)
        finally:
            with self._lock:
                self._working -= 1

    def _graphql(self, number: int, headers: Mapping[str, str], body: bytes) -> _Answer:
        if not self._is_known(headers):
            return _bad_credentials("/graphql")
        fault = self.faults.of(number)
        refusal = self._refusal(fault)
        if refusal is not None:
            return refusal
        try:
            asked = json.loads(body)
            text, variables = asked["query"], asked.get("variables") or {}
        except (ValueError, KeyError, TypeError):
            return _json(400, {"message": "Problems parsing JSON", "documentation_url": f"{_DOCS}/graphql"})
        return self._execute(fault, str(text), variables)

    def _refusal(self, fault: Fault | None) -> _Answer | None:
        """The faults that strike before a query is read."""
        if fault is Fault.RESET:
            return _Answer(200, b"", drop=True)
        if fault is Fault.BAD_GATEWAY:
            return _Answer(502, _PROXY_PAGE, {"content-type": _HTML})
        refused = _REFUSALS.get(fault) if fault is not None else None
        if refused is None:
            return None
        return _json(*refused, {"retry-after": str(self.faults.retry_after)} | self.quota.headers())

    def _execute(self, fault: Fault | None, text: str, variables: Mapping[str, Any]) -> _Answer:
        question = self.graphql.read(text, variables)
        if question.document is not None and not self.quota.take(question.price.points):
            return _json(200, _RATE_LIMITED, self.quota.headers())
        if fault is Fault.TIMEOUT:
            return _json(502, {"data": None, "errors": [{"message": _TIMEOUT}]}, self.quota.headers())
        rate = self.quota.as_field(question.price.points, question.price.nodes)
        body = self.graphql.answer(question, rate)
        if fault is Fault.PARTIAL:
            body = strike_out(body)
        answer = _json(200, body, {"x-github-media-type": "github.v4; format=json"} | self.quota.headers())
        answer.cut = fault is Fault.HALF
        return answer


def _bad_credentials(page: str) -> _Answer:
    return _json(401, {"message": "Bad credentials", "documentation_url": _DOCS + page, "status": "401"})


class _HttpServer(ThreadingHTTPServer):
    daemon_threads = True
    # Answers are computed at once; a burst of connections waits here rather than being refused.
    request_queue_size = 128

    def __init__(self, github: GitHubServer) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.github = github
        self._open: set[socket.socket] = set()

    def process_request(self, request: Any, client_address: Any) -> None:
        """Remember a connection, which may be kept alive between requests."""
        self._open.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        """Forget a connection that has ended."""
        self._open.discard(request)
        super().shutdown_request(request)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing: a client that goes away in the middle is its own affair."""

    def server_close(self) -> None:
        """End the connections that are still kept alive, too."""
        super().server_close()
        for connection in tuple(self._open):
            try:
                connection.shutdown(socket.SHUT_RDWR)
            except OSError:
                # It has ended by itself meanwhile.
                continue


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    # Head and body leave together.
    wbufsize = -1
    server: _HttpServer

    def do_GET(self) -> None:  # http.server calls it so
        """Answer a GET."""
        self._serve()

    def do_POST(self) -> None:
        """Answer a POST."""
        self._serve()

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002  # http.server's own name
        """Keep standard error clean."""

    def version_string(self) -> str:
        """The ``server`` header."""
        return "github.com"

    def _serve(self) -> None:
        headers = {name.lower(): value for name, value in self.headers.items()}
        body = self.rfile.read(int(headers.get("content-length", 0)))
        answer = self.server.github.respond(self.command, self.path.partition("?")[0], headers, body)
        if answer.drop:
            self._break()
            return
        if "gzip" in headers.get("accept-encoding", "") and len(answer.body) > _WORTH_PACKING:
            answer.body = gzip.compress(answer.body, 1, mtime=0)
            answer.headers["content-encoding"] = "gzip"
        self.send_response(answer.status)
        for name, value in answer.headers.items():
            self.send_header(name, value)
        self.send_header("content-length", str(len(answer.body)))
        self.end_headers()
        if answer.cut:
            self.wfile.write(answer.body[: len(answer.body) // 2])
            self.wfile.flush()
            self.close_connection = True
            return
        self.wfile.write(answer.body)

    def _break(self) -> None:
        """Reset the connection: the client sees an error, no orderly end."""
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.close_connection = True
        self.connection.close()
