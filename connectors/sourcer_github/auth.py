"""Who asks: the holder of a token, an installation of a GitHub App, or nobody.

The classes are PyGithub's; no request goes through it. It is imported where it is needed, as that takes a while.

Source: docs.github.com, "Authenticating as a GitHub App installation".
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, Literal, NoReturn, TypeAlias

from pydantic import BaseModel, ConfigDict, Field

from sourcer.connect import Answer, AnswerError, Denied, Fetcher, NotConfigured, parse_time
from sourcer_github.policy import CORE
from sourcer_github.settings import GitHubConfig
from sourcer_github.wire.base import read

__all__ = ["REST_HEADERS", "Auth", "Kind"]

Kind: TypeAlias = Literal["token", "app", "none"]

REST_HEADERS: Final[Mapping[str, str]] = {
    "Accept": "application/vnd.github+json",
    "X-GitHub-Api-Version": "2022-11-28",
}
"""What a request to the REST API carries beside credentials."""

MARGIN: Final = 300.0
"""Seconds before its end from which on a token is renewed: a question may take its time."""

LIFETIME: Final = 3600.0
"""Seconds that an installation's token lasts where the answer does not say until when."""

CREATED: Final = (200, 201)


class _Granted(BaseModel):
    """What GitHub grants to an installation for an hour."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    token: str = Field(min_length=1, repr=False)
    expires_at: str | None = None
    permissions: dict[str, str] = {}


@dataclass(frozen=True, slots=True)
class _Grant:
    """A token of an installation, until when it is used (epoch seconds), and what it may do."""

    token: str = field(repr=False)
    until: float
    permissions: Mapping[str, str]


class Auth:
    """The credentials of one configuration. An installation's token is kept, and renewed before it ends.

    Args:
        config: Names the token, or the App and its key.
        fetcher: Asks for an installation's token.
        clock: Tells the time, epoch seconds: only how long a token lasts depends on it.
    """

    def __init__(self, config: GitHubConfig, fetcher: Fetcher, clock: Callable[[], float] = time.time) -> None:
        self._config = config
        self._fetcher = fetcher
        self._clock = clock
        self._grant: _Grant | None = None
        self._one_at_a_time = asyncio.Lock()

    @property
    def kind(self) -> Kind:
        """How GitHub is asked."""
        if self._config.app_id:
            return "app"
        return "none" if self._config.token.reveal() is None else "token"

    @property
    def anonymous(self) -> bool:
        """Whether there are no credentials, and that is what the user chose."""
        return self.kind == "none" and self._config.anonymous

    @property
    def source(self) -> str:
        """Where the credentials come from, in words."""
        if self.kind == "app":
            return f"installation {self._config.installation_id} of the GitHub App {self._config.app_id}"
        return f"the token in {self._config.token.source}" if self.kind == "token" else "no token"

    @property
    def permissions(self) -> Mapping[str, str]:
        """What the token of an installation may do, as far as it was asked for one."""
        return self._grant.permissions if self._grant is not None else {}

    def require(self) -> None:
        """See that GitHub can be asked.

        Raises:
            NotConfigured: There are no credentials and nobody chose so, or the App's key cannot be used.
        """
        if self.kind == "app":
            self._signed()
        elif self.kind == "none" and not self._config.anonymous:
            raise NotConfigured(
                f"no token: set {self._config.token.source}, or app_id, installation_id and private_key_file of a "
                "GitHub App; anonymous = true does without, over REST only, 60 requests an hour"
            )

    async def headers(self) -> dict[str, str]:
        """What a request carries. A replay needs nothing; without a token GitHub is asked so and answers 401.

        Raises:
            NotConfigured: The App's key cannot be used.
            Denied: GitHub does not know the installation, or refuses the App.
            AnswerError: GitHub gave no token.
        """
        if self._fetcher.replaying:
            return {}
        token = await self._installation_token() if self.kind == "app" else self._own_token()
        return {} if token is None else {"Authorization": f"Bearer {token}"}

    def forget(self) -> None:
        """Take it that an installation's token has ended: the next request gets another one."""
        self._grant = None

    def _own_token(self) -> str | None:
        from github.Auth import Token  # noqa: PLC0415  # takes a quarter of a second

        token = self._config.token.reveal()
        return None if token is None else Token(token).token

    async def _installation_token(self) -> str:
        async with self._one_at_a_time:
            if self._grant is None or self._clock() >= self._grant.until:
                self._grant = await self._ask_for_token()
            return self._grant.token

    async def _ask_for_token(self) -> _Grant:
        url = f"{self._config.api_url}/app/installations/{self._config.installation_id}/access_tokens"
        headers = {**REST_HEADERS, "Authorization": f"Bearer {self._signed()}"}
        answer = await self._fetcher.post(url, json={}, headers=headers, bucket=CORE)
        granted = read(_Granted, answer.json()) if answer.status in CREATED else self._refused(answer)
        if granted is None:
            raise AnswerError(f"{url}: no token in the answer", kind="bad_body", status=answer.status)
        expires, now = parse_time(granted.expires_at), self._clock()
        lasts = LIFETIME if expires is None else expires.timestamp() - now
        return _Grant(granted.token, now + lasts - min(MARGIN, lasts / 2), granted.permissions)

    def _refused(self, answer: Answer) -> NoReturn:
        if answer.status in (403, 404, 410, 422):
            raise Denied(
                f"GitHub gives no token to {self.source} (HTTP {answer.status}): is the App still installed, and are "
                "the numbers in [connectors.github] right?"
            )
        raise AnswerError(f"{answer.url} answered {answer.status}", kind=f"http_{answer.status}", status=answer.status)

    def _signed(self) -> str:
        """A word of the App itself, signed with its key, good for some minutes."""
        from github.Auth import AppAuth  # noqa: PLC0415  # takes a quarter of a second

        path = self._config.private_key_file
        try:
            return AppAuth(self._config.app_id, Path(path).read_text(encoding="ascii")).create_jwt()
        except OSError as fault:
            problem = f"cannot be read ({fault.strerror})"
        except Exception as fault:  # noqa: BLE001  # whatever the file holds; what a library says may quote it
            problem = f"holds no private key that can be used ({type(fault).__name__})"
        raise NotConfigured(f"the App's private_key_file {path} {problem}: GitHub gives one as a .pem file")
