"""What the archive holds about one request: the answer, or the fault it ended with. Secrets are stripped here."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from sourcer.errors import AnswerError, TooLarge
from sourcer.fetch.answer import Answer, Request
from sourcer.fetch.secrets import Secrets

__all__ = ["CONDITIONAL", "answer_record", "fault_record", "identity", "read_record"]

CONDITIONAL: Final = ("if-none-match", "if-modified-since")
"""Headers that ask whether something changed. What is asked is the same with and without them."""


def _described(request: Request, secrets: Secrets) -> dict[str, Any]:
    return {
        "method": request.method,
        "url": secrets.url(request.url),
        "headers": secrets.headers(request.headers),
        "json": secrets.json(request.json),
    }


def identity(request: Request, secrets: Secrets) -> str:
    """A hash of what is asked, whoever asks: the same with other credentials or none, so that a replay needs none."""
    asked = {
        "method": request.method,
        "url": secrets.url_identity(request.url),
        "headers": {
            name: value
            for name, value in secrets.headers(request.headers).items()
            if not secrets.is_secret_header(name) and name not in CONDITIONAL
        },
        "json": secrets.json(request.json),
    }
    return hashlib.sha256(json.dumps(asked, sort_keys=True, default=str).encode()).hexdigest()


def answer_record(request: Request, answer: Answer, secrets: Secrets) -> dict[str, Any]:
    """The record of an answer that a connector was handed. A token that the answer grants is stripped as well."""
    body = secrets.data(answer.body)
    try:
        encoding, content = "text", body.decode("utf-8")
    except UnicodeDecodeError:
        encoding, content = "base64", base64.b64encode(body).decode("ascii")
    return {
        "request": _described(request, secrets),
        "url": secrets.url(answer.url),
        "status": answer.status,
        "headers": secrets.headers(answer.headers),
        "encoding": encoding,
        "body": content,
        "fetched_at": answer.fetched_at.isoformat(),
    }


def fault_record(request: Request, fault: AnswerError, now: datetime, secrets: Secrets) -> dict[str, Any]:
    """The record of a request that came to nothing, so that a replay comes to nothing in the same way."""
    return {
        "request": _described(request, secrets),
        "fault": {"kind": fault.kind, "message": secrets.text(str(fault)), "status": fault.status},
        "fetched_at": now.isoformat(),
    }


def read_record(record: Mapping[str, Any]) -> Answer:
    """The answer as it was handed out.

    Raises:
        AnswerError: The recorded request came to nothing: the same kind, status and message.
        KeyError, ValueError, TypeError: This is no record.
    """
    if "fault" in record:
        fault = record["fault"]
        kind = TooLarge if fault["kind"] == "too_large" else AnswerError
        raise kind(fault["message"], kind=fault["kind"], status=fault["status"])
    content = record["body"]
    return Answer(
        url=record["url"],
        status=record["status"],
        headers=record["headers"],
        body=base64.b64decode(content) if record["encoding"] == "base64" else content.encode("utf-8"),
        fetched_at=datetime.fromisoformat(record["fetched_at"]),
        replayed=True,
    )
