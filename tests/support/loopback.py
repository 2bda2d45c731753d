"""A small HTTP server on this machine that says what a test tells it to, also what no well-behaved server says."""

from __future__ import annotations

import json
import socket
import struct
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, TypeAlias

__all__ = ["Asked", "Loopback", "Reply", "cut_off", "hang", "reply", "reset", "serve"]

Reply: TypeAlias = Callable[[BaseHTTPRequestHandler], None]
"""Writes one answer."""


@dataclass(frozen=True)
class Asked:
    """One request as the server got it; header names in lower case."""

    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes


@dataclass
class Loopback:
    """A running server: its address, what it was asked, and what it says next (the last reply again and again)."""

    replies: list[Reply]
    url: str = ""
    asked: list[Asked] = field(default_factory=list)
    done: threading.Event = field(default_factory=threading.Event)


@contextmanager
def serve(*replies: Reply) -> Iterator[Loopback]:
    """Run a server that gives these replies in turn, until the block ends."""
    loopback = Loopback(list(replies))
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler_of(loopback))
    server.daemon_threads = True
    loopback.url = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield loopback
    finally:
        loopback.done.set()
        server.shutdown()
        server.server_close()
        thread.join()


def _handler_of(loopback: Loopback) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        stop = loopback.done

        def answer(self) -> None:
            body = self.rfile.read(int(self.headers.get("content-length") or 0))
            headers = {name.lower(): value for name, value in self.headers.items()}
            loopback.asked.append(Asked(self.command, self.path, headers, body))
            said = loopback.replies.pop(0) if len(loopback.replies) > 1 else loopback.replies[0]
            said(self)

        do_GET = do_POST = answer  # noqa: N815  # the names of the standard library

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
            """Say nothing: the output belongs to the tests."""

    return Handler


def reply(
    content: Any = None, *, status: int = 200, headers: Mapping[str, str] | None = None, body: bytes | None = None
) -> Reply:
    """An answer as it should be: ``content`` as JSON, or ``body`` as it is."""

    def write(handler: BaseHTTPRequestHandler) -> None:
        data = json.dumps(content).encode() if body is None else body
        handler.send_response(status)
        for name, value in {"Content-Length": str(len(data)), **(headers or {})}.items():
            handler.send_header(name, value)
        handler.end_headers()
        handler.wfile.write(data)

    return write


def cut_off(body: bytes = b'{"items": [1, 2', missing: int = 100) -> Reply:
    """An answer that promises more bytes than come before the connection is closed."""

    def write(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.send_header("Content-Length", str(len(body) + missing))
        handler.end_headers()
        handler.wfile.write(body)
        handler.close_connection = True

    return write


def reset() -> Reply:
    """No answer: the connection is reset."""

    def write(handler: BaseHTTPRequestHandler) -> None:
        handler.close_connection = True
        # Lingering for zero seconds makes close() send a reset, where it would say goodbye otherwise.
        handler.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        handler.connection.shutdown(socket.SHUT_RD)

    return write


def hang(longest: float = 5.0) -> Reply:
    """Half an answer, and then silence until the test ends."""

    def write(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.send_header("Content-Length", "10")
        handler.end_headers()
        handler.wfile.write(b"[")
        handler.wfile.flush()
        handler.stop.wait(longest)  # type: ignore[attr-defined]
        handler.close_connection = True

    return write
