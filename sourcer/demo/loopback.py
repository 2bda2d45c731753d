"""A web server on the loopback interface that can misbehave on purpose: half answers, broken connections."""

from __future__ import annotations

import gzip
import json
import socket
import struct
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Final, Literal, Self
from urllib.parse import parse_qsl, unquote

__all__ = ["HTML", "JSON", "Answer", "Asked", "Loopback", "Site", "json_answer"]

JSON: Final = "application/json; charset=utf-8"
HTML: Final = "text/html; charset=utf-8"

_WORTH_PACKING: Final = 1_000
_BODILESS: Final = frozenset({204, 304})


@dataclass(frozen=True, slots=True)
class Asked:
    """One request. Header names are in lower case; ``host`` is the name and port that the client used."""

    method: str
    target: str
    headers: Mapping[str, str]
    body: bytes = b""

    @property
    def path(self) -> str:
        """The path, as it stands in the request."""
        return self.target.partition("?")[0]

    @property
    def query(self) -> dict[str, str]:
        """The parameters behind the path."""
        return dict(parse_qsl(self.target.partition("?")[2], keep_blank_values=True))

    @property
    def base(self) -> str:
        """The address of the server, which every address in an answer begins with."""
        return f"http://{self.headers.get('host', '127.0.0.1')}"

    def parts(self) -> tuple[str, ...]:
        """The parts of the path between slashes, percent signs resolved."""
        return tuple(unquote(part) for part in self.path.strip("/").split("/"))


@dataclass(slots=True)
class Answer:
    """What goes back.

    ``limited`` says that a limit refuses the request and the client has to wait: the ``secondary`` one with everything,
    the ``primary`` one with what is counted together.
    """

    status: int
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)
    cut: bool = False
    """Stop in the middle of the body."""
    drop: bool = False
    """Break the connection instead."""
    limited: Literal["", "primary", "secondary"] = ""


def json_answer(status: int, value: Any, headers: Mapping[str, str] | None = None) -> Answer:
    """An answer of JSON."""
    body = json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()
    return Answer(status, body, {"content-type": JSON} | dict(headers or {}))


class Loopback:
    """Serves on ``http://127.0.0.1:PORT`` between :meth:`open` and :meth:`close`.

    Args:
        respond: Answers one request; it is called from many threads.
        name: Of the thread that accepts connections.
        software: What the header ``server`` says.
    """

    def __init__(self, respond: Callable[[Asked], Answer], name: str, software: str = "github.com") -> None:
        self._respond = respond
        self._name = name
        self._software = software
        self._http: _HttpServer | None = None
        self._thread: threading.Thread | None = None

    @property
    def url(self) -> str:
        """Where it listens.

        Raises:
            RuntimeError: It is not running.
        """
        if self._http is None:
            raise RuntimeError("the server is not running: open it with `with`")
        return f"http://127.0.0.1:{self._http.server_address[1]}"

    def open(self) -> None:
        """Begin to listen."""
        self._http = _HttpServer(self._respond, self._software)
        self._thread = threading.Thread(target=self._http.serve_forever, args=(0.02,), name=self._name, daemon=True)
        self._thread.start()

    def close(self) -> None:
        """End, with the connections that clients keep alive."""
        if self._http is not None and self._thread is not None:
            self._http.shutdown()
            self._http.server_close()
            self._thread.join()
        self._http = self._thread = None


class Site:
    """A copy of a site, which listens while its context lasts. Its constructor makes ``_loopback``."""

    _loopback: Loopback

    def __enter__(self) -> Self:
        self._loopback.open()
        return self

    def __exit__(self, *_: object) -> None:
        self._loopback.close()


class _HttpServer(ThreadingHTTPServer):
    daemon_threads = True
    # Answers are computed at once; a burst of connections waits here rather than being refused.
    request_queue_size = 128

    def __init__(self, respond: Callable[[Asked], Answer], software: str) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.respond = respond
        self.software = software
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
        return self.server.software

    def _serve(self) -> None:
        headers = {name.lower(): value for name, value in self.headers.items()}
        body = self.rfile.read(int(headers.get("content-length", 0)))
        answer = self.server.respond(Asked(self.command, self.path, headers, body))
        if answer.drop:
            self._break()
            return
        packed = "content-encoding" in answer.headers
        if not packed and "gzip" in headers.get("accept-encoding", "") and len(answer.body) > _WORTH_PACKING:
            answer.body = gzip.compress(answer.body, 1, mtime=0)
            answer.headers["content-encoding"] = "gzip"
        self.send_response(answer.status)
        for name, value in answer.headers.items():
            self.send_header(name, value)
        if answer.status not in _BODILESS:
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
