"""Who may ask: the holder of the one token, an installation of an invented app, or anybody over REST."""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Final, Literal, TypeAlias

from sourcer.demo.loopback import Answer, json_answer
from sourcer.demo.refusals import bad_credentials, not_found

__all__ = ["APP", "App", "Caller", "Tokens"]

Caller: TypeAlias = Literal["token", "app", "anonymous", "stranger"]

_LONGEST: Final = 600
"""Seconds that the signed word of an app may last."""
_PARTS: Final = 3


@dataclass(frozen=True, slots=True)
class App:
    """An app that is installed somewhere: the numbers that GitHub shows for both."""

    id: str = "2000000"
    installation: int = 20_000_000
    lasts: int = 3600
    """Seconds that a token of the installation is good for."""


APP: Final = App()


@dataclass(slots=True)
class Tokens:
    """Knows the token, and those that it has given to the installation.

    Args:
        token: The one that is always good.
        app: Whose signed word is taken; the signature is not looked at, what it says is.
        scopes: What the token may do beyond reading what is public; ``None`` for one without classic scopes.
        clock: UTC epoch seconds.
    """

    token: str
    app: App = APP
    scopes: str | None = ""
    clock: Callable[[], float] = time.time
    granted: int = 0
    """Tokens given to the installation so far."""
    _good_until: dict[str, float] = field(default_factory=dict)

    def caller(self, headers: Mapping[str, str]) -> Caller:
        """Who sends these headers."""
        word, _, token = headers.get("authorization", "").partition(" ")
        if not word:
            return "anonymous"
        if word.lower() not in ("bearer", "token"):
            return "stranger"
        if token == self.token:
            return "token"
        return "app" if self._good_until.get(token, 0.0) > self.clock() else "stranger"

    def told(self, caller: Caller) -> dict[str, str]:
        """What answers tell about the token."""
        if caller != "token" or self.scopes is None:
            return {}
        return {"x-oauth-scopes": self.scopes, "x-accepted-oauth-scopes": ""}

    def grant(self, installation: str, headers: Mapping[str, str]) -> Answer:
        """``POST /app/installations/{id}/access_tokens``."""
        if not self._is_signed(headers.get("authorization", "").partition(" ")[2]):
            return bad_credentials("/rest/apps/apps")
        if installation != str(self.app.installation):
            return not_found()
        self.granted += 1
        token = f"ghs_{hashlib.sha256(f'{self.token}:{self.granted}'.encode()).hexdigest()[:36]}"
        ends = self.clock() + self.app.lasts
        self._good_until[token] = ends
        body = {
            "token": token,
            "expires_at": f"{datetime.fromtimestamp(ends, UTC):%Y-%m-%dT%H:%M:%SZ}",
            "permissions": {"metadata": "read"},
            "repository_selection": "all",
        }
        return json_answer(201, body)

    def _is_signed(self, word: str) -> bool:
        claims = _claims(word)
        now = self.clock()
        begins, ends = claims.get("iat"), claims.get("exp")
        if not isinstance(begins, int | float) or not isinstance(ends, int | float):
            return False
        return str(claims.get("iss")) == self.app.id and begins <= now + 60 and now < ends <= now + _LONGEST + 60


def _claims(word: str) -> dict[str, Any]:
    """What a JSON Web Token says, nothing where it is none."""
    parts = word.split(".")
    if len(parts) != _PARTS or not parts[2]:
        return {}
    try:
        head, claims = (json.loads(base64.urlsafe_b64decode(part + "==")) for part in parts[:2])
    except (binascii.Error, ValueError):
        return {}
    signed = isinstance(head, dict) and head.get("alg") == "RS256"
    return claims if signed and isinstance(claims, dict) else {}
