"""A small server on this machine that gives canned answers: stands for a site in the tests of a connector."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlsplit

__all__ = ["Reply", "serve"]


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer that is not simply status 200 with JSON.

    Args:
        body: JSON, or ``bytes`` that are sent as they are.
        status: The HTTP status.
        headers: Sent with it.
    """

    body: Any = None
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)


@contextmanager
def serve(answers: Mapping[str, Any]) -> Iterator[str]:
    """Serve canned answers; gives the address of the server.

    Args:
        answers: JSON, or a :class:`Reply`, by path. A path with a query (``/people?page=2``) answers requests that have
            at least these parameters and goes before the path alone; what is not there is a 404. GET and POST alike.
    """

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self._answer()

        def do_POST(self) -> None:
            self.rfile.read(int(self.headers.get("content-length") or 0))
            self._answer()

        def _answer(self) -> None:
            reply = _find(answers, self.path)
            body = reply.body if isinstance(reply.body, bytes) else json.dumps(reply.body).encode()
            self.send_response(reply.status)
            for name, value in {"Content-Type": "application/json", **reply.headers}.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: Any) -> None:
            """Keep quiet: requests are no news in a test."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def _find(answers: Mapping[str, Any], asked: str) -> Reply:
    path, given = _split(asked)
    matching = [
        (len(wanted), answer)
        for key, answer in answers.items()
        for known, wanted in [_split(key)]
        if known == path and wanted <= given
    ]
    if not matching:
        return Reply({"message": f"no canned answer for {asked}"}, status=404)
    answer = max(matching, key=lambda found: found[0])[1]
    return answer if isinstance(answer, Reply) else Reply(answer)


def _split(address: str) -> tuple[str, set[tuple[str, str]]]:
    parts = urlsplit(address)
    return parts.path, set(parse_qsl(parts.query, keep_blank_values=True))
